"""Tables as a whole: gone, renamed, how they are stored and replicated, rules, statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import Catalog, Persistence, Table
from pgassay.core.names import QualifiedName, literal, quote
from pgassay.faults.fault import Fault, planted

if TYPE_CHECKING:
    from collections.abc import Iterator


def faults(catalog: Catalog) -> Iterator[Fault]:
    """Yield what can be wrong with each table as a whole, and a table too many."""
    for table in catalog.tables:
        yield from _existence(table)
        yield from _storage(table)
        yield from _surroundings(table)
    for schema in catalog.schemas:
        name = QualifiedName(schema.name, "pgassay_added")
        yield planted(
            "table-added", name, None, f"CREATE TABLE {name.sql} (id integer PRIMARY KEY)",
            explained="no promised statement names it",
        )  # fmt: skip


def _existence(table: Table) -> Iterator[Fault]:
    name = table.name.sql
    if table.partition is None:  # a partition's are among the faults of partitions
        yield planted("table-dropped", table.name, None, f"DROP TABLE {name} CASCADE")
    yield planted(
        "table-renamed", table.name, None, f"ALTER TABLE {name} RENAME TO pgassay_other",
        explained="rows find it by its bound" if table.partition else "",
    )  # fmt: skip
    comment = literal((table.comment or "") + " other")
    yield planted(
        "table-comment", table.name, None, f"COMMENT ON TABLE {name} IS {comment}",
        explained="a comment",
    )  # fmt: skip


def _storage(table: Table) -> Iterator[Fault]:
    alter = f"ALTER TABLE {table.name.sql}"
    logged = "UNLOGGED" if table.persistence is Persistence.PERMANENT else "LOGGED"
    identity = "FULL" if table.replica_identity != "FULL" else "DEFAULT"
    nothing = "NOTHING" if table.replica_identity != "NOTHING" else "DEFAULT"
    for operator, change, why in (
        ("table-logged", f"SET {logged}", "what is left after a crash, not what a statement does"),
        ("table-option", "SET (fillfactor = 71)", "storage"),
        ("table-option", "SET (autovacuum_enabled = false)", "storage"),
        ("table-option", "SET (toast_tuple_target = 4000)", "storage"),
        ("replica-identity", f"REPLICA IDENTITY {identity}", "what is written for replicas"),
        ("replica-identity", f"REPLICA IDENTITY {nothing}", "what is written for replicas"),
    ):
        yield planted(
            operator, table.name, None, f"{alter} {change}", change=change.lower(), explained=why
        )


def _surroundings(table: Table) -> Iterator[Fault]:
    name = table.name.sql
    for event in ("INSERT", "UPDATE", "DELETE"):
        yield planted(
            "rule-added", table.name, "pgassay_added",
            f"CREATE RULE pgassay_added AS ON {event} TO {name} DO INSTEAD NOTHING", change=event,
            explained="statements name the parent, and so does what rewrites them"
            if table.partition else "",
        )  # fmt: skip
    for rule in table.rules:
        on = f"RULE {quote(rule.name)} ON {name}"
        yield planted("rule-dropped", table.name, rule.name, f"DROP {on}")
    for statistics in table.statistics:
        yield planted(
            "statistics-dropped", table.name, statistics.name.name,
            f"DROP STATISTICS {statistics.name.sql}", explained="plans only",
        )  # fmt: skip
    if len(table.columns) > 1:
        columns = ", ".join(quote(c.name) for c in table.columns[:2])
        yield planted(
            "statistics-added", table.name, "pgassay_added",
            f"CREATE STATISTICS pgassay_added ON {columns} FROM {name}", explained="plans only",
        )  # fmt: skip
    if table.partition_key is None and table.partition is None:
        child = QualifiedName(table.name.schema, "pgassay_child").sql
        yield planted(
            "child-added", table.name, None, f"CREATE TABLE {child} () INHERITS ({name})",
            explained="a child without rows adds none",
        )  # fmt: skip
