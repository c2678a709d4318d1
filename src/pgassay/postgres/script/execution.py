"""Statements of one file on one connection, in one transaction where that is possible.

As Flyway does: a file with a statement that PostgreSQL refuses inside a transaction block runs
outside of one as a whole, each statement on its own. A file that begins and ends transactions
itself is left to do so. The session is reset behind each file, as if psql ran each one anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import pq

from pgassay.core.errors import MachineError, PgassayError, SchemaError, redact, refused
from pgassay.postgres.script.reach import beyond_database, controls_transaction, runs_alone

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pgassay.core.route import Target
    from pgassay.postgres.script.splitter import ScriptStatement

Connection = psycopg.Connection[tuple[Any, ...]]
_LONGEST = 1500


def connected(target: Target) -> Connection:
    """Open a connection in autocommit mode.

    Raises:
        MachineError: the server does not answer.
    """
    try:
        return psycopg.connect(target.conninfo(), autocommit=True, prepare_threshold=None)
    except psycopg.OperationalError as error:
        raise MachineError(
            redact(" ".join(str(error).split())), where=f'database "{target.dbname}"'
        ) from None


def run_file(
    connection: Connection,
    statements: Sequence[ScriptStatement],
    dbname: str,
    before: Callable[[int], None] = lambda _: None,
) -> None:
    """Run the statements of one file.

    Args:
        connection: in autocommit mode.
        statements: of the file, in order.
        dbname: the database, beyond which they must not reach.
        before: called before each statement with its number from 1, and once more with the next
            one at the end of the file, before its transaction is committed.

    Raises:
        SchemaError: the server refuses one, with its place, its words and its SQLSTATE; one
            reaches beyond the database; a transaction is left open.
        MachineError: the server has run out of disk, memory or connections.
    """
    for statement in statements:
        if beyond_database(statement.text, dbname):
            raise _beyond(statement)
    alone = next((s for s in statements if runs_alone(s.text)), None)
    if alone or any(controls_transaction(statement.text) for statement in statements):
        _run_all(connection, statements, before)
    else:
        with connection.transaction():
            _run_all(connection, statements, before)
    if connection.info.transaction_status is not pq.TransactionStatus.IDLE:
        raise SchemaError(
            "the file leaves a transaction open",
            where=statements[-1].where,
            expected="COMMIT for every BEGIN",
            why="all of it would be rolled back",
        )
    connection.execute("DISCARD ALL")


def _run_all(
    connection: Connection, statements: Sequence[ScriptStatement], before: Callable[[int], None]
) -> None:
    for number, statement in enumerate(statements, 1):
        before(number)
        _run(connection, statement)
    before(len(statements) + 1)


def _run(connection: Connection, statement: ScriptStatement) -> None:
    text = statement.text.encode()
    try:
        if statement.data is None:
            connection.execute(text)
        else:
            with connection.cursor() as cursor, cursor.copy(text) as copy:
                copy.write(statement.data)
    except psycopg.Error as error:
        raise _refused(error, statement) from error


def _refused(error: psycopg.Error, statement: ScriptStatement) -> PgassayError:
    diagnosis = error.diag
    message = diagnosis.message_primary or " ".join(str(error).split())
    found = [f"{message} (SQLSTATE {error.sqlstate})" if error.sqlstate else message]
    for label, text in (
        ("detail", diagnosis.message_detail),
        ("hint", diagnosis.message_hint),
        ("context", diagnosis.context),
    ):
        if text:
            found.append(f"{label}: {text}")
    text = statement.text
    found.append(f"statement: {text if len(text) <= _LONGEST else text[:_LONGEST] + ' …'}")
    line = statement.line
    if diagnosis.statement_position:
        line += text.count("\n", 0, int(diagnosis.statement_position) - 1)
    return refused("\n".join(found), where=f"{statement.file}:{line}", why="the server refused it")


def _beyond(statement: ScriptStatement) -> SchemaError:
    return SchemaError(
        f"refused: {' '.join(statement.text.split())[:200]}",
        where=statement.where,
        expected="statements that stay within their database",
        why="it reaches beyond the database under test, and pgassay touches nothing that it did "
        "not make",
        fix="do this where the database is provided, not in a migration",
    )
