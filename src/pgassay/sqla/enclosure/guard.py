"""Refusals inside the enclosure: who asked for which place, and what else is not allowed.

A refusal of a database connection ends the process at once, with its report: raised as an
exception it could be swallowed, by a thread or by a loop that tries again.
"""

from __future__ import annotations

import _posixsubprocess
import json
import os
import socket
import sys
import sysconfig
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from pgassay.core.errors import redact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgassay.core.route import Target

_PATHS = sysconfig.get_paths()
LIBRARY = tuple(
    {_PATHS[key] for key in ("stdlib", "platstdlib", "purelib", "platlib")}
    | {str(Path(__file__).parents[2]), "<frozen"}
)
NOBODY = "a thread of the project"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_STARTS = frozenset({"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn"})
_CLUSTER = (
    "it reaches beyond the database under test, and pgassay touches nothing that it did not make"
)


class Guard:
    """What may be reached, and the channel on which refusals are reported.

    Args:
        target: the throwaway.
        root: the project's folder; files are told from there.
        channel: where replies go, one JSON document per line.
    """

    def __init__(self, target: Target, root: Path, channel: socket.socket) -> None:
        self.target = target
        self.root = root
        self._channel = channel
        self._lock = threading.Lock()
        self._sockets = _addresses(target)

    def reply(self, message: Mapping[str, object]) -> None:
        """Send one message to pgassay."""
        with self._lock:
            self._channel.sendall(json.dumps(message).encode() + b"\n")

    def answer_on(self, channel: socket.socket) -> socket.socket:
        """Let another channel be the one on which replies go, and return it."""
        self._channel.close()
        self._channel = channel
        return channel

    def names_target(self, place: Mapping[str, str]) -> bool:
        """Return whether libpq's parameters, taken with PG* variables, name the throwaway.

        `localhost` with the throwaway's port and database is what the environment offers for a
        socket, so it counts as the throwaway; drivers are led there in any case.
        """
        if place.get("service"):
            return False
        hosts = {host for name in ("host", "hostaddr") for host in _list(place.get(name))}
        ours = {self.target.host} | _LOOPBACK
        return (
            bool(hosts)
            and hosts <= ours
            and set(_list(place.get("port") or "5432")) == {str(self.target.port)}
            and (place.get("dbname") or place.get("user")) == self.target.dbname
        )

    def admit(self, driver: str, given: Mapping[str, object]) -> None:
        """End the process if a driver is asked for any place but the throwaway."""
        place = {name: str(value) for name, value in given.items() if value not in (None, "")}
        for name, variable in _VARIABLES.items():
            if name not in place and os.environ.get(variable):
                place[name] = os.environ[variable]
        if not self.names_target(place):
            host = place.get("host") or place.get("hostaddr") or "the default socket"
            if place.get("service"):
                host = f'the service "{place["service"]}"'
            port = f" port {place['port']}" if "port" in place else ""
            name = f', database "{place["dbname"]}"' if "dbname" in place else ""
            self.refuse(driver, f"{host}{port}{name}")

    def refuse(self, driver: str, place: str) -> NoReturn:
        """Report a connection to another place and end the process."""
        self.end(
            found=f"{driver} was asked to connect to {redact(place)}; refused before it opened",
            expected="only the throwaway database is reached while a route runs",
            why="a migration that finds its database by itself would change a real one",
            fix="take the URL from the Alembic configuration, from -x url=, or from an environment "
            "variable: pgassay fills them with the throwaway's",
        )

    def refuse_statement(self, statement: str) -> NoReturn:
        """Report a statement that reaches beyond the database and end the process."""
        self.end(
            found=f"refused: {' '.join(statement.split())[:200]}",
            expected="migrations that stay within their database",
            why=_CLUSTER,
            fix="do this where the database is provided, not in a migration; the environment "
            "variable PGASSAY_ROUTE is set while pgassay runs a route",
        )

    def end(self, *, found: str, expected: str, why: str, fix: str) -> NoReturn:
        """Report an error at the project's line that is running and end the process."""
        error = {
            "where": self.asker(),
            "found": found,
            "expected": expected,
            "why": why,
            "fix": fix,
        }
        self.reply({"error": error})
        sys.stdout.flush()
        os._exit(0)

    def asker(self) -> str:
        """Return `file:line` of the innermost running frame that is the project's."""
        return asking(self.root)

    def watch(self, *, wall: bool) -> None:
        """Install the audit hook (PEP 578), which cannot be taken away again."""

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            if event == "socket.connect":
                self._connecting(arguments[0], arguments[1])
            elif wall:
                return
            elif event in _STARTS or (event == "ctypes.dlopen" and "libpq" in str(arguments[0])):
                self._starting(event, arguments[0])

        sys.addaudithook(hook)
        if not wall:
            self._stop_spawning()

    def _connecting(self, used: object, address: object) -> None:
        kind = getattr(used, "type", socket.SOCK_STREAM)
        family = getattr(used, "family", None)
        if kind == socket.SOCK_DGRAM or address in self._sockets:
            return
        if family == socket.AF_UNIX:
            path = os.fsdecode(address) if isinstance(address, str | bytes) else str(address)
            if ".s.PGSQL." in path:
                self.refuse("a socket", path)
        elif isinstance(address, tuple):
            if (str(address[0]), address[1]) in self._sockets:
                return
            self.reply({"refused": f"{address[0]}:{address[1]}", "where": self.asker()})
        else:
            return
        raise ConnectionRefusedError(111, f"pgassay: {address!r} is not the throwaway database")

    def _stop_spawning(self) -> None:
        """Refuse what multiprocessing starts: it passes below every audit event."""

        def fork_exec(*arguments: object) -> NoReturn:
            self._starting("a process", arguments[0])

        _posixsubprocess.fork_exec = fork_exec

    def _starting(self, event: str, what: object) -> NoReturn:
        self.end(
            found=f"something was started that pgassay cannot see into: {event} {what!r}; refused",
            expected="no programs and no foreign libpq: on this machine the kernel cannot be asked "
            "what they connect to",
            why="they could reach a real database",
            fix="run this on Linux 5.5 or later, where the kernel asks pgassay about every "
            "connection",
        )


_VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "service": "PGSERVICE",
}


def asking(root: Path) -> str:
    """Return `file:line` of the innermost running frame that is the project's."""
    frame = sys._getframe(1)  # noqa: SLF001 - the stack is what is asked for
    while frame is not None:
        name = frame.f_code.co_filename
        if not name.startswith(LIBRARY) and not name.startswith("<"):
            return f"{told(name, root)}:{frame.f_lineno}"
        if frame.f_back is None:
            break
        frame = frame.f_back
    return NOBODY


def told(path: str, root: Path) -> str:
    """Return a path as people know it: from the project's folder, if it is in there."""
    full = Path(path)
    return str(full.relative_to(root)) if full.is_relative_to(root) else path


def _list(value: str | None) -> list[str]:
    return value.split(",") if value else []


def _addresses(target: Target) -> set[object]:
    if target.is_socket:
        return {f"{target.host}/.s.PGSQL.{target.port}"}
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    return {(str(address[0]), address[1]) for *_, address in found} | {(target.host, target.port)}
