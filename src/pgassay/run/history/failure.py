"""A failure in the middle: it leaves the database as it was, or what a second run finishes.

The revision is run on a copy, and made to fail at its last statement, where it has done the most:
the one that would have written its version. PostgreSQL takes back a transaction with all its DDL;
what an autocommit block did (`CREATE INDEX CONCURRENTLY`, `ALTER TYPE … ADD VALUE`) stays. That
something stays is said. That the revision then does not run a second time, or leads elsewhere, is
a finding: whoever is on call has to mend the database by hand.

Let each revision have a transaction of its own (`transaction_per_migration=True`), keep statements
that run outside of one apart from others, and let them be run again: `DROP INDEX CONCURRENTLY IF
EXISTS` before `CREATE INDEX CONCURRENTLY`, `ADD VALUE IF NOT EXISTS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.case import Subject
from pgassay.core.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.run.history.walk import Note

KIND = "history_failure"
TITLE = "a failure leaves nothing, or what a second run finishes"


def judge(note: Note) -> Iterator[Finding]:
    """Yield what a failure leaves, and whether a second run finishes the job."""
    subject = Subject(object=note.revision.id)
    left = "\n".join(note.left.lines) or "nothing that the catalog shows"
    if note.unfinished:
        yield Finding(
            slug=KIND,
            subject=subject,
            title="after a failure a second run does not finish the job",
            found=f"{note.unfinished}\nthe failed attempt had left: {left}",
            expected="what an undisturbed upgrade makes",
            why="whoever is on call has to mend the database by hand",
            fix="let every statement outside a transaction be run again: IF NOT EXISTS, or DROP … "
            "IF EXISTS before it",
            evidence=_outside(note),
            source=note.revision.path,
            discriminator="second run",
        )
    elif note.left:
        yield Finding(
            slug=KIND,
            subject=subject,
            title="a failure leaves something behind, which a second run finishes",
            found=left,
            expected="known to whoever runs it: not all of it is one transaction",
            severity=Severity.INFO,
            evidence=_outside(note),
            source=note.revision.path,
            discriminator="left",
        )


def _outside(note: Note) -> tuple[str, ...]:
    run = (one for one in note.statements if one.alone and not one.sql.startswith("--"))
    alone = [" ".join(one.sql.split()) for one in run]
    return ("-- outside a transaction:", *(f"{sql};" for sql in alone)) if alone else ()
