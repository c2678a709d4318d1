"""What PostgreSQL 18 added, and that the lists stay neutral towards 16 and 17."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.core.catalog import Constraint, ConstraintKind, Match
from pgassay.core.names import QualifiedName

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.core.catalog import Catalog, Table

SINCE = 18


@pytest.fixture
def table(rich: Catalog) -> Callable[[str], Table]:
    if rich.major < SINCE:
        pytest.skip("these clauses are of PostgreSQL 18")
    return lambda name: rich.table(QualifiedName("shop", name))


def test_virtual_columns_are_told_from_stored_ones(
    rich: Catalog, table: Callable[[str], Table]
) -> None:
    half = table("bookings").column("half")
    twice = table("customers").column("twice")
    assert (half.generated, half.generated_virtual, half.default) == ("(price / 2)", True, None)
    assert (twice.generated is not None, twice.generated_virtual) == (True, False)


def test_periods_and_constraints_that_are_not_enforced(table: Callable[[str], Table]) -> None:
    key, price, promised = table("bookings").constraints
    assert (key.columns, key.without_overlaps, key.definition) == (
        ("room", "during"),
        True,
        "PRIMARY KEY (room, during WITHOUT OVERLAPS)",
    )
    assert promised == Constraint(
        name="promised",
        kind=ConstraintKind.CHECK,
        columns=("price",),
        definition="CHECK ((price > 5)) NOT ENFORCED",
        expression="(price > 5)",
        validated=False,
        enforced=False,
    )
    assert price == Constraint(
        name="price must be",
        kind=ConstraintKind.NOT_NULL,
        columns=("price",),
        definition="NOT NULL price",
    )
    (foreign,) = table("guests").foreign_keys
    assert foreign == Constraint(
        name="guests_room_during_fkey",
        kind=ConstraintKind.FOREIGN_KEY,
        columns=("room", "during"),
        definition="FOREIGN KEY (room, PERIOD during)"
        " REFERENCES shop.bookings(room, PERIOD during)",
        references=QualifiedName("shop", "bookings"),
        referenced_columns=("room", "during"),
        match=Match.SIMPLE,
        without_overlaps=True,
    )


def test_not_null_is_listed_where_it_is_not_valid_or_not_inherited(
    table: Callable[[str], Table],
) -> None:
    def listed(name: str) -> list[tuple[str, bool, bool]]:
        found = table(name).of_kind(ConstraintKind.NOT_NULL)
        return [(c.name, c.validated, c.no_inherit) for c in found]

    assert listed("guests") == [("later", False, False)]
    assert listed("alone") == [("a_alone", True, True)]
    assert table("guests").column("plain").not_null


def test_a_not_null_whose_name_the_server_made_up_is_no_constraint(
    built: Callable[[str], Catalog],
) -> None:
    read = built("""
        create table a (id bigint primary key, "Größe" integer not null, v text not null);
        alter table a rename to b;
        alter table b rename column v to w;
        create table a (v integer not null, w integer not null);
        alter table a rename to c;
        create table c_child () inherits (c);
        create domain d as integer not null
    """)
    assert [[c.kind for c in t.constraints] for t in read.tables] == [
        [ConstraintKind.PRIMARY_KEY],
        [],
        [],
    ]
    assert read.domains[0].constraints == ()
    assert read.domains[0].not_null
