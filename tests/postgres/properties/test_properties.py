"""Properties: green on what was promised, red on each planted fault, whatever is drawn."""

from __future__ import annotations

import pickle
from contextlib import ExitStack
from datetime import date
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st

from pgassay.cases.referential import edges
from pgassay.core.names import QualifiedName
from pgassay.core.statement import Statement
from pgassay.postgres.batches import run_beside
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.session import PipelineSession
from pgassay.properties.attempt import Attempts
from pgassay.properties.falsified import Falsified, drawn, falsify
from pgassay.properties.history import History
from pgassay.properties.kinship import related_tables
from pgassay.properties.rows import (
    Ground,
    any_row,
    breaches,
    broken_row,
    refused_for_that_reason,
    stored_as_promised,
    stored_row,
)
from pgassay.rows.maker import RowMaker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.core.catalog import Catalog
    from pgassay.postgres.servers import Server
    from pgassay.properties.attempt import Attempt
    from pgassay.properties.replay import Replay

_NUMBERS = count(1)
TODAY = date(2026, 11, 21)
PROMISED = """
create table "Parent" (id int primary key, "select" varchar(12) not null, constraint
    "one name" unique ("select"));
create table child (
    id int primary key,
    p int not null constraint "to parent" references "Parent" on delete cascade,
    other int constraint "to other" references "Parent" on delete set null,
    amount numeric(8, 2) not null check (amount >= 0),
    note text,
    "größe" smallint
);
"""


class Bench:
    """What was promised, and a copy with a fault in it."""

    def __init__(self, server: Server, template: str, fault: str, stack: ExitStack) -> None:
        names = [server.create_database(f"properties_{next(_NUMBERS)}", template=template)
                 for _ in range(2)]  # fmt: skip
        promised, built = (stack.enter_context(server.connect(name)) for name in names)
        built.execute(fault.encode())
        self.catalog: Catalog = read_catalog(promised)
        self.promised, self.built = PipelineSession(promised), PipelineSession(built)
        self.rows = RowMaker(self.catalog, ask=self.promised, built=self.catalog)

    def ground(self, table: str) -> Ground:
        found = self.catalog.table(QualifiedName("public", table))
        return Ground(
            catalog=self.catalog,
            table=found,
            needs=self.rows.needs(found, 5),
            base=self.rows.graph(found, 5)[-1],
            promised=self.promised,
            built=self.built,
        )

    def stored(self, table: str) -> Falsified | None:
        ground = self.ground(table)
        ground.open()
        told = falsify(any_row(ground), lambda values: stored_as_promised(ground, values),
                       examples=60, seed=1, thorough=False)  # fmt: skip
        ground.close()
        return told

    def stored_again(self, table: str) -> Falsified | None:
        """As above, as data that was drawn and kept: what a warm gate does."""
        ground = self.ground(table)
        found = drawn(any_row(ground), examples=60, seed=1)
        return self._kept(ground, [stored_row(ground, values) for values in found])

    def refused_again(self, table: str) -> Falsified | None:
        ground = self.ground(table)
        ways = breaches(ground, self.rows.graph(ground.table, 7)[-1])
        found = drawn(st.tuples(any_row(ground), st.sampled_from(ways)), examples=60, seed=1)
        return self._kept(ground, [broken_row(ground, *example) for example in found])

    def _kept(self, ground: Ground, found: Sequence[Attempt]) -> Falsified | None:
        attempts = Attempts(needs=ground.needs, attempts=tuple(found))
        kept: Attempts = pickle.loads(pickle.dumps(attempts))
        return kept.judge(*run_beside(((self.promised, kept.promised), (self.built, kept.built))))

    def replay(self) -> Replay:
        known = edges(self.catalog)
        (tables,) = related_tables(self.catalog, known)
        history = History(tables=tables, known=known, rows=self.rows, promised=self.promised,
                          session=self.built, major=self.built.major)  # fmt: skip
        history.open()
        found = drawn(history.moves(), examples=600, seed=1)
        replay = history.replay([history.prove(moves) for moves in found])
        history.close()
        kept: Replay = pickle.loads(pickle.dumps(replay))
        return kept

    def refused(self, table: str) -> Falsified | None:
        ground = self.ground(table)
        ways = breaches(ground, self.rows.graph(ground.table, 7)[-1])
        ground.open()
        told = falsify(
            st.tuples(any_row(ground), st.sampled_from(ways)),
            lambda drawn: refused_for_that_reason(ground, *drawn),
            examples=60,
            seed=1,
            thorough=False,
        )
        ground.close()
        return told

    def history(self, seed: int = 1, *, examples: int = 60) -> Falsified | None:
        known = edges(self.catalog)
        (tables,) = related_tables(self.catalog, known)
        assert {t.name.name for t in tables} == {"Parent", "child"}
        history = History(tables=tables, known=known, rows=self.rows, promised=self.promised,
                          session=self.built, major=self.built.major)  # fmt: skip
        try:
            history.open()
            told = falsify(history.moves(), history.prove, examples=examples, seed=seed,
                           thorough=False)  # fmt: skip
            history.close()
        except Falsified as refused:
            return refused
        return told


@pytest.fixture(scope="module")
def template(server: Server) -> str:
    name = server.create_database(f"properties_{next(_NUMBERS)}")
    with server.connect(name) as connection:
        connection.execute(PROMISED)
    return name


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_is_falsified_where_everything_is_as_promised(
    server: Server, template: str, stack: ExitStack, seed: int
) -> None:
    bench = Bench(server, template, "select 1", stack)
    for table in ("Parent", "child"):
        assert bench.stored(table) is None
        assert bench.refused(table) is None
        assert bench.stored_again(table) is None
        assert bench.refused_again(table) is None
    assert bench.history(seed) is None


STORED = {
    "a type that holds less": "alter table child alter note type varchar(3)",
    "a type that rounds": "alter table child alter amount type numeric(8, 1)",
    "a check that the models do not have": 'alter table child add check ("größe" > 0)',
    "a check that was forgotten": "alter table child drop constraint child_amount_check",
    "a trigger that rewrites": (
        "create function f() returns trigger language plpgsql as "
        "$$begin new.note := upper(new.note); return new; end$$; "
        "create trigger t before insert on child for each row execute function f()"
    ),
}


@pytest.mark.parametrize("fault", STORED)
def test_any_accepted_row_is_falsified_by(
    server: Server, template: str, stack: ExitStack, fault: str
) -> None:
    bench = Bench(server, template, STORED[fault], stack)
    assert bench.stored_again("child") is not None
    told = bench.stored("child")
    assert told is not None
    assert told.found
    assert told.expected
    assert any("child" in statement.script() for statement in told.script)


REFUSED = {
    "NOT NULL forgotten": ("child", "alter table child alter p drop not null"),
    "a longer varchar": ("Parent", 'alter table "Parent" alter "select" type varchar(13)'),
    "a unique key and the primary key forgotten": (
        "Parent",
        """alter table child drop constraint "to parent", drop constraint "to other";
           alter table "Parent" drop constraint "one name", drop constraint "Parent_pkey" """,
    ),
    "a reference forgotten": ("child", 'alter table child drop constraint "to parent"'),
    "a constraint renamed": (
        "child",
        'alter table child rename constraint "to parent" to another',
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_any_row_broken_in_one_way_is_falsified_by(
    server: Server, template: str, stack: ExitStack, fault: str
) -> None:
    table, statement = REFUSED[fault]
    bench = Bench(server, template, statement, stack)
    assert bench.refused_again(table) is not None
    told = bench.refused(table)
    assert told is not None
    assert "refused with" in told.expected


def _reference(name: str, column: str, action: str) -> str:
    return (
        f'alter table child drop constraint "{name}", add constraint "{name}" '
        f'foreign key ({column}) references "Parent" on delete {action}'
    )


HISTORY = {
    "CASCADE became NO ACTION": _reference("to parent", "p", "no action"),
    "CASCADE became SET NULL": _reference("to parent", "p", "set null"),
    "SET NULL became CASCADE": _reference("to other", "other", "cascade"),
    "SET NULL became RESTRICT": _reference("to other", "other", "restrict"),
    "a reference forgotten": 'alter table child drop constraint "to other"',
    "a unique key forgotten": 'alter table "Parent" drop constraint "one name"',
    "a key of the child forgotten": "alter table child drop constraint child_pkey",
}


@pytest.mark.parametrize("fault", HISTORY)
def test_a_history_is_falsified_by(
    server: Server, template: str, stack: ExitStack, fault: str
) -> None:
    told = Bench(server, template, HISTORY[fault], stack).history(examples=600)
    assert told is not None
    assert told.found != told.expected
    assert told.script[0].sql == "begin"
    first = Bench(server, template, HISTORY[fault], stack).history(examples=600)
    assert first is not None
    assert [s.script() for s in first.script] == [s.script() for s in told.script], "by seed alone"


@pytest.fixture(scope="module")
def foretold(server: Server, template: str) -> Replay:
    with ExitStack() as stack:
        return Bench(server, template, "select 1", stack).replay()


def test_what_was_foretold_holds_again_and_leaves_nothing_behind(
    server: Server, template: str, stack: ExitStack, foretold: Replay
) -> None:
    bench = Bench(server, template, "insert into \"Parent\" values (77, 'a stranger')", stack)
    assert sum(map(len, foretold.histories)) > 100
    assert foretold.holds(bench.built, bench.built.major)
    assert foretold.holds(bench.built, bench.built.major)
    assert bench.built.run(Statement('select id from "Parent"')).rows == (("77",),)


@pytest.mark.parametrize("fault", HISTORY)
def test_what_was_foretold_no_longer_holds_where(
    server: Server, template: str, stack: ExitStack, foretold: Replay, fault: str
) -> None:
    bench = Bench(server, template, HISTORY[fault], stack)
    assert not foretold.holds(bench.built, bench.built.major)


def test_what_was_foretold_does_not_hold_where_its_first_rows_are_refused(
    server: Server, template: str, stack: ExitStack, foretold: Replay
) -> None:
    bench = Bench(server, template, "alter table child add check (id < 0)", stack)
    assert not foretold.holds(bench.built, bench.built.major)
