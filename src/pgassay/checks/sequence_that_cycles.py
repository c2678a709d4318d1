"""A sequence behind a key begins anew when it ends.

What it finds: a sequence with CYCLE that fills a column which is a primary key or unique by itself.

Why it hurts: at its end it gives numbers that are taken. Inserts then fail one by one with
unique_violation (23505), here and there, instead of once and clearly.

Bad:
    create table event (id bigint generated always as identity (cycle) primary key);

Good:
    create table event (id bigint generated always as identity primary key);

Fix: no cycle.

When to ignore: rows are removed long before their numbers come again.

Reference: PostgreSQL documentation, CREATE SEQUENCE, CYCLE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.likeness import key_columns
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the sequences of keys that cycle."""
    for sequence in ground.catalog.sequences:
        table = ground.relations.by_name.get(sequence.owned_by) if sequence.owned_by else None
        if table is None or not sequence.cycle:
            continue
        alone = (sequence.owned_column,)
        if not any(index.unique and key_columns(index) == alone for index in table.indexes):
            continue
        yield Problem(
            subject=Subject(object=str(sequence.name)),
            found=f"{sequence.name} begins anew, and {quote(alone[0] or '')} of {table.name} is "
            "unique",
            expected="a sequence that ends",
            fix=f"alter sequence {sequence.name.sql} no cycle;",
        )
