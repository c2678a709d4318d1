"""COMMENT ON, GRANT and REVOKE for every kind of object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgassay.core.catalog import (
    Column,
    CompositeType,
    Constraint,
    DefaultPrivileges,
    Domain,
    EnumType,
    EventTrigger,
    ExtendedStatistics,
    Extension,
    Function,
    Index,
    Policy,
    Privilege,
    RangeType,
    Rule,
    Schema,
    Sequence,
    Table,
    TableKind,
    Trigger,
    View,
)
from pgassay.core.names import QualifiedName, literal, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WORDS: dict[type, str] = {
    Schema: "SCHEMA",
    Extension: "EXTENSION",
    EnumType: "TYPE",
    Domain: "DOMAIN",
    CompositeType: "TYPE",
    RangeType: "TYPE",
    Sequence: "SEQUENCE",
    ExtendedStatistics: "STATISTICS",
    EventTrigger: "EVENT TRIGGER",
    Constraint: "CONSTRAINT",
    Trigger: "TRIGGER",
    Policy: "POLICY",
    Rule: "RULE",
}
_TABLE_WORDS = {TableKind.FOREIGN: "FOREIGN TABLE"}
_ROUTINES = {"procedure": "PROCEDURE", "aggregate": "AGGREGATE"}


def word_of(value: Any) -> str:
    """Return what COMMENT ON, ALTER and DROP call a kind of object."""
    if isinstance(value, Table):
        return _TABLE_WORDS.get(value.kind, "TABLE")
    if isinstance(value, View):
        return "MATERIALIZED VIEW" if value.materialised else "VIEW"
    if isinstance(value, Function):
        return _ROUTINES.get(value.kind, "FUNCTION")
    return _WORDS[type(value)]


def identity_of(value: Any) -> str:
    """Return an object's name as COMMENT ON, ALTER and DROP take it."""
    if isinstance(value, Function):
        return f"{value.name.sql}({value.arguments})"
    return value.name.sql if isinstance(value.name, QualifiedName) else quote(value.name)


def comment_on(value: Any, holder: Any = None) -> str:
    """Return the statement that gives an object (of a table, a view, a type) its comment."""
    if isinstance(value, Column):
        target = f"COLUMN {holder.name.sql}.{quote(value.name)}"
    elif isinstance(value, Index):
        target = f"INDEX {quote(holder.name.schema)}.{quote(value.name)}"
    elif isinstance(value, ExtendedStatistics) or holder is None:
        target = f"{word_of(value)} {identity_of(value)}"
    else:
        within = "DOMAIN " if isinstance(holder, Domain) else ""
        target = f"{word_of(value)} {quote(value.name)} ON {within}{holder.name.sql}"
    return f"COMMENT ON {target} IS {literal(value.comment).strip()};"


def granted(value: Any, holder: Any = None) -> Iterator[str]:
    """Yield the statements that give a new object its rights."""
    yield from _statements(value, holder, (), value.privileges)


def rights_from(
    built: Iterable[Privilege], promised: Iterable[Privilege], value: Any, holder: Any = None
) -> Iterator[str]:
    """Yield the statements that turn the built rights of an object into the promised ones."""
    yield from _statements(value, holder, built, promised)


def _statements(
    value: Any, holder: Any, built: Iterable[Privilege], promised: Iterable[Privilege]
) -> Iterator[str]:
    head, target = _head(value), _target(value, holder)
    column = f" ({quote(value.name)})" if isinstance(value, Column) else ""
    has, wants = set(built), set(promised)
    kept = {(p.grantee, p.privilege) for p in wants if not p.revoked}
    for p in sorted(has - wants, key=_order):
        what = f"{p.privilege}{column} ON {target}"
        if p.revoked:
            yield f"{head}GRANT {what} TO {_role(p.grantee)};"
        elif p.grantable and (p.grantee, p.privilege) in kept:
            yield f"{head}REVOKE GRANT OPTION FOR {what} FROM {_role(p.grantee)};"
        elif (p.grantee, p.privilege) not in kept:
            yield f"{head}REVOKE {what} FROM {_role(p.grantee)};"
    for p in sorted(wants - has, key=_order):
        what = f"{p.privilege}{column} ON {target}"
        option = " WITH GRANT OPTION" if p.grantable else ""
        if p.revoked:
            yield f"{head}REVOKE {what} FROM {_role(p.grantee)};"
        else:
            yield f"{head}GRANT {what} TO {_role(p.grantee)}{option};"


def _order(privilege: Privilege) -> tuple[str, str]:
    return privilege.grantee, privilege.privilege


def _role(grantee: str) -> str:
    return grantee if grantee == "PUBLIC" else quote(grantee)


def _head(value: Any) -> str:
    if not isinstance(value, DefaultPrivileges):
        return ""
    within = f" IN SCHEMA {quote(value.schema)}" if value.schema else ""
    return f"ALTER DEFAULT PRIVILEGES FOR ROLE {quote(value.role)}{within} "


def _target(value: Any, holder: Any) -> str:
    if isinstance(value, DefaultPrivileges):
        return value.object_type
    if isinstance(value, Column):
        return f"TABLE {holder.name.sql}"
    if isinstance(value, Table | View):
        return f"TABLE {value.name.sql}"
    if isinstance(value, Function):
        word = "PROCEDURE" if value.kind == "procedure" else "FUNCTION"
        return f"{word} {identity_of(value)}"
    if isinstance(value, Domain):
        return f"TYPE {value.name.sql}"
    return f"{word_of(value)} {identity_of(value)}"
