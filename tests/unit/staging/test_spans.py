"""Where stand-ins of a partition key lie: within the partition, and spread as its rows are."""

from __future__ import annotations

from datetime import datetime

import pytest

from pgassay.core.names import QualifiedName
from pgassay.core.snapshot import ColumnSeen, Held, RelationSeen, Snapshot
from pgassay.core.statistics import ColumnStatistics
from pgassay.staging.spans import spans
from pgassay.staging.stand_ins import with_stand_ins

LOGS = QualifiedName("public", "logs")


def relation(name: str, type_: str, rows: float, bound: str | None = None) -> RelationSeen:
    found = ColumnStatistics(distinct=-1, bins=101, inherited=bound is None)
    column = ColumnSeen(name="at", type=type_, statistics=(found,))
    return RelationSeen(
        name=QualifiedName("public", name),
        kind=Held.TABLE if bound else Held.PARTITIONED,
        parent=LOGS if bound else None,
        bound=bound,
        rows=rows,
        columns=(column,),
    )


def snapshot(*relations: RelationSeen) -> Snapshot:
    return Snapshot(
        database="shop", role="r", version=180000, taken="2026-11-15T12:00:00Z", relations=relations
    )


MONTHS = snapshot(
    relation("logs", "timestamp without time zone", 400),
    relation(
        "october",
        "timestamp without time zone",
        300,
        "FOR VALUES FROM ('2026-10-01 00:00:00') TO ('2026-11-01 00:00:00')",
    ),
    relation(
        "november",
        "timestamp without time zone",
        100,
        "FOR VALUES FROM ('2026-11-01 00:00:00') TO ('2026-12-01 00:00:00')",
    ),
    relation(
        "december",
        "timestamp without time zone",
        0,
        "FOR VALUES FROM ('2026-12-01 00:00:00') TO ('2027-01-01 00:00:00')",
    ),
)


def bounds(of: Snapshot, name: str) -> list[datetime]:
    made, _ = with_stand_ins(of, {LOGS: "at"})
    found = made.relation(QualifiedName("public", name))
    assert found is not None
    return [datetime.fromisoformat(bound) for bound in found.columns[0].statistics[0].bounds]


def test_those_of_a_month_lie_in_it() -> None:
    found = bounds(MONTHS, "october")
    assert found[0] == datetime(2026, 10, 1)  # noqa: DTZ001 - as the column has it
    assert datetime(2026, 10, 31, 23) < found[-1] < datetime(2026, 11, 1)  # noqa: DTZ001 - as above
    assert found == sorted(found)


def test_the_current_month_ends_when_the_snapshot_was_taken() -> None:
    assert bounds(MONTHS, "november")[-1] < datetime(2026, 11, 15, 12)  # noqa: DTZ001 - as above


def test_those_of_the_whole_are_spread_as_the_rows_are() -> None:
    found = bounds(MONTHS, "logs")
    assert found == sorted(found)
    october = [bound for bound in found if bound < datetime(2026, 11, 1)]  # noqa: DTZ001 - as above
    assert len(october) == pytest.approx(75, abs=1)


def test_the_most_common_of_the_whole_is_that_of_each_part() -> None:
    def owners(number: int, bins: int) -> RelationSeen:
        found = ColumnStatistics(distinct=900, common=(0.01,) * number, bins=bins)
        column = ColumnSeen(name="owner", type="uuid", statistics=(found,))
        name = QualifiedName("public", f"of_{number}")
        return RelationSeen(name=name, rows=9000, columns=(column,))

    made, _ = with_stand_ins(snapshot(owners(100, 101), owners(7, 55)))
    whole, part = (r.columns[0].statistics[0].values for r in made.relations)
    assert whole[:7] == part
    assert len(set(whole)) == 100


def test_whole_numbers_and_days_have_spans_too() -> None:
    numbers = relation("one", "bigint", 10, "FOR VALUES FROM ('1000') TO ('2000')")
    made, _ = with_stand_ins(snapshot(numbers), {LOGS: "at"})
    found = made.relations[0].columns[0].statistics[0].bounds
    assert (found[0], found[-1]) == ("1000", "1999")
    days = relation("day", "date", 10, "FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')")
    made, _ = with_stand_ins(snapshot(days), {LOGS: "at"})
    found = made.relations[0].columns[0].statistics[0].bounds
    assert (found[0], found[-1]) == ("2026-01-01", "2026-01-31")


@pytest.mark.parametrize(
    "bound",
    [
        "DEFAULT",
        "FOR VALUES IN ('a')",
        "FOR VALUES WITH (modulus 4, remainder 1)",
        "FOR VALUES FROM (MINVALUE) TO ('2026-11-01 00:00:00')",
        "FOR VALUES FROM ('2026-10-01', 'a') TO ('2026-11-01', 'b')",
    ],
)
def test_what_is_no_range_of_one_column_has_no_span(bound: str) -> None:
    one = relation("one", "timestamp without time zone", 10, bound)
    assert spans(snapshot(one), {LOGS: "at"}) == {}


def test_another_column_than_the_key_has_none() -> None:
    assert spans(MONTHS, {LOGS: "other"}) == {}
