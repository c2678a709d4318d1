"""A table lacks a column that the team wants everywhere.

What it finds: a table without one of the columns of the option `columns`, each written as ADD
COLUMN takes it (`created_at timestamptz not null default now()`). Without the option it finds
nothing.

Why it hurts: a team that has agreed on such columns relies on them in jobs, exports and triggers.

Bad:
    create table author (id bigint primary key);

Good:
    create table author (id bigint primary key, created_at timestamptz not null default now());

Fix: add it.

When to ignore: the table joins two others and has no life of its own.

Reference: PostgreSQL documentation, ALTER TABLE, ADD COLUMN.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.ALL
OPTIONS: dict[str, tuple[str, ...]] = {"columns": ()}
_NAME = re.compile(r'\s*(?:"(?P<quoted>(?:[^"]|"")+)"|(?P<plain>[\w$]+))')


def find(ground: Ground) -> Iterator[Problem]:
    """Yield what is missing where."""
    for text in ground.options["columns"]:
        match = _NAME.match(text)
        if match is None:
            continue
        quoted = match["quoted"]
        name = quoted.replace('""', '"') if quoted else match["plain"].lower()
        for table in ground.tables:
            if any(column.name == name for column in table.columns):
                continue
            yield Problem(
                subject=Subject(object=str(table.name), part=name),
                found=f"{table.name} has no column {quote(name)}",
                expected=text.strip(),
                fix=f"alter table {table.name.sql} add column {text.strip()};",
            )
