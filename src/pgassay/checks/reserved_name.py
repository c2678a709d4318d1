"""A table or a column is called by a reserved word.

What it finds: a table, view or column whose name in lower case is a reserved keyword of PostgreSQL,
such as user, order, end or desc.

Why it hurts: it has to be quoted everywhere for ever, and where somebody forgets, there is not
always an error: `select user` is the name of the session's role.

Bad:
    create table "user" (id bigint primary key);

Good:
    create table users (id bigint primary key);

Fix: another name. The statement given appends an underscore.

When to ignore: a tool writes all SQL, and quotes.

Reference: PostgreSQL documentation, appendix C, SQL Key Words.
"""

from __future__ import annotations

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
PROFILE = Profile.STRICT
# catcode R and T of pg_get_keywords(), 16 to 18.
_WORDS = frozenset(
    """
    all analyse analyze and any array as asc asymmetric authorization binary both case cast check
    collate collation column concurrently constraint create cross current_catalog current_date
    current_role current_schema current_time current_timestamp current_user default deferrable desc
    distinct do else end except false fetch for foreign freeze from full grant group having ilike in
    initially inner intersect into is isnull join lateral leading left like limit localtime
    localtimestamp natural not notnull null offset on only or order outer overlaps placing primary
    references returning right select session_user similar some symmetric system_user table
    tablesample then to trailing true union unique user using variadic verbose when where window
    with
    """.split()  # noqa: SIM905 - a list of words reads better as words
)


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the names that are words of the language; a table's columns wait for its own name."""
    for table in ground.tables:
        sql = f"alter table {table.name.sql}"
        if table.name.name in _WORDS:
            fix = f"{sql} rename to {quote(table.name.name + '_')};"
            yield _problem(Subject(object=str(table.name)), f"the table {table.name}", fix)
            continue
        for column in table.columns:
            if column.name in _WORDS:
                name = quote(column.name)
                fix = f"{sql} rename column {name} to {quote(column.name + '_')};"
                subject = Subject(object=str(table.name), part=column.name)
                yield _problem(subject, f"the column {name} of {table.name}", fix)


def _problem(subject: Subject, what: str, fix: str) -> Problem:
    return Problem(
        subject=subject,
        found=f"{what} is called by a reserved word",
        expected="a name that needs no quotes",
        fix=fix,
    )
