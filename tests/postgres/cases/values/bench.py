"""Two sides of a contract: the database that keeps it, and one that was changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from itertools import count
from typing import TYPE_CHECKING

import psycopg

from pgassay.cases.derivation import Kind, Source
from pgassay.core.case import Case, Outcome, Unproven
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.session import PipelineSession
from pgassay.rows.maker import RowMaker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.postgres.creativeflow.throwaway import Server


@dataclass(slots=True)
class Bench:
    """Makes databases, derives cases from one and runs them against another."""

    server: Server
    _numbers: Iterator[int] = field(default_factory=count)
    _open: list[psycopg.Connection[tuple[object, ...]]] = field(default_factory=list)

    def database(self, *scripts: str) -> psycopg.Connection[tuple[object, ...]]:
        """Return a connection to a new database in which the scripts were run."""
        name = f"bench_{next(self._numbers)}"
        with psycopg.connect(self.server.url("postgres"), autocommit=True) as connection:
            connection.execute(f"create database {name} template template0 strategy file_copy")
        connection = psycopg.connect(self.server.url(name), autocommit=True)
        self._open.append(connection)
        for script in scripts:
            connection.execute(script)
        return connection

    def source(self, contract: str, *, change: str = "") -> tuple[Source, PipelineSession]:
        """Return what to derive from, and a session on the built database."""
        promised = self.database(contract)
        built = self.database(contract, change) if change else promised
        ask = PipelineSession(promised)
        catalog, as_built = read_catalog(promised), read_catalog(built)
        rows = RowMaker(catalog, ask=ask, built=as_built)
        source = Source(
            contract=catalog, rows=rows, ask=ask, built=as_built, today=date(2025, 6, 1)
        )
        return source, PipelineSession(built)

    def derived(self, kind: str, contract: str) -> tuple[list[str], list[Unproven]]:
        """Return the names of the cases of a kind, and what stayed unproven."""
        found = list(kind_of(kind).derive(self.source(contract)[0]))
        names = [case.name for case in found if isinstance(case, Case)]
        return names, [case for case in found if isinstance(case, Unproven)]

    def outcomes(self, kind: str, contract: str, change: str = "") -> list[Outcome]:
        """Return what becomes of the cases of a kind where the built database was changed."""
        source, session = self.source(contract, change=change)
        cases = [case for case in kind_of(kind).derive(source) if isinstance(case, Case)]
        return list(session.run_cases(cases))

    def close(self) -> None:
        for connection in self._open:
            connection.close()
        self._open.clear()


def kind_of(slug: str) -> Kind:
    kind: Kind = import_module(f"pgassay.cases.{slug}")
    return kind
