"""What pgassay says to a server and what it hears back, without a driver.

Values travel as text in PostgreSQL's input syntax with no type attached, so that the server reads
each as the type of the column it meets (Extended Query, parameter type 0): the engine needs no
table of types, and equality stays the server's word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pgassay.core.names import literal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PLACEHOLDER = re.compile(r"\$(\d+)")

Value = str | None
"""One value in PostgreSQL's text format; None is NULL."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL command with `$1 … $n` for its values."""

    sql: str
    values: tuple[Value, ...] = ()

    def script(self) -> str:
        """Return it with its values written in, ready for psql."""

        def written(found: re.Match[str]) -> str:
            return literal(self.values[int(found[1]) - 1])

        return (_PLACEHOLDER.sub(written, self.sql) if self.values else self.sql) + ";"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An error report of the server (Error and Notice Message Fields, protocol chapter)."""

    sqlstate: str
    message: str
    schema: str | None = None
    table: str | None = None
    column: str | None = None
    constraint: str | None = None
    datatype: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer to one statement: rows and a count of affected rows, or a refusal."""

    rows: tuple[tuple[Value, ...], ...] = ()
    count: int | None = None
    refusal: Refusal | None = None


class Session(Protocol):
    """One connection to the database under test; server errors are replies, not exceptions."""

    def run(self, statement: Statement) -> Reply:
        """Run one statement and return its reply."""
        ...

    def run_all(self, statements: Sequence[Statement]) -> list[Reply]:
        """Run statements in one round trip, each whatever became of the one before.

        Inside a transaction block the first refusal aborts the block, and the later ones are
        refused with 25P02, as always in PostgreSQL.
        """
        ...


class Ahead(Protocol):
    """A connection that works while its owner does something else; for questions in a row."""

    def begin(self, segments: Sequence[Sequence[Statement]]) -> Callable[[], list[Reply]]:
        """Send statements; what is returned waits for their replies, called in the same order.

        What follows a refused statement within its segment is skipped (25P02).
        """
        ...
