"""The configuration: `[tool.pgassay]` of a pyproject.toml as frozen dataclasses.

Unknown keys and values of the wrong kind are errors that name the file, the key and what would
be valid. Paths are resolved against the folder of the file; nothing is imported here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path  # noqa: TC003 - a field of a dataclass
from typing import TYPE_CHECKING, Any

from pgassay.core.check import CheckSettings, read_settings
from pgassay.core.errors import ConfigError, suggestion
from pgassay.core.names import QualifiedName  # noqa: TC001 - a field of a dataclass
from pgassay.core.toml_table import TomlTable, read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping

UNITS = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionRule:
    """Which partitions of a table exist is a rule, not part of the contract.

    Args:
        table: the partitioned table.
        every: the width of one partition: day, week, month, quarter or year.
        ahead: how many units after the current one must exist.
        create: SQL that creates them, `$1` the reference date and `$2` the horizon in units;
            running it twice must be harmless.
    """

    table: QualifiedName
    every: str = "month"
    ahead: int = 0
    create: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlembicSettings:
    """Where Alembic's configuration is, and how far its migrations go.

    Args:
        config: the file.
        section: its section (`alembic -n`).
        revision: what to upgrade to; `heads` where a history ends in several on purpose.
        baseline: `module:attribute` of a MetaData that is created before the first migration,
            where a history begins on a database that something else has made.
    """

    config: Path
    section: str = "alembic"
    revision: str = "head"
    baseline: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One database under test: an entry under `[tool.pgassay.systems.<name>]`.

    Args:
        name: its name.
        metadata: `module:attribute` of the models' MetaData: the contract. `env.py:target_metadata`
            takes what Alembic's env.py configures.
        alembic: the Alembic route.
        sql: folder of SQL migrations in Flyway naming.
        ddl: folder of reference DDL.
        erd: documents with diagrams of the schema, Markdown or Mermaid.
        pictures: pictures of the schema, SVG or PNG. `{part}` in a name stands for the overview
            and for every part; a name without it says by itself what it shows.
        dictionary: data dictionaries, Markdown or HTML.
        domains: which tables belong together, by title: patterns of names (`order_*`). What is
            not listed goes by the modules of the models and by its schema.
        lock: the locked contract.
        revisions: the digests of revisions that have been applied, and are edited no more.
        rules: folder of business rules: queries that must return no row.
        schedules: folder of two-session schedules.
        factories: module whose factories describe rows.
        benchmarks: folder with `queries/`, the hot queries, and `baselines/`, their accepted plans.
        volumes: what the system looks like at size: rows, ratios and times (TOML).
        production: a snapshot of production, at whose size the gate judges the hot queries too.
        postgres: the major version to test on; None takes the server's own.
        image: the container image, if not `postgres:<major>`.
        extensions: extensions that must be there before a route runs.
        locale: the database's locale.
        settings: server settings.
        environment: names of environment variables that routes may see.
        root: the folder in which the project's code runs, first on `sys.path`; by default that of
            the configuration.
        bookkeeping: tables of tools that are no part of the schema.
        only_migrations: patterns of objects that only migrations create (`function public.f*`).
        partitions: which partitions exist.
        placeholders: values of `${name}` in SQL migrations.
        checks: which structural checks run, and what is accepted of what they find.
    """

    name: str
    metadata: str | None = None
    alembic: AlembicSettings | None = None
    sql: Path | None = None
    ddl: Path | None = None
    erd: tuple[Path, ...] = ()
    pictures: tuple[Path, ...] = ()
    dictionary: tuple[Path, ...] = ()
    domains: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lock: Path | None = None
    revisions: Path | None = None
    rules: Path | None = None
    schedules: Path | None = None
    factories: str | None = None
    volumes: Path | None = None
    benchmarks: Path | None = None
    production: Path | None = None
    postgres: int | None = None
    image: str | None = None
    extensions: tuple[str, ...] = ()
    locale: str = "C.UTF-8"
    settings: Mapping[str, str] = field(default_factory=dict)
    environment: tuple[str, ...] = ()
    root: Path | None = None
    bookkeeping: tuple[QualifiedName, ...] = ()
    only_migrations: tuple[str, ...] = ()
    partitions: tuple[PartitionRule, ...] = ()
    placeholders: Mapping[str, str] = field(default_factory=dict)
    checks: CheckSettings = field(default_factory=CheckSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything under `[tool.pgassay]`.

    Args:
        root: the folder of the file; put on `sys.path` while models are imported.
        server: `auto`, `container`, `embedded`, `system` or a URL.
        systems: by name, in the order of the file.
        checks: the structural checks' settings of all systems, and of databases given by URL.
    """

    root: Path
    server: str = "auto"
    systems: Mapping[str, System]
    checks: CheckSettings = field(default_factory=CheckSettings)

    def system(self, name: str) -> System:
        """Return the system of that name; ConfigError with a suggestion if there is none."""
        if name in self.systems:
            return self.systems[name]
        raise ConfigError(
            f'no system is called "{name}"',
            where=str(self.root / "pyproject.toml"),
            expected=suggestion(name, self.systems),
            fix=f"add [tool.pgassay.systems.{name}], or name one of these",
        )


def load_config(start: Path) -> Config:
    """Return the configuration of the nearest pyproject.toml with `[tool.pgassay]`.

    Looks in `start` and the folders above it. Raises ConfigError if there is none or it is wrong.
    """
    for folder in (start, *start.parents):
        path = folder / "pyproject.toml"
        if path.is_file():
            table = read_toml(path).get("tool", {}).get("pgassay")
            if table is not None:
                return parse_config(table, path)
    raise ConfigError(
        "no pyproject.toml with [tool.pgassay] here or above",
        where=str(start),
        expected="a [tool.pgassay.systems.<name>] table that says where the models and the "
        "migrations are",
        fix='[tool.pgassay.systems.shop]\nmetadata = "shop.models:Base"\nalembic = "alembic.ini"',
    )


def parse_config(table: Mapping[str, Any], path: Path) -> Config:
    """Return the configuration in the `[tool.pgassay]` table of `path`."""
    reader = TomlTable(table, "tool.pgassay", path)
    reader.only("server", "systems", "checks")
    systems = reader.take("systems", dict, {})
    if not systems:
        raise reader.wrong("systems", "names no system", "at least one table under it")
    checks = read_settings(reader.take("checks", dict, {}), "tool.pgassay.checks", path)
    return Config(
        root=path.parent,
        server=reader.take("server", str, "auto"),
        systems={name: _system(name, TomlTable(t, f"tool.pgassay.systems.{name}", path), checks)
                 for name, t in systems.items()},
        checks=checks,
    )  # fmt: skip


def _system(name: str, table: TomlTable, checks: CheckSettings) -> System:
    table.only(*(f.name for f in fields(System) if f.name != "name"))
    system = System(
        name=name,
        metadata=_metadata("metadata", table),
        alembic=_alembic(table),
        erd=table.files("erd"),
        pictures=_written("pictures", table, (".svg", ".png")),
        dictionary=_written("dictionary", table, (".md", ".html")),
        domains=_domains(table),
        lock=table.file("lock", must_exist=False),
        revisions=table.file("revisions", must_exist=False),
        sql=table.file("sql"),
        ddl=table.file("ddl"),
        rules=table.file("rules"),
        schedules=table.file("schedules"),
        factories=table.take("factories", str, None),
        volumes=table.file("volumes"),
        benchmarks=table.file("benchmarks"),
        production=table.file("production"),
        postgres=table.take("postgres", int, None),
        image=table.take("image", str, None),
        locale=table.take("locale", str, "C.UTF-8"),
        extensions=table.strings("extensions"),
        environment=table.strings("environment"),
        root=table.file("root"),
        only_migrations=table.strings("only_migrations"),
        settings=table.mapping("settings"),
        placeholders=table.mapping("placeholders"),
        bookkeeping=tuple(table.relation(t, "bookkeeping") for t in table.strings("bookkeeping")),
        partitions=tuple(_partition_rule(t, table) for t in table.take("partitions", list, [])),
        checks=_checks(table).over(checks),
    )
    if not (system.metadata or system.alembic or system.sql or system.ddl):
        raise ConfigError(
            "there is no way to build this system",
            where=f"{table.path}: [{table.name}]",
            expected="metadata, and one or more of alembic, sql, ddl",
        )
    return system


def _checks(table: TomlTable) -> CheckSettings:
    return read_settings(table.take("checks", dict, {}), f"{table.name}.checks", table.path)


def _written(key: str, table: TomlTable, suffixes: tuple[str, ...]) -> tuple[Path, ...]:
    """Return the paths of documents that pgassay writes; their suffix says in which form."""
    paths = table.files(key)
    for path in paths:
        if path.suffix not in suffixes:
            raise table.wrong(key, f"{path.name} is of no form known", " or ".join(suffixes))
    return paths


def _domains(table: TomlTable) -> dict[str, tuple[str, ...]]:
    given = table.take("domains", dict, {})
    inner = TomlTable(given, f"{table.name}.domains", table.path)
    return {title: inner.strings(title) for title in given}


def _metadata(key: str, table: TomlTable) -> str | None:
    given: str | None = table.take(key, str, None)
    if given is not None and ":" not in given:
        raise table.wrong(key, f'"{given}" names no attribute', "module:attribute")
    return given


def _alembic(table: TomlTable) -> AlembicSettings | None:
    given = table.data.get("alembic")
    if given is None:
        return None
    if isinstance(given, str):
        given = {"config": given}
    inner = TomlTable(given, f"{table.name}.alembic", table.path)
    inner.only("config", "section", "revision", "baseline")
    config = inner.file("config")
    if config is None:
        raise inner.wrong("config", "missing", "the path of an alembic.ini")
    return AlembicSettings(
        config=config,
        section=inner.take("section", str, "alembic"),
        revision=inner.take("revision", str, "head"),
        baseline=_metadata("baseline", inner),
    )


def _partition_rule(data: object, table: TomlTable) -> PartitionRule:
    inner = TomlTable(data, f"{table.name}.partitions", table.path)
    inner.only(*(f.name for f in fields(PartitionRule)))
    every = inner.take("every", str, "month")
    if every not in UNITS:
        raise inner.wrong("every", f'"{every}" is no unit of time', suggestion(every, UNITS))
    ahead = inner.take("ahead", int, 0)
    if ahead < 0:
        raise inner.wrong("ahead", f"{ahead} is less than none", f"0 or more of a {every}")
    return PartitionRule(
        table=inner.relation(inner.take("table", str), "table"),
        every=every,
        ahead=ahead,
        create=inner.take("create", str, None),
    )
