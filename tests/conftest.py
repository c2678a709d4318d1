"""What holds for every test: programs that tests start can be interrupted."""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    """Give programs the usual Ctrl-C also where this run was started in the background.

    A shell without job control starts `command &` with SIGINT ignored, and children inherit that.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
