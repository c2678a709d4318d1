"""The statements that build a table or a view with everything that belongs to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgassay.core.catalog import (
    Catalog,
    Column,
    Constraint,
    ConstraintKind,
    Enabled,
    ExtendedStatistics,
    Index,
    Persistence,
    Policy,
    Rule,
    Sequence,
    Table,
    TableKind,
    Trigger,
    View,
)
from pgassay.core.names import QualifiedName, quote
from pgassay.drift.ddl.clauses import (
    column_clause,
    constraint_clause,
    foreign_options_clause,
    index_statement,
    options_clause,
    sequence_options,
)
from pgassay.drift.ddl.rights import comment_on, granted
from pgassay.drift.own_share import own_share

if TYPE_CHECKING:
    from collections.abc import Iterator

_STATES = {
    Enabled.ORIGIN: "ENABLE",
    Enabled.DISABLED: "DISABLE",
    Enabled.REPLICA: "ENABLE REPLICA",
    Enabled.ALWAYS: "ENABLE ALWAYS",
}


def table_statements(table: Table, catalog: Catalog) -> Iterator[str]:
    """Yield what builds a table of a catalog: its sequences, itself, its partitions.

    A partition may be given as its own share. Foreign keys come last.
    """
    serials = [s for s in catalog.sequences if s.owned_by == table.name and not s.identity]
    for sequence in serials:
        yield from sequence_statements(sequence, owned=False)
    yield _create(table, catalog)
    for sequence in serials:
        yield owner_statement(sequence)
    yield from _keys(table)
    yield from _rest(table)
    for partition in catalog.partitions_of(table.name):
        yield from table_statements(own_share(partition, table).own, catalog)


def _create(table: Table, catalog: Catalog) -> str:
    head = {Persistence.UNLOGGED: "CREATE UNLOGGED TABLE"}.get(table.persistence, "CREATE TABLE")
    if table.kind is TableKind.FOREIGN:
        head = "CREATE FOREIGN TABLE"
    parts = [f"{head} {table.name.sql}"]
    if table.partition:
        parts.append(f"PARTITION OF {table.partition.parent.sql} {table.partition.bound}")
    elif table.of_type:
        parts.append(f"OF {table.of_type.sql}")
    else:
        columns = [
            column_clause(c, identity_sequence(table.name, c.name, catalog))
            for c in sorted(table.columns, key=lambda c: c.position)
            if not c.inherited
        ]
        inner = ",\n    ".join(columns)
        parts.append(f"(\n    {inner}\n)" if columns else "()")
    if table.inherits:
        parts.append(f"INHERITS ({', '.join(name.sql for name in table.inherits)})")
    if table.partition_key:
        parts.append(f"PARTITION BY {table.partition_key.definition}")
    if table.kind is TableKind.FOREIGN:
        parts.append(f"SERVER {quote(table.server or '')}")
        if table.options:
            parts.append(f"OPTIONS ({foreign_options_clause(table.options)})")
        return " ".join(parts) + ";"
    if table.access_method:
        parts.append(f"USING {quote(table.access_method)}")
    if table.options:
        parts.append(f"WITH ({options_clause(table.options)})")
    return " ".join(parts) + ";"


def _keys(table: Table) -> Iterator[str]:
    """Yield what CREATE TABLE leaves out of columns, then constraints and indexes."""
    for column in table.columns:
        yield from column_settings(column, table)
        if table.partition and column.default is not None:
            alter = f"ALTER TABLE {table.name.sql} ALTER COLUMN {quote(column.name)}"
            yield f"{alter} SET DEFAULT {column.default};"
    own = [c for c in table.constraints if not c.inherited]
    for constraint in sorted(own, key=lambda c: c.kind is ConstraintKind.FOREIGN_KEY):
        yield from constraint_statements(constraint, table)
    for index in table.indexes:
        if index.constraint is None and index.parent is None:
            yield from index_statements(index, table)
    for statistics in table.statistics:
        yield from statistics_statements(statistics)


def _rest(table: Table) -> Iterator[str]:
    """Yield triggers, policies, rules, rights and comment."""
    if table.replica_identity:
        yield replica_identity(table)
    for trigger in table.triggers:
        if not trigger.inherited:
            yield from trigger_statements(trigger, table)
    for policy in table.policies:
        yield from policy_statements(policy, table)
    for rule in table.rules:
        yield from rule_statements(rule, table)
    if table.row_security:
        yield f"ALTER TABLE {table.name.sql} ENABLE ROW LEVEL SECURITY;"
    if table.force_row_security:
        yield f"ALTER TABLE {table.name.sql} FORCE ROW LEVEL SECURITY;"
    yield from granted(table)
    if table.comment is not None:
        yield comment_on(table)


def replica_identity(table: Table) -> str:
    """Return the statement that sets what logical replication sends of an old row."""
    identity = table.replica_identity
    if identity in ("FULL", "NOTHING", None):
        how = identity or "DEFAULT"
    else:
        how = f"USING INDEX {quote(identity)}"
    return f"ALTER TABLE {table.name.sql} REPLICA IDENTITY {how};"


def identity_sequence(table: QualifiedName, column: str, catalog: Catalog) -> Sequence | None:
    """Return the sequence behind an identity column."""
    owned = (s for s in catalog.sequences if s.identity and s.owned_by == table)
    return next((s for s in owned if s.owned_column == column), None)


def column_settings(column: Column, table: Any) -> Iterator[str]:
    """Yield what ADD COLUMN cannot say of a column."""
    name = table.name.sql
    alter = f"ALTER TABLE {name} ALTER COLUMN {quote(column.name)}"
    if column.storage:
        yield f"{alter} SET STORAGE {column.storage};"
    if column.statistics_target is not None:
        yield f"{alter} SET STATISTICS {column.statistics_target};"
    if column.options and _is_foreign(table):
        foreign = foreign_options_clause(column.options)
        yield f"ALTER FOREIGN TABLE {name} ALTER COLUMN {quote(column.name)} OPTIONS ({foreign});"
    elif column.options:
        yield f"{alter} SET ({options_clause(column.options)});"
    yield from granted(column, table)
    if column.comment is not None:
        yield comment_on(column, table)


def _is_foreign(table: Any) -> bool:
    return isinstance(table, Table) and table.kind is TableKind.FOREIGN


def index_of(constraint: Constraint, table: Table) -> Index | None:
    """Return the index that a constraint of a table owns."""
    return next((i for i in table.indexes if i.constraint == constraint.name), None)


def constraint_statements(
    constraint: Constraint, table: Table, name: str | None = None
) -> Iterator[str]:
    """Yield what adds a constraint to a table that it is taken from, under another name maybe."""
    index = index_of(constraint, table)
    clause = constraint_clause(constraint, index)
    called = name or constraint.name
    yield f"ALTER TABLE {table.name.sql} ADD CONSTRAINT {quote(called)} {clause};"
    if index is not None and index.clustered:
        yield f"ALTER TABLE {table.name.sql} CLUSTER ON {quote(called)};"
    if index is not None and index.comment is not None:
        yield comment_on(_called(index, called), table)
    if constraint.comment is not None:
        yield comment_on(_called(constraint, called), table)


def index_statements(index: Index, table: Any, name: str | None = None) -> Iterator[str]:
    """Yield what builds an index that no constraint owns, under another name if one is given."""
    called = _called(index, name or index.name)
    yield index_statement(called, table.name)
    sql = QualifiedName(table.name.schema, called.name).sql
    for number, key in enumerate(index.keys, 1):
        if key.statistics_target is not None:
            yield f"ALTER INDEX {sql} ALTER COLUMN {number} SET STATISTICS {key.statistics_target};"
    if index.clustered:
        yield f"ALTER TABLE {table.name.sql} CLUSTER ON {quote(called.name)};"
    if index.comment is not None:
        yield comment_on(called, table)


def _called(value: Any, name: str) -> Any:
    return value if value.name == name else replace(value, name=name)


def trigger_statements(trigger: Trigger, table: Any) -> Iterator[str]:
    """Yield what makes a trigger."""
    yield f"{trigger.definition};"
    if trigger.enabled is not Enabled.ORIGIN:
        yield trigger_state(trigger, table)
    if trigger.comment is not None:
        yield comment_on(trigger, table)


def trigger_state(trigger: Trigger, table: Any) -> str:
    """Return the statement that says when a trigger fires."""
    state = _STATES[trigger.enabled]
    return f"ALTER TABLE {table.name.sql} {state} TRIGGER {quote(trigger.name)};"


def policy_statements(policy: Policy, table: Any) -> Iterator[str]:
    """Yield what makes a policy."""
    kind = "" if policy.permissive else " AS RESTRICTIVE"
    roles = ", ".join(r if r == "PUBLIC" else quote(r) for r in policy.roles)
    text = f"CREATE POLICY {quote(policy.name)} ON {table.name.sql}{kind} FOR {policy.command}"
    text += f" TO {roles}"
    text += f" USING ({policy.using})" if policy.using is not None else ""
    text += f" WITH CHECK ({policy.check})" if policy.check is not None else ""
    yield f"{text};"
    if policy.comment is not None:
        yield comment_on(policy, table)


def rule_statements(rule: Rule, table: Any) -> Iterator[str]:
    """Yield what makes a rule, in place of one of its name."""
    text = rule.definition.replace("CREATE RULE", "CREATE OR REPLACE RULE", 1)
    yield f"{text.rstrip(';')};"
    if rule.enabled is not Enabled.ORIGIN:
        yield rule_state(rule, table)
    if rule.comment is not None:
        yield comment_on(rule, table)


def rule_state(rule: Rule, table: Any) -> str:
    """Return the statement that says when a rule holds."""
    return f"ALTER TABLE {table.name.sql} {_STATES[rule.enabled]} RULE {quote(rule.name)};"


def statistics_statements(statistics: ExtendedStatistics) -> Iterator[str]:
    """Yield what makes extended statistics."""
    yield f"{statistics.definition};"
    if statistics.target is not None:
        yield f"ALTER STATISTICS {statistics.name.sql} SET STATISTICS {statistics.target};"
    if statistics.comment is not None:
        yield comment_on(statistics)


def view_statements(view: View) -> Iterator[str]:
    """Yield what builds a view with everything that belongs to it."""
    head = "CREATE MATERIALIZED VIEW" if view.materialised else "CREATE VIEW"
    options = f" WITH ({options_clause(view.options)})" if view.options else ""
    tail = "" if view.populated or not view.materialised else " WITH NO DATA"
    yield f"{head} {view.name.sql}{options} AS\n{view.definition.rstrip().rstrip(';')}{tail};"
    for column in view.columns:
        if column.default is not None:
            name = quote(column.name)
            yield f"ALTER VIEW {view.name.sql} ALTER COLUMN {name} SET DEFAULT {column.default};"
        yield from granted(column, view)
        if column.comment is not None:
            yield comment_on(column, view)
    for index in view.indexes:
        yield from index_statements(index, view)
    for statistics in view.statistics:
        yield from statistics_statements(statistics)
    for trigger in view.triggers:
        yield from trigger_statements(trigger, view)
    for rule in view.rules:
        yield from rule_statements(rule, view)
    yield from granted(view)
    if view.comment is not None:
        yield comment_on(view)


def sequence_statements(sequence: Sequence, *, owned: bool = True) -> Iterator[str]:
    """Yield what makes a sequence; its owner, if it has one, must be there for OWNED BY."""
    unlogged = "UNLOGGED " if sequence.persistence is Persistence.UNLOGGED else ""
    options = sequence_options(sequence)
    kind = "" if sequence.type == "bigint" else f" AS {sequence.type}"
    tail = f" {options}" if options else ""
    yield f"CREATE {unlogged}SEQUENCE {sequence.name.sql}{kind}{tail};"
    if owned and sequence.owned_by is not None:
        yield owner_statement(sequence)
    yield from granted(sequence)
    if sequence.comment is not None:
        yield comment_on(sequence)


def owner_statement(sequence: Sequence) -> str:
    """Return the statement that ties a sequence to its column, or to none."""
    owner = "NONE"
    if sequence.owned_by is not None and sequence.owned_column is not None:
        owner = f"{sequence.owned_by.sql}.{quote(sequence.owned_column)}"
    return f"ALTER SEQUENCE {sequence.name.sql} OWNED BY {owner};"
