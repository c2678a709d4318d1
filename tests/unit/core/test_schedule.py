"""Schedules: every order of the steps, and exactly one ending for each."""

from __future__ import annotations

from math import comb

import pytest

from pgassay.core.case import Subject
from pgassay.core.schedule import Course, Ending, Schedule, differences
from pgassay.core.statement import Statement


def schedule(a: int, b: int, *endings: Ending) -> Schedule:
    return Schedule(
        kind="schedule",
        subject=Subject(object="t"),
        title="it holds",
        a=tuple(Statement(f"a{i}") for i in range(a)),
        b=tuple(Statement(f"b{i}") for i in range(b)),
        endings=endings or (Ending(),),
    )


@pytest.mark.parametrize(("a", "b"), [(1, 1), (2, 2), (2, 3), (4, 1), (4, 4)])
def test_orders_are_all_interleavings_that_keep_each_sessions_own_order(a: int, b: int) -> None:
    orders = list(schedule(a, b).orders())
    assert len(orders) == len(set(orders)) == comb(a + b, a)
    for order in orders:
        assert [s for s in order if s[0] == "a"] == [f"a{i + 1}" for i in range(a)]
        assert [s for s in order if s[0] == "b"] == [f"b{i + 1}" for i in range(b)]


def test_steps_are_labelled_by_session_and_place() -> None:
    assert {k: s.sql for k, s in schedule(2, 1).steps.items()} == {
        "a1": "a0",
        "a2": "a1",
        "b1": "b0",
    }


def test_an_ending_applies_where_all_its_pairs_hold() -> None:
    ending = Ending(when=(("a1", "b1"), ("b1", "a2")))
    assert ending.applies(("a1", "b1", "a2"))
    assert not ending.applies(("a1", "a2", "b1"))
    assert not ending.applies(("b1", "a1", "a2"))
    assert Ending().applies(("b1", "a1"))


def test_an_order_without_an_ending_or_with_two_is_refused() -> None:
    first = Ending(when=(("a1", "b1"),))
    with pytest.raises(ValueError, match="0 endings apply to the order b1 a1"):
        schedule(1, 1, first).ending(("b1", "a1"))
    with pytest.raises(ValueError, match="2 endings apply to the order a1 b1"):
        schedule(1, 1, first, Ending()).ending(("a1", "b1"))
    assert schedule(1, 1, first).ending(("a1", "b1")) is first


ENDING = Ending(waits=frozenset({"b1"}), refused={"b1": "23505"}, final=(("1",),))
KEPT = Course(waits=frozenset({"b1"}), refused={"b1": "23505"}, final=(("1",),))


def test_a_course_as_promised_has_no_difference() -> None:
    assert differences(ENDING, KEPT) == []


@pytest.mark.parametrize(
    ("course", "told"),
    [
        (Course(waits=frozenset(), refused={"b1": "23505"}, final=(("1",),)), "b1 did not wait"),
        (
            Course(waits=frozenset({"a1", "b1"}), refused={"b1": "23505"}, final=(("1",),)),
            "a1 waited",
        ),
        (
            Course(waits=frozenset({"b1"}), refused={}, final=(("1",),)),
            "b1 was accepted; expected 23505",
        ),
        (
            Course(
                waits=frozenset({"b1"}),
                refused={"a1": "40P01", "b1": "23505"},
                messages={"a1": "deadlock detected"},
                final=(("1",),),
            ),
            "a1 was refused with 40P01 deadlock detected; expected to be accepted",
        ),
        (
            Course(waits=frozenset({"b1"}), refused={"b1": "23505"}, final=()),
            "at the end (); expected (('1',),)",
        ),
    ],
)
def test_every_difference_is_told(course: Course, told: str) -> None:
    assert differences(ENDING, course) == [told]


def test_an_ending_without_final_rows_asks_nothing_of_them() -> None:
    assert differences(Ending(), Course(waits=frozenset(), refused={}, final=(("x",),))) == []
