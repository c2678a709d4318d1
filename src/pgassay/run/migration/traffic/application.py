"""An application that knows one catalog: how it reads, changes and inserts rows, by every column.

A revision's models may be long gone; its catalog says which columns they had. What an ORM writes is
derived from it: SELECT, UPDATE and DELETE by the key, INSERT of all columns that can be written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.catalog import ConstraintKind
from pgassay.core.names import quote, quote_all
from pgassay.core.statement import Statement
from pgassay.rows.insertion import identity
from pgassay.rows.row import Row
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgassay.core.catalog import Catalog, Column, Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Session, Value
    from pgassay.rows.maker import RowMaker

_FAR = 1_000_000  # beyond what a sequence gives while a migration runs


@dataclass(frozen=True, slots=True)
class Insertion:
    """A row that an application inserts, and how it takes it away again."""

    insert: Statement
    delete: Statement


class Application:
    """Statements for the tables of one catalog, with values from one populated database.

    Args:
        catalog: what the application knows.
        session: on a database of this catalog, with rows if the statements are to meet any.
        rows: makes rows of this catalog.
    """

    def __init__(self, catalog: Catalog, session: Session, rows: RowMaker) -> None:
        self.catalog = catalog
        self._session, self._rows = session, rows
        self._keys: dict[QualifiedName, tuple[tuple[Value, ...], ...]] = {}
        self._standing: dict[QualifiedName, Row | None] = {}

    def tables(self, names: Sequence[QualifiedName]) -> tuple[Table, ...]:
        """Return the tables of these names that are no partition of another."""
        wanted = set(names)
        return tuple(table for table in self.catalog.roots() if table.name in wanted)

    def read(self, table: Table, number: int = 0) -> Statement:
        """Return how it reads one row: every column, by the key; any row where there is no key."""
        columns = quote_all(tuple(column.name for column in table.columns)) or "1"
        where, values = self._by_key(table, number)
        sql = f"select {columns} from {table.name.sql}{where}"
        return Statement(sql if where else f"{sql} limit 1", values)

    def update(self, table: Table, number: int = 0) -> Statement | None:
        """Return how it writes one row back unchanged; None without a key, a row or a column."""
        where, values = self._by_key(table, number)
        column = _changeable(table)
        if not where or column is None or None in values:
            return None
        name = quote(column.name)
        return Statement(f"update {table.name.sql} set {name} = {name}{where}", values)

    def insertion(self, table: Table, number: int = 0) -> Insertion | None:
        """Return how it inserts a row beneath parents that are there.

        It is tried and undone; None where no row is found that the application's own schema takes.
        """
        for optional in (False, True):
            for apart in _APART:
                made = self._made(table, number + apart, optional=optional)
                if made is not None and self._takes(made):
                    return made
        return None

    def _made(self, table: Table, number: int, *, optional: bool) -> Insertion | None:
        """Return a row and its removal, references that may be NULL filled or not."""
        parents: dict[str, Row] = {}
        for key in table.foreign_keys:
            wanted = optional or not self._rows.optional(table, key)
            if wanted and key.references is not None and key.references != table.name:
                standing = self.standing(key.references)
                if standing is not None:
                    parents[key.name] = standing
        try:
            row = self._rows.row(
                table, number, parents=parents, values=self._counted(table, number)
            )
        except Unsatisfiable:
            return None
        known = {name: value for name, value in identity(row).items() if value is not None}
        where = " and ".join(f"{quote(c)} = ${i}" for i, c in enumerate(known, 1))
        delete = f"delete from {table.name.sql} where {where or 'false'}"
        return Insertion(row.insert(), Statement(delete, tuple(known.values())))

    def _takes(self, made: Insertion) -> bool:
        whole = (Statement("begin"), made.insert, _NOW, made.delete, Statement("rollback"))
        return not any(reply.refusal for reply in self._session.run_all(whole))

    def standing(self, name: QualifiedName) -> Row | None:
        """Return one row that a table has; None if it has none."""
        if name not in self._standing:
            table = next((t for t in self.catalog.tables if t.name == name), None)
            self._standing[name] = self._first(table) if table is not None else None
        return self._standing[name]

    def _first(self, table: Table) -> Row | None:
        names = [column.name for column in table.columns]
        written = ", ".join(f"{quote(name)}::text" for name in names)
        reply = self._session.run(Statement(f"select {written} from {table.name.sql} limit 1"))
        if not reply.rows:
            return None
        return Row(table=table, values=dict(zip(names, reply.rows[0], strict=True)))

    def _by_key(self, table: Table, number: int) -> tuple[str, tuple[Value, ...]]:
        columns = _key(table)
        if not columns:
            return "", ()
        keys = self._known_keys(table, columns)
        values = keys[number % len(keys)] if keys else (None,) * len(columns)
        where = " and ".join(f"{quote(name)} = ${i}" for i, name in enumerate(columns, 1))
        return f" where {where}", values

    def _known_keys(self, table: Table, columns: tuple[str, ...]) -> tuple[tuple[Value, ...], ...]:
        if table.name not in self._keys:
            written = ", ".join(f"{quote(name)}::text" for name in columns)
            reply = self._session.run(
                Statement(f"select {written} from {table.name.sql} limit {_SAMPLED}")
            )
            self._keys[table.name] = reply.rows
        return self._keys[table.name]

    def _counted(self, table: Table, number: int) -> Mapping[str, Value]:
        """Return values for keys that count by themselves, clear of those that are there."""
        found: dict[str, Value] = {}
        for column in table.columns:
            if column.name in _key(table) and _counts(column):
                name = quote(column.name)
                sql = f"select (coalesce(max({name}), 0) + {_FAR + number})::text"
                reply = self._session.run(Statement(f"{sql} from {table.name.sql}"))
                if reply.rows:
                    found[column.name] = reply.rows[0][0]
        return found


_SAMPLED = 16
_APART = (0, 101, 202)  # numbers of rows that are tried: what is there may have a value of one
_NOW = Statement("set constraints all immediate")


def _key(table: Table) -> tuple[str, ...]:
    """Return the columns by which an application tells rows apart."""
    for key in table.of_kind(ConstraintKind.PRIMARY_KEY):
        return key.columns
    for key in table.of_kind(ConstraintKind.UNIQUE):
        if all(table.column(name).not_null for name in key.columns):
            return key.columns
    return ()


def _counts(column: Column) -> bool:
    return column.identity is not None or (column.default or "").startswith("nextval(")


def _changeable(table: Table) -> Column | None:
    """Return a column to write: rather one without an index or a key."""
    used = {name for constraint in table.constraints for name in constraint.columns}
    for index in table.indexes:
        used |= {key.column for key in index.keys if key.column}
    free = [c for c in table.columns if c.generated is None and c.identity != "ALWAYS"]
    free = [c for c in free if c.name not in _key(table)]
    return next((c for c in free if c.name not in used), next(iter(free), None))
