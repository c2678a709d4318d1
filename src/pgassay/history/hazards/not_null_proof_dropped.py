"""The CHECK that proves NOT NULL is dropped before NOT NULL is there.

SET NOT NULL reads no row where a valid CHECK (column IS NOT NULL) proves it. ALTER TABLE drops
first and sets afterwards, in whatever order its actions are written: with both in one statement
the proof is gone when it is asked for, and every row is read under ACCESS EXCLUSIVE.

    alter table orders alter column token set not null, drop constraint token_there;    -- reads all
    alter table orders alter column token set not null;                           -- an instant
    alter table orders drop constraint token_there;

Told where the table was read. Source: PostgreSQL, ALTER TABLE, SET NOT NULL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import ConstraintKind
from pgassay.core.names import quote
from pgassay.history.hazards.rows_under_lock import read_under_lock
from pgassay.history.safe_way import Step
from pgassay.rows.finding_rows import not_null_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Constraint, Table
    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a table that was read for a NOT NULL that a CHECK had proven."""
    for statement, relation in read_under_lock(evidence):
        proofs = dropped_proofs(evidence.old[relation], evidence.new[relation])
        for column, proof in proofs.items():
            alter = f"ALTER TABLE {relation.sql}"
            yield evidence.finding(
                "not_null_proof_dropped",
                statement,
                relation,
                f"{proof.name} is dropped before it has proven NOT NULL",
                part=column,
                expected="SET NOT NULL first, and DROP CONSTRAINT in a statement behind it",
                why="every row is looked at under ACCESS EXCLUSIVE, which the CHECK was there to "
                "spare",
                way=(
                    Step(sql=f"{alter} ALTER COLUMN {quote(column)} SET NOT NULL", locks=True),
                    Step(sql=f"{alter} DROP CONSTRAINT {quote(proof.name)}", locks=True),
                ),
                severity=evidence.severity(relation),
            )


def dropped_proofs(old: Table, new: Table) -> dict[str, Constraint]:
    """Return columns that are NOT NULL now and the valid CHECK of before, now gone, of each."""
    nullable = {column.name for column in old.columns if not column.not_null}
    demanded = {column.name for column in new.columns if column.not_null} & nullable
    there = {check.name for check in new.of_kind(ConstraintKind.CHECK)}
    return {
        column: check
        for check in old.of_kind(ConstraintKind.CHECK)
        if check.validated and check.enforced and check.name not in there
        for column in sorted(not_null_columns(check.expression or "") or ())
        if column in demanded
    }
