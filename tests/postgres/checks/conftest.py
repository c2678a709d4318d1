"""The examples of every check, each in a schema of its own, in one database for each major version.

A file `examples/SLUG.sql` has parts that begin with a line `-- bad`, `-- good` or `-- near miss`,
as often as wished; lines above the first are told: `-- since: 18` where older servers do not know
the syntax, `-- today: 2026-11-28` where a check judges by the date, `-- option NAME: VALUE` for
what the check is told (TOML). Each part is run with a schema of its own, whose name needs quoting,
as the whole search_path, and the check sees what is in that schema alone, or in one whose name
begins with it.
"""

from __future__ import annotations

import re
import tomllib
from contextlib import ExitStack
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql

from pgassay.checks.ground import Ground, Relations
from pgassay.checks.registry import built_in, choose
from pgassay.core.check import CheckSettings, Need
from pgassay.core.errors import MachineError
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.servers import Server, ServerDeclaration, ServerKind, open_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgassay.checks.check import Problem
    from pgassay.core.catalog import Catalog

    Connection = psycopg.Connection[tuple[object, ...]]

MAJORS = (16, 17, 18)
_DAY = date(2026, 11, 28)
EXAMPLES = Path(__file__).with_name("examples")
_PART = re.compile(r"^-- (bad|good|near miss)\b.*$", re.MULTILINE)
_SINCE = re.compile(r"^-- since: (\d+)$", re.MULTILINE)
_TODAY = re.compile(r"^-- today: (\S+)$", re.MULTILINE)
_OPTION = re.compile(r"^-- option (.+): (.+)$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One piece of SQL, and whether the check must fire on what it builds."""

    slug: str
    schema: str
    script: str
    fires: bool
    since: int = 16
    today: date
    options: dict[str, Any] = field(default_factory=dict)


def parts_of(slug: str, folder: Path = EXAMPLES) -> list[Part]:
    """Return the parts of a check's file, and the two examples of its page."""
    page = built_in()[slug].page
    text = (folder / f"{slug}.sql").read_text(encoding="utf-8")
    head, *rest = _PART.split(text)
    since = int(found[1]) if (found := _SINCE.search(head)) else 16
    today = date.fromisoformat(found[1]) if (found := _TODAY.search(head)) else _DAY
    options = {name: tomllib.loads(f"it = {value}")["it"] for name, value in _OPTION.findall(head)}
    pieces = [*zip(rest[::2], rest[1::2], strict=True)]
    if "create schema" not in page.bad:  # it could not be told from the other parts
        pieces += [("bad", page.bad), ("good", page.good)]
    return [
        Part(
            slug=slug,
            schema=f'{number} "Check" {slug}'[:63],
            script=script,
            fires=kind == "bad",
            since=since,
            options=options,
            today=today,
        )
        for number, (kind, script) in enumerate(pieces)
    ]


def slugs() -> list[str]:
    """Return the checks that need the catalog alone."""
    return [slug for slug, check in built_in().items() if check.need is Need.CATALOG]


@dataclass(frozen=True, kw_only=True)
class Examples:
    """Every part built in one database, and what each check finds in its parts."""

    connection: Connection
    parts: tuple[Part, ...]
    problems: dict[str, tuple[Problem, ...]]

    def after(self, fixes: list[str]) -> dict[str, tuple[Problem, ...]]:
        """Run fixes and return what the checks find then."""
        for fix in fixes:
            for statement in fix.splitlines():
                self.connection.execute(statement.encode())
        return _problems(self.parts, read_catalog(self.connection))


@pytest.fixture(scope="session", params=MAJORS)
def major(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="session")
def server_of() -> Iterator[Callable[[int], Server]]:
    """Return the server of a major version; skip where it is not on this machine."""
    servers: dict[int, Server] = {}
    with ExitStack() as stack:

        def get(major: int) -> Server:
            if major not in servers:
                try:
                    opened = open_server(ServerKind.EMBEDDED, ServerDeclaration(postgres=major))
                except MachineError as error:
                    pytest.skip(error.found)
                servers[major] = stack.enter_context(opened)
            return servers[major]

        yield get


@pytest.fixture(scope="session")
def examples(server_of: Callable[[int], Server], major: int) -> Iterator[Examples]:
    server = server_of(major)
    name = server.create_database("examples")
    with server.connect(name) as connection:
        parts = [p for slug in slugs() for p in parts_of(slug) if p.since <= major]
        for part in parts:
            build(connection, part)
        connection.execute("reset search_path")
        catalog = read_catalog(connection)
        yield Examples(
            connection=connection, parts=tuple(parts), problems=_problems(tuple(parts), catalog)
        )


def build(connection: Connection, part: Part) -> None:
    schema = sql.Identifier(part.schema)
    connection.execute(sql.SQL("create schema {}").format(schema))
    connection.execute(sql.SQL("set search_path to {}").format(schema))
    script = part.script.replace("$schema", schema.as_string(connection))
    try:
        connection.execute(script.encode())
    except psycopg.Error as error:
        raise AssertionError(f"{part.schema}: {error}\n{script}") from error


def _problems(parts: tuple[Part, ...], catalog: Catalog) -> dict[str, tuple[Problem, ...]]:
    return {part.schema: _problems_in(part, catalog) for part in parts}


def _problems_in(part: Part, catalog: Catalog) -> tuple[Problem, ...]:
    (chosen,) = choose(
        CheckSettings(options={part.slug: part.options}), built_in(), only=(part.slug,)
    )
    ground = Ground(relations=Relations(within(catalog, part.schema)), options=chosen.options)
    return tuple(chosen.check.find(ground))


def within(catalog: Catalog, schema: str) -> Catalog:
    """Return what of a catalog is in a schema, or in one whose name begins with it."""

    def here(one: Any) -> bool:
        name = getattr(one, "name", None)
        where = getattr(one, "schema", None) or getattr(name, "schema", None) or name
        return isinstance(where, str) and where.startswith(schema)

    cut = {
        f.name: tuple(filter(here, getattr(catalog, f.name)))
        for f in fields(catalog)
        if f.name != "major"
    }
    return replace(catalog, **cut)
