"""A row of a table that no class is mapped to, as the database had it when it was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pgassay.core.errors import suggestion

if TYPE_CHECKING:
    from pgassay.rows.row import Row


class Record(Mapping[str, object]):
    """Columns by attribute or by key; what is called as no Python word is goes by key."""

    def __init__(self, row: Row, values: Mapping[str, object]) -> None:
        """Hold a row.

        Args:
            row: its table, and its key in text.
            values: what the driver made of its columns.
        """
        self._row = row
        self._values = dict(values)

    def __getitem__(self, column: str) -> object:
        return self._values[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __getattr__(self, column: str) -> object:
        if column.startswith("_") and column not in self.__dict__.get("_values", {}):
            raise AttributeError(column)
        if column not in self._values:
            told = suggestion(column, self._values)
            raise AttributeError(f'{self._row.table.name} has no column "{column}": {told}')
        return self._values[column]

    def __repr__(self) -> str:
        key = {name: self._values.get(name) for name in self._row.values}
        return f"<{self._row.table.name} {key}>"


def row_of(record: Record) -> Row:
    """Return the table and the key of a record."""
    return record._row  # noqa: SLF001 - its own module
