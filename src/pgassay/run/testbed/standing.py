"""Rows that stand in the database, read as text, with all the rows that they refer to."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from psycopg import RawCursor
from psycopg.rows import dict_row

from pgassay.core.names import quote
from pgassay.rows.row import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import psycopg

    from pgassay.core.catalog import Catalog, Table
    from pgassay.core.statement import Value


class Standing:
    """What a database holds now."""

    def __init__(self, catalog: Catalog, connection: psycopg.Connection[Any]) -> None:
        self._tables = {table.name: table for table in catalog.tables}
        self._connection = connection

    def row(self, table: Table, key: Mapping[str, Value]) -> Row | None:
        """Return the row that has these values; of several, any."""
        columns = ", ".join(f"{quote(c.name)}::text as {quote(c.name)}" for c in table.columns)
        found = self._one(table, columns, key)
        return None if found is None else Row(table=table, values=found)

    def values(self, table: Table, key: Mapping[str, Value]) -> Mapping[str, object]:
        """Return the columns of the row that has these values, as the driver reads them."""
        return self._one(table, "*", key) or {}

    def _one(self, table: Table, columns: str, key: Mapping[str, Value]) -> dict[str, Any] | None:
        where = " and ".join(f"{quote(name)} = ${at}" for at, name in enumerate(key, 1))
        sql = f"select {columns} from {table.name.sql} where {where or 'true'} limit 1"
        cursor = RawCursor(self._connection, row_factory=dict_row)
        return cursor.execute(sql, list(key.values())).fetchone()

    def family(self, rows: Iterable[Row]) -> list[Row]:
        """Return rows and all that they refer to, the nearer ones first."""
        waiting = deque(rows)
        found: list[Row] = []
        seen: set[tuple[object, ...]] = set()
        while waiting:
            row = waiting.popleft()
            if any(row.table.name == r.table.name and row.values == r.values for r in found):
                continue
            found.append(row)
            for key in row.table.foreign_keys:
                values = tuple(row.values.get(column) for column in key.columns)
                mark = (key.references, key.referenced_columns, values)
                target = self._tables.get(key.references) if key.references else None
                if target is None or None in values or mark in seen:
                    continue
                seen.add(mark)
                above = self.row(target, dict(zip(key.referenced_columns, values, strict=True)))
                if above is not None:
                    waiting.append(above)
        return found
