"""A default is the word NULL and not NULL.

What it finds: a column of text whose default is the text null, NULL, None or undefined, as some
language writes nothing; `none` in small letters may be a word like others.

Why it hurts: somebody meant nothing and every new row says 'null'. It is found by no IS NULL and
passes every NOT NULL.

Bad:
    create table account (nickname text default 'NULL');

Good:
    create table account (nickname text);

Fix: drop the default; give the rows that hold the word what was meant.

When to ignore: the word is one of the column's values, as the name of a programming language's
constant is.

Reference: PostgreSQL documentation, chapter Data Definition, Default Values.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.mending import altered
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
_WORDS = re.compile(
    r"'(?:null|NULL|Null|None|undefined)'::(?:text|character varying|bpchar)(?:\(\d+\))?"
)


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the defaults that say so."""
    for table, column in ground.columns():
        if column.default is None or not _WORDS.fullmatch(column.default):
            continue
        yield Problem(
            subject=Subject(object=str(table.name), part=column.name),
            found=f"{quote(column.name)} of {table.name} has the default {column.default}",
            expected="no default, which is NULL",
            fix=altered(table, column.name, "drop default"),
        )
