"""Every migration of the corpus is found for what it is, or nothing is found in it, as labelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.history.judgement import pages
from tests.postgres.hazards.corpus import caught, known_misses, migrations

if TYPE_CHECKING:
    from tests.postgres.hazards.corpus import Migration, Shop

CORPUS = migrations()
MISSES = known_misses()


@pytest.mark.parametrize("migration", CORPUS, ids=lambda one: one.label)
def test_is_judged_as_labelled(shop: Shop, migration: Migration) -> None:
    judged = shop.run(migration)

    found = [f"{finding.slug} on {finding.subject}" for finding in judged.findings]
    if migration.hazard is None:
        assert (found, judged.trace.error) == ([], None)
    else:
        missed = migration.name in MISSES
        assert caught(migration, judged) is not missed, (found, judged.trace.error)


def test_the_corpus_is_as_large_as_it_says() -> None:
    dangerous = [one for one in CORPUS if one.hazard]

    assert len(CORPUS) >= 80
    assert sum(bool(one.after) for one in dangerous) * 2 >= len(dangerous)


def test_every_label_is_a_hazard_with_a_page() -> None:
    assert {one.hazard for one in CORPUS if one.hazard} <= set(pages())


def test_every_known_miss_is_a_migration_of_the_corpus() -> None:
    assert set(MISSES) <= {one.name for one in CORPUS if one.hazard}
