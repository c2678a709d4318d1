"""What the reader says of constraints, indexes and partitions, in the rich schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.core.catalog import (
    Action,
    Constraint,
    ConstraintKind,
    Index,
    IndexKey,
    Match,
    Partition,
    PartitionKey,
    PartitionStrategy,
    TableKind,
)
from pgassay.core.names import QualifiedName

if TYPE_CHECKING:
    from pgassay.core.catalog import Catalog, Table

STREET = QualifiedName("Straße", "select")


def shop(name: str) -> QualifiedName:
    return QualifiedName("shop", name)


def constraint(table: Table, name: str) -> Constraint:
    return next(c for c in table.constraints if c.name == name)


def index(table: Table, name: str) -> Index:
    return next(i for i in table.indexes if i.name == name)


CUSTOMERS = [
    Constraint(
        name="customers_email_key",
        kind=ConstraintKind.UNIQUE,
        columns=("email",),
        definition="UNIQUE NULLS NOT DISTINCT (email)",
        nulls_not_distinct=True,
        index="customers_email_key",
    ),
    Constraint(
        name="customers_pkey",
        kind=ConstraintKind.PRIMARY_KEY,
        columns=("id",),
        definition="PRIMARY KEY (id)",
        index="customers_pkey",
    ),
    Constraint(
        name="known_code",
        kind=ConstraintKind.CHECK,
        columns=("code",),
        definition="CHECK ((code = ANY (ARRAY['abc'::bpchar, 'def'::bpchar]))) NO INHERIT",
        expression="(code = ANY (ARRAY['abc'::bpchar, 'def'::bpchar]))",
        no_inherit=True,
    ),
    Constraint(
        name="later",
        kind=ConstraintKind.CHECK,
        columns=("ratio",),
        definition="CHECK ((ratio > (0)::numeric)) NOT VALID",
        expression="(ratio > (0)::numeric)",
        validated=False,
    ),
    Constraint(
        name="no_overlap",
        kind=ConstraintKind.EXCLUSION,
        columns=("id", "period"),
        definition="EXCLUDE USING gist (id WITH =, period WITH &&)"
        " WHERE ((period IS NOT NULL)) DEFERRABLE",
        deferrable=True,
        operators=("=", "&&"),
        index="no_overlap",
    ),
    Constraint(
        name="one_name",
        kind=ConstraintKind.UNIQUE,
        columns=("name",),
        definition="UNIQUE (name) INCLUDE (code) DEFERRABLE INITIALLY DEFERRED",
        deferrable=True,
        initially_deferred=True,
        index="one_name",
    ),
    Constraint(
        name="price is right",
        kind=ConstraintKind.CHECK,
        columns=("price",),
        definition="CHECK (((price >= (0)::numeric) AND (price < (1000)::numeric)))",
        expression="((price >= (0)::numeric) AND (price < (1000)::numeric))",
        comment="a bargain",
    ),
]


def test_constraints_are_read_in_full(rich: Catalog) -> None:
    assert list(rich.table(shop("customers")).constraints) == CUSTOMERS


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            STREET,
            Constraint(
                name="FK",
                kind=ConstraintKind.FOREIGN_KEY,
                columns=("parent",),
                definition='FOREIGN KEY (parent) REFERENCES "Straße"."select"("from")'
                " MATCH FULL ON DELETE SET DEFAULT DEFERRABLE",
                references=STREET,
                referenced_columns=("from",),
                on_delete=Action.SET_DEFAULT,
                match=Match.FULL,
                deferrable=True,
            ),
        ),
        (
            STREET,
            Constraint(
                name="select_customer_fkey",
                kind=ConstraintKind.FOREIGN_KEY,
                columns=("customer",),
                definition="FOREIGN KEY (customer) REFERENCES shop.customers(id)"
                " ON UPDATE RESTRICT ON DELETE CASCADE",
                references=shop("customers"),
                referenced_columns=("id",),
                on_delete=Action.CASCADE,
                on_update=Action.RESTRICT,
            ),
        ),
        (
            QualifiedName("Straße", "order"),
            Constraint(
                name="pair",
                kind=ConstraintKind.FOREIGN_KEY,
                columns=("a", "b"),
                definition='FOREIGN KEY (a, b) REFERENCES "Straße"."select"("from", parent)'
                " ON DELETE SET NULL (b) NOT VALID",
                references=STREET,
                referenced_columns=("from", "parent"),
                on_delete=Action.SET_NULL,
                set_columns=("b",),
                validated=False,
            ),
        ),
    ],
    ids=["match full, set default", "cascade, restrict", "set null (b), not valid"],
)
def test_foreign_keys_are_read_in_full(
    rich: Catalog, table: QualifiedName, expected: Constraint
) -> None:
    assert constraint(rich.table(table), expected.name) == expected


def test_a_foreign_key_to_a_partitioned_table_is_one_constraint(rich: Catalog) -> None:
    parent, child = rich.table(shop("event_notes")), rich.table(shop("event_notes_1"))
    assert [(c.name, c.references, c.inherited) for c in parent.foreign_keys] == [
        ("event_notes_event_at_kind_fkey", shop("events"), False)
    ]
    assert [(c.name, c.references, c.inherited) for c in child.foreign_keys] == [
        ("event_notes_event_at_kind_fkey", shop("events"), True)
    ]


def test_an_index_says_method_keys_include_predicate_and_options(rich: Catalog) -> None:
    found = index(rich.table(shop("customers")), "customers_lower")
    assert found == Index(
        name="customers_lower",
        method="btree",
        keys=(
            IndexKey(
                expression="lower((name)::text)",
                collation=shop("backwards"),
                descending=True,
                statistics_target=77,
            ),
            IndexKey(column="code", opclass="bpchar_pattern_ops"),
            IndexKey(column="price", descending=True, nulls_first=True),
        ),
        include=("status",),
        predicate="((status <> 'Paid'::shop.status) AND (price > (1)::numeric))",
        options=("fillfactor=60",),
        definition="CREATE INDEX customers_lower ON shop.customers USING btree"
        " (lower((name)::text) COLLATE shop.backwards DESC NULLS LAST, code bpchar_pattern_ops,"
        " price DESC) INCLUDE (status) WITH (fillfactor='60')"
        " WHERE ((status <> 'Paid'::shop.status) AND (price > (1)::numeric))",
        comment="for search",
    )


def test_expressions_between_columns_stay_apart(rich: Catalog) -> None:
    found = index(rich.table(shop("customers")), "customers_nick")
    assert (found.unique, found.keys) == (
        True,
        (
            IndexKey(column="nick"),
            IndexKey(expression="(price + (1)::numeric)"),
            IndexKey(expression="lower(((name)::text || ', '::text))"),
        ),
    )


def test_indexes_name_the_constraint_that_owns_them(rich: Catalog) -> None:
    table = rich.table(shop("customers"))
    assert {i.name: i.constraint for i in table.indexes if i.constraint} == {
        name: name for name in ("customers_email_key", "customers_pkey", "no_overlap", "one_name")
    }
    assert index(table, "one_name").include == ("code",)
    assert [i.name for i in table.indexes if i.clustered] == ["customers_pkey"]
    assert {i.name: i.method for i in table.indexes if i.method != "btree"} == {
        "customers_brin": "brin",
        "customers_tags": "gin",
        "no_overlap": "gist",
    }


def test_an_index_called_on_only_keeps_its_name(rich: Catalog) -> None:
    found = index(rich.table(QualifiedName("Straße", "order")), " ON ONLY ")
    assert found.definition == (
        'CREATE INDEX " ON ONLY " ON "Straße"."order" USING btree (a) WHERE (b > 0)'
    )


def test_a_partitioned_index_is_defined_without_only_and_is_the_parent_of_the_others(
    rich: Catalog,
) -> None:
    top = index(rich.table(shop("events")), "events_kind")
    middle = index(rich.table(shop("events_2025_02")), "events_2025_02_kind_idx")
    leaf = index(rich.table(shop("events_2025_02_a")), "events_2025_02_a_kind_idx")
    assert top.definition == "CREATE INDEX events_kind ON shop.events USING btree (kind DESC)"
    assert (top.parent, middle.parent, leaf.parent) == (
        None,
        shop("events_kind"),
        shop("events_2025_02_kind_idx"),
    )


def test_partition_keys_and_bounds_of_every_strategy(rich: Catalog) -> None:
    partitioned = {t.name.name: t.partition_key for t in rich.tables if t.partition_key}
    assert partitioned == {
        "event_notes": PartitionKey(
            strategy=PartitionStrategy.RANGE, columns=("id",), definition="RANGE (id)"
        ),
        "events": PartitionKey(
            strategy=PartitionStrategy.RANGE, columns=("at",), definition="RANGE (at)"
        ),
        "events_2025_02": PartitionKey(
            strategy=PartitionStrategy.LIST, columns=("kind",), definition="LIST (kind)"
        ),
        "hashed": PartitionKey(
            strategy=PartitionStrategy.HASH,
            columns=("id", None),
            definition="HASH (id, ((k % 3)))",
        ),
    }
    assert {t.name.name for t in rich.tables if t.kind is TableKind.PARTITIONED} == set(partitioned)

    def part(parent: str, bound: str) -> Partition:
        return Partition(parent=shop(parent), bound=bound)

    january, february = "'2025-01-01 00:00:00+00'", "'2025-02-01 00:00:00+00'"
    assert {t.name.name: t.partition for t in rich.tables if t.partition} == {
        "event_notes_1": part("event_notes", "FOR VALUES FROM (1) TO (100)"),
        "events_2025_01": part("events", f"FOR VALUES FROM ({january}) TO ({february})"),
        "events_2025_02": part("events", f"FOR VALUES FROM ({february}) TO (MAXVALUE)"),
        "events_2025_02_a": part("events_2025_02", "FOR VALUES IN ('a', 'it''s')"),
        "events_2025_02_rest": part("events_2025_02", "DEFAULT"),
        "events_default": part("events", "DEFAULT"),
        "hashed_0": part("hashed", "FOR VALUES WITH (modulus 2, remainder 0)"),
        "hashed_1": part("hashed", "FOR VALUES WITH (modulus 2, remainder 1)"),
    }


def test_what_a_partition_has_from_its_parent_is_inherited(rich: Catalog) -> None:
    leaf = rich.table(shop("events_2025_02_a"))
    assert {c.name: c.inherited for c in leaf.constraints} == {
        "events_2025_02_a_pkey": True,
        "events_customer_fkey": True,
        "events_kind_check": True,
    }
    assert {t.name: t.inherited for t in leaf.triggers} == {"stamp": True}
    assert all(c.inherited for c in leaf.columns)
    assert leaf.inherits == ()
    root = rich.table(shop("events"))
    assert not any(c.inherited for c in root.constraints + root.columns + root.triggers)
