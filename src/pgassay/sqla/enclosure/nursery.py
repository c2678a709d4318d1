"""A process that has read the libraries and nothing of any project; enclosures are copies of it.

Started as `python -P -m pgassay.sqla.enclosure.nursery DESCRIPTOR`. It has no walls and needs
none: it runs no code of a project. Each copy puts its own up before it does.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from typing import TYPE_CHECKING, Any

import sqlalchemy.dialects.postgresql.psycopg

import pgassay.sqla.enclosure.migrations  # noqa: F401 - with it comes Alembic
from pgassay.sqla.enclosure.__main__ import main
from pgassay.sqla.enclosure.lines import Lines
from pgassay.sqla.enclosure.twins import become, status_of

if TYPE_CHECKING:
    from collections.abc import Mapping

# The driver itself: `psycopg` is imported when an engine is made.
sqlalchemy.create_engine("postgresql+psycopg://", poolclass=sqlalchemy.NullPool)


def serve(descriptor: int) -> int | None:
    """Make copies until the other side hangs up; in a copy, return its channel at once."""
    channel = socket.socket(fileno=descriptor)
    lines = Lines(channel)
    while (message := lines.read()) is not None:
        job, descriptors = message
        if job["do"] == "status":
            _reply(channel, status_of(job["pid"]))
            continue
        here = os.getpid()
        pid = os.fork()
        if not pid:
            channel.close()
            own = become(here, descriptors)
            _surround(job)
            return own
        for one in descriptors:
            os.close(one)
        _reply(channel, {"pid": pid})
    return None


def _surround(job: Mapping[str, Any]) -> None:
    """Take the environment and the folder that the enclosure is to have."""
    os.environ.clear()
    os.environ.update(job["environment"])
    time.tzset()
    os.chdir(job["root"])


def _reply(channel: socket.socket, done: Mapping[str, object]) -> None:
    channel.sendall(json.dumps({"done": done}).encode() + b"\n")


if __name__ == "__main__":
    given = serve(int(sys.argv[1]))
    if given is not None:
        main(given)
