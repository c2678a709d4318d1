"""What grows with the rows of a snapshot, and what stays."""

from __future__ import annotations

import pytest

from pgassay.core.names import QualifiedName
from pgassay.core.snapshot import ColumnSeen, IndexSeen, RelationSeen, Snapshot
from pgassay.core.statistics import ColumnStatistics
from pgassay.staging.scaling import scaled
from pgassay.staging.sizing import btree_pages, height

ORDERS = QualifiedName("public", "orders")


def column(name: str, distinct: float, type_: str = "bigint") -> ColumnSeen:
    statistics = (ColumnStatistics(width=8, distinct=distinct, common=(0.2,), values=("1",)),)
    return ColumnSeen(name=name, type=type_, statistics=statistics)


SEEN = Snapshot(
    database="shop",
    role="r",
    version=180000,
    taken="2026-11-28T20:00:00Z",
    relations=(
        RelationSeen(
            name=ORDERS,
            rows=10_000.0,
            pages=100,
            blocks=120,
            visible=50,
            columns=(column("id", -1.0), column("customer_id", 900.0), column("status", 5.0)),
            indexes=(
                IndexSeen(
                    name=QualifiedName("public", "orders_pkey"),
                    method="btree",
                    keys=("id",),
                    rows=10_000.0,
                    pages=30,
                    blocks=30,
                    height=1,
                ),
            ),
        ),
    ),
)


def test_rows_and_pages_grow_together() -> None:
    (relation,) = scaled(SEEN, 1000).relations
    assert (relation.rows, relation.pages, relation.blocks) == (1e7, 100_000, 120_000)
    assert relation.visible == 50_000
    (index,) = relation.indexes
    assert (index.rows, index.blocks) == (1e7, 30_000)


def test_distinct_values_of_references_grow_and_labels_do_not() -> None:
    (relation,) = scaled(SEEN, 1000, {(ORDERS, "customer_id")}).relations
    distinct = [c.statistics[0].distinct for c in relation.columns]
    assert distinct == [-1.0, 900_000.0, 5.0]
    (untold,) = scaled(SEEN, 1000).relations
    assert untold.columns[1].statistics[0].distinct == 900.0


def test_there_are_no_more_distinct_values_than_rows() -> None:
    (relation,) = scaled(SEEN, 0.001, {(ORDERS, "customer_id")}).relations
    assert relation.columns[1].statistics[0].distinct == pytest.approx(1.0)


@pytest.mark.parametrize(("scale", "levels"), [(0.01, 0), (1, 1), (1000, 2), (1_000_000, 4)])
def test_b_trees_become_higher(scale: float, levels: int) -> None:
    (relation,) = scaled(SEEN, scale).relations
    assert relation.indexes[0].height == levels


def test_an_index_of_nothing_has_one_page() -> None:
    assert btree_pages(0, [8], 0) == 1
    assert height(1, [8]) == 0
