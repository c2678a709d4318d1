"""Values that stand for those that were not written: in order, of the type, as many."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address
from uuid import UUID

import pytest

from pgassay.core.names import QualifiedName
from pgassay.core.snapshot import ColumnSeen, RelationSeen, Snapshot
from pgassay.core.statistics import ColumnStatistics
from pgassay.staging.stand_ins import with_stand_ins


def filled(type_: str, found: ColumnStatistics) -> tuple[ColumnStatistics, tuple[str, ...]]:
    column = ColumnSeen(name="c", type=type_, statistics=(found,))
    snapshot = Snapshot(
        database="shop",
        role="r",
        version=180000,
        taken="2026-11-28T20:00:00Z",
        relations=(RelationSeen(name=QualifiedName("public", "t"), rows=1000, columns=(column,)),),
    )
    made, without = with_stand_ins(snapshot)
    return made.relations[0].columns[0].statistics[0], without


READ = {
    "bigint": int,
    "numeric(12,2)": float,
    "text": str,
    "character varying(20)": str,
    "uuid": UUID,
    "date": str,
    "timestamp with time zone": datetime.fromisoformat,
    "timestamp(3) without time zone": datetime.fromisoformat,
    "inet": ip_address,
}


@pytest.mark.parametrize("type_", READ)
def test_they_are_ordered_and_of_the_type(type_: str) -> None:
    made, without = filled(type_, ColumnStatistics(distinct=-1, common=(0.3, 0.1), bins=101))
    assert without == ()
    assert (len(made.values), len(made.bounds)) == (2, 101)
    bounds = [READ[type_](bound) for bound in made.bounds]
    assert bounds == sorted(bounds)
    assert made.common == (0.3, 0.1)
    assert not set(made.values) & set(made.bounds)


def test_keys_are_counted_from_one() -> None:
    made, _ = filled("integer", ColumnStatistics(distinct=-1, bins=11))
    numbers = [int(bound) for bound in made.bounds]
    assert 1 <= numbers[0] < 200
    assert 800 < numbers[-1] <= 1000


def test_times_reach_to_when_the_snapshot_was_taken() -> None:
    made, _ = filled("timestamp with time zone", ColumnStatistics(distinct=-1, bins=101))
    assert datetime.fromisoformat(made.bounds[-1]) == datetime(2026, 11, 28, 20, tzinfo=UTC)


def test_what_was_written_stays() -> None:
    found = ColumnStatistics(common=(0.9,), values=("paid",))
    assert filled("order_status", found) == (found, ())


def test_a_type_without_stand_ins_loses_what_needs_values() -> None:
    made, without = filled("point", ColumnStatistics(common=(0.5,), bins=11, null=0.2))
    assert without == ("t.c",)
    assert (made.common, made.bins, made.null) == ((), 0, 0.2)


def test_elements_of_arrays_stand_too() -> None:
    found = ColumnStatistics(element_shares=(0.2, 0.1, 0.1, 0.2, 0.0), element_counts=(1.0, 2.0))
    made, without = filled("text[]", found)
    assert without == ()
    assert len(made.elements) == 2
