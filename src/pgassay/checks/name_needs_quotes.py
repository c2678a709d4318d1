"""A table or a column can only be named in quotes.

What it finds: a table or a column whose name has capitals, blanks or other characters that an
identifier without quotes cannot have. Keywords are reserved_name's.

Why it hurts: every query by hand has to quote it; without quotes the name is another one, in small
letters.

Bad:
    create table "orderItem" (id bigint primary key);

Good:
    create table order_item (id bigint primary key);

Fix: a name in small letters and underscores. Rename the table first, then its columns; the
statements given for columns come once their table needs no quotes.

When to ignore: a tool makes the names and writes all SQL.

Reference: PostgreSQL documentation, chapter SQL Syntax, Identifiers and Key Words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import QualifiedName, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.INFO
PROFILE = Profile.ALL
_PLAIN = re.compile(r"[a-z_\u0080-\uffff][a-z0-9_$\u0080-\uffff]*")


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the names; those of columns where the table's own is right."""
    for table in ground.tables:
        sql = f"alter table {table.name.sql}"
        if not _PLAIN.fullmatch(table.name.name):
            new = _plain(table.name.name)
            if QualifiedName(table.name.schema, new) not in ground.relations.by_name:
                fix = f"{sql} rename to {quote(new)};"
                yield _problem(Subject(object=str(table.name)), f"the table {table.name}", fix)
            continue
        taken = {column.name for column in table.columns}
        for column in table.columns:
            new = _plain(column.name)
            if _PLAIN.fullmatch(column.name) or new in taken or column.inherited:
                continue
            taken.add(new)
            what = f"the column {quote(column.name)} of {table.name}"
            fix = f"{sql} rename column {quote(column.name)} to {quote(new)};"
            yield _problem(Subject(object=str(table.name), part=column.name), what, fix)


def _plain(name: str) -> str:
    """Return a name in small letters and underscores that reads alike."""
    parts = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    plain = re.sub(r"[^a-z0-9_\u0080-\uffff]+", "_", parts.lower()).strip("_")
    return plain if plain[:1].isalpha() else f"_{plain}"


def _problem(subject: Subject, what: str, fix: str) -> Problem:
    return Problem(
        subject=subject,
        found=f"{what} can only be named in quotes",
        expected="small letters, digits and underscores",
        fix=fix,
    )
