"""Tables that are divided by the calendar: the rule is what is promised, not the partitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.core.config import PartitionRule
from pgassay.core.names import QualifiedName

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.postgres.cases.relational.conftest import Bench

KINDS = (
    "partition_routing",
    "partition_pruning",
    "partition_upkeep",
    "partition_constraint",
    "primary_key",
    "index",
)
SCHEMA = """
create table days (id int not null, day date not null, primary key (id, day))
  partition by range (day);
create table moments (id int, at timestamptz(0) not null) partition by range (at);
create table moments_rest partition of moments default;
create table weeks (id int not null, at timestamp not null) partition by range (at);
"""
BUILT = """
create table d1 partition of days for values from ('2026-11-21') to ('2026-11-22');
create table d2 partition of days for values from ('2026-11-22') to ('2026-11-23');
create table m1 partition of moments
  for values from ('2026-10-01 00:00:00+00') to ('2027-01-01 00:00:00+00');
create table w1 partition of weeks for values from ('2026-11-16') to ('2026-11-23');
"""


def _rule(table: str, every: str, ahead: int = 0) -> PartitionRule:
    return PartitionRule(table=QualifiedName("public", table), every=every, ahead=ahead)


RULES = (_rule("days", "day", 1), _rule("moments", "quarter"), _rule("weeks", "week"))


@pytest.fixture
def ruled(bench_of: Callable[..., Bench]) -> Bench:
    return bench_of(SCHEMA, rules=RULES, further=BUILT)


def test_every_width_and_type_of_period_is_understood(ruled: Bench):
    verdict = ruled.judge(*KINDS)
    assert verdict.broken == {}
    periods = [n for n in verdict.outcomes if n.endswith("has a partition of its own")]
    assert periods == [
        "days: partition_routing: 2026-11-21 has a partition of its own",
        "days: partition_routing: 2026-11-22 has a partition of its own",
        "moments: partition_routing: 2026-10-01 has a partition of its own",
        "weeks: partition_routing: 2026-11-16 has a partition of its own",
    ]


@pytest.mark.parametrize(
    ("fault", "broken"),
    [
        ("drop table d2", "days: partition_routing: 2026-11-22 has a partition of its own"),
        ("drop table d1", "days: partition_routing: 2026-11-21 has a partition of its own"),
        ("drop table w1", "weeks: partition_routing: 2026-11-16 has a partition of its own"),
        (
            "create table m2 partition of moments for values from ('2027-01-01') to ('2027-02-01')",
            "moments: partition_routing: 2027-01-01 has a partition of its own",
        ),
        (
            "create table rest partition of days default",
            "days: partition_routing: a row after all partitions refused",
        ),
    ],
)
def test_a_hole_in_the_calendar_is_seen(ruled: Bench, fault: str, broken: str):
    assert broken in ruled.judge("partition_routing", fault=fault).broken


def test_months_beyond_the_horizon_are_no_promise(ruled: Bench):
    fault = "create table d3 partition of days for values from ('2026-11-23') to ('2026-11-24')"
    assert ruled.judge("partition_routing", fault=fault).broken == {}


def test_a_rule_for_no_table_is_told(bench_of: Callable[..., Bench]):
    bench = bench_of("create table plain (id int)", rules=(_rule("missing", "month"),))
    unproven = bench.judge("partition_upkeep").unproven
    assert [u.fails for u in unproven.values()] == [True]


def test_a_rule_for_a_table_that_is_not_divided_by_time_is_told(bench_of: Callable[..., Bench]):
    schema = (
        "create table numbered (id int) partition by range (id);"
        "create table n partition of numbered default"
    )
    bench = bench_of(schema, rules=(_rule("numbered", "month"),))
    unproven = bench.judge("partition_routing").unproven
    assert [u.reason for u in unproven.values()] == ["a rule is for a column of time, not integer"]
