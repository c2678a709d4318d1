"""Waits of many clients become stalls by relation."""

from __future__ import annotations

from typing import Any

import pytest

from pgassay.core.names import QualifiedName
from pgassay.core.traffic import Held, Holder, Scene, Traffic, Wait
from pgassay.history.traffic.judgement import headline, judge
from pgassay.history.traffic.stalls import stalls, stops

A, B = QualifiedName("public", "a"), QualifiedName("public", "b")


def _wait(relation: QualifiedName, began: float, ended: float, held: str = "ShareLock") -> Wait:
    return Wait(relation=relation, wanted="RowExclusiveLock", held=held, began=began, ended=ended)


def test_overlapping_waits_are_one_stall_with_the_strongest_lock():
    found = stalls([_wait(A, 0, 2), _wait(A, 1, 4, "AccessExclusiveLock"), _wait(A, 2, 3)])
    (stall,) = found
    assert (stall.began, stall.ended, stall.longest, stall.waits) == (0, 4, 3, 3)
    assert stall.mode == "AccessExclusiveLock"


def test_waits_apart_and_on_other_relations_are_stalls_of_their_own_longest_first():
    found = stalls([_wait(A, 0, 1), _wait(A, 2, 5), _wait(B, 0, 2)])
    assert [(s.relation, s.longest) for s in found] == [(A, 3), (B, 2), (A, 1)]


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("AccessExclusiveLock", "every query"),
        ("ExclusiveLock", "every write"),
        ("ShareLock", "every write"),
        ("ShareUpdateExclusiveLock", ""),
        ("virtualxid", ""),
    ],
)
def test_what_a_mode_stops(mode: str, words: str):
    assert stops(mode) == words


def _traffic(**given: Any) -> Traffic:
    return Traffic(**{"scene": Scene.SHORT, "seconds": 1.0, "clients": 4, "units": 9, **given})


def test_each_relation_has_one_finding_however_often_it_stood_still():
    traffic = _traffic(waits=(_wait(A, 0, 2), _wait(A, 5, 9), _wait(B, 0, 0.5)))
    (finding,) = judge(traffic, "0007", limit=1.0)
    assert finding.fingerprint == "migration_stall:a:0007"
    assert "4.0 s" in finding.title


def _held(**given: Any) -> Held:
    told = {"relation": A, "mode": "AccessExclusiveLock", "holder": Holder.READER, "seconds": 3.0}
    return Held(**{**told, **given})


def test_the_headline_says_what_a_transaction_that_stays_open_makes_of_it():
    short = _traffic()
    assert headline(short) == "the site stands still for 0.0 s"
    for held, words in (
        (_held(patient=True), "behind a transaction that stays open on a, for as long as that"),
        (_held(gave_up=True), "for 3.0 s until the migration gives up"),
        (_held(mode="virtualxid"), "also beside transactions that stay open"),
    ):
        assert words in headline(short, _traffic(scene=Scene.LONG, held=(held,)))


def test_a_migration_that_gave_up_is_no_queue_and_one_that_did_not_is():
    assert list(judge(_traffic(scene=Scene.LONG, held=(_held(gave_up=True),)), "1")) == []
    (finding,) = judge(_traffic(scene=Scene.LONG, held=(_held(patient=True, clients=2),)), "1")
    assert finding.slug == "migration_queue"
    assert "every query on a" in finding.title
