"""Waiting for a person."""

from __future__ import annotations

import signal
import threading


def until_interrupted() -> None:
    """Return when the process gets SIGINT or SIGTERM."""
    ended = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: ended.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        ended.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
