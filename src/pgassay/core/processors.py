"""How much runs at once: the processors that this process may use."""

from __future__ import annotations

import os


def processors() -> int:
    """Return their number: those it is bound to, where the system tells that; at least one."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS
        return os.cpu_count() or 1
