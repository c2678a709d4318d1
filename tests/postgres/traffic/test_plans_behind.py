"""Plans on both sides of a migration: worse, other, and the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgassay.core.finding import Severity
from pgassay.plans.phrases import expectation
from pgassay.plans.query import HotQuery
from pgassay.postgres.catalog import read_catalog
from pgassay.run.migration.plans import Comparison, Side

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.core.finding import Finding

DROP = 'drop index "Shop"."logWhat"'


def _query(*expected: str) -> HotQuery:
    return HotQuery(
        name="by_what",
        title="the log of one kind",
        why="the page of the log",
        sql='select id from "Shop"."Log" where what = \'w7\'',
        expectations=tuple(
            expectation(text, run=None, line=3, file="by_what.sql") for text in expected
        ),
        file="by_what.sql",
    )


@pytest.fixture
def compared(
    altered: Callable[..., tuple[Any, ...]],
) -> Callable[..., tuple[list[Finding], Comparison]]:
    def of(query: HotQuery, *statements: str) -> tuple[list[Finding], Comparison]:
        before, behind = (
            Side(connection, read_catalog(connection), frozenset())
            for connection in altered(*statements)
        )
        comparison = Comparison(before, behind, "0002")
        return list(comparison.findings(query)), comparison

    return of


def test_an_index_that_a_query_expects_and_loses_is_an_error(compared: Any):
    (finding,), comparison = compared(_query('index "logWhat"'), DROP)
    assert finding.fingerprint == "plan_behind:by_what.typical:0002"
    assert finding.severity is Severity.ERROR
    assert "worse plan behind 0002" in finding.title
    assert finding.found.startswith('"logWhat" is gone; ')
    assert "the plan of before was:" in finding.evidence
    assert (comparison.plans, comparison.changed) == (1, 1)


def test_a_worse_plan_that_keeps_what_its_query_asks_for_is_a_warning(compared: Any):
    (finding,), _ = compared(_query("at most 1000 shared buffers"), DROP)
    assert finding.severity is Severity.WARNING
    assert "shared buffers" in finding.found


def test_an_expectation_that_was_not_kept_before_is_no_fault_of_the_migration(compared: Any):
    (finding,), _ = compared(_query("at most 1 shared buffer"), DROP)
    assert finding.severity is Severity.WARNING


def test_the_same_plan_is_silent(compared: Any):
    found, comparison = compared(_query('index "logWhat"'), 'create index on "Shop"."Log" (at)')
    assert (found, comparison.plans, comparison.changed) == ([], 1, 0)


def test_what_gets_better_is_told_and_no_finding_of_weight(compared: Any):
    query = HotQuery(
        name="by_at",
        title="one entry",
        sql='select id from "Shop"."Log" where at = 7',
        file="by_at.sql",
    )
    found, comparison = compared(query, 'create index "logAt" on "Shop"."Log" (at)')
    assert all(finding.severity is Severity.WARNING for finding in found)
    assert "by_at (typical)" in comparison.better[0]


def test_a_query_that_is_refused_behind_is_left_to_the_rolling_deploy(compared: Any):
    found, comparison = compared(_query(), 'alter table "Shop"."Log" rename what to that')
    assert (found, comparison.plans) == ([], 0)
