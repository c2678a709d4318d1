"""A migration that gave up and was run again: what is told of it, and of those beside it."""

from __future__ import annotations

import pytest

from pgassay.core.statement import Refusal
from pgassay.core.traffic import Moment, Scene, Traffic, Unit
from pgassay.history.traffic.judgement import judge
from pgassay.postgres.traffic.clients import Attempt, failures, rates

_UNIT = Unit(name="delete from users", statements=())
_DEADLOCK = Refusal(sqlstate="40P01", message="deadlock detected")


def _attempt(began: float, ended: float, refusal: Refusal | None = None) -> Attempt:
    return Attempt(unit=_UNIT, began=began, ended=ended, refusal=refusal)


def test_what_is_refused_during_the_second_run_is_not_told_as_after_it():
    refused = [_attempt(6.0, 6.5, _DEADLOCK), _attempt(9.0, 9.5, _DEADLOCK)]
    found = failures(refused, began=1.0, ended=8.0)
    assert [(one.moment, one.count) for one in found] == [(Moment.DURING, 1), (Moment.AFTER, 1)]


def test_clients_are_counted_in_neither_rate_while_it_runs_again():
    attempts = [
        _attempt(0.0, 0.5),  # before
        _attempt(2.0, 2.5),  # during
        _attempt(6.0, 6.5),  # while it runs again
        *(_attempt(8.0 + n / 4, 8.1 + n / 4) for n in range(4)),
    ]
    found = rates(attempts, began=1.0, ended=5.0, resumed=8.0)
    assert {at: (one.seconds, one.finished) for at, one in found.items()} == {
        Moment.BEFORE: (1.0, 1),
        Moment.DURING: (4.0, 1),
        Moment.AFTER: (pytest.approx(0.85), 4),
    }


def _ended(refused: str, *, again: bool | None = None, refused_again: str = "") -> list[str]:
    traffic = Traffic(
        scene=Scene.LONG,
        seconds=5.0,
        clients=4,
        units=1,
        refused=refused,
        again=again,
        refused_again=refused_again,
    )
    return [f"{f.slug} {f.subject}: {f.title}" for f in judge(traffic, "0002")]


_TIMEOUT = "canceling statement due to lock timeout (SQLSTATE 55P03)"


def test_a_migration_that_does_not_come_through_is_a_finding_and_so_can_be_accepted():
    assert _ended(_TIMEOUT, again=False, refused_again=_TIMEOUT) == [
        "migration_refusal 0002.long: the migration does not come through, run again"
    ]
    ended = "migration_deadlock 0002.long: the migration was ended by a deadlock with its clients"
    deadlock = "deadlock detected (SQLSTATE 40P01)"
    assert _ended(_TIMEOUT, again=False, refused_again=deadlock) == [f"{ended}, run again"]
    assert _ended(deadlock) == [ended]


def test_one_that_comes_through_the_second_time_is_fine():
    assert _ended(_TIMEOUT, again=True) == []
    assert _ended("") == []
