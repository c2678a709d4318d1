"""An index is there and is not used, because it is invalid.

What it finds: an index that is not valid or not ready: what a CREATE INDEX CONCURRENTLY leaves that
failed, or the index of a partitioned table to which some partition has nothing attached.

Why it hurts: every write keeps it up, no query may use it, and a unique one that is invalid does
not keep what it promises.

Bad:
    create table reading (taken timestamptz not null, value float8) partition by range (taken);
    create table reading_2026 partition of reading
        for values from ('2026-01-01') to ('2027-01-01');
    create index reading_taken on only reading (taken);

Good:
    create table reading (taken timestamptz not null, value float8) partition by range (taken);
    create table reading_2026 partition of reading
        for values from ('2026-01-01') to ('2027-01-01');
    create index reading_taken on reading (taken);

Fix: build it anew. On a partitioned table in use, build one concurrently on each partition and
attach it instead; the statements given lock each partition against writes while its index is built.

When to ignore: it is being built right now.

Reference: PostgreSQL documentation, CREATE INDEX, Building Indexes Concurrently; REINDEX.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.catalog import TableKind
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import QualifiedName, quote
from pgassay.drift.ddl.clauses import index_statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Index, Table

NEED = Need.CATALOG
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the indexes that are not valid, those of partitions and materialised views as well."""
    for table in ground.catalog.tables:
        for index in table.indexes:
            if not index.valid:
                yield _problem(table, index)


def _problem(table: Table, index: Index) -> Problem:
    name = QualifiedName(table.name.schema, index.name).sql
    if table.kind is not TableKind.PARTITIONED:
        fix = f"reindex index concurrently {name};"
    elif index.constraint is not None:
        fix = f"alter table {table.name.sql} drop constraint {quote(index.constraint)};"
    else:
        fix = f"drop index {name};\n{index_statement(index, table.name)}"
    return Problem(
        subject=Subject(object=str(table.name), part=index.name),
        found=f"the index {quote(index.name)} of {table.name} is not valid",
        expected="an index that queries may use, or none",
        fix=fix,
        evidence=(index.definition,),
    )
