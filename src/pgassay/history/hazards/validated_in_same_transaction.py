"""A constraint is added NOT VALID and validated while the lock of adding it is still held.

VALIDATE itself stops nobody, but the transaction that added the constraint holds ACCESS EXCLUSIVE
(or SHARE ROW EXCLUSIVE) to its end, and so across the scan. Nothing is gained over adding it
valid.

    begin; alter table … add constraint … not valid; alter table … validate constraint …; commit;

Validate in another transaction: with Alembic in a later revision, or in an autocommit block.
Source: PostgreSQL, ALTER TABLE, VALIDATE CONSTRAINT.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.names import quote
from pgassay.core.trace import LockMode
from pgassay.history.evidence import has
from pgassay.history.hazards.rows_under_lock import only_validates
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.core.names import QualifiedName
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a validation under a strong lock of the same transaction."""
    told: set[tuple[int, QualifiedName]] = set()
    for statement, scan in ((s, scan) for s in evidence.statements for scan in s.scans):
        relation = evidence.root(scan.relation)
        if statement.tag != "ALTER TABLE" or not scan.rows or not evidence.busy(relation):
            continue
        if (statement.number, relation) in told:
            continue
        told.add((statement.number, relation))
        if not only_validates(statement, relation) or not has(statement, relation, LockMode.SHARE):
            continue
        fresh = [c for c in evidence.fresh_constraints(relation) if c.validated]
        fresh = [c for c in fresh if c.name in statement.text] or fresh
        name = fresh[0].name if fresh else None
        validate = f"ALTER TABLE {relation.sql} VALIDATE CONSTRAINT {quote(name or '…')}"
        yield evidence.finding(
            "validated_in_same_transaction",
            statement,
            relation,
            "VALIDATE reads the table while a strong lock of its transaction is still held",
            part=name,
            expected="VALIDATE CONSTRAINT in a transaction of its own",
            why="a lock is held to the end of its transaction, and so across the scan",
            way=(Step(sql=validate, alone=True),),
            severity=evidence.severity(relation),
        )
