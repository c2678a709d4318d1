"""Adversarial data: rows that the old schema allows and the new one will not.

What a revision demands for the first time (NOT NULL, a unique key, a foreign key, a CHECK, a
narrower type, fewer labels of an enum) is read from the two catalogs. For each of it a row that
breaks it is put into the database before the revision, and the revision is run. If it fails, it
would fail in production as soon as there is one such row; the query that looks for such rows is
given, ready to run there. If it runs, it mends or spares them, and nothing is said.

It is a warning and no more: whether production has such rows only production knows. Run the query
there before the deployment. Or mend the rows in the revision, or in one before it, and add the
constraint `NOT VALID` first and `VALIDATE` it later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.case import Subject
from pgassay.core.catalog import ConstraintKind, Table, TableKind
from pgassay.core.names import literal, quote, quote_all
from pgassay.history.narrowing import narrowing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgassay.core.catalog import Catalog, Column, Constraint
    from pgassay.core.statement import Value

KIND = "adversarial_data"
_KEYS = (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE)
_NEAR = 977  # the number of a row that nothing refers to


@dataclass(frozen=True, slots=True, kw_only=True)
class Adversary:
    """Something that a revision demands for the first time, and what would break it.

    Args:
        table: the table as it was before.
        part: the column or constraint that demands it.
        what: the rows that break it, in words: `a row without email`.
        promise: what is demanded.
        query: finds such rows in a database at the revision before.
        changes: values that make a valid row one that breaks it; more than one for rows that
            break it together, the second of which shares `alike` with the first.
        alike: columns that two rows have alike.
        away: columns of a reference that points nowhere.
        check: the constraint whose CHECK must be false, where values have to be searched for.
        lifted: a constraint that stands NOT VALID already, as such rows are older than it.
    """

    table: Table
    part: str
    what: str
    promise: str
    query: str
    changes: Mapping[str, Value] | None = None
    alike: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    check: Constraint | None = None
    lifted: Constraint | None = None

    @property
    def subject(self) -> Subject:
        """What it is about."""
        return Subject(object=str(self.table.name), part=quote(self.part))

    @property
    def is_any_row(self) -> bool:
        """Whether any row of the table breaks it."""
        return self.changes == {}

    @property
    def number_away(self) -> int:
        """The number of the row whose key nothing has."""
        return _NEAR


def adversaries(before: Catalog, after: Catalog) -> Iterator[Adversary]:
    """Yield what would break each new demand, table by table."""
    later = {table.name: table for table in after.tables}
    for table in before.roots():
        there = later.get(table.name)
        if there is None or table.kind is TableKind.FOREIGN:
            continue
        yield from _not_null(table, there)
        yield from _unique(table, there)
        yield from _references(table, there)
        yield from _checks(table, there)
        yield from _types(table, there)
        yield from _labels(table, before, after)


def _column(table: Table, name: str) -> Column | None:
    return next((one for one in table.columns if one.name == name), None)


def _rows(table: Table, condition: str) -> str:
    return f"select * from {table.name.sql} where {condition} limit 20;"


def _not_null(table: Table, there: Table) -> Iterator[Adversary]:
    for column in there.columns:
        here = _column(table, column.name)
        name = quote(column.name)
        if not column.not_null or (here is not None and here.not_null):
            continue
        if here is not None:
            yield Adversary(
                table=table,
                part=column.name,
                what=f"a row without {name}",
                promise=f"{name} not null",
                query=_rows(table, f"{name} is null"),
                changes={column.name: None},
                lifted=_pending_not_null(table, column.name),
            )
        elif column.default is None and column.identity is None and column.generated is None:
            yield Adversary(
                table=table,
                part=column.name,
                what="any row",
                promise=f"a new column {name} not null, without a default",
                query=f"select count(*) from {table.name.sql};",
                changes={},
            )


def _pending_not_null(table: Table, column: str) -> Constraint | None:
    """Return a CHECK (… IS NOT NULL) NOT VALID that refuses new rows, but not those of before."""
    wanted = f"({quote(column)} IS NOT NULL)"
    return next(
        (
            one
            for one in table.of_kind(ConstraintKind.CHECK)
            if not one.validated and one.expression == wanted
        ),
        None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    name: str
    columns: tuple[str, ...]
    predicate: str | None
    nulls_alike: bool


def _keys(table: Table) -> Iterator[_Key]:
    """Yield the unique keys and unique indexes of a table that are over plain columns."""
    for constraint in table.constraints:
        if constraint.kind in _KEYS and not constraint.without_overlaps:
            yield _Key(
                name=constraint.name,
                columns=constraint.columns,
                predicate=None,
                nulls_alike=constraint.nulls_not_distinct,
            )
    for index in table.indexes:
        plain = tuple(key.column for key in index.keys if key.column is not None)
        if index.unique and index.constraint is None and len(plain) == len(index.keys):
            yield _Key(
                name=index.name,
                columns=plain,
                predicate=index.predicate,
                nulls_alike=index.nulls_not_distinct,
            )


def _unique(table: Table, there: Table) -> Iterator[Adversary]:
    own = {column.name for column in table.columns}
    known = [key for key in _keys(table) if key.predicate is None]
    partial = [key for key in _keys(table) if key.predicate is not None]
    for key in _keys(there):
        implied = any(set(one.columns) <= set(key.columns) for one in known)
        same = any(
            one.predicate == key.predicate and set(one.columns) <= set(key.columns)
            for one in partial
        )
        if implied or same or not own.issuperset(key.columns):
            continue
        names = quote_all(key.columns)
        conditions = [] if key.nulls_alike else [f"{quote(c)} is not null" for c in key.columns]
        conditions += [f"({key.predicate})"] if key.predicate else []
        where = f" where {' and '.join(conditions)}" if conditions else ""
        yield Adversary(
            table=table,
            part=key.name,
            what=f"two rows with the same {names}",
            promise=f"unique ({names})" + (f" where {key.predicate}" if key.predicate else ""),
            query=f"select {names}, count(*) from {table.name.sql}{where} group by {names} "
            "having count(*) > 1 limit 20;",
            alike=key.columns,
        )


def _references(table: Table, there: Table) -> Iterator[Adversary]:
    known = {(k.columns, k.references, k.referenced_columns): k for k in table.foreign_keys}
    own = {column.name for column in table.columns}
    for key in there.foreign_keys:
        here = known.get((key.columns, key.references, key.referenced_columns))
        new = key.validated and (here is None or not here.validated)
        if not new or key.references is None or not own.issuperset(key.columns):
            continue
        pairs = list(zip(key.columns, key.referenced_columns, strict=True))
        met = " and ".join(f"p.{quote(there)} = c.{quote(here)}" for here, there in pairs)
        filled = " and ".join(f"c.{quote(name)} is not null" for name in key.columns)
        yield Adversary(
            table=table,
            part=key.name,
            what=f"a row whose ({quote_all(key.columns)}) points to no row of {key.references}",
            promise=key.definition,
            query=f"select c.* from {table.name.sql} c where {filled} and not exists "
            f"(select from {key.references.sql} p where {met}) limit 20;",
            away=key.columns,
            lifted=here,
        )


def _checks(table: Table, there: Table) -> Iterator[Adversary]:
    known = {c.expression: c for c in table.of_kind(ConstraintKind.CHECK)}
    own = {column.name for column in table.columns}
    for check in there.of_kind(ConstraintKind.CHECK):
        here = known.get(check.expression)
        new = check.validated and check.enforced and (here is None or not here.validated)
        if new and check.expression and own.issuperset(check.columns):
            yield Adversary(
                table=table,
                part=check.name,
                what=f"a row for which {check.expression} is false",
                promise=check.definition,
                query=_rows(table, f"not ({check.expression})"),
                check=check,
                lifted=here,
            )


def _types(table: Table, there: Table) -> Iterator[Adversary]:
    for column in table.columns:
        later = _column(there, column.name)
        found = narrowing(column, later.type) if later is not None else None
        if later is None or found is None:
            continue
        yield Adversary(
            table=table,
            part=column.name,
            what=found.what,
            promise=f"{quote(column.name)} {later.type.sql}, {column.type.sql} before",
            query=_rows(table, found.condition),
            changes={column.name: found.value},
        )


def _labels(table: Table, before: Catalog, after: Catalog) -> Iterator[Adversary]:
    later = {enum.name: enum for enum in after.enums}
    for enum in before.enums:
        there = later.get(enum.name)
        lost = [one for one in enum.labels if there is not None and one not in there.labels]
        for column in table.columns if lost else ():
            if column.type.name == enum.name and not column.type.array:
                name = quote(column.name)
                labels = ", ".join(literal(label) for label in lost)
                yield Adversary(
                    table=table,
                    part=column.name,
                    what=f"a row whose {name} is {lost[0]}",
                    promise=f"{enum.name} without {labels}",
                    query=_rows(table, f"{name}::text in ({labels})"),
                    changes={column.name: lost[0]},
                )
