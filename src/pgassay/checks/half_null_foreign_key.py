"""A foreign key of several columns lets a half-filled reference pass.

What it finds: a foreign key with two or more columns that take NULL and without MATCH FULL, where
no CHECK speaks of them together.

Why it hurts: with MATCH SIMPLE, a reference with one NULL in it is not checked at all: the other
columns may name a row that does not exist.

Bad:
    create table place (country text, city text, primary key (country, city));
    create table shop (
        country text, city text,
        foreign key (country, city) references place
    );
    create index on shop (country, city);

Good:
    create table place (country text, city text, primary key (country, city));
    create table shop (
        country text, city text,
        foreign key (country, city) references place match full
    );
    create index on shop (country, city);

Fix: a CHECK that the columns are NULL together or not at all, or MATCH FULL where all of them take
NULL.

When to ignore: a half-filled reference means something here, for instance a country without a city.

Reference: PostgreSQL documentation, CREATE TABLE, REFERENCES, MATCH.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.catalog import ConstraintKind, Match
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote, quote_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the references that may be half filled."""
    for table, key in ground.relations.foreign_keys:
        open_ = [n for n in key.columns if not ground.relations.not_null(table.column(n))]
        if len(open_) < 2 or key.match is Match.FULL or not key.enforced:  # noqa: PLR2004 - a pair
            continue
        checks = table.of_kind(ConstraintKind.CHECK)
        if any(set(open_) <= set(check.columns) for check in checks):
            continue
        names = quote_all(tuple(open_))
        yield Problem(
            subject=Subject(object=str(table.name), part=key.name),
            found=f"one of {names} may be NULL while the other refers to nothing",
            expected=f"{names} NULL together or not at all",
            fix=f"alter table {table.name.sql} add check "
            f"(num_nulls({names}) in (0, {len(open_)}));",
            evidence=(f"{quote(key.name)} {key.definition}",),
        )
