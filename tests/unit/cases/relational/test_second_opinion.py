"""A failure that the contract's own database shares is no finding."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pgassay.cases.second_opinion import second_opinion
from pgassay.core.case import Accepted, Case, Outcome, Status, Step, Subject
from pgassay.core.statement import Refusal, Reply, Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

REFUSED = Reply(refusal=Refusal(sqlstate="23505", message="duplicate", constraint="k"))
OTHER = Reply(refusal=Refusal(sqlstate="23505", message="duplicate", constraint="l"))
CASE = Case(
    kind="unique",
    subject=Subject(object="t"),
    title="differs",
    needs=(Statement("insert"),),
    steps=(Step(statement=Statement("try"), expect=Accepted()),),
)
FAILED = Outcome(case=CASE, status=Status.FAILED, reason="refused", step=0, replies=(REFUSED,))


class Server:
    """A session that answers each statement by its text."""

    def __init__(self, **answers: Reply) -> None:
        self._answers = answers

    def run(self, statement: Statement) -> Reply:
        return self._answers.get(statement.sql, Reply())

    def run_all(self, statements: Sequence[Statement]) -> list[Reply]:
        return [self.run(statement) for statement in statements]


def test_the_same_answer_makes_it_unproven():
    found = second_opinion(Server(**{"try": REFUSED}), FAILED)
    assert found.status is Status.UNPROVEN
    assert "the contract's own database does the same" in found.reason


@pytest.mark.parametrize("answer", [Reply(), OTHER])
def test_another_answer_leaves_it_failed(answer: Reply):
    assert second_opinion(Server(**{"try": answer}), FAILED) is FAILED


def test_a_passed_case_is_not_asked_about():
    passed = Outcome(case=CASE, status=Status.PASSED)
    assert second_opinion(Server(**{"try": REFUSED}), passed) is passed


def test_needs_that_both_refuse_are_unproven_and_needs_that_one_refuses_are_not():
    error = Outcome(
        case=CASE, status=Status.ERROR, reason="not in place: 23505 duplicate (constraint k)"
    )
    assert second_opinion(Server(insert=REFUSED), error).status is Status.UNPROVEN
    assert second_opinion(Server(), error) is error


def test_partitions_are_no_part_of_the_contract_and_it_is_not_asked_about_them():
    routing = replace(FAILED, case=replace(CASE, kind="partition_routing"))
    assert second_opinion(Server(**{"try": REFUSED}), routing) is routing


def test_what_is_always_proven_stays_red():
    cascade = replace(FAILED, case=replace(CASE, kind="cascade"))
    found = second_opinion(Server(**{"try": REFUSED}), cascade)
    assert found.case.fails


def test_what_a_program_of_the_contract_refuses_is_no_fault_of_a_key():
    raised = Reply(refusal=Refusal(sqlstate="P0001", message="never"))
    cascade = replace(FAILED, case=replace(CASE, kind="cascade"), replies=(raised,))
    found = second_opinion(Server(**{"try": raised}), cascade)
    assert found.status is Status.UNPROVEN
    assert not found.case.fails


def test_rows_that_no_database_takes_are_no_fault_of_a_key():
    cascade = replace(CASE, kind="cascade")
    error = Outcome(
        case=cascade, status=Status.ERROR, reason="not in place: 23505 duplicate (constraint k)"
    )
    found = second_opinion(Server(insert=REFUSED), error)
    assert found.status is Status.UNPROVEN
    assert not found.case.fails
