"""The entry: one snapshot, one pipeline, a fixed number of queries for the whole database.

All of it happens in a transaction (or the caller's, under a savepoint) that is rolled back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from pgassay.core.catalog import Catalog
from pgassay.core.errors import MachineError
from pgassay.postgres.catalog import (
    columns,
    constraints,
    functions,
    indexes,
    privileges,
    schemas,
    scope,
    sequences,
    tables,
    triggers,
    types,
    views,
)
from pgassay.postgres.catalog.settings import undone

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import psycopg

    from pgassay.core.catalog import Column
    from pgassay.core.names import QualifiedName
    from pgassay.postgres.catalog.scope import Row

OLDEST = 16

_SNAPSHOT = "set transaction isolation level repeatable read, read only"


def queries(major: int) -> dict[str, str]:
    """Return every query of a read by name."""
    return {
        "relations": scope.RELATIONS,
        "inheritance": scope.INHERITANCE,
        "collations": scope.COLLATIONS,
        "comments": scope.COMMENTS,
        "privileges": privileges.PRIVILEGES,
        "default privileges": privileges.DEFAULT_PRIVILEGES,
        "schemas": schemas.SCHEMAS,
        "extensions": schemas.EXTENSIONS,
        "types": types.TYPES,
        "enums": types.ENUMS,
        "domains": types.DOMAINS,
        "composites": types.COMPOSITES,
        "ranges": types.RANGES,
        "columns": columns.COLUMNS,
        "constraints": constraints.query(major),
        "indexes": indexes.INDEXES,
        "key options": indexes.KEY_OPTIONS,
        "operator classes": indexes.OPERATOR_CLASSES,
        "triggers": triggers.TRIGGERS,
        "rules": triggers.RULES,
        "policies": triggers.POLICIES,
        "statistics": views.STATISTICS,
        "partition keys": tables.PARTITION_KEYS,
        "tables": tables.TABLES,
        "views": views.VIEWS,
        "sequences": sequences.SEQUENCES,
        "functions": functions.FUNCTIONS,
        "aggregates": functions.AGGREGATES,
        "event triggers": functions.EVENT_TRIGGERS,
    }


def read_catalog(
    connection: psycopg.Connection[Any], *, exclude: Collection[QualifiedName] = ()
) -> Catalog:
    """Return what the database is, all of it of one moment.

    Outside a transaction it reads in a REPEATABLE READ, READ ONLY one of its own; inside one it
    sees what the caller sees, changes that are not committed included, and leaves no trace.

    Args:
        connection: an idle connection; its row factory and autocommit do not matter.
        exclude: tables to leave out, with their sequences: the bookkeeping of migration tools.

    Raises MachineError for a server older than PostgreSQL 16.
    """
    major = connection.info.server_version // 10000
    if major < OLDEST:
        raise MachineError(
            f"the server is PostgreSQL {major}",
            expected=f"PostgreSQL {OLDEST} or newer",
            fix="use a newer server",
        )
    return _assemble(_fetch(connection, major), major, frozenset(exclude))


def _fetch(connection: psycopg.Connection[Any], major: int) -> dict[str, list[Row]]:
    asked = queries(major)
    alone = connection.info.transaction_status is TransactionStatus.IDLE
    with undone(connection, first=_SNAPSHOT if alone else None):
        with connection.pipeline():
            cursors = {
                name: connection.cursor(row_factory=tuple_row).execute(query)
                for name, query in asked.items()
            }
        return {name: cursor.fetchall() for name, cursor in cursors.items()}


def _assemble(
    rows: Mapping[str, list[Row]], major: int, exclude: frozenset[QualifiedName]
) -> Catalog:
    lookups = scope.Scope(
        relations=scope.relations(rows["relations"]),
        parents=scope.parents(rows["inheritance"]),
        collations=scope.collations(rows["collations"]),
        comments=scope.comments(rows["comments"]),
        privileges=privileges.privileges(rows["privileges"]),
        types=types.Types(rows["types"]),
    )
    of_columns = columns.columns(rows["columns"], lookups)
    of_constraints = constraints.constraints(rows["constraints"], lookups)
    parts = _parts(rows, lookups, of_columns, of_constraints)
    aggregates = functions.aggregates(rows["aggregates"])
    return Catalog(
        major=major,
        schemas=schemas.schemas(rows["schemas"], lookups),
        extensions=schemas.extensions(rows["extensions"], lookups),
        enums=types.enums(rows["enums"], lookups),
        domains=types.domains(rows["domains"], lookups, of_constraints.of_domains),
        composites=types.composites(rows["composites"], lookups, of_columns),
        ranges=types.ranges(rows["ranges"], lookups),
        sequences=sequences.sequences(rows["sequences"], lookups, exclude),
        tables=tables.tables(rows["tables"], lookups, parts, exclude),
        views=views.views(rows["views"], lookups, parts),
        functions=functions.functions(rows["functions"], lookups, aggregates),
        event_triggers=functions.event_triggers(rows["event triggers"], lookups),
        default_privileges=privileges.default_privileges(rows["default privileges"]),
    )


def _parts(
    rows: Mapping[str, list[Row]],
    lookups: scope.Scope,
    of_columns: Mapping[int, list[Column]],
    of_constraints: constraints.Constraints,
) -> tables.Parts:
    found = indexes.indexes(
        rows["indexes"],
        lookups,
        indexes.IndexLookups(
            classes=indexes.OperatorClasses(rows["operator classes"]),
            options=indexes.key_options(rows["key options"]),
            constraints=of_constraints.of_indexes,
        ),
    )
    return tables.Parts(
        columns=of_columns,
        constraints=of_constraints.of_tables,
        indexes=found.of_relations,
        replica_identities=found.replica_identities,
        triggers=triggers.triggers(rows["triggers"], lookups),
        policies=triggers.policies(rows["policies"], lookups),
        rules=triggers.rules(rows["rules"], lookups),
        statistics=views.statistics(rows["statistics"], lookups),
        partition_keys=tables.partition_keys(rows["partition keys"], lookups),
    )
