"""What a case found and what it expected are two halves of one verdict, each told once."""

from __future__ import annotations

import pytest

from pgassay.cases.judgement import difference, judge
from pgassay.core.case import Accepted, Case, Refused, Step, Subject
from pgassay.core.statement import Refusal, Reply, Statement
from pgassay.run.evidence import findings_of

RIGHTS = ("SELECT", "INSERT", "UPDATE")


def case(expect: Accepted | Refused) -> Case:
    return Case(
        kind="unique",
        subject=Subject(object="users", part="email"),
        title="duplicate refused",
        steps=(Step(statement=Statement("select 1"), expect=expect),),
        promise="UNIQUE (email)",
    )


def test_values_that_differ_are_told_by_name() -> None:
    expect = Accepted(returns=(("t", "f", None),), columns=RIGHTS)
    told = difference(expect, Reply(rows=(("t", "t", "f"),)), major=18)
    assert told == "returned INSERT: t, UPDATE: f; expected INSERT: f, UPDATE: NULL"
    assert difference(expect, Reply(rows=(("t", "f", None),)), major=18) == ""


def test_rows_without_names_are_told_whole() -> None:
    expect = Accepted(returns=(("1", "2"),))
    told = difference(expect, Reply(rows=(("1", "3"),)), major=18)
    assert told == "returned (1, 3); expected (1, 2)"


def test_another_number_of_rows_is_told_whole() -> None:
    expect = Accepted(returns=(("t", "f", "f"),), columns=RIGHTS)
    assert difference(expect, Reply(), major=18) == "returned no row; expected (t, f, f)"


@pytest.mark.parametrize(
    ("expect", "reply", "found", "wanted"),
    [
        (
            Refused(sqlstate="23505", constraint="uq"),
            Reply(),
            "accepted",
            "a refusal: 23505, constraint uq",
        ),
        (
            Accepted(),
            Reply(refusal=Refusal(sqlstate="23514", message="no; expected: more")),
            "refused: 23514 no; expected: more",
            "accepted",
        ),
        (Accepted(count=1), Reply(count=0), "0 rows affected", "1"),
    ],
)
def test_a_finding_says_once_what_was_found_and_once_what_was_expected(
    expect: Accepted | Refused, reply: Reply, found: str, wanted: str
) -> None:
    (told,) = findings_of(judge(case(expect), [reply], major=18), "shop")
    assert told.found == found
    assert told.expected == f"{wanted}\nUNIQUE (email)"
