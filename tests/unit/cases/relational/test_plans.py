"""What a plan must show, judged from its JSON."""

from __future__ import annotations

import json

import pytest

from pgassay.cases.judgement import difference
from pgassay.core.case import Planned
from pgassay.core.statement import Reply

SCAN = {"Node Type": "Index Scan", "Index Name": "i", "Index Cond": "(a = 1)"}
FULL = {"Node Type": "Index Only Scan", "Index Name": "i"}
FILTERED = {**SCAN, "Filter": "(b = 2)"}
SORTED = {"Node Type": "Sort", "Plans": [SCAN]}
SEQUENTIAL = {"Node Type": "Seq Scan", "Relation Name": "t", "Schema": "s"}


def _difference(expect: Planned, plan: dict) -> str:
    reply = Reply(rows=((json.dumps([{"Plan": plan}]),),))
    return difference(expect, reply, major=18)


@pytest.mark.parametrize(
    ("expect", "plan"),
    [
        (Planned(index="i"), SCAN),
        (Planned(index="i"), SORTED),
        (Planned(indexes=frozenset("i")), SCAN),
        (Planned(index="i", conditioned=True), SCAN),
        (Planned(index="i", index_only=True), FULL),
        (Planned(unused="i"), SEQUENTIAL),
        (Planned(index="i", without=frozenset(["Sort"])), SCAN),
        (Planned(relations=frozenset(["s.t"])), SEQUENTIAL),
    ],
)
def test_a_plan_that_shows_it_is_accepted(expect: Planned, plan: dict):
    assert _difference(expect, plan) == ""


@pytest.mark.parametrize(
    ("expect", "plan", "words"),
    [
        (Planned(index="i"), SEQUENTIAL, "the plan uses no index; expected i"),
        (Planned(indexes=frozenset("ij")), SCAN, "the plan uses i; expected j"),
        (Planned(unused="i"), SCAN, "expected another way than i"),
        (Planned(index="i", conditioned=True), FULL, "the plan reads all of i"),
        (Planned(index="i", conditioned=True), FILTERED, "filters rows that the index let through"),
        (Planned(index="i", index_only=True), SCAN, "expected an Index Only Scan"),
        (Planned(without=frozenset(["Sort"])), SORTED, "the plan has a Sort"),
        (Planned(relations=frozenset(["s.u"])), SEQUENTIAL, "the plan reads s.t; expected s.u"),
    ],
)
def test_a_plan_that_does_not_is_told_in_words(expect: Planned, plan: dict, words: str):
    assert words in _difference(expect, plan)
