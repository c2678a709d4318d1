"""The enclosure's own side: walls up first, then the project's code, job by job.

Started as `python -P -m pgassay.sqla.enclosure DESCRIPTOR`; the descriptor is one end of a socket
pair. The first line that comes in says where and for what, each further one is a job.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import socket
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Before the project's folder is on the path: many projects have a folder called "alembic".
import sqlalchemy

from pgassay.core.errors import PgassayError
from pgassay.core.route import Target
from pgassay.sqla.enclosure import wall
from pgassay.sqla.enclosure.census import held_by_modules, inventory
from pgassay.sqla.enclosure.drivers import watch_drivers
from pgassay.sqla.enclosure.guard import Guard
from pgassay.sqla.enclosure.jobs import jobs
from pgassay.sqla.enclosure.lines import Lines
from pgassay.sqla.enclosure.models import create_models, loaded
from pgassay.sqla.enclosure.twins import copied, status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Worker = Callable[[Mapping[str, Any]], dict[str, object]]


def main(descriptor: int) -> None:
    """Serve jobs until the other side hangs up."""
    channel = socket.socket(fileno=descriptor)
    lines = Lines(channel)
    begun = lines.read()
    if begun is None:
        return
    first = begun[0]
    target = Target(**first["target"])
    root = Path(first["root"])
    guard = Guard(target, root, channel)
    worker = _worker(first, target, root)
    _enclose(guard, channel, kernel=first["kernel"])
    sys.path.insert(0, str(root))
    sys.argv = [first["kind"]]
    while (message := lines.read()) is not None:
        job, descriptors = message
        match job["do"]:
            case "copy":
                own = copied(guard, descriptors)
                lines = Lines(own) if own is not None else lines
            case "status":
                guard.reply({"done": status_of(job["pid"])})
            case _:
                guard.reply(_done(worker, job))
    _leave()


def _leave() -> None:
    """End, without taking apart what ends with the process anyway: that takes a while."""
    with contextlib.suppress(Exception):
        atexit._run_exitfuncs()  # noqa: SLF001 - what the interpreter itself calls
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(0)


def _enclose(guard: Guard, channel: socket.socket, *, kernel: bool) -> None:
    listener = wall.install() if kernel else None
    greeting = json.dumps({"wall": listener is not None, "sqlalchemy": sqlalchemy.__version__})
    descriptors = [] if listener is None else [listener]
    socket.send_fds(channel, [greeting.encode() + b"\n"], descriptors)
    for one in descriptors:
        os.close(one)
    watch_drivers(guard, wall=bool(descriptors))
    guard.watch(wall=bool(descriptors))


def _worker(first: Mapping[str, Any], target: Target, root: Path) -> Worker:
    if first["kind"] != "metadata":
        environment, jobs = _environment(first, target, root)
        return lambda job: jobs(environment, job)
    asked = first["alembic"]
    environment = _environment(asked, target, root)[0] if asked else None

    def work(job: Mapping[str, Any]) -> dict[str, object]:
        for path in reversed(first["paths"]):
            if path not in sys.path:
                sys.path.insert(0, path)
        match job["do"]:
            case "create":
                return create_models(job["names"], job["extensions"], target, root, environment)
            case "inventory":
                return inventory(loaded(job["names"], root, environment), root)
            case "promises":
                from pgassay.sqla.enclosure.promises import promises  # noqa: PLC0415 - loads the ORM

                return promises(loaded(job["names"], root, environment), job["names"], root)
            case "modules":
                return held_by_modules(job["modules"], root)
        raise ValueError(f"no job is called {job['do']!r}")

    return work


def _environment(
    setting: Mapping[str, Any], target: Target, root: Path
) -> tuple[Any, Callable[[Any, Mapping[str, Any]], dict[str, object]]]:
    from pgassay.sqla.enclosure.migrations import Migrations  # noqa: PLC0415 - loads Alembic

    migrations = Migrations(
        config=Path(setting["config"]),
        section=setting["section"],
        arguments=tuple(setting["arguments"]),
        script=Path(setting["script"]),
        extensions=tuple(setting["extensions"]),
        baseline=tuple(setting["baseline"]),
        target=target,
        offer=setting["offer"],
        root=root,
    )
    return migrations, jobs


def _done(worker: Worker, job: Mapping[str, Any]) -> dict[str, object]:
    try:
        return {"done": worker(job)}
    except PgassayError as error:
        return {
            "error": {
                "found": error.found,
                "where": error.where,
                "expected": error.expected,
                "why": error.why,
                "fix": error.fix,
            }
        }
    except Exception:  # noqa: BLE001 - a fault of pgassay: it crashes on the other side
        return {"crash": traceback.format_exc()}


if __name__ == "__main__":
    main(int(sys.argv[1]))
