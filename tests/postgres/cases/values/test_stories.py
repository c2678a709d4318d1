"""Every kind of value case, both ways: stories/<kind>.toml.

A story is a contract, the cases that must follow from it, faults with the cases that must fail
and what the first of them says, and changes that break no promise.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pgassay.core.case import Status

if TYPE_CHECKING:
    from tests.postgres.cases.values.bench import Bench

STORIES = {
    path.stem: tomllib.loads(path.read_text())
    for path in sorted((Path(__file__).parent / "stories").glob("*.toml"))
}


@dataclass(frozen=True, slots=True)
class Change:
    kind: str
    contract: str
    change: str
    fails: frozenset[str]
    says: str


def changes(sort: str) -> list[Any]:
    return [
        pytest.param(
            Change(
                kind,
                story["contract"],
                each["change"],
                frozenset(each.get("fails", ())),
                each.get("says", ""),
            ),
            id=f"{kind}-{number}",
        )
        for kind, story in STORIES.items()
        for number, each in enumerate(story[sort], 1)
    ]


@pytest.mark.parametrize("kind", STORIES)
def test_cases_follow_from_the_contract(kind: str, bench: Bench) -> None:
    cases, unproven = bench.derived(kind, STORIES[kind]["contract"])
    assert cases == STORIES[kind]["cases"]
    assert unproven == []


@pytest.mark.parametrize("kind", STORIES)
def test_a_database_that_keeps_the_contract_passes(kind: str, bench: Bench) -> None:
    outcomes = bench.outcomes(kind, STORIES[kind]["contract"])
    assert {outcome.status for outcome in outcomes} == {Status.PASSED}


@pytest.mark.parametrize("fault", changes("fault"))
def test_a_fault_fails_the_cases_that_speak_of_it(fault: Change, bench: Bench) -> None:
    outcomes = bench.outcomes(fault.kind, fault.contract, fault.change)
    failed = [outcome for outcome in outcomes if outcome.status is not Status.PASSED]
    assert {outcome.case.name for outcome in failed} == fault.fails
    assert {outcome.status for outcome in failed} == {Status.FAILED}
    assert any(fault.says in outcome.reason for outcome in failed)


@pytest.mark.parametrize("change", changes("harmless"))
def test_a_change_that_breaks_no_promise_passes(change: Change, bench: Bench) -> None:
    outcomes = bench.outcomes(change.kind, change.contract, change.change)
    assert [o.reason for o in outcomes if o.status is not Status.PASSED] == []
