"""BEGIN, COMMIT or ROLLBACK where the transaction is somebody else's, or there is none.

Alembic, and whoever runs a file in one transaction, opens and ends it. A COMMIT among the
statements makes what came before it final: if the rest fails, half of the revision stays, and the
version says that none of it was done. Locks and SET LOCAL end there as well. After a ROLLBACK what
came before it is not there, and nothing fails. BEGIN within a transaction does nothing but warn
(25001); the first COMMIT then ends both, and the second one warns (25P01).

    op.execute("COMMIT")                              -- half of it is final
    with op.get_context().autocommit_block(): …       -- Alembic knows, and ends its own before

Told where the transaction was over though the client had not ended it, or where the server warned.
Silent for savepoints, and for a file that opens and ends its own. Source: PostgreSQL, BEGIN and
COMMIT, Notes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.core.trace import StatementTrace
    from pgassay.history.evidence import Evidence

_WARNINGS = {
    "25001": "there is already a transaction: BEGIN did nothing",
    "25P01": "there was no transaction to end: each statement before was final by itself",
}


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield once the first statement that ended a transaction not its own, or warned so."""
    ended = [one for one in evidence.statements if one.ended_transaction]
    warned = [one for one in evidence.statements if _warning(one)]
    if ended:
        first = ended[0]
        before = sum(
            one.transaction == first.transaction - 1 and one.number < first.number
            for one in evidence.statements
        )
        yield evidence.finding(
            "transaction_control",
            first,
            None,
            "the transaction of the revision was over before the revision was",
            found=f"{before} statement{'' if before == 1 else 's'} before it and what follows are "
            "not one transaction any more",
            expected="whoever opens a transaction ends it",
            why="if the rest fails, the database is left between two versions; behind a ROLLBACK "
            "what came before is not there; SET LOCAL and locks have ended",
            fix="with op.get_context().autocommit_block():\n    op.execute(…)\n"
            "or a revision of its own for each transaction",
            severity=Severity.ERROR,
        )
    elif warned:
        yield evidence.finding(
            "transaction_control",
            warned[0],
            None,
            "a transaction is not what it looks like",
            found=_warning(warned[0]),
            expected="a BEGIN and one COMMIT or ROLLBACK for each transaction",
            why="statements that look like one transaction are several, or the other way round",
            fix="take the BEGIN or COMMIT out; savepoints are what can be nested",
        )


def _warning(statement: StatementTrace) -> str:
    return next((f"{_WARNINGS[one]} ({one})" for one in statement.warnings if one in _WARNINGS), "")
