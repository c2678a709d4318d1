"""Replication cannot tell the rows of a table apart any more.

Logical replication finds the row of an UPDATE or DELETE by the primary key. Without one, and with
the default REPLICA IDENTITY, or with NOTHING, both fail on a table that is published.

    alter table diary drop constraint diary_pkey;
    alter table diary replica identity using index …;      -- first

Source: PostgreSQL, ALTER TABLE, REPLICA IDENTITY; Logical Replication (29.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Table
    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a table that has lost its primary key, or what stood for it."""
    for old, new in evidence.kept():
        if new.replica_identity == "NOTHING" != old.replica_identity:
            yield _nothing(evidence, new)
        if old.primary_key is None or new.primary_key is not None or new.replica_identity:
            continue
        lost = old.primary_key.name
        statement = next((s for s in evidence.statements if lost in " ".join(s.objects)), None)
        yield evidence.finding(
            "replica_identity_lost",
            statement,
            new.name,
            "the table has no primary key any more",
            part=lost,
            found="the primary key was dropped, and REPLICA IDENTITY is the default",
            expected="another unique index as REPLICA IDENTITY, or a primary key",
            why="UPDATE and DELETE of a published table fail without one",
            fix=f"alter table {new.name.sql} replica identity full;",
        )


def _nothing(evidence: Evidence, table: Table) -> Finding:
    told = f"table {table.name.sql}"
    statement = next((s for s in evidence.statements if told in s.objects), None)
    return evidence.finding(
        "replica_identity_lost",
        statement,
        table.name,
        "REPLICA IDENTITY is NOTHING",
        found="no column of a row that is changed or deleted is logged",
        expected="the primary key, another unique index, or FULL",
        why="UPDATE and DELETE of a published table fail without one",
        fix=f"alter table {table.name.sql} replica identity default;",
    )
