"""An index is there and is not used, because it is invalid.

What it finds: an index of a table or a partition that is not valid or not ready: what a CREATE
INDEX CONCURRENTLY leaves that failed. Those of partitioned tables are
partitioned_index_incomplete's.

Why it hurts: every write keeps it up, no query may use it, and a unique one that is invalid does
not keep what it promises.

Bad:
    create table item (code text);
    create index item_code on item (code);
    -- what a build leaves that broke off
    update pg_catalog.pg_index set indisvalid = false
    where indexrelid = 'item_code'::pg_catalog.regclass;

Good:
    create table item (code text);
    create index item_code on item (code);

Fix: build it anew; where rows that repeat were in the way of a unique one, mend them first.

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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the indexes that are not valid, those of partitions as well."""
    for table in ground.catalog.tables:
        for index in table.indexes:
            if index.valid or table.kind is TableKind.PARTITIONED:
                continue
            name = QualifiedName(table.name.schema, index.name).sql
            yield Problem(
                subject=Subject(object=str(table.name), part=index.name),
                found=f"the index {quote(index.name)} of {table.name} is not valid",
                expected="an index that queries may use, or none",
                fix=f"reindex index concurrently {name};",
                evidence=(index.definition,),
            )
