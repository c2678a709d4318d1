"""A shop with rows in it on a server of each major, and what explains and judges queries there."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pgassay.core.errors import MachineError
from pgassay.core.statement import Statement
from pgassay.plans.ground import Measured
from pgassay.plans.judgement import Verdict, judge
from pgassay.plans.phrases import expectation
from pgassay.plans.places import Places
from pgassay.plans.query import HotQuery, PlanMode
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.explain import NO_SEQUENTIAL_SCAN, Asked, Explainer, others_hidden
from pgassay.postgres.servers import Server, ServerDeclaration, ServerKind, open_server
from pgassay.postgres.session import PipelineSession

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psycopg

    from pgassay.core.finding import Finding
    from pgassay.core.names import QualifiedName
    from pgassay.core.plan import Plan

MAJORS = (16, 17, 18)
_SHOP = (Path(__file__).parent / "shop.sql").read_text()
_NUMBERS = count()


@dataclass
class Shop:
    """One database with the shop in it, to be broken."""

    connection: psycopg.Connection[tuple[object, ...]]
    server: Server

    def run(self, *statements: str) -> Shop:
        for statement in statements:
            self.connection.execute(statement.encode())
        return self

    @property
    def session(self) -> PipelineSession:
        return PipelineSession(self.connection)

    @property
    def explainer(self) -> Explainer:
        return Explainer(self.session)

    @property
    def places(self) -> Places:
        return Places(read_catalog(self.connection))

    def plan(self, sql: str, *values: str | None, **asked: object) -> Plan:
        return self.explainer.plan(Statement(sql, values), Asked(**asked))  # type: ignore[arg-type]  # as given

    def judged(
        self, sql: str, *values: str, expect: str, mode: PlanMode = PlanMode.CUSTOM
    ) -> Verdict:
        """What becomes of a query of which one thing is expected."""
        explainer, statement = self.explainer, Statement(sql, values)

        def what_if(index: QualifiedName | None) -> Plan:
            hidden = (others_hidden(index),) if index else ()
            return explainer.plan(statement, Asked(before=(NO_SEQUENTIAL_SCAN, *hidden)))

        query = HotQuery(
            name="asked",
            title="a query",
            why="it is asked often",
            sql=sql,
            expectations=(expectation(expect, run=None, line=3, file="asked.sql"),),
            file="asked.sql",
        )
        plan = explainer.plan(statement, Asked(mode=mode))
        measured = Measured(run="typical", mode=mode, plan=plan, what_if=what_if)
        return judge(query, measured, self.places, explainer.sizes())

    def finding(self, sql: str, *values: str, expect: str) -> Finding:
        """The one finding of a query; fails if there is none or several."""
        (found,) = self.judged(sql, *values, expect=expect).findings
        return found


@pytest.fixture(scope="session")
def _servers() -> Iterator[Callable[[int], Server]]:
    servers: dict[int, Server] = {}
    with ExitStack() as stack:

        def running(major: int) -> Server:
            if major not in servers:
                try:
                    server = open_server(ServerKind.EMBEDDED, ServerDeclaration(postgres=major))
                except MachineError as error:
                    pytest.skip(error.found)
                servers[major] = stack.enter_context(server)
                servers[major].create_database("shop")
                with servers[major].connect("shop") as connection:
                    connection.execute(_SHOP.encode())
                    # Commits are asynchronous here: VACUUM calls a page visible to all only when
                    # the commits of its rows are known to be on disk.
                    connection.execute("checkpoint")
                    connection.execute("vacuum (analyze)")
            return servers[major]

        yield running


@pytest.fixture(params=MAJORS)
def major(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def shop(_servers: Callable[[int], Server], major: int) -> Iterator[Shop]:
    """A copy of the shop that a test may change."""
    server = _servers(major)
    name = server.create_database(f"shop_{next(_NUMBERS)}", template="shop")
    with server.connect(name) as connection:
        connection.execute('set search_path = "Shop"')
        yield Shop(connection, server)
    server.drop_database(name)


@pytest.fixture(scope="session")
def _standing(_servers: Callable[[int], Server]) -> Iterator[Callable[[int], Shop]]:
    with ExitStack() as stack:
        known: dict[int, Shop] = {}

        def of(major: int) -> Shop:
            if major not in known:
                server = _servers(major)
                name = server.create_database("standing", template="shop")
                connection = stack.enter_context(server.connect(name))
                connection.execute('set search_path = "Shop"')
                known[major] = Shop(connection, server)
            return known[major]

        yield of


@pytest.fixture
def standing(_standing: Callable[[int], Shop], major: int) -> Shop:
    """A shop that no test writes to: a write that is rolled back leaves dead rows, which count."""
    return _standing(major)
