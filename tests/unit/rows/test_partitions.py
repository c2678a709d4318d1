"""Bounds are read, and rows are led into partitions."""

from __future__ import annotations

import pytest

from pgassay.core.catalog import Catalog, Partition, PartitionKey, PartitionStrategy, Table
from pgassay.core.names import QualifiedName
from pgassay.rows.partitions import bounds, chosen, key_values, members

PARENT = QualifiedName("public", "log")


def part(bound: str, name: str = "log_1") -> Table:
    return Table(
        name=QualifiedName("public", name),
        columns=(),
        partition=Partition(parent=PARENT, bound=bound),
    )


def catalog(
    strategy: PartitionStrategy, *children: Table, columns: tuple[str | None, ...]
) -> Catalog:
    key = PartitionKey(strategy=strategy, columns=columns, definition="")
    return Catalog(major=18, tables=(Table(name=PARENT, columns=(), partition_key=key), *children))


@pytest.mark.parametrize(
    ("bound", "low", "high"),
    [
        ("FOR VALUES FROM ('2025-01-01') TO ('2025-02-01')", ("2025-01-01",), ("2025-02-01",)),
        ("FOR VALUES FROM (1, MINVALUE) TO (5, 'it''s')", ("1", None), ("5", "it's")),
        ("FOR VALUES FROM (MINVALUE) TO (MAXVALUE)", (None,), (None,)),
    ],
)
def test_range_bounds(bound: str, low: tuple[str], high: tuple[str]) -> None:
    assert bounds(Partition(parent=PARENT, bound=bound)) == (low, high)


def test_list_members() -> None:
    bound = "FOR VALUES IN ('de', 'f,r', NULL)"
    assert members(Partition(parent=PARENT, bound=bound)) == ("de", "f,r", None)


@pytest.mark.parametrize(
    ("bound", "values"),
    [
        ("FOR VALUES FROM ('2025-02-01') TO ('2025-03-01')", ["2025-02-01", "2025-02-02"]),
        (
            "FOR VALUES FROM ('2025-02-01 00:00:00') TO ('2025-03-01 00:00:00')",
            ["2025-02-01 00:00:00", "2025-02-01 00:00:01"],
        ),
        ("FOR VALUES FROM ('10') TO ('20')", ["10", "11"]),
        ("FOR VALUES FROM (MINVALUE) TO ('2025-03-01')", ["2025-02-28", "2025-02-28"]),
    ],
)
def test_values_lie_inside_a_range_and_differ(bound: str, values: list[str]) -> None:
    built = catalog(PartitionStrategy.RANGE, part(bound), columns=("at",))
    assert chosen(built.tables[0], built, 0) == {"at": values[0]}
    assert key_values(part(bound), built, 1)["at"] in values


def test_the_default_partition_is_not_chosen_where_there_is_another() -> None:
    built = catalog(
        PartitionStrategy.LIST,
        part("DEFAULT", "a_default"),
        part("FOR VALUES IN ('x', 'y')"),
        columns=("k",),
    )
    assert [chosen(built.tables[0], built, n) for n in range(2)] == [{"k": "x"}, {"k": "y"}]


def test_a_default_partition_alone_takes_any_row() -> None:
    built = catalog(PartitionStrategy.RANGE, part("DEFAULT"), columns=("at",))
    assert chosen(built.tables[0], built, 0) == {}


def test_an_expression_in_a_key_is_left_to_the_search() -> None:
    built = catalog(
        PartitionStrategy.RANGE, part("FOR VALUES FROM ('1') TO ('2')"), columns=(None,)
    )
    assert chosen(built.tables[0], built, 0) == {}
