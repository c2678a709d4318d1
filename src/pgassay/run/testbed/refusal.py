"""A row that cannot be made, in words: which constraint, which values, who asked for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError, PgassayError
from pgassay.core.names import literal, quote
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

    from pgassay.core.catalog import Constraint, Table
    from pgassay.core.statement import Value

UNIQUE_VIOLATION = "23505"
NOT_NULL_VIOLATION = "23502"
IN_FAILED_TRANSACTION = "25P02"


class RefusedRow(PgassayError):  # noqa: N818 - reads as what happened
    """The server takes no such row, or none can be found.

    Attributes:
        sqlstate: of the refusal; None where no row was found that could be tried.
        constraint: the name of what refused it, where there is one.
    """

    sqlstate: str | None = None
    constraint: str | None = None


def refused(
    failure: psycopg.Error | Unsatisfiable,
    *,
    call: str,
    table: Table,
    values: Mapping[str, Value],
    deciding: Mapping[str, str],
) -> RefusedRow:
    """Return the error for a row that was not made.

    Args:
        failure: what the server or the search says.
        call: how the row was asked for.
        table: of the row.
        values: what was fixed by column: by a factory, a trait or the caller.
        deciding: who decided them, by column.
    """
    sqlstate: str | None
    name: str | None
    if isinstance(failure, Unsatisfiable):
        sqlstate, name, column = None, failure.constraint, None
        found = failure.found
    else:
        diagnosis = failure.diag
        sqlstate, name, column = failure.sqlstate, diagnosis.constraint_name, diagnosis.column_name
        found = f"{sqlstate} {diagnosis.message_primary or failure}"
    constraint = next((c for c in table.constraints if c.name == name), None)
    columns = _columns(table, constraint, name, column)
    shown = [
        f"{quote(c)} = {literal(values[c])}{deciding.get(c, '')}" for c in columns if c in values
    ]
    error = RefusedRow(
        found,
        where=call,
        expected=_expected(constraint, name, column),
        why=f"the row was to have {', '.join(shown)}" if shown else None,
        fix=_fix(sqlstate, bool(shown)),
    )
    error.sqlstate, error.constraint = sqlstate, name
    return error


def spoilt() -> ConfigError:
    """Return the error for a transaction in which a statement was refused before."""
    return ConfigError(
        "an earlier statement was refused, and the transaction takes no more",
        expected="what may be refused within `with … .refused(…):` or `connection.transaction():`",
        why="after an error PostgreSQL waits for a rollback, at least to a savepoint",
    )


def _columns(
    table: Table, constraint: Constraint | None, name: str | None, column: str | None
) -> tuple[str, ...]:
    if constraint is not None:
        return constraint.columns
    index = next((i for i in table.indexes if i.name == name), None)
    if index is not None:
        return tuple(key.column for key in index.keys if key.column)
    return (column,) if column else ()


def _expected(constraint: Constraint | None, name: str | None, column: str | None) -> str | None:
    if constraint is not None:
        return f"what {quote(constraint.name)} lets through: {constraint.definition}"
    if name:
        return f"what {quote(name)} lets through"
    return f"a value for {quote(column)}" if column else None


def _fix(sqlstate: str | None, known: bool) -> str:
    if sqlstate == UNIQUE_VIOLATION:
        return "give another value, or refer to the row that is there"
    if known:
        return "give other values, or mend the trait or the factory"
    return "say in a factory what a valid row of the table looks like"
