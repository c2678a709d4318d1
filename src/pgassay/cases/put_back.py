"""The probe that tells RESTRICT from NO ACTION.

Both refuse a plain delete. They differ where the same statement puts a matching parent back: NO
ACTION looks at the end of the statement and is content, RESTRICT never is (CREATE TABLE,
REFERENCES). Seen on PostgreSQL 15 to 18.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases.family import fitting_parent
from pgassay.cases.population import Population, unique_column_sets
from pgassay.cases.survey import where
from pgassay.cases.variation import variations
from pgassay.core.case import Accepted, Case, Refused, Step, Subject
from pgassay.core.catalog import Action
from pgassay.core.names import quote, quote_all
from pgassay.core.statement import Statement
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from pgassay.cases.derivation import Source
    from pgassay.cases.referential import Edge
    from pgassay.core.catalog import Table
    from pgassay.core.statement import Value
    from pgassay.rows.row import Row

_WHY = (
    "with NO ACTION a statement may replace a parent under its children, with RESTRICT it may not"
)


def deleted_and_put_back(source: Source, edge: Edge, kind: str) -> Case:
    """Return the case of a parent that is deleted and inserted again by one statement.

    Raises `Unsatisfiable` where no parent and child can be made.
    """
    population, parent = _pair(source, edge)
    table = parent.table
    values: list[Value] = []
    found = where(table, parent.values, values)
    columns = quote_all(tuple(c.name for c in table.columns if c.generated is None))
    sql = (
        f"with gone as (delete from {table.name.sql} where {found} returning *)"
        f" insert into {table.name.sql} ({columns}) overriding system value"
        f" select {columns} from gone"
    )
    statement = Statement(sql, tuple(values))
    return _case(edge, kind, edge.key.on_delete, "deleted", (population.needs(), statement))


def renamed_and_put_back(source: Source, edge: Edge, kind: str, column: str) -> Case | None:
    """Return the case of a parent's key that is changed and given to another row at once.

    None where a unique key without that column stands in the way of the second row, or where
    there is no other value for it.
    """
    population, parent = _pair(source, edge)
    table = parent.table
    value = next(variations(source, table, parent.values, column), None)
    if value is None:
        return None
    kept = {c: parent.values[c] for c in edge.key.referenced_columns}
    if any(unique <= set(kept) - {column} for unique in unique_column_sets(table)):
        return None
    other = population.add(table).with_values(kept)
    population.rows.pop()
    values: list[Value] = [value]
    found = where(table, parent.values, values)
    shown = []
    for name, new in other.values.items():
        values.append(new)
        shown.append(f"${len(values)}::{table.column(name).type.sql}")
    sql = (
        f"with moved as (update {table.name.sql} set {quote(column)} = $1 where {found}"
        f" returning 1) insert into {table.name.sql} ({quote_all(tuple(other.values))})"
        f" overriding system value select {', '.join(shown)} from moved"
    )
    statement = Statement(sql, tuple(values))
    return _case(edge, kind, edge.key.on_update, "renamed", (population.needs(), statement))


def _pair(source: Source, edge: Edge) -> tuple[Population, Row]:
    population = Population(source.rows)
    parent_table: Table = source.contract.table(edge.parent)
    before = population.snapshot()
    try:
        parent = population.add(parent_table)
        population.add(edge.child, parents={edge.key.name: parent})
    except Unsatisfiable:
        population.revert(before)
        parent = fitting_parent(population, edge)
    return population, parent


def _case(
    edge: Edge,
    kind: str,
    action: Action,
    verb: str,
    script: tuple[tuple[Statement, ...], Statement],
) -> Case:
    needs, statement = script
    refused = Refused(sqlstate="23503", by_major={18: "23001"}, constraint=edge.key.name)
    restricts = action is Action.RESTRICT
    end = "refused" if restricts else "accepted"
    return Case(
        kind=kind,
        subject=Subject(object=str(edge.child.name), part=edge.key.name),
        title=f"parent {verb} and put back by one statement {end}",
        needs=needs,
        steps=(Step(statement=statement, expect=refused if restricts else Accepted(count=1)),),
        why=_WHY,
        promise=edge.key.definition,
    )
