"""Sessions: batches of cases in one round trip, each on its own savepoint."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pgassay.core.case import Accepted, Case, Planned, Refused, Status, Step, Subject
from pgassay.core.errors import MachineError
from pgassay.core.statement import Statement
from pgassay.postgres.session import PipelineSession

if TYPE_CHECKING:
    from pgassay.core.case import Expectation
    from pgassay.postgres.servers import Server

TABLE = Statement('create table "T" (id integer primary key, "größe" text not null)')
INSERT = 'insert into "T" values ($1, $2)'


def case(
    title: str, *steps: tuple[str, tuple[str | None, ...], Expectation],
    needs: tuple[Statement, ...] = (TABLE,),
) -> Case:  # fmt: skip
    return Case(
        kind="k",
        subject=Subject(object="T"),
        title=title,
        needs=needs,
        steps=tuple(Step(statement=Statement(s, v), expect=e) for s, v, e in steps),
    )


STORED = case("stored", (INSERT, ("1", "é'\"\\"), Accepted(count=1)),
              ('select "größe" from "T"', (), Accepted(returns=(("é'\"\\",),))))  # fmt: skip
NULL = case("null", (INSERT, ("1", None), Refused(sqlstate="23502", column="größe")))


def test_accepted_and_refused_are_told_apart(session: PipelineSession) -> None:
    wrong = [
        case("takes NULL", (INSERT, ("1", None), Accepted())),
        case("refuses text", (INSERT, ("1", "x"), Refused(sqlstate="23502"))),
        case("wrong state", (INSERT, ("1", None), Refused(sqlstate="23505"))),
        case("wrong column", (INSERT, ("1", None), Refused(sqlstate="23502", column="id"))),
        case("wrong count", (INSERT, ("1", "x"), Accepted(count=2))),
        case("wrong rows", ("select 1", (), Accepted(returns=(("2",),)))),
    ]
    outcomes = list(session.run_cases([STORED, *wrong, NULL]))
    assert [o.case.title for o in outcomes if o.status is Status.PASSED] == ["stored", "null"]
    reasons = {o.case.title: o.reason for o in outcomes if o.status is Status.FAILED}
    assert reasons.keys() == {c.title for c in wrong}
    assert reasons["refuses text"] == "accepted; expected a refusal: 23502"
    assert "23502" in reasons["takes NULL"]
    assert reasons["wrong rows"] == "returned (1); expected (2)"


def test_the_step_that_differs_is_named(session: PipelineSession) -> None:
    third = case("third", (INSERT, ("1", "x"), Accepted()), (INSERT, ("2", "x"), Accepted()),
                 (INSERT, ("2", "x"), Accepted()))  # fmt: skip
    (outcome,) = session.run_cases([third])
    assert outcome.step == 2
    assert "23505" in outcome.reason


def test_nothing_is_left_behind_by_cases(session: PipelineSession) -> None:
    list(session.run_cases([STORED, NULL]))
    assert session.run(Statement("select to_regclass('\"T\"')")).rows == ((None,),)


def test_a_case_sees_nothing_of_the_one_before(session: PipelineSession) -> None:
    assert all(o.status is Status.PASSED for o in session.run_cases([STORED] * 4))


def test_refused_needs_are_errors_with_the_servers_words_and_spare_the_next_group(
    session: PipelineSession,
) -> None:
    bad = (Statement("create table t (id nonsense)"),)
    cases = [case("a", ("select 1", (), Accepted()), needs=bad),
             case("b", ("select 1", (), Accepted()), needs=bad), STORED]  # fmt: skip
    outcomes = list(session.run_cases(cases))
    assert [o.status for o in outcomes] == [Status.ERROR, Status.ERROR, Status.PASSED]
    assert 'type "nonsense" does not exist' in outcomes[0].reason


def test_a_plan_is_held_to_what_it_must_show(session: PipelineSession) -> None:
    explain = 'explain (format json) select * from "T" where id = 1'
    off = Statement("set local enable_seqscan = off")
    cases = [
        case("used", (explain, (), Planned(index="T_pkey", conditioned=True)), needs=(TABLE, off)),
        case("other", (explain, (), Planned(index="another")), needs=(TABLE, off)),
        case("unused", (explain, (), Planned(unused="T_pkey")), needs=(TABLE, off)),
        case("no plan", ("select 1", (), Planned(index="T_pkey")), needs=(TABLE, off)),
    ]
    outcomes = {o.case.title: o for o in session.run_cases(cases)}
    assert outcomes["used"].status is Status.PASSED
    assert {t for t, o in outcomes.items() if o.status is Status.FAILED} == {
        "other",
        "unused",
        "no plan",
    }


def test_thousands_of_cases_with_wide_rows_both_ways_do_not_deadlock(
    session: PipelineSession,
) -> None:
    wide = "x" * 2000
    echo = case("echo", ("select $1::text", (wide,), Accepted(returns=((wide,),))))
    outcomes = list(session.run_cases([echo, NULL] * 2500))
    assert len(outcomes) == 5000
    assert all(o.status is Status.PASSED for o in outcomes)


def test_outcomes_come_in_the_order_of_the_cases(session: PipelineSession) -> None:
    cases = [case(str(n), ("select 1", (), Accepted())) for n in range(1200)]
    assert [o.case for o in session.run_cases(cases)] == cases


def test_a_reader_who_stops_early_leaves_the_session_as_it_was(session: PipelineSession) -> None:
    cases = [case(str(n), (INSERT, ("1", "x"), Accepted()), needs=(TABLE,)) for n in range(2000)]
    others = [replace(c, needs=(TABLE, Statement("select 1"))) for c in cases]
    outcomes = session.run_cases([*cases, *others])
    assert next(outcomes).status is Status.PASSED
    outcomes.close()  # type: ignore[attr-defined]  # a generator, told as an iterator
    assert session.run(Statement("select to_regclass('\"T\"')")).rows == ((None,),)
    assert len(list(session.run_cases(cases))) == len(cases)


def test_a_statement_after_a_refused_one_runs(session: PipelineSession) -> None:
    replies = session.run_all([Statement("select 1/0"), Statement("select 2")])
    assert replies[0].refusal is not None
    assert replies[0].refusal.sqlstate == "22012"
    assert replies[1].rows == (("2",),)


def test_an_empty_batch_is_no_conversation(session: PipelineSession) -> None:
    assert session.run_all([]) == []
    assert list(session.run_cases([])) == []


END = "select pg_terminate_backend(pg_backend_pid())"


def test_a_server_that_goes_away_in_a_batch_is_a_machine_error(
    server: Server, database: str
) -> None:
    with server.connect(database) as connection:
        session = PipelineSession(connection)
        cases = [STORED, case("end", (END, (), Accepted())), *[STORED] * 50]
        with pytest.raises(MachineError, match=r"connection|terminat") as gone:
            list(session.run_cases(cases))
        assert gone.value.fix
        with pytest.raises(MachineError):
            session.run(Statement("select 1"))


def test_a_connection_that_is_not_in_autocommit_is_refused(server: Server, database: str) -> None:
    with server.connect(database) as connection:
        connection.autocommit = False
        with pytest.raises(ValueError, match="autocommit"):
            PipelineSession(connection)
        connection.autocommit = True
