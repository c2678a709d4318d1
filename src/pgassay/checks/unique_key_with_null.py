"""A unique key of several columns does not hold where one of them is NULL.

What it finds: a unique index or constraint of two or more columns with NULLS DISTINCT and without a
predicate, at least one of whose columns takes NULL and at least one of which does not.

Why it hurts: rows with NULL in one of the columns may repeat in all others. Often that is not what
was meant: one default address for each customer, and any number for none.

Bad:
    create table price (item bigint not null, region text, amount numeric, unique (item, region));

Good:
    create table price (
        item bigint not null, region text, amount numeric,
        unique nulls not distinct (item, region)
    );

Fix: NULLS NOT DISTINCT, or NOT NULL.

When to ignore: NULL means unknown here, and unknown ones may repeat.

Reference: PostgreSQL documentation, CREATE TABLE, UNIQUE.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.likeness import is_referred_to, key_columns
from pgassay.checks.mending import without_index
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote, quote_all
from pgassay.drift.ddl.clauses import index_statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.ALL


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the keys that NULL escapes."""
    for table, index in ground.indexes():
        columns = key_columns(index)
        if not index.unique or index.nulls_not_distinct or index.predicate or columns is None:
            continue
        open_ = [n for n in columns if not ground.relations.not_null(table.column(n))]
        if not open_ or len(open_) == len(columns) or is_referred_to(ground, table, columns):
            continue
        if index.constraint:
            fix = (
                f"alter table {table.name.sql} drop constraint {quote(index.constraint)}, add "
                f"constraint {quote(index.constraint)} unique nulls not distinct "
                f"({quote_all(columns)});"
            )
        else:
            changed = replace(index, nulls_not_distinct=True)
            fix = f"{without_index(table, index)}\n{index_statement(changed, table.name)}"
        yield Problem(
            subject=Subject(object=str(table.name), part=index.name),
            found=f"{quote(index.name)} does not hold where {quote_all(tuple(open_))} is NULL",
            expected="a key that holds for every row",
            fix=fix,
            evidence=(index.definition,),
        )
