"""Two sessions at once: outcomes in order, each case on a database of its own, nothing left."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from time import sleep
from typing import TYPE_CHECKING

import psycopg
import pytest

from pgassay.core.case import Accepted, Case, Refused, Status, Step, Subject
from pgassay.core.errors import MachineError
from pgassay.core.statement import Statement
from pgassay.postgres.batches import run_beside, run_cases
from pgassay.postgres.session import PipelineSession

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.postgres.servers import Server

_NUMBERS = count(1)
WHERE = "select current_database()"
GONE = "select pg_terminate_backend(pg_backend_pid())"


@pytest.fixture
def names(server: Server) -> Iterator[list[str]]:
    names = [server.create_database(f"beside_{next(_NUMBERS)}") for _ in range(2)]
    yield names
    for name in names:
        server.drop_database(name)


@pytest.fixture
def sessions(server: Server, names: list[str]) -> Iterator[list[PipelineSession]]:
    with ExitStack() as stack:
        yield [PipelineSession(stack.enter_context(server.connect(name))) for name in names]


def case(title: str, sql: str, group: int = 0, *, expect: Accepted | Refused | None = None) -> Case:
    return Case(
        kind="k",
        subject=Subject(object="t"),
        title=title,
        needs=(Statement(f"create table t{group} (id int primary key)"),),
        steps=(Step(statement=Statement(sql), expect=expect or Accepted()),),
    )


def test_outcomes_keep_the_order_of_the_cases_and_both_databases_are_used(
    sessions: list[PipelineSession], names: list[str]
) -> None:
    cases = [case(f"{g}.{n}", WHERE, g) for g in range(40) for n in range(g % 7 + 1)]
    outcomes = list(run_cases(sessions, cases))
    assert [outcome.case for outcome in outcomes] == cases
    assert all(outcome.status is Status.PASSED for outcome in outcomes)
    where = [outcome.replies[0].rows[0][0] for outcome in outcomes]
    assert set(where) == set(names)
    together = {c.needs: {w for w, o in zip(where, outcomes, strict=True) if o.case is c}
                for c in cases}  # fmt: skip
    assert all(len(used) == 1 for used in together.values())


def test_a_fault_in_one_of_the_databases_is_seen_by_the_cases_that_met_it(
    sessions: list[PipelineSession],
) -> None:
    sessions[1].run(Statement("create table only_here (id int)"))
    missing = Refused(sqlstate="42P01")
    cases = [case(str(g), "select from only_here", g, expect=missing) for g in range(6)]
    states = [outcome.status for outcome in run_cases(sessions, cases)]
    assert states == [Status.PASSED, Status.FAILED] * 3


def test_wide_rows_on_both_do_not_deadlock(sessions: list[PipelineSession]) -> None:
    wide = Statement("select $1::text", ("x" * 3000,))
    one = replace(case("wide", WHERE), steps=(Step(statement=wide, expect=Accepted()),))
    cases = [replace(one, needs=(Statement(f"select {g}"),)) for g in range(8) for _ in range(700)]
    assert all(o.status is Status.PASSED for o in run_cases(sessions, cases))


def test_a_reader_who_stops_early_leaves_both_as_they_were(
    sessions: list[PipelineSession],
) -> None:
    cases = [case(f"{g}.{n}", WHERE, g) for g in range(10) for n in range(30)]
    outcomes = run_cases(sessions, cases)
    assert next(outcomes).status is Status.PASSED
    outcomes.close()  # type: ignore[attr-defined]  # a generator, told as an iterator
    for session in sessions:
        assert session.run(Statement("select to_regclass('t0')")).rows == ((None,),)


@pytest.mark.parametrize("lost", [0, 1])
def test_a_server_process_that_ends_midway_is_told(
    sessions: list[PipelineSession], lost: int
) -> None:
    ends = [case(str(g), GONE if g == 4 + lost else WHERE, g) for g in range(300)]
    with pytest.raises(MachineError, match="closed the connection"):
        list(run_cases(sessions, ends))


def test_segments_run_beside_each_other_and_a_refusal_ends_its_own_alone(
    sessions: list[PipelineSession],
) -> None:
    bad, good, where = Statement("select 1/0"), Statement("select 1"), Statement(WHERE)
    first, second = run_beside(
        ((sessions[0], [(bad, good), (where,)]), (sessions[1], [(good,), (where, bad)]))
    )
    states = [[reply.refusal and reply.refusal.sqlstate for reply in each]
              for each in (first, second)]  # fmt: skip
    assert states == [["22012", "25P02", None], [None, None, "22012"]]
    assert first[2].rows != second[1].rows
    assert sessions[0].run(good).rows == (("1",),)


LARGE = "select repeat('x', 2000000)"  # more than a socket holds


def waits_to_write(server: Server, names: list[str]) -> bool:
    asked = (
        "select count(*) from pg_stat_activity"
        " where datname = any(%s) and wait_event = 'ClientWrite'"
    )
    with server.connect("postgres") as connection:
        for _ in range(100):
            if connection.execute(asked, [names]).fetchone() != (0,):
                return True
            sleep(0.02)
    return False


def drop(server: Server, name: str) -> None:
    with server.connect("postgres") as connection:
        connection.execute("set statement_timeout = '2s'")
        connection.execute(f"drop database {name} with (force)".encode())


def test_between_two_outcomes_nobody_waits_for_a_reader(
    server: Server, sessions: list[PipelineSession], names: list[str]
) -> None:
    cases = [case(f"{g}", LARGE, g) for g in range(6)]
    other = server.create_database(f"beside_{next(_NUMBERS)}")
    outcomes = run_cases(sessions, cases, ahead=False)
    first = next(outcomes)
    assert not waits_to_write(server, names)
    drop(server, other)
    assert [outcome.case for outcome in (first, *outcomes)] == cases


def test_with_servers_ahead_a_database_cannot_be_dropped_between_two_outcomes(
    server: Server, sessions: list[PipelineSession], names: list[str]
) -> None:
    cases = [case(f"{g}", LARGE, g) for g in range(6)]
    other = server.create_database(f"beside_{next(_NUMBERS)}")
    outcomes = run_cases(sessions, cases)
    first = next(outcomes)
    assert waits_to_write(server, names)
    with pytest.raises(psycopg.errors.QueryCanceled):
        drop(server, other)
    assert [outcome.case for outcome in (first, *outcomes)] == cases
