"""A key column has another type than columns of its name elsewhere.

What it finds: a column whose name ends in `_id` or `Id` and whose type is not that of most columns
of the same name in the other tables of its schema, where three or more have it.

Why it hurts: such columns are joined. Across types the join casts every row or fails, and values of
one do not fit into the other.

Bad:
    create table a (id bigint primary key, tenant_id bigint);
    create table b (id bigint primary key, tenant_id bigint);
    create table c (id bigint primary key, tenant_id integer);

Good:
    create table a (id bigint primary key, tenant_id bigint);
    create table b (id bigint primary key, tenant_id bigint);
    create table c (id bigint primary key, tenant_id bigint);

Fix: the type of the others.

When to ignore: the name means another thing here.

Reference: PostgreSQL documentation, chapter Type Conversion, Operators.
"""

from __future__ import annotations

from collections import Counter
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
    from pgassay.core.catalog import Column, Table

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT
_MOST = 3


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the columns that are of another type than most of their name."""
    named: dict[tuple[str, str], list[tuple[Table, Column]]] = {}
    for table, column in ground.columns():
        if column.name.endswith(("_id", "Id")) and not column.type.array:
            named.setdefault((table.name.schema, column.name), []).append((table, column))
    for (_, name), places in named.items():
        counted = Counter(column.type.base for _, column in places)
        base, number = counted.most_common(1)[0]
        if len(places) < _MOST or number * 2 <= len(places):
            continue
        usual = next(column.type.sql for _, column in places if column.type.base == base)
        for table, column in places:
            if column.type.base == base:
                continue
            yield Problem(
                subject=Subject(object=str(table.name), part=name),
                found=f"{quote(name)} of {table.name} is {column.type.sql}; {number} of "
                f"{len(places)} columns of that name are {usual}",
                expected=usual,
                fix=altered(table, name, f"type {usual} using {quote(name)}::{usual}"),
            )
