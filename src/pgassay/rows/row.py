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

    def insert(self, returning: str | None = None) -> Statement:
        """Return its INSERT. Explicit values for GENERATED ALWAYS identities are overriding.

        `returning` is SQL text, for a RETURNING clause.
        """
        always = any(self.table.column(c).identity == "ALWAYS" for c in self.values)
        overriding = " overriding system value" if always else ""
        tail = f" returning {returning}" if returning else ""
        target = f"insert into {self.table.name.sql}"
        if not self.values:
            return Statement(f"{target} default values{tail}")
        names = ", ".join(quote(c) for c in self.values)
        marks = ", ".join(f"${i}" for i in range(1, len(self.values) + 1))
        sql = f"{target} ({names}){overriding} values ({marks}){tail}"
        return Statement(sql, tuple(self.values.values()))
