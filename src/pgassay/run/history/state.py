"""What a database is at one moment of a history: its catalog and the number of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgassay.core.catalog import TableKind
from pgassay.drift.compare import compare, differences
from pgassay.drift.exact import exact_differences
from pgassay.drift.policy import DriftPolicy
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.catalog.fixpoint import ServerFixpoint

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import psycopg

    from pgassay.core.catalog import Catalog
    from pgassay.core.names import QualifiedName

# A declared book need not be Alembic's.
_IS_VERSION_TABLE = (
    "select from pg_catalog.pg_attribute a where a.attname = 'version_num'"
    " and a.attrelid = pg_catalog.to_regclass(%s)"
)
_HOLDING = frozenset({TableKind.ORDINARY, TableKind.PARTITIONED})


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A database at one moment.

    Args:
        catalog: what it is, tools' own tables aside.
        rows: how many rows each table has; a partition's count with its root.
        versions: the ids in the version table.
    """

    catalog: Catalog
    rows: Mapping[QualifiedName, int]
    versions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """How a state differs from the one that it should be.

    Args:
        lines: every difference in words; none where the two are equal.
        repairs: statements that would make one of the other, where they can be derived.
    """

    lines: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.lines)


NO_GAP = Gap()


def read_state(connection: psycopg.Connection[Any], books: Collection[QualifiedName]) -> State:
    """Read the state of a database; `books` are the version tables."""
    catalog = read_catalog(connection, exclude=books)
    names = [t.name for t in catalog.tables if t.kind in _HOLDING and t.partition is None]
    counts = [f"(select pg_catalog.count(*) from {name.sql})" for name in names]
    row: tuple[Any, ...] = ()
    if counts:
        row = connection.execute(f"select {', '.join(counts)}".encode()).fetchone() or ()
    return State(
        catalog=catalog,
        rows=dict(zip(names, row, strict=True)),
        versions=_versions(connection, books),
    )


def gap(
    promised: State,
    found: State,
    connection: psycopg.Connection[Any],
    *,
    promised_by: str,
    built_by: str,
) -> Gap:
    """Return what differs, the texts of expressions brought to a fixed point on a connection.

    Args:
        promised: what ought to be.
        found: what is there.
        connection: to the database that was found.
        promised_by: where the promise comes from, as a noun that `the` goes before.
        built_by: what built the other, likewise.
    """
    exact = exact_differences(promised.catalog, found.catalog)
    fixpoint, policy = ServerFixpoint(connection), DriftPolicy()
    if exact and all(one.textual for one in exact):
        drifted = differences(promised.catalog, found.catalog, fixpoint=fixpoint, policy=policy)
        exact = exact if drifted else ()
    lines = [str(one) for one in exact]
    for name, count in promised.rows.items():
        there = found.rows.get(name)
        if there is not None and there != count:
            lines.append(f"table {name} had {count:,} rows, and has {there:,}")
    repairs: tuple[str, ...] = ()
    if exact:
        findings = compare(
            promised.catalog,
            found.catalog,
            fixpoint=fixpoint,
            promised_by=promised_by,
            built_by=built_by,
            policy=policy,
        )
        repairs = tuple(dict.fromkeys(one.fix for one in findings if one.fix))
    return Gap(lines=tuple(lines), repairs=repairs)


def _versions(
    connection: psycopg.Connection[Any], books: Collection[QualifiedName]
) -> tuple[str, ...]:
    held: set[str] = set()
    for name in books:
        if connection.execute(_IS_VERSION_TABLE, [name.sql]).fetchone():
            query = f"select version_num from {name.sql}"
            held.update(str(row[0]) for row in connection.execute(query.encode()))
    return tuple(sorted(held))
