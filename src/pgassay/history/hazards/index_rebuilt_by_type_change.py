"""A change of a column's type builds its indexes again, under a lock.

Another collation, or a type with another order, leaves the table's rows alone and yet makes every
index on the column anew while ACCESS EXCLUSIVE is held: readers and writers wait for the build.

    alter table customers alter column city type varchar(50) collate "C";   -- under lock
    create index concurrently customers_city_c on customers (city collate "C");

Build the index that the new order needs beside the old one, change what asks for it, drop the old
one. Source: PostgreSQL, ALTER TABLE, Notes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.trace import LockMode
from pgassay.history.evidence import has, rewrites

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield indexes that were built anew although the table was not."""
    for statement in evidence.statements:
        if statement.tag != "ALTER TABLE":
            continue
        rebuilt = [
            (r.index_of, r.relation.name) for r in statement.rewrites if r.index_of is not None
        ]
        for build in statement.builds:
            table = evidence.old.get(build.table)
            if table is not None and build.index.name in {index.name for index in table.indexes}:
                rebuilt.append((build.table, build.index.name))
        for relation in dict.fromkeys(table for table, _ in rebuilt):
            if not evidence.busy(relation) or rewrites(statement, relation):
                continue
            if not has(statement, relation, LockMode.ACCESS_EXCLUSIVE):
                continue
            names = sorted(name for table, name in rebuilt if table == relation)
            yield evidence.finding(
                "index_rebuilt_by_type_change",
                statement,
                relation,
                f"{', '.join(names)}: built anew while readers and writers wait",
                expected="a new index beside the old one, built CONCURRENTLY",
                why="the change of a type or a collation is short, the build of its indexes is not",
                fix="create index concurrently with the new collation, switch to it, drop the old "
                "one",
                severity=evidence.severity(relation),
            )
