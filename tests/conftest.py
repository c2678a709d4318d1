"""What holds for every test: programs can be interrupted, examples take the time they take."""

from __future__ import annotations

import signal

from hypothesis import settings

# On a busy machine an example may take any time; what is too slow shows elsewhere.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")


def pytest_configure() -> None:
    """Give programs the usual Ctrl-C also where this run was started in the background.

    A shell without job control starts `command &` with SIGINT ignored, and children inherit that.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
