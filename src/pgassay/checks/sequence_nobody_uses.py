"""A sequence is left over.

What it finds: a sequence that no column owns and that no default, view or function of the database
names.

Why it hurts: it is what stays of a table that went, and is migrated and backed up for ever.

Bad:
    create sequence old_number;

Good:
    create table event (id bigint generated always as identity primary key);

Fix: drop it, once it is sure that no program takes numbers from it.

When to ignore: a program does.

Reference: PostgreSQL documentation, DROP SEQUENCE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.INFO
PROFILE = Profile.ALL


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the sequences that nothing names."""
    catalog = ground.catalog
    texts = [column.default for table in catalog.tables for column in table.columns]
    texts += [view.definition for view in catalog.views]
    texts += [function.definition for function in catalog.functions]
    everything = "\n".join(filter(None, texts))
    for sequence in catalog.sequences:
        if sequence.owned_by is None and sequence.name.name not in everything:
            yield Problem(
                subject=Subject(object=str(sequence.name)),
                found=f"nothing in the database names {sequence.name}",
                expected="a sequence that is used",
                fix=f"drop sequence {sequence.name.sql};",
            )
