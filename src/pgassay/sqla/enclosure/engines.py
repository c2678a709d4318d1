"""SQLAlchemy engines inside the enclosure lead to the throwaway, whatever URL they were made of.

The place is replaced as a connection is made (DialectEvents.do_connect), so an engine made at
import time, from a hard-coded URL or with connect_args is led as well. Everything that is no
place (`options`, `server_settings`, `application_name`) stays.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from pgassay.postgres.script.reach import beyond_database

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from sqlalchemy.engine import URL, Dialect, Engine

    from pgassay.sqla.enclosure.guard import Guard

# Parameters of libpq and asyncpg that say where, as whom and how safely to connect.
_PLACE = frozenset(
    """
    host hostaddr port user password passfile dbname database dsn service unix_sock ssl
    ssl_context direct_tls sslmode sslnegotiation sslcert sslkey sslpassword sslrootcert sslcrl
    sslcrldir sslcertmode sslsni sslcompression ssl_min_protocol_version
    ssl_max_protocol_version requirepeer require_auth channel_binding gssencmode krbsrvname
    gsslib gssdelegation target_session_attrs load_balance_hosts
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
# Arguments of connect() that only one driver knows.
_TELLING = {
    "psycopg": frozenset({"prepare_threshold", "row_factory", "cursor_factory", "context"}),
    "asyncpg": frozenset(
        {"statement_cache_size", "prepared_statement_cache_size", "prepared_statement_name_func",
         "server_settings", "command_timeout"}
    ),
}  # fmt: skip
_ASYNC = frozenset({"asyncpg", "psycopg", "psycopg_async", "aiopg"})


def lead_engines(guard: Guard, _: ModuleType) -> None:
    """Lead every engine of the process to the throwaway."""
    from sqlalchemy import Engine, event  # noqa: PLC0415 - imported by whoever calls this
    from sqlalchemy.engine import URL  # noqa: PLC0415 - likewise

    def do_connect(dialect: Dialect, _: object, cargs: list[Any], cparams: dict[str, Any]) -> None:
        if dialect.name != "postgresql":
            _refuse_dialect(guard, dialect.name)
        for name in _PLACE & cparams.keys():
            del cparams[name]
        cargs.clear()
        cparams.update(_place(guard, dialect.driver))

    def before_cursor_execute(_: object, __: object, statement: str, *___: object) -> None:
        if beyond_database(statement, guard.target.dbname):
            guard.refuse_statement(statement)

    event.listen(Engine, "do_connect", do_connect)
    event.listen(Engine, "before_cursor_execute", before_cursor_execute)

    original = URL._instantiate_plugins  # noqa: SLF001 - the one door of all ways to make an engine

    def instantiate(self: URL, kwargs: Any) -> Any:
        url, plugins, options = original(self, kwargs)
        if url.get_backend_name() == "postgresql":
            options.pop("creator", None)  # it would open a connection of its own
            url = _with_driver(guard, url, options)
        return url, plugins, options

    URL._instantiate_plugins = instantiate  # type: ignore[method-assign]  # noqa: SLF001 - likewise


def _place(guard: Guard, driver: str) -> dict[str, Any]:
    """Return what leads a driver to the throwaway, in that driver's words."""
    target = guard.target
    if driver not in {"psycopg", "psycopg_async", "psycopg2", "asyncpg", "pg8000"}:
        guard.end(
            found=f'an engine uses the driver "{driver}", which pgassay cannot lead',
            expected="psycopg, psycopg2, asyncpg or pg8000",
            why="its connections would go where the URL says",
            fix="use one of these drivers in env.py",
        )
    place: dict[str, Any] = {"user": target.user, "host": target.host, "port": target.port}
    if target.password:
        place["password"] = target.password
    if driver == "asyncpg":
        return place | {"database": target.dbname, "ssl": False}
    if driver == "pg8000":
        place["database"] = target.dbname
        if target.is_socket:
            place["unix_sock"] = f"{target.host}/.s.PGSQL.{target.port}"
        return place
    return place | {"dbname": target.dbname, "sslmode": "disable", "gssencmode": "disable"}


def lead_asynchronous(_: Guard, module: ModuleType) -> None:
    """Let AsyncEngine be put around any engine: the URL that we offer names no driver."""
    from sqlalchemy import NullPool  # noqa: PLC0415 - imported by whoever calls this

    original = module.AsyncEngine.__init__

    def set_up(self: Any, sync_engine: Engine, *rest: Any, **more: Any) -> None:
        dialect = sync_engine.dialect
        if dialect.name == "postgresql" and not dialect.is_async:
            made = module.create_async_engine(sync_engine.url, poolclass=NullPool)
            sync_engine = made.sync_engine
        original(self, sync_engine, *rest, **more)

    module.AsyncEngine.__init__ = set_up


def _with_driver(guard: Guard, url: URL, options: Mapping[str, Any]) -> URL:
    """Return the URL with a driver that is there, and that fits where the URL is our own.

    The environment offers a plain `postgresql://`, since it cannot know which driver is meant.
    """
    driver = url.get_driver_name()
    if not find_spec(driver.removesuffix("_async")):
        return url.set(drivername="postgresql+psycopg")
    if url.database != guard.target.dbname:
        return url
    given = set(options.get("connect_args") or ())
    meant = next((name for name, words in _TELLING.items() if words & given), None)
    if options.get("_is_async"):
        better = meant or ("asyncpg" if find_spec("asyncpg") else "psycopg")
        return url if driver in _ASYNC and not meant else url.set(drivername=f"postgresql+{better}")
    if driver == "asyncpg" or meant == "psycopg":
        return url.set(drivername="postgresql+psycopg")
    return url


def _refuse_dialect(guard: Guard, name: str) -> None:
    guard.end(
        found=f"an engine for {name} was used; refused before it opened",
        expected="an engine for PostgreSQL",
        why="the throwaway is a PostgreSQL; what another database gets is lost or does harm",
        fix="take the URL from the Alembic configuration, from -x url=, or from an environment "
        "variable: pgassay fills them with the throwaway's; one that it cannot guess is declared, "
        'environment = ["NAME={url}"] (pgassay init --env NAME={url})',
    )
