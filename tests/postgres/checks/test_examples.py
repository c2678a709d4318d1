"""Every check fires on what is bad, is silent on what is good or nearly bad, and its fix mends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.checks.registry import built_in
from tests.postgres.checks.conftest import EXAMPLES, parts_of, slugs

if TYPE_CHECKING:
    from tests.postgres.checks.conftest import Examples


def test_every_check_of_the_catalog_has_its_examples_and_every_file_its_check():
    assert sorted(path.stem for path in EXAMPLES.iterdir()) == slugs()


@pytest.mark.parametrize("slug", slugs())
def test_the_examples_have_something_bad_something_good_and_a_near_miss(slug: str):
    text = (EXAMPLES / f"{slug}.sql").read_text(encoding="utf-8")
    assert all(f"\n-- {kind}" in f"\n{text}" for kind in ("bad", "good", "near miss"))
    assert '"' in text, "no name in it needs quoting"
    assert len(parts_of(slug)) >= 3


def test_checks_fire_on_what_is_bad_and_on_nothing_else(examples: Examples):
    silent = [p.schema for p in examples.parts if p.fires and not examples.problems[p.schema]]
    assert not silent
    loud = {
        p.schema: [problem.found for problem in examples.problems[p.schema]]
        for p in examples.parts
        if not p.fires
    }
    assert {schema: found for schema, found in loud.items() if found} == {}


BY_HAND = {"cascade_too_deep", "partition_unlike_siblings", "unique_within_partitions"}
"""Checks whose mending is a decision, which nobody can write down as a statement."""


def test_fixes_run_and_leave_nothing_to_find(examples: Examples):
    mended = [part for part in examples.parts if part.slug not in BY_HAND]
    fixes = [problem.fix for part in mended for problem in examples.problems[part.schema]]
    assert all(fixes)
    left = examples.after(list(dict.fromkeys(fixes)))
    found = {part.schema: [problem.found for problem in left[part.schema]] for part in mended}
    assert {schema: some for schema, some in found.items() if some} == {}


def test_problems_of_one_check_in_one_schema_have_different_fingerprints(examples: Examples):
    for part in examples.parts:
        check = built_in()[part.slug]
        prints = [check.finding(problem).fingerprint for problem in examples.problems[part.schema]]
        assert len(set(prints)) == len(prints), prints
