"""A foreign key's column is of another type than the one it refers to.

What it finds: a column of a foreign key whose type, domains taken away, is not that of the column
it refers to, or that is too short or too narrow for its values. A wider integer is no matter, and
text and varchar are one type here, unless one has a length.

Why it hurts: values that the other table can hold cannot be referred to: integer refers to bigint
until number 2,147,483,648, then every insert fails (22003). Comparing across types can also keep an
index from being used.

Bad:
    create table account (id bigint primary key);
    create table invoice (id bigint primary key, account_id integer references account);
    create index on invoice (account_id);

Good:
    create table account (id bigint primary key);
    create table invoice (id bigint primary key, account_id bigint references account);
    create index on invoice (account_id);

Fix: give the column the type of the one it refers to. On a big table this rewrites it under an
ACCESS EXCLUSIVE lock: add a column of the right type and move over instead.

When to ignore: the values of the other table are sure to fit, for instance in a list of codes.

Reference: PostgreSQL documentation, chapter Constraints, Foreign Keys.
"""

from __future__ import annotations

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
    from pgassay.core.catalog import Column

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.RECOMMENDED
_WORDS = frozenset({"text", "varchar"})
_WIDTHS = {"int2": 2, "int4": 4, "int8": 8}


def find(ground: Ground) -> Iterator[Problem]:
    """Yield each column of a foreign key that is of another type."""
    for table, key in ground.relations.foreign_keys:
        assert key.references is not None
        other = ground.relations.by_name.get(key.references)
        if other is None:
            continue
        for name, referenced in zip(key.columns, key.referenced_columns, strict=True):
            here, there = table.column(name), other.column(referenced)
            if _holds(here, there):
                continue
            yield Problem(
                subject=Subject(object=str(table.name), part=key.name),
                found=f"{quote(name)} of {table.name} is {here.type.sql}, and {quote(referenced)} "
                f"of {other.name} is {there.type.sql}",
                expected=f"{quote(name)} as {there.type.sql}",
                fix=altered(table, name, f"type {there.type.sql}"),
                discriminator=name if len(key.columns) > 1 else "",
            )


def _holds(here: Column, there: Column) -> bool:
    """Whether a column can hold every value of the other and is compared as it is."""
    one, other = here.type, there.type
    if one.base in _WIDTHS and other.base in _WIDTHS:
        return _WIDTHS[one.base] >= _WIDTHS[other.base]
    if one.base != other.base and not {one.base, other.base} <= _WORDS:
        return False
    if one.length is not None and (other.length is None or one.length < other.length):
        return False
    if one.precision is not None and one.base == "numeric":
        whole = one.precision - (one.scale or 0)
        wanted = None if other.precision is None else other.precision - (other.scale or 0)
        return wanted is not None and whole >= wanted and (one.scale or 0) >= (other.scale or 0)
    return True
