"""A snapshot brought to another volume's size: by table, by column, by what was foreseen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.core.foresight import ColumnForeseen, RelationForeseen
from pgassay.core.names import QualifiedName
from pgassay.core.snapshot import ColumnSeen, GinPages, Held, IndexSeen, RelationSeen, Snapshot
from pgassay.core.snapshot_file import parse_snapshot
from pgassay.core.statistics import ColumnStatistics
from pgassay.staging.resizing import resized
from pgassay.staging.scaling import scaled


def name(text: str) -> QualifiedName:
    return QualifiedName("public", text)


def column(title: str, distinct: float, common: int = 0, bins: int = 101) -> ColumnSeen:
    statistics = ColumnStatistics(
        width=8,
        distinct=distinct,
        common=tuple(0.01 for _ in range(common)),
        values=tuple(f"common {k}" for k in range(common)),
        bounds=tuple(f"{k:03}" for k in range(bins)),
        bins=bins,
        correlation=0.5,
    )
    return ColumnSeen(name=title, type="bigint", statistics=(statistics,))


ORDERS = RelationSeen(
    name=name("orders"),
    rows=10_000.0,
    pages=100,
    blocks=100,
    visible=100,
    columns=(column("id", -1.0), column("customer", 900.0, 60), column("status", -0.2, 4, 0)),
    indexes=(
        IndexSeen(
            name=name("orders_pkey"), method="btree", keys=("id",), rows=1e4, blocks=30, height=1
        ),
        IndexSeen(
            name=name("tagged"),
            method="gin",
            keys=("to_tsvector('simple', status)",),
            rows=1e4,
            blocks=40,
            gin=GinPages(total=40, entry=9, data=30, entries=500),
        ),
    ),
)
MONTH = RelationSeen(
    name=name("visits_1"),
    rows=500.0,
    pages=5,
    blocks=5,
    parent=name("visits"),
    bound="DEFAULT",
    columns=(column("seen", -1.0),),
    indexes=(
        IndexSeen(name=name("v1"), method="btree", keys=("seen",), rows=500.0, blocks=4, height=1),
    ),
)
NEXT = replace(
    MONTH,
    name=name("visits_2"),
    rows=-1.0,
    pages=0,
    blocks=0,
    columns=(replace(MONTH.columns[0], statistics=()),),
    indexes=(replace(MONTH.indexes[0], name=name("v2"), rows=-1.0, blocks=1, height=0),),
)
SEEN = Snapshot(
    database="shop",
    role="r",
    version=180000,
    taken="2026-11-28T20:00:00Z",
    relations=(ORDERS, RelationSeen(name=name("visits"), kind=Held.PARTITIONED), MONTH, NEXT),
)
AHEAD = {
    name("orders"): RelationForeseen(
        rows=1_000_000,
        columns={
            "id": ColumnForeseen(distinct=1_000_000.0, correlation=1.0),
            "customer": ColumnForeseen(distinct=20_000.0, common=(0.003, 0.002), correlation=0.1),
            "status": ColumnForeseen(distinct=2_000.0, common=(0.01, 0.01, 0.01, 0.01)),
        },
    )
}


def resize(ahead: dict[QualifiedName, RelationForeseen]) -> Snapshot:
    found, _ = resized(SEEN, ahead)
    return parse_snapshot(found.text(), "here")  # nothing that no server could say


def statistics(snapshot: Snapshot, table: str, title: str) -> ColumnStatistics:
    relation = snapshot.relation(name(table))
    found = relation.column(title) if relation else None
    assert found is not None
    return found.statistics[0]


def test_distinct_values_are_those_foreseen_and_not_multiplied() -> None:
    found = resize(AHEAD)
    naive = scaled(SEEN, 100, {(name("orders"), "customer")})
    assert statistics(found, "orders", "customer").distinct == 20_000
    assert statistics(naive, "orders", "customer").distinct == 90_000
    assert statistics(found, "orders", "id").distinct == -1.0
    # A share of few rows was a number all the time.
    assert statistics(found, "orders", "status").distinct == 2_000
    assert statistics(naive, "orders", "status").distinct == -0.2


def test_common_values_become_rarer_and_what_is_not_common_is_left_out() -> None:
    found = statistics(resize(AHEAD), "orders", "customer")
    assert found.common == (0.003, 0.002)
    assert found.values == ("common 0", "common 1")
    assert found.correlation == 0.1


def test_more_common_values_are_taken_from_the_histogram() -> None:
    columns = {"customer": ColumnForeseen(distinct=20_000.0, common=(0.001,) * 100)}
    found = statistics(
        resize({name("orders"): RelationForeseen(rows=1_000_000, columns=columns)}),
        "orders",
        "customer",
    )
    assert len(found.common) == len(found.values) == 100
    assert len(found.bounds) == found.bins == 61
    assert (found.bounds[0], found.bounds[-1]) == ("000", "100")
    assert not set(found.values) & set(found.bounds)


def test_pages_follow_the_rows_and_entries_the_words() -> None:
    relation = resize(AHEAD).relation(name("orders"))
    assert relation is not None
    assert relation.rows == 1_000_000
    assert relation.blocks == pytest.approx(10_000, rel=0.01)
    tree, words = relation.indexes
    assert tree.blocks == pytest.approx(3_000, rel=0.1)
    assert tree.height == 2
    assert words.gin is not None
    assert words.gin.entries == 500
    assert words.gin.data > 30 * 90


def test_tables_have_proportions_of_their_own() -> None:
    ahead = {**AHEAD, name("visits_1"): RelationForeseen(rows=500)}
    found = resize(ahead)
    month = found.relation(name("visits_1"))
    assert month is not None
    assert (month.rows, month.blocks) == (500, 5)


def test_a_partition_without_rows_starts_as_its_largest_sibling() -> None:
    ahead = {name(t): RelationForeseen(rows=1_000) for t in ("visits_1", "visits_2", "visits")}
    one, two = (resize(ahead).relation(name(t)) for t in ("visits_1", "visits_2"))
    assert one is not None
    assert two is not None
    assert (two.rows, two.blocks) == (one.rows, one.blocks) == (1_000, 10)
    assert two.columns == one.columns
    assert two.indexes[0].name == name("v2")
    assert two.indexes[0].blocks == one.indexes[0].blocks


def test_a_partition_whose_time_has_no_rows_is_emptied() -> None:
    ahead = {name(t): RelationForeseen(rows=1_000) for t in ("visits_2", "visits")}
    one = resize(ahead).relation(name("visits_1"))
    assert one is not None
    assert (one.rows, one.blocks) == (0, 0)
    assert one.columns[0].statistics == ()


def test_what_nobody_foresees_stays_and_is_told() -> None:
    found, kept = resized(SEEN, AHEAD)
    assert found.relation(name("visits_1")) == MONTH
    assert kept == ("visits_1",)
