"""What a person reads of a migration among clients."""

from __future__ import annotations

from typing import Any

from pgassay.core.event import PlansCompared, StallSeen, StandstillTold, Told, TrafficSeen
from pgassay.core.traffic import Failure, Moment, Rate, Scene, Traffic
from pgassay.report.traffic import seen_lines


def _traffic(**given: Any) -> TrafficSeen:
    told = {"scene": Scene.LONG, "seconds": 1.25, "clients": 4, "units": 9}
    return TrafficSeen(system="shop", revision="2", traffic=Traffic(**{**told, **given}))


def _texts(event: Any, **given: Any) -> list[str]:
    return [text for text, _ in seen_lines(event, **given)]


def test_a_scene_says_how_long_it_took_and_what_clients_got_through():
    rates = {at: Rate(seconds=2.0, finished=100 * n) for n, at in enumerate(Moment, 1)}
    (line,) = _texts(_traffic(rates=rates))
    assert line.startswith("beside transactions that stay open: 1.25 s, 4 clients, a second: ")
    assert line.endswith("50 before, 100 during, 150 after")


def test_what_was_refused_and_what_took_no_part_is_named_once_and_the_rest_counted():
    failures = tuple(
        Failure(unit=f"q{n}", moment=Moment.AFTER, sqlstate="42703", message="", count=n)
        for n in range(1, 8)
    )
    event = _traffic(failures=failures, left_out=(("a", "22P02 x"), ("a", "22P02 x")))
    lines = _texts(event)[1:]
    assert lines[0] == "  q1: 1 refused with 42703 after it"
    assert lines[5] == "  and 2 more: -v names them"
    assert lines[6:] == ["  a took no part: 22P02 x"]
    assert len(_texts(event, verbose=True)) == 9


def test_the_first_line_of_what_ended_the_migration_is_told():
    assert _texts(_traffic(refused="it fails\ndetail: much"))[1] == (
        "  the migration ended with: it fails"
    )


def test_a_stall_the_plans_and_the_headline_are_a_line_each():
    stall = StallSeen(
        system="shop",
        revision="2",
        scene="short transactions",
        relation="orders",
        mode="ShareLock",
        began=0.0,
        ended=2.0,
        longest=1.5,
        waits=1,
    )
    assert _texts(stall) == ["  orders: 1 statement behind ShareLock, the longest for 1.50 s"]
    plans = PlansCompared(system="shop", revision="2", plans=3, changed=1, better=("q",))
    assert _texts(plans) == ["3 plans of hot queries before and behind: 1 changed, 1 much better"]
    told = StandstillTold(system="shop", revision="2", headline="the site stands still for 0.0 s")
    assert list(seen_lines(told)) == [("the site stands still for 0.0 s", "bold")]
    assert _texts(Told(system="shop", text="no line of this part")) == []
