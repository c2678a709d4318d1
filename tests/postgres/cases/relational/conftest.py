"""A server, the rich schema twice (as promised, as built), and clones to plant faults in."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from pgassay.cases.derivation import Source
from pgassay.cases.second_opinion import second_opinion
from pgassay.core.case import Case, Status, Unproven
from pgassay.core.config import PartitionRule
from pgassay.core.errors import MachineError
from pgassay.core.names import QualifiedName
from pgassay.postgres import servers
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.session import PipelineSession
from pgassay.rows.maker import RowMaker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psycopg

    from pgassay.cases.derivation import Kind
    from pgassay.core.case import Outcome

_ROLES = ("relational_reader", "relational_writer")
RICH = (Path(__file__).parent / "rich.sql").read_text(encoding="utf-8")
SCHEMA = "Straße"
TODAY = date(2026, 11, 21)
RULES = (
    PartitionRule(
        table=QualifiedName(SCHEMA, "event"),
        every="month",
        ahead=2,
        create=f'select "{SCHEMA}".make_events($1, $2)',
    ),
)
# What the first migration would have created: months that are no part of the contract.
MONTHS = f"select \"{SCHEMA}\".make_events('2026-10-01', 1)"


class Server:
    """One server of a major version, and databases in it."""

    def __init__(self, running: servers.Server) -> None:
        self._running = running
        self._numbers = count()

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        return self._running.connect(database)

    def create(self, template: str | None = None) -> str:
        return self._running.create_database(f"relational_{next(self._numbers)}", template)


@dataclass(frozen=True)
class Verdict:
    """What came of a run: outcomes by the name of their case, and what could not be proven."""

    outcomes: dict[str, Outcome]
    unproven: dict[str, Unproven]

    @property
    def broken(self) -> dict[str, str]:
        return {
            name: outcome.reason
            for name, outcome in self.outcomes.items()
            if outcome.status in (Status.FAILED, Status.ERROR)
        }


class Bench:
    """A contract that stays, and databases as built, each with a fault of its own."""

    def __init__(
        self,
        server: Server,
        schema: str,
        *,
        rules: tuple[PartitionRule, ...] = (),
        further: str = "",
    ) -> None:
        self._server, self._rules = server, rules
        with server.connect() as connection:
            for role in _ROLES:
                exists = connection.execute("select 1 from pg_roles where rolname = %s", (role,))
                if not exists.fetchone():
                    connection.execute(f"create role {role}")
        self._template = server.create()
        with server.connect(self._template) as connection:
            connection.execute(schema)
        self._scratch = server.connect(server.create(self._template))
        self._contract = read_catalog(self._scratch)
        self._ask = PipelineSession(self._scratch)
        with server.connect(self._template) as connection:
            connection.execute(further)

    def judge(self, *kinds: str, fault: str | None = None) -> Verdict:
        """Derive the cases of some kinds and run them on a copy with a fault planted in it."""
        name = self._server.create(self._template)
        with self._server.connect(name) as built:
            if fault:
                built.execute(fault)
            catalog = read_catalog(built)
            rows = RowMaker(self._contract, ask=self._ask, built=catalog)
            source = Source(
                contract=self._contract,
                rows=rows,
                ask=self._ask,
                built=catalog,
                today=TODAY,
                partitions=self._rules,
            )
            derived = [c for kind in kinds for c in _module(kind).derive(source)]
            cases = [case for case in derived if isinstance(case, Case)]
            run = PipelineSession(built).run_cases(cases)
            outcomes = {o.case.name: second_opinion(self._ask, o) for o in run}
        with self._server.connect() as connection:
            connection.execute(f"drop database {name}")
        assert len(outcomes) == len(cases), "two cases have one name"
        return Verdict(
            outcomes=outcomes,
            unproven={
                u.name: u
                for u in (*derived, *(o.case for o in outcomes.values()))
                if isinstance(u, Unproven)
            },
        )

    def close(self) -> None:
        self._scratch.close()


def _module(kind: str) -> Kind:
    return cast("Kind", import_module(f"pgassay.cases.{kind}"))


@pytest.fixture(scope="session")
def server_of() -> Iterator[Callable[[int], Server]]:
    """Return the server of a major; one that is not on this machine is skipped, with the reason."""
    running: dict[int, Server] = {}
    with ExitStack() as stack:

        def make(major: int) -> Server:
            if major not in running:
                declaration = servers.ServerDeclaration(postgres=major)
                try:
                    server = servers.open_server(servers.ServerKind.EMBEDDED, declaration)
                except MachineError as error:
                    pytest.skip(error.found)
                running[major] = Server(stack.enter_context(server))
            return running[major]

        yield make


@pytest.fixture(scope="session")
def bench_of(server_of: Callable[[int], Server]) -> Iterator[Callable[..., Bench]]:
    benches: dict[tuple[int, str], Bench] = {}

    def make(
        schema: str = RICH,
        *,
        rules: tuple[PartitionRule, ...] = (),
        further: str = "",
        major: int = 18,
    ) -> Bench:
        if schema == RICH:
            rules, further = RULES, MONTHS
        if (major, schema) not in benches:
            server = server_of(major)
            benches[major, schema] = Bench(server, schema, rules=rules, further=further)
        return benches[major, schema]

    yield make
    for bench in benches.values():
        bench.close()


@pytest.fixture
def bench(bench_of: Callable[..., Bench]) -> Bench:
    """The rich schema on PostgreSQL 18."""
    return bench_of()
