"""A seeded sample of the faults of CreativeFlow: each is seen, or says why nothing changes."""

from __future__ import annotations

import random
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from benchmarks.faults import Study, chosen
from pgassay.core.case import Subject
from pgassay.core.statement import Statement
from pgassay.faults.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAMPLE, _SEED = 24, 11
# Faults that any reader would expect to be seen, whatever the sample draws.
_ALWAYS = (
    "check-list-grown",
    "reference-on-delete",
    "default-changed",
    "trigger-dropped",
    "index-invalid",
    "key-added",
)


def _sampled(study: Study) -> Iterator[Fault]:
    faults = study.faults
    for operator in _ALWAYS:
        own = chosen(faults, operator=operator, sample=12, seed=_SEED)
        yield from islice((faults[n] for n in own), 1)
    yield from (faults[n] for n in chosen(faults, sample=_SAMPLE, seed=_SEED))


def test_every_fault_of_a_sample_is_seen_or_explained(study: Study) -> None:
    results = [study.examine(fault) for fault in _sampled(study)]
    assert [r.name for r in results if r.unexplained] == []
    assert sum(bool(r.drift) for r in results) > _SAMPLE // 3
    assert sum(bool(r.case) for r in results) > _SAMPLE // 5


def test_without_a_fault_nothing_is_told(study: Study) -> None:
    assert study.silent(random.Random(_SEED)) == []


@pytest.mark.parametrize(
    ("sql", "unexplained"), [("select 1", True), ("create table users (id int)", False)]
)
def test_a_fault_that_nobody_could_see_is_told_and_a_refused_one_is_not(
    study: Study, sql: str, *, unexplained: bool
) -> None:
    nothing = Fault(
        operator="nothing",
        subject=Subject(object="users"),
        statements=(Statement(sql),),
    )
    result = study.examine(nothing)
    assert result.unexplained is unexplained
    assert bool(result.refused) is not unexplained
