"""A partial index leaves out rows that cannot exist.

What it finds: an index whose predicate only says that columns are not null which are NOT NULL.

Why it hurts: the index holds every row, and is not used for a query that the planner cannot prove
the predicate of. It looks smaller than it is.

Bad:
    create table job (id bigint primary key, due timestamptz not null);
    create index job_due on job (due) where due is not null;

Good:
    create table job (id bigint primary key, due timestamptz not null);
    create index job_due on job (due);

Fix: build it without the predicate.

When to ignore: the column is about to take NULL.

Reference: PostgreSQL documentation, chapter Indexes, Partial Indexes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.mending import without_index
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote
from pgassay.drift.ddl.clauses import index_statement
from pgassay.rows.finding_rows import not_null_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the indexes whose predicate is always true."""
    for table, index in ground.indexes():
        if index.predicate is None or not index.valid:
            continue
        columns = not_null_columns(index.predicate)
        if not columns or index.constraint:
            continue
        if not all(ground.relations.not_null(table.column(name)) for name in columns):
            continue
        whole = replace(index, predicate=None)
        yield Problem(
            subject=Subject(object=str(table.name), part=index.name),
            found=f"{quote(index.name)} is where {index.predicate}, and that is always so",
            expected="an index without a predicate",
            fix=f"{without_index(table, index)}\n{index_statement(whole, table.name)}",
            evidence=(index.definition,),
        )
