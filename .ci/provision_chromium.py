"""A Chromium on the path, for the tests that look at pages: Debian's, if there is none.

    python3 .ci/provision_chromium.py

Ends with 1 and the reason where there is none and none can be installed.
"""

import shutil
import sys

from provision_postgres import ProvisionError, apt_install

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")  # as tests/unit/report looks


def main() -> int:
    """Install it unless it is there."""
    if any(map(shutil.which, NAMES)):
        return 0
    try:
        apt_install(["chromium"])
    except ProvisionError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
