"""Rows become statements in an order that the server takes."""

from __future__ import annotations

import pytest

from pgassay.core.catalog import (
    Column,
    ColumnType,
    Constraint,
    ConstraintKind,
    Table,
)
from pgassay.core.names import QualifiedName
from pgassay.core.statement import Statement
from pgassay.rows.insertion import inserts
from pgassay.rows.row import Row
from pgassay.rows.unsatisfiable import Unsatisfiable

INT = ColumnType(sql="integer", name=QualifiedName("pg_catalog", "int4"), base="int4")


def table(name: str, target: str, *, nullable: bool = False, deferrable: bool = False) -> Table:
    """A table with a key `id` and a reference `to` to another one."""
    return Table(
        name=QualifiedName("public", name),
        columns=(
            Column(name="id", position=1, type=INT, not_null=True),
            Column(name="to", position=2, type=INT, not_null=not nullable),
        ),
        constraints=(
            Constraint(
                name=f"{name}_pk", kind=ConstraintKind.PRIMARY_KEY, columns=("id",), definition=""
            ),
            Constraint(
                name=f"{name}_fk",
                kind=ConstraintKind.FOREIGN_KEY,
                columns=("to",),
                definition="",
                references=QualifiedName("public", target),
                referenced_columns=("id",),
                deferrable=deferrable,
            ),
        ),
    )


def row(of: Table, key: str, to: str | None) -> Row:
    return Row(table=of, values={"id": key, "to": to})


def insert(name: str, *values: str | None) -> Statement:
    return Statement(f'insert into public.{name} (id, "to") values ($1, $2)', values)


def test_a_cycle_is_closed_afterwards_through_its_nullable_side() -> None:
    a, b = table("a", "b", nullable=True), table("b", "a")
    assert inserts([row(a, "1", "2"), row(b, "2", "1")]) == (
        insert("a", "1", None),
        insert("b", "2", "1"),
        Statement('update public.a set "to" = $1 where id = $2', ("2", "1")),
    )


def test_a_cycle_is_left_to_the_end_where_a_side_is_deferrable() -> None:
    a, b = table("a", "b", deferrable=True), table("b", "a")
    assert inserts([row(a, "1", "2"), row(b, "2", "1")]) == (
        Statement("set constraints public.a_fk deferred"),
        insert("a", "1", "2"),
        insert("b", "2", "1"),
    )


def test_what_a_row_cannot_do_without_comes_first() -> None:
    a, b = table("a", "b", nullable=True), table("b", "a")
    assert inserts([row(b, "2", "1"), row(a, "1", "2")])[:2] == (
        insert("a", "1", None),
        insert("b", "2", "1"),
    )


def test_a_cycle_that_nothing_opens_is_refused() -> None:
    a, b = table("a", "b"), table("b", "a")
    with pytest.raises(Unsatisfiable, match="a_fk"):
        inserts([row(a, "1", "2"), row(b, "2", "1")])


def test_a_reference_to_a_row_that_is_not_there_stays_open() -> None:
    assert inserts([row(table("a", "b", nullable=True), "1", "2")]) == (insert("a", "1", None),)


def test_a_row_that_points_to_itself_is_inserted_as_it_is() -> None:
    assert inserts([row(table("a", "a"), "1", "1")]) == (insert("a", "1", "1"),)


def test_an_explicit_identity_is_overriding_unless_told_otherwise() -> None:
    keyed = Table(
        name=QualifiedName("s", "T"),
        columns=(Column(name="id", position=1, type=INT, identity="ALWAYS"),),
    )
    made = Row(table=keyed, values={"id": "1"})
    assert made.insert().sql == ('insert into s."T" (id) overriding system value values ($1)')
    assert made.insert(overriding=False).sql == 'insert into s."T" (id) values ($1)'
    assert made.without("id").insert("id").sql == 'insert into s."T" default values returning id'


def test_an_expression_stands_in_place_of_a_value() -> None:
    made = row(table("a", "a"), "1", "2").insert(written={"to": "1 + 1"})
    assert made == Statement('insert into public.a (id, "to") values ($1, 1 + 1)', ("1",))
