"""A table is emptied by a crash.

What it finds: a table or a sequence that is UNLOGGED.

Why it hurts: after a crash or an immediate shutdown it is empty. It is on no standby and in no
backup taken from one.

Bad:
    create unlogged table basket (id bigint primary key);

Good:
    create table basket (id bigint primary key);

Fix: SET LOGGED, which writes all of it to WAL once.

When to ignore: losing the rows costs nothing, as of a cache.

Reference: PostgreSQL documentation, CREATE TABLE, UNLOGGED.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.catalog import Persistence
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT


def find(ground: Ground) -> Iterator[Problem]:
    """Yield what is not logged; the sequence of a table goes with it."""
    for table in ground.catalog.tables:
        if table.persistence is Persistence.UNLOGGED:
            yield Problem(
                subject=Subject(object=str(table.name)),
                found=f"the table {table.name} is UNLOGGED",
                expected="a table that outlives a crash",
                fix=f"alter table {table.name.sql} set logged;",
            )
    for sequence in ground.catalog.sequences:
        if sequence.persistence is Persistence.UNLOGGED and sequence.owned_by is None:
            yield Problem(
                subject=Subject(object=str(sequence.name)),
                found=f"the sequence {sequence.name} is UNLOGGED",
                expected="a sequence that outlives a crash",
                fix=f"alter sequence {sequence.name.sql} set logged;",
            )
