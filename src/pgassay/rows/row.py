"""A row: values for one table, in text, and the statement that inserts it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pgassay.core.names import quote
from pgassay.core.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgassay.core.catalog import Table
    from pgassay.core.statement import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Values for the columns of one table; a column that is absent takes its default."""

    table: Table
    values: Mapping[str, Value]

    def having(self, **changes: Value) -> Row:
        """Return the row with other values; names that are not Python words go by `with_values`."""
        return self.with_values(changes)

    def with_values(self, changes: Mapping[str, Value]) -> Row:
        """Return the row with other values."""
        return replace(self, values={**self.values, **changes})

    def without(self, *columns: str) -> Row:
        """Return the row with those columns left to their defaults."""
        return replace(self, values={c: v for c, v in self.values.items() if c not in columns})

    def insert(
        self,
        returning: str | None = None,
        *,
        written: Mapping[str, str] | None = None,
        overriding: bool = True,
    ) -> Statement:
        """Return its INSERT. Explicit values for GENERATED ALWAYS identities are overriding.

        Args:
            returning: SQL text, for a RETURNING clause.
            written: SQL expressions that stand in place of values (`repeat('x', 70000)`).
            overriding: False leaves OVERRIDING SYSTEM VALUE out.
        """
        expressions = written or {}
        columns = list(dict.fromkeys([*self.values, *expressions]))
        always = any(c.identity == "ALWAYS" and c.name in columns for c in self.table.columns)
        clause = " overriding system value" if always and overriding else ""
        tail = f" returning {returning}" if returning else ""
        target = f"insert into {self.table.name.sql}"
        if not columns:
            return Statement(f"{target} default values{tail}")
        values: list[Value] = []
        items = []
        for column in columns:
            if column in expressions:
                items.append(expressions[column])
            else:
                values.append(self.values[column])
                items.append(f"${len(values)}")
        names = ", ".join(quote(c) for c in columns)
        sql = f"{target} ({names}){clause} values ({', '.join(items)}){tail}"
        return Statement(sql, tuple(values))
