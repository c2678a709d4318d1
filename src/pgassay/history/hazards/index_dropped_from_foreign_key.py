"""An index is dropped that a foreign key is looked up by.

For each row of the other table that is deleted, or whose key changes, the server asks for the rows
that refer to it. The index answered that; from now on the whole table is read, once for each such
row, while the row that is deleted stays locked. CONCURRENTLY changes nothing about it.

    drop index concurrently items_order_id_idx;              -- the only one that begins so
    create index concurrently … on items (order_id, sku);    -- first, where it takes its place

Silent where another index does the same, and where the foreign key goes too. Whether a hot query
needed the index is told by its plans: `pgassay migration --part plans`. Source: PostgreSQL,
Constraints, Foreign Keys (5.5.5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.names import quote_all
from pgassay.history.safe_way import Step
from pgassay.rows.finding_rows import finds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Constraint, Table
    from pgassay.core.finding import Finding
    from pgassay.core.trace import StatementTrace
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a foreign key that an index served before, and that none serves now."""
    for old, new in evidence.kept():
        if not evidence.busy(old.name):
            continue
        before = {key.name: key for key in old.foreign_keys}
        for key in new.foreign_keys:
            was = before.get(key.name)
            asks = key.enforced and not key.inherited and not key.without_overlaps
            if was is None or not asks or finds(evidence.after, new, key):
                continue
            if not finds(evidence.before, old, was):
                continue
            statement = _dropping(evidence, old, new)
            columns = quote_all(key.columns)
            yield evidence.finding(
                "index_dropped_from_foreign_key",
                statement,
                new.name,
                f"no index begins with ({columns}) any more",
                part=key.name,
                found=_found(old, new, key),
                expected="another index that begins with these columns, made before",
                why=f"each DELETE from {key.references} reads all of {new.name} "
                f"({evidence.rows(old.name):,} rows) while its row stays locked",
                way=_way(new, columns),
            )


def _way(table: Table, columns: str) -> tuple[Step, ...]:
    """Return how such an index is made; on a partitioned table CONCURRENTLY is refused."""
    if table.partition_key is None:
        sql = f"CREATE INDEX CONCURRENTLY ON {table.name.sql} ({columns})"
        return (Step(sql=sql, alone=True),)
    return (
        Step(sql=f"CREATE INDEX … ON ONLY {table.name.sql} ({columns})", locks=True),
        Step(sql=f"CREATE INDEX CONCURRENTLY … ON … ({columns})", alone=True),
        Step(sql="ALTER INDEX … ATTACH PARTITION …", locks=True),
    )


def _gone(old: Table, new: Table) -> list[str]:
    there = {index.name for index in new.indexes}
    return [index.name for index in old.indexes if index.name not in there]


def _found(old: Table, new: Table, key: Constraint) -> str:
    gone = {index.name: index.definition for index in old.indexes}
    told = "; ".join(gone[name] for name in _gone(old, new))
    return f"{told or 'an index'} is gone, {key.name} {key.definition} is still there"


def _dropping(evidence: Evidence, old: Table, new: Table) -> StatementTrace | None:
    """Return the statement that dropped one of the indexes that are gone."""
    gone = _gone(old, new)
    return next(
        (
            statement
            for statement in evidence.statements
            if any(name in one for name in gone for one in statement.objects)
            or any(name in statement.text for name in gone)
        ),
        None,
    )
