"""Every check fires on what is bad, is silent on what is good or nearly bad, and its fix mends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.checks.ground import Ground, Relations
from pgassay.checks.registry import built_in, choose
from pgassay.core.check import CheckSettings, Need, Profile
from pgassay.postgres.catalog import read_catalog
from tests.postgres.checks.conftest import EXAMPLES, parts_of, slugs

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.postgres.servers import Server
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


def test_no_check_breaks_off_on_a_schema_that_holds_everything(
    server_of: Callable[[int], Server],
):
    folder = EXAMPLES.parents[1] / "catalog"
    server = server_of(18)
    name = server.create_database("rich")
    with server.connect(name) as connection, connection.transaction(force_rollback=True):
        for file in ("rich.sql", "rich18.sql"):
            connection.execute((folder / file).read_bytes())
        relations = Relations(read_catalog(connection))
    chosen = choose(CheckSettings(), built_in(), profile=Profile.ALL)
    found = {
        one.check.slug
        for one in chosen
        if one.check.need is Need.CATALOG
        and list(one.check.find(Ground(relations=relations, options=one.options)))
    }
    assert {"autovacuum_disabled", "disabled_trigger", "constraint_not_enforced"} <= found
