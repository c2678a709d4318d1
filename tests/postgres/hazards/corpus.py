"""The corpus: reads its files and runs one migration of it under watch."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from pgassay.core.finding import Severity
from pgassay.core.route import Revision
from pgassay.core.trace import RevisionTrace
from pgassay.history.aftermath import Aftermath
from pgassay.history.evidence import Evidence
from pgassay.history.judgement import judge
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.tracing.aftermath import moment, read_aftermath
from pgassay.postgres.tracing.probe import install
from pgassay.postgres.tracing.session import run_watched
from pgassay.postgres.tracing.sizes import sizes_of
from pgassay.postgres.tracing.watcher import Watcher
from pgassay.run.migration.script import watch_script

if TYPE_CHECKING:
    from pgassay.core.catalog import Catalog
    from pgassay.core.finding import Finding
    from pgassay.postgres.servers import Server

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One migration of the corpus. `hazard` is what must be found; None where nothing may be."""

    name: str
    sql: tuple[str, ...]
    hazard: str | None
    alone: bool = False
    setup: tuple[str, ...] = ()
    broken: str | None = None
    repaired: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.name}: {self.hazard or 'silent'}"


@dataclass(slots=True)
class Judged:
    trace: RevisionTrace
    findings: tuple[Finding, ...] = field(default=())


def migrations() -> list[Migration]:
    data = tomllib.loads((HERE / "corpus.toml").read_text(encoding="utf-8"))
    found: list[Migration] = []
    for pair in data["pair"]:
        common: dict[str, Any] = {
            "name": pair["name"],
            "setup": tuple(pair.get("setup", ())),
            "broken": pair.get("broken"),
            "repaired": tuple(pair.get("repaired", ())),
            "after": tuple(pair["after"]),
        }
        for side, hazard in (("danger", pair["hazard"]), ("safe", None)):
            alone = side in pair.get("alone", ())
            found.append(Migration(sql=tuple(pair[side]), hazard=hazard, alone=alone, **common))
    found += [
        Migration(
            name=near["name"],
            sql=tuple(near["sql"]),
            hazard=None,
            alone=near.get("alone", False),
            setup=tuple(near.get("setup", ())),
        )
        for near in data["near"]
    ]
    return found


def known_misses() -> dict[str, str]:
    data = tomllib.loads((HERE / "known_misses.toml").read_text(encoding="utf-8"))
    return {one["migration"]: one["reason"] for one in data.get("miss", ())}


class Shop:
    """A server with the database that every migration starts from."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.major = int(server.version.split(".")[0])
        self._number = 0
        self._template = server.create_database("shop")
        with server.connect(self._template) as connection:
            connection.execute((HERE / "shop.sql").read_text(encoding="utf-8").encode())
            connection.execute("vacuum analyze")
            install(connection)
            self._catalog = read_catalog(connection)
            self._sizes = sizes_of(connection)
        self._shared = server.create_database("shop_0", self._template)
        # One connection for all of them: the server keeps the plans of the catalog's queries.
        self._connection = server.connect(self._shared, autocommit=False)

    def close(self) -> None:
        self._connection.close()

    def run(self, migration: Migration) -> Judged:
        copied = migration.alone or migration.setup
        evidence = self._in_a_copy(migration) if copied else self._undone(migration)
        return Judged(evidence.trace, judge(evidence))

    def _in_a_copy(self, migration: Migration) -> Evidence:
        self._number += 1
        database = self._server.create_database(f"shop_{self._number}", self._template)
        before = self._prepared(database, migration)
        with self._server.connect(database) as connection:
            since = moment(connection)
        trace = watch_script(
            self._server, database, named(migration), migration.sql, alone=migration.alone
        )
        with self._server.connect(database) as connection:
            after = read_catalog(connection)
            aftermath = read_aftermath(connection, before, after, since=since)
        self._server.drop_database(database)
        return Evidence(trace=trace, before=before, after=after, aftermath=aftermath)

    def _undone(self, migration: Migration) -> Evidence:
        """Run one transaction in the shop itself, read what it led to, and roll it back."""
        after, error, connection = self._catalog, None, self._connection
        aftermath = Aftermath()
        since = moment(connection)
        connection.rollback()
        with Watcher(self._server.conninfo(self._shared)) as watcher:
            try:
                for text in migration.sql:
                    run_watched(connection, watcher, text)
                watcher.transaction_ended("commit")
                after = read_catalog(connection)
                aftermath = read_aftermath(connection, self._catalog, after, since=since)
            except psycopg.Error as refused:
                watcher.transaction_ended("rollback")
                error = str(refused)
            connection.rollback()
            statements, seconds = watcher.traces()
        trace = RevisionTrace(
            revision=named(migration),
            statements=statements,
            transactions=seconds,
            sizes=self._sizes,
            error=error,
        )
        return Evidence(trace=trace, before=self._catalog, after=after, aftermath=aftermath)

    def _prepared(self, database: str, migration: Migration) -> Catalog:
        if not migration.setup and not migration.broken:
            return self._catalog
        with self._server.connect(database) as connection:
            for text in migration.setup:
                connection.execute(text.encode())
            if migration.broken:
                try:
                    connection.execute(migration.broken.encode())
                except psycopg.errors.UniqueViolation:
                    for text in migration.repaired:
                        connection.execute(text.encode())
            return read_catalog(connection)


def named(migration: Migration) -> Revision:
    return Revision(id=migration.name, parents=(), message="", path="corpus.toml")


def caught(migration: Migration, judged: Judged) -> bool:
    """Whether a dangerous migration is found for what it is, or nothing is found in a safe one."""
    if migration.hazard is None:
        return not judged.findings
    return migration.hazard in {finding.slug for finding in judged.findings}


def worst(judged: Judged) -> Severity | None:
    return min((f.severity for f in judged.findings), default=None, key=list(Severity).index)
