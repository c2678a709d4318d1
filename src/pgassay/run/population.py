"""A populated database: a few complete families of rows, so that rules are asked of rows.

A query that finds nothing in empty tables says nothing. A family is one row of every table with
all its references filled, optional ones as well; rows of one number are shared by all of it, so
that a project's asset, its request and the log of that request belong together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pgassay.core.catalog import TableKind
from pgassay.core.errors import SchemaError
from pgassay.core.statement import Statement
from pgassay.rows.graph import GraphBuilder
from pgassay.rows.insertion import inserts
from pgassay.rows.maker import RowMaker
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Session
    from pgassay.rows.maker import RowSource
    from pgassay.rows.row import Row

FAMILIES = 3
"""Enough for "of two owners" and "the next one", little enough to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Families of rows, and what puts them in place.

    Args:
        families: the rows of each family, in the order in which they were made.
        statements: run within one transaction, they put all of it in place.
        absent: why a table has no row, by table.
    """

    families: tuple[tuple[Row, ...], ...]
    statements: tuple[Statement, ...]
    absent: Mapping[QualifiedName, str]


def realistic(source: Source, sources: Mapping[QualifiedName, RowSource]) -> Source:
    """Return the same source with rows as factories describe them.

    For rows that are looked at as a whole. Derived cases do without: they change one value of a
    row at a time, and a factory's values stand.
    """
    rows = RowMaker(source.contract, sources=sources, ask=source.ask, built=source.built)
    return replace(source, rows=rows)


def population(source: Source, families: int = FAMILIES) -> Population:
    """Return so many families of rows for every table; deterministic."""
    absent: dict[QualifiedName, str] = {}
    made = tuple(_family(source, number, absent) for number in range(families))
    return Population(
        families=made,
        statements=tuple(statement for family in made for statement in inserts(family)),
        absent=absent,
    )


def put_in_place(people: Population, session: Session) -> None:
    """Insert a population, all of it or nothing.

    Raises:
        SchemaError: the server refuses a row.
    """
    whole = (Statement("begin"), *people.statements, Statement("commit"))
    for statement, reply in zip(whole, session.run_all(whole), strict=True):
        if reply.refusal:
            session.run(Statement("rollback"))
            raise SchemaError(
                f"{reply.refusal.sqlstate} {reply.refusal.message}",
                where=statement.script(),
                expected="rows that the schema accepts",
                why="business rules are asked of these rows",
                fix="say in a factory what a valid row of that table looks like",
            )


def _family(source: Source, number: int, absent: dict[QualifiedName, str]) -> tuple[Row, ...]:
    """Return the rows of one number: one graph that all tables have a row in."""
    builder = GraphBuilder(source.rows, number, optional=True)
    for table in source.contract.roots():
        if table.kind is TableKind.FOREIGN or _there(table, builder.rows):
            continue
        before = list(builder.rows)
        try:
            builder.place(table, {})
        except Unsatisfiable as failure:
            builder.rows = before
            absent.setdefault(table.name, str(failure))
    return tuple(builder.rows)


def _there(table: Table, rows: Iterable[Row]) -> bool:
    return any(row.table.name == table.name for row in rows)
