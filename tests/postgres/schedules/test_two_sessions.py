"""Two sessions: who waits, who fails with what, what stands at the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import count
from typing import TYPE_CHECKING

import pytest

from pgassay.cases.derivation import Source
from pgassay.cases.race import races
from pgassay.core.case import Subject
from pgassay.core.errors import TrialError
from pgassay.core.schedule import Ending, Schedule, differences
from pgassay.core.statement import Statement
from pgassay.postgres import two_sessions
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.session import PipelineSession
from pgassay.postgres.two_sessions import TwoSessions
from pgassay.rows.maker import RowMaker

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.core.schedule import Order
    from pgassay.postgres.servers import Server

_NUMBERS = count(1)
ROWS = "create table t (id int primary key, v int); insert into t values (1, 0), (2, 0)"


def schedule(a: list[str], b: list[str], *, isolation: str = "read committed") -> Schedule:
    return Schedule(
        kind="schedule",
        subject=Subject(object="t"),
        title="it holds",
        a=tuple(map(Statement, a)),
        b=tuple(map(Statement, b)),
        final=Statement("select v from t order by id"),
        endings=(Ending(),),
        isolation=isolation,
    )


@pytest.fixture
def conninfo(server: Server) -> str:
    name = server.create_database(f"two_{next(_NUMBERS)}")
    with server.connect(name) as connection:
        connection.execute(ROWS)
    return server.conninfo(name)


ADD = ["update t set v = v + 1 where id = 1", "commit"]
TWICE = ["update t set v = v * 10 where id = 1", "commit"]


@pytest.mark.parametrize(
    ("order", "waits", "final"),
    [
        (("a1", "a2", "b1", "b2"), set(), "10"),
        (("b1", "b2", "a1", "a2"), set(), "1"),
        (("a1", "b1", "a2", "b2"), {"b1"}, "10"),
        (("b1", "a1", "b2", "a2"), {"a1"}, "1"),
        (("a1", "b1", "b2", "a2"), {"b1"}, "10"),
    ],
)
def test_a_wait_is_seen_and_the_postponed_step_follows(
    conninfo: str, order: Order, waits: set[str], final: str
) -> None:
    with TwoSessions(conninfo) as two:
        course = two.perform(schedule(ADD, TWICE), order)
    assert course.waits == waits
    assert course.refused == {}
    assert course.final == ((final,), ("0",))


def test_rolled_back_is_as_if_it_had_never_been(conninfo: str) -> None:
    with TwoSessions(conninfo) as two:
        course = two.perform(schedule([ADD[0], "rollback"], TWICE), ("a1", "b1", "a2", "b2"))
    assert course.waits == {"b1"}
    assert course.final == (("0",), ("0",))


def test_a_deadlock_is_reported_by_its_sqlstate(conninfo: str) -> None:
    one = "update t set v = v + 1 where id = 1"
    two_ = "update t set v = v + 1 where id = 2"
    with TwoSessions(conninfo) as two:
        course = two.perform(
            schedule([one, two_, "commit"], [two_, one, "commit"]),
            ("a1", "b1", "a2", "b2", "a3", "b3"),
        )
    assert list(course.refused.values()) == ["40P01"]
    assert "deadlock" in next(iter(course.messages.values()))
    assert course.final == (("1",), ("1",)), "one of the two stands"


def test_isolation_decides_what_the_later_one_meets(conninfo: str) -> None:
    reads = ["select v from t where id = 1", *ADD]
    strict = schedule(reads, reads, isolation="repeatable read")
    with TwoSessions(conninfo) as two:
        course = two.perform(strict, ("a1", "b1", "a2", "a3", "b2", "b3"))
    assert course.refused == {"b2": "40001"}


def test_the_sessions_can_be_used_again_after_a_refusal(conninfo: str) -> None:
    with TwoSessions(conninfo) as two:
        bad = two.perform(schedule(["select 1/0", "commit"], TWICE), ("a1", "b1", "a2", "b2"))
        good = two.perform(schedule(ADD, TWICE), ("a1", "a2", "b1", "b2"))
    assert bad.refused["a1"] == "22012"
    assert good.refused == {}


def test_rows_that_cannot_be_put_in_place_fail_the_trial(conninfo: str) -> None:
    setup = (Statement("insert into t values (1, 1)"),)
    bad = replace(schedule(["commit"], ["commit"]), setup=setup)
    refused = pytest.raises(TrialError, match="could not be put")
    with TwoSessions(conninfo) as two, refused as told:
        two.perform(bad, ("a1", "b1"))
    assert "insert into t" in str(told.value)


def test_a_step_that_neither_answers_nor_waits_is_given_up(
    conninfo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(two_sessions, "_PATIENCE", 0.3)
    slow = schedule(["select pg_sleep(5)", "commit"], ["commit"])
    with TwoSessions(conninfo) as two, pytest.raises(TrialError, match="neither answered nor"):
        two.perform(slow, ("a1", "a2", "b1"))


PROMISED = """
create table "P" (id int primary key, "select" text not null unique);
create table no_action (id int primary key, p int not null references "P");
create table taken_once (id int primary key);
create table restricting (
    id int primary key, p int not null references "P" on delete restrict,
    once int not null unique references taken_once
);
create table cascading (id int primary key, p int not null references "P" on delete cascade);
create table nulling (id int primary key, p int references "P" on delete set null);
"""


@pytest.fixture(scope="module")
def told_by_races(server: Server) -> Callable[[str], dict[str, list[str]]]:
    """Play every race of the promised tables where a fault is planted; return what differed."""
    template = server.create_database("promised")
    with server.connect(template) as connection:
        connection.execute(PROMISED)

    def play(fault: str) -> dict[str, list[str]]:
        scratch = server.create_database(f"scratch_{next(_NUMBERS)}", template=template)
        built = server.create_database(f"built_{next(_NUMBERS)}", template=template)
        with server.connect(built) as connection:
            connection.execute(fault)
        with server.connect(scratch) as connection:
            contract = read_catalog(connection)
            ask = PipelineSession(connection)
            source = Source(
                contract=contract,
                rows=RowMaker(contract, ask=ask, built=contract),
                ask=ask,
                built=contract,
                today=date(2026, 11, 21),
            )
            derived = list(races(source))
        found: dict[str, list[str]] = {}
        with TwoSessions(server.conninfo(built)) as two, server.connect(built) as janitor:
            for race in derived:
                told = found.setdefault(str(race.subject), [])
                for order in race.orders():
                    tables = '"P", taken_once, no_action, restricting, cascading, nulling'
                    janitor.execute(f"truncate {tables}")
                    told += differences(race.ending(order), two.perform(race, order))
        return found

    return play


def test_races_of_what_was_promised_have_no_difference(
    told_by_races: Callable[[str], dict[str, list[str]]],
) -> None:
    found = told_by_races("select 1")
    assert len(found) == 5, "a key, and a reference for each action"
    assert not any(found.values()), found


@pytest.mark.parametrize(
    ("fault", "subject"),
    [
        ('alter table "P" drop constraint "P_select_key"', '"P".P_select_key'),
        ("alter table no_action drop constraint no_action_p_fkey", "no_action.no_action_p_fkey"),
        (
            "alter table restricting drop constraint restricting_p_fkey",
            "restricting.restricting_p_fkey",
        ),
        ("alter table cascading drop constraint cascading_p_fkey", "cascading.cascading_p_fkey"),
        ("alter table nulling drop constraint nulling_p_fkey", "nulling.nulling_p_fkey"),
        (
            """alter table cascading drop constraint cascading_p_fkey,
               add constraint cascading_p_fkey foreign key (p) references "P" """,
            "cascading.cascading_p_fkey",
        ),
        (
            """alter table nulling drop constraint nulling_p_fkey,
               add constraint nulling_p_fkey foreign key (p) references "P" on delete cascade""",
            "nulling.nulling_p_fkey",
        ),
    ],
)
def test_a_race_is_red_where_its_key_or_reference_is_not_as_promised(
    told_by_races: Callable[[str], dict[str, list[str]]], fault: str, subject: str
) -> None:
    found = told_by_races(fault)
    assert {s for s, told in found.items() if told} == {subject}
