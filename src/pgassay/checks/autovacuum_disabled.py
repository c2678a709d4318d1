"""Autovacuum is switched off for a table.

What it finds: a table, or its TOAST table, with autovacuum_enabled set to false.

Why it hurts: dead rows stay, statistics grow old and plans with them. In the end the server vacuums
the table all the same, to prevent wraparound, at a time that nobody chose.

Bad:
    create table queue (id bigint primary key) with (autovacuum_enabled = false);

Good:
    create table queue (id bigint primary key)
        with (autovacuum_vacuum_scale_factor = 0.01);

Fix: let it run; where it comes too often or too late, set its thresholds.

When to ignore: a job vacuums and analyzes the table itself.

Reference: PostgreSQL documentation, CREATE TABLE, Storage Parameters; Routine Vacuuming.
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
SEVERITY = Severity.WARNING
PROFILE = Profile.RECOMMENDED
_OFF = frozenset({"false", "off", "no", "0", "f", "n", "of", "fa", "fal", "fals"})


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the tables, partitions and materialised views that are left alone."""
    for table in ground.catalog.tables:
        for option in table.options:
            name, _, value = option.partition("=")
            if name.removeprefix("toast.") != "autovacuum_enabled" or value.lower() not in _OFF:
                continue
            yield Problem(
                subject=Subject(object=str(table.name)),
                found=f"{table.name} has {option}",
                expected="autovacuum, with other thresholds where needed",
                fix=f"alter table {table.name.sql} reset ({name});",
                discriminator="" if name == "autovacuum_enabled" else "toast",
            )
