"""Inside the enclosure: a process that has read the project is copied, rather than read anew.

fork(2) copies one thread and shares what is open. So a process is copied only while it has no
other thread and no connection: a driver's lock that is held by a thread that is not there, or a
session that two processes write to, would be faults of pgassay's own making.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pgassay.sqla.enclosure import wall

if TYPE_CHECKING:
    from pgassay.sqla.enclosure.guard import Guard


def can_be_copied() -> bool:
    """Whether this process has one thread, and one socket: the channel."""
    if not sys.platform.startswith("linux") or not hasattr(os, "pidfd_open"):
        return False
    open_ = 0
    for entry in Path("/proc/self/fd").iterdir():
        try:
            open_ += str(entry.readlink()).startswith("socket:")
        except OSError:
            continue  # the descriptor of this very loop
    return open_ == 1 and len(list(Path("/proc/self/task").iterdir())) == 1


def copied(guard: Guard, descriptors: list[int]) -> socket.socket | None:
    """Copy this process; return the copy's own channel within the copy, None in this one.

    Args:
        guard: answers on that channel from then on.
        descriptors: the copy's channel, and where its output goes.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    here = os.getpid()
    pid = os.fork()
    if pid:
        for one in descriptors:
            os.close(one)
        guard.reply({"done": {"pid": pid}})
        return None
    return guard.answer_on(socket.socket(fileno=become(here, descriptors)))


def become(parent: int, descriptors: list[int]) -> int:
    """Make this copy a session of its own that ends with its parent; return its channel."""
    os.setsid()
    wall.end_with(parent)
    channel, output = descriptors
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    return channel


def status_of(pid: int) -> dict[str, object]:
    """Return how a copy that has ended did, as `subprocess` spells it, and let it go."""
    _, status = os.waitpid(pid, 0)
    return {"status": os.waitstatus_to_exitcode(status)}
