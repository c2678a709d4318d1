"""The whole content of related tables, read in one statement whose plan the server keeps."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.properties.kinship import keys_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pgassay.core.catalog import Table
    from pgassay.core.statement import Reply, Session, Value
    from pgassay.rows.row import Row

_NAME = "pgassay_content"


class Content:
    """The columns of keys and references of some tables; other columns a trigger may move.

    Equality is that of the text which the server gives a value of the column's type, so values
    are put through the type before they are compared.
    """

    def __init__(self, tables: Sequence[Table]) -> None:
        self._columns = {table.name: _compared(table) for table in tables}
        self._places = {table.name: str(place) for place, table in enumerate(tables)}
        self._width = max(map(len, self._columns.values()), default=0)
        self._texts: dict[tuple[str, str], str] = {}

    def prepare(self) -> tuple[Statement, ...]:
        """Return the statements that make the server keep the plan, for one session."""
        selects = []
        for name, columns in self._columns.items():
            shown = [f"{quote(c)}::text" for c in columns]
            shown += ["null::text"] * (self._width - len(shown))
            items = ", ".join([f"'{self._places[name]}'", *shown])
            selects.append(f"select {items} from {name.sql}")  # with the rows of partitions
        body = " union all ".join(selects)
        return (Statement(f"deallocate {_NAME}"), Statement(f"prepare {_NAME} as {body}"))

    @property
    def statement(self) -> Statement:
        """What reads the content."""
        return Statement(f"execute {_NAME}")

    @staticmethod
    def of(reply: Reply) -> Counter[tuple[Value, ...]]:
        """Return what was read."""
        return Counter(reply.rows)

    def foretold(self, rows: Iterable[Row], session: Session) -> Counter[tuple[Value, ...]]:
        """Return what must be read where these rows stand."""
        rows = list(rows)
        self._learn(rows, session)
        found = []
        for row in rows:
            columns = self._columns[row.table.name]
            values = [self._text(row, column) for column in columns]
            values += [None] * (self._width - len(values))
            found.append((self._places[row.table.name], *values))
        return Counter(found)

    def _text(self, row: Row, column: str) -> Value:
        value = row.values.get(column)
        if value is None:
            return None
        return self._texts[row.table.column(column).type.sql, value]

    def _learn(self, rows: Iterable[Row], session: Session) -> None:
        """Ask for the text of every value that was not met before."""
        new: dict[tuple[str, str], Statement] = {}
        for row in rows:
            for column in self._columns[row.table.name]:
                value, sql = row.values.get(column), row.table.column(column).type.sql
                if value is not None and (sql, value) not in self._texts:
                    new[sql, value] = Statement(f"select $1::{sql}::text", (value,))
        for known, reply in zip(new, session.run_all(list(new.values())), strict=True):
            text = reply.rows[0][0] if reply.rows else None
            self._texts[known] = known[1] if text is None else text


def _compared(table: Table) -> tuple[str, ...]:
    keys = [*keys_of(table), *table.foreign_keys]
    ours = {column for key in keys for column in key.columns}
    return tuple(c.name for c in table.columns if c.name in ours and not c.generated)
