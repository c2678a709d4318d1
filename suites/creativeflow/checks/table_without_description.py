"""A table does not say what its rows are.

What it finds: a table without a comment, partitions aside.

Why it hurts: who finds the table in a dump or a diagram has to ask what it is for.

Bad:
    create table baskets (id bigint primary key);

Good:
    create table baskets (id bigint primary key);
    comment on table baskets is 'What a visitor wants to buy, until it is paid.';

Fix: a comment. The statement given only says that it is missing; write what the rows are.

When to ignore: never.

Reference: docs/creativeflow-decisions.md, Columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks import Ground, Need, Problem, Profile, Severity, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    for table in ground.tables:
        if not table.comment:
            yield Problem(
                subject=Subject(object=str(table.name)),
                found=f"{table.name} has no comment",
                expected="a sentence that says what a row is",
                fix=f"comment on table {table.name.sql} is 'to be described';",
            )
