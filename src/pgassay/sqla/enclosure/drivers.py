"""Database drivers inside the enclosure: each is led to the throwaway, or refused, as it connects.

A driver is patched at the moment the project imports it. Drivers without a patch here still meet
the audit hook and the wall.
"""

from __future__ import annotations

import functools
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import sys
from typing import TYPE_CHECKING, Any, cast

from pgassay.sqla.enclosure.engines import lead_asynchronous, lead_engines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

    from pgassay.sqla.enclosure.guard import Guard

# C code whose connections no hook of Python sees; without the wall they are not let in at all.
_UNSEEN = ("adbc_driver_postgresql", "pgdb", "psycopg2cffi", "connectorx")


def watch_drivers(guard: Guard, *, wall: bool) -> None:
    """Patch every known driver now if it is imported, else when it is."""
    patches: dict[str, Callable[[Guard, ModuleType], None]] = {
        "psycopg": _psycopg,
        "psycopg2": _psycopg2,
        "asyncpg": _asyncpg,
        "pg8000": _pg8000,
        "sqlalchemy": lead_engines,
        "sqlalchemy.ext.asyncio": lead_asynchronous,
    }
    if not wall:
        patches |= dict.fromkeys(_UNSEEN, _refuse_import)
    for name, patch in list(patches.items()):
        if name in sys.modules:
            patch(guard, sys.modules[name])
            del patches[name]
    sys.meta_path.insert(0, _Finder(guard, patches))


class _Finder(importlib.abc.MetaPathFinder):
    """Lets a module load as always, then patches it."""

    def __init__(
        self, guard: Guard, patches: dict[str, Callable[[Guard, ModuleType], None]]
    ) -> None:
        self._guard = guard
        self._patches = patches
        self._busy: set[str] = set()

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in self._patches or fullname in self._busy:
            return None
        self._busy.add(fullname)  # what follows asks this finder again
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self._busy.discard(fullname)
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            execute(module)
            self._patches[fullname](self._guard, module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]  # of this one loader
        return spec


def _psycopg(guard: Guard, module: ModuleType) -> None:
    """Psycopg 3, sync and async, whichever of its implementations: all pass these functions.

    The implementation's PGconn may be a type of C, which cannot be patched; whoever calls it by
    hand gets a subclass that can.
    """
    from psycopg import conninfo as text  # noqa: PLC0415 - only where the project uses it
    from psycopg import generators, pq  # noqa: PLC0415 - likewise

    def led(conninfo: str, **more: Any) -> str:
        given: dict[str, Any] = dict(text.conninfo_to_dict(conninfo, **more))
        guard.admit("psycopg", given)
        return text.make_conninfo(**{**given, **_libpq(guard)})

    original = generators.connect

    def connect(conninfo: str, *rest: Any, **more: Any) -> Any:
        return original(led(conninfo), *rest, **more)

    generators.connect = connect
    for kind in (module.Connection, module.AsyncConnection):
        _wrap_connect(kind, led)

    real = pq.PGconn

    class PGconn(real):  # type: ignore[misc, valid-type]  # chosen when psycopg was imported
        """The same, led to the throwaway."""

        @classmethod
        def connect(cls, conninfo: bytes) -> Any:
            return real.connect(led(conninfo.decode()).encode())

        @classmethod
        def connect_start(cls, conninfo: bytes) -> Any:
            return real.connect_start(led(conninfo.decode()).encode())

    pq.PGconn = PGconn


def _wrap_connect(kind: Any, led: Callable[..., str]) -> None:
    """Check what Connection.connect is given before it looks names up."""
    original = kind.connect.__func__
    own = {
        name
        for name, parameter in inspect.signature(original).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }

    @functools.wraps(original)
    def connect(cls: Any, conninfo: str = "", **more: Any) -> Any:
        options = {name: value for name, value in more.items() if name in own}
        place = {name: value for name, value in more.items() if name not in own}
        return original(cls, led(conninfo, **place), **options)

    kind.connect = classmethod(cast("Callable[..., Any]", connect))


def _psycopg2(guard: Guard, module: ModuleType) -> None:
    parse, make = module.extensions.parse_dsn, module.extensions.make_dsn
    original = module._connect  # noqa: SLF001 - the one place that psycopg2.connect calls

    def _connect(dsn: str, *rest: Any, **more: Any) -> Any:
        given = parse(dsn)
        guard.admit("psycopg2", given)
        return original(make(**{**given, **_libpq(guard)}), *rest, **more)

    module._connect = _connect  # type: ignore[attr-defined]  # noqa: SLF001 - likewise


def _asyncpg(guard: Guard, module: ModuleType) -> None:
    """Asyncpg settles place and credentials in one function, whatever they came from."""
    used = module.connect_utils
    original = used._connect_addr  # noqa: SLF001 - there is no public seam

    async def _connect_addr(*, addr: Any, params: Any, **more: Any) -> Any:
        host, port = _split(addr)
        guard.admit("asyncpg", {"host": host, "port": port, "dbname": params.database})
        target = guard.target
        ours = (
            f"{target.host}/.s.PGSQL.{target.port}"
            if target.is_socket
            else (target.host, target.port)
        )
        pinned = params._replace(
            user=target.user,
            password=target.password or None,
            database=target.dbname,
            ssl=None,
            sslmode=type(params.sslmode)(0),  # disable: a throwaway speaks no TLS
        )
        return await original(addr=ours, params=pinned, **more)

    used._connect_addr = _connect_addr  # noqa: SLF001 - likewise


def _split(address: Any) -> tuple[str, str]:
    """Return host and port of asyncpg's address, which for a socket is the path of a file."""
    if isinstance(address, str):
        folder, _, port = address.rpartition("/.s.PGSQL.")
        return folder or address, port
    return str(address[0]), str(address[1])


def _pg8000(guard: Guard, _: ModuleType) -> None:
    kind: Any = importlib.import_module("pg8000.core").CoreConnection
    original = kind.__init__
    signature = inspect.signature(original)

    @functools.wraps(original)
    def connect(*arguments: Any, **more: Any) -> None:
        bound = signature.bind(*arguments, **more)
        bound.apply_defaults()
        given = bound.arguments
        host, port = given["host"], str(given["port"])
        if given.get("unix_sock"):
            host, port = _split(given["unix_sock"])
        database = given["database"] or given["user"]
        guard.admit("pg8000", {"host": host, "port": port, "dbname": database})
        given |= pg8000_place(guard)
        original(*bound.args, **bound.kwargs)

    kind.__init__ = connect


def pg8000_place(guard: Guard) -> dict[str, Any]:
    """Return what leads pg8000 to the throwaway."""
    target = guard.target
    place = {
        "user": target.user,
        "password": target.password or None,
        "database": target.dbname,
        "ssl_context": None,
    }
    if target.is_socket:
        return place | {"unix_sock": f"{target.host}/.s.PGSQL.{target.port}"}
    return place | {"host": target.host, "port": target.port, "unix_sock": None}


def _libpq(guard: Guard) -> dict[str, str]:
    target = guard.target
    return {
        "host": target.host,
        "hostaddr": "",
        "port": str(target.port),
        "user": target.user,
        "password": target.password,
        "dbname": target.dbname,
        "passfile": "/dev/null",
        "sslmode": "disable",
        "gssencmode": "disable",
    }


def _refuse_import(guard: Guard, module: ModuleType) -> None:
    guard.end(
        found=f"the driver {module.__name__} was imported; refused",
        expected="psycopg, psycopg2, asyncpg or pg8000",
        why="on this machine pgassay cannot see where it connects to",
        fix="run this on Linux 5.5 or later, where the kernel asks pgassay about every connection",
    )
