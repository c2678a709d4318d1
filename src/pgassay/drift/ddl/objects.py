"""The statements that build, drop and rename objects that stand by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgassay.core.catalog import (
    Catalog,
    CompositeType,
    DefaultPrivileges,
    Domain,
    Enabled,
    EnumType,
    EventTrigger,
    Extension,
    Function,
    RangeType,
    Schema,
    Sequence,
    Table,
    View,
)
from pgassay.core.names import QualifiedName, literal, quote
from pgassay.drift.ddl.clauses import constraint_clause
from pgassay.drift.ddl.rights import comment_on, granted, identity_of, rights_from, word_of
from pgassay.drift.ddl.tables import sequence_statements, table_statements, view_statements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_STATES = {
    Enabled.ORIGIN: "ENABLE",
    Enabled.DISABLED: "DISABLE",
    Enabled.REPLICA: "ENABLE REPLICA",
    Enabled.ALWAYS: "ENABLE ALWAYS",
}


def created(value: Any, catalog: Catalog) -> Iterator[str]:
    """Yield the statements that build an object of a catalog, with its rights and comment."""
    if isinstance(value, Table):
        yield from table_statements(value, catalog)
    elif isinstance(value, View):
        yield from view_statements(value)
    elif isinstance(value, Sequence):
        yield from sequence_statements(value)
    else:
        yield from _CREATE[type(value)](value)
        if hasattr(value, "privileges") and not isinstance(value, DefaultPrivileges):
            yield from granted(value)
        if getattr(value, "comment", None) is not None:
            yield comment_on(value)


def dropped(value: Any) -> Iterator[str]:
    """Yield the statements that drop an object."""
    if isinstance(value, DefaultPrivileges):
        yield from rights_from(value.privileges, (), value)
    else:
        yield f"DROP {word_of(value)} {identity_of(value)};"


def renamed(built: Any, promised: Any) -> Iterator[str]:
    """Yield the statements that give a built object its promised name and schema."""
    word, name = word_of(built), identity_of(built)
    if not isinstance(built.name, QualifiedName):
        yield f"ALTER {word} {name} RENAME TO {quote(promised.name)};"
        return
    wanted: QualifiedName = promised.name
    if built.name.schema != wanted.schema:
        yield f"ALTER {word} {name} SET SCHEMA {quote(wanted.schema)};"
        bare = QualifiedName(wanted.schema, built.name.name).sql
        name = name.replace(built.name.sql, bare, 1)
    if built.name.name != wanted.name:
        yield f"ALTER {word} {name} RENAME TO {quote(wanted.name)};"


def event_trigger_state(trigger: EventTrigger) -> str:
    """Return the statement that says when an event trigger fires."""
    return f"ALTER EVENT TRIGGER {quote(trigger.name)} {_STATES[trigger.enabled]};"


def _schema(schema: Schema) -> Iterator[str]:
    yield f"CREATE SCHEMA {quote(schema.name)};"


def _extension(extension: Extension) -> Iterator[str]:
    yield f"CREATE EXTENSION {quote(extension.name)} SCHEMA {quote(extension.schema)};"


def _enum(enum: EnumType) -> Iterator[str]:
    labels = ", ".join(literal(label).strip() for label in enum.labels)
    yield f"CREATE TYPE {enum.name.sql} AS ENUM ({labels});"


def _domain(domain: Domain) -> Iterator[str]:
    text = f"CREATE DOMAIN {domain.name.sql} AS {domain.type.sql}"
    text += f" COLLATE {domain.collation.sql}" if domain.collation else ""
    text += f" DEFAULT {domain.default}" if domain.default is not None else ""
    text += " NOT NULL" if domain.not_null else ""
    yield f"{text};"
    for constraint in domain.constraints:
        clause = constraint_clause(constraint, None)
        name = quote(constraint.name)
        yield f"ALTER DOMAIN {domain.name.sql} ADD CONSTRAINT {name} {clause};"
        if constraint.comment is not None:
            yield comment_on(constraint, domain)


def _composite(composite: CompositeType) -> Iterator[str]:
    attributes = [
        f"{quote(c.name)} {c.type.sql}{f' COLLATE {c.collation.sql}' if c.collation else ''}"
        for c in composite.columns
    ]
    yield f"CREATE TYPE {composite.name.sql} AS ({', '.join(attributes)});"
    for column in composite.columns:
        if column.comment is not None:
            yield comment_on(column, composite)


def _range(range_: RangeType) -> Iterator[str]:
    parts = [f"SUBTYPE = {range_.subtype}", f"MULTIRANGE_TYPE_NAME = {range_.multirange.sql}"]
    if range_.opclass:
        parts.append(f"SUBTYPE_OPCLASS = {range_.opclass}")
    if range_.collation:
        parts.append(f"COLLATION = {range_.collation.sql}")
    if range_.canonical:
        parts.append(f"CANONICAL = {range_.canonical.sql}")
    if range_.subtype_diff:
        parts.append(f"SUBTYPE_DIFF = {range_.subtype_diff.sql}")
    yield f"CREATE TYPE {range_.name.sql} AS RANGE ({', '.join(parts)});"


def _function(function: Function) -> Iterator[str]:
    yield f"{function.definition.rstrip().rstrip(';')};"


def _event_trigger(trigger: EventTrigger) -> Iterator[str]:
    text = f"CREATE EVENT TRIGGER {quote(trigger.name)} ON {trigger.event}"
    if trigger.tags:
        text += f" WHEN TAG IN ({', '.join(literal(tag).strip() for tag in trigger.tags)})"
    yield f"{text} EXECUTE FUNCTION {trigger.function.sql}();"
    if trigger.enabled is not Enabled.ORIGIN:
        yield event_trigger_state(trigger)


def _default_privileges(default: DefaultPrivileges) -> Iterator[str]:
    yield from granted(default)


_CREATE: dict[type, Callable[[Any], Iterator[str]]] = {
    Schema: _schema,
    Extension: _extension,
    EnumType: _enum,
    Domain: _domain,
    CompositeType: _composite,
    RangeType: _range,
    Function: _function,
    EventTrigger: _event_trigger,
    DefaultPrivileges: _default_privileges,
}
