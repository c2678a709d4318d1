"""Repairs of columns of tables, and of the attributes of composite types."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgassay.core.catalog import (
    Column,
    CompositeType,
    ConstraintKind,
    Table,
    TableKind,
    TypeKind,
    View,
)
from pgassay.core.names import quote
from pgassay.drift.ddl.clauses import (
    changed_foreign_options,
    column_clause,
    identity_clause,
    names_clause,
    options_clause,
)
from pgassay.drift.ddl.tables import (
    column_settings,
    constraint_statements,
    identity_sequence,
    index_statements,
    owner_statement,
    sequence_statements,
)
from pgassay.drift.repairs.dependants import set_aside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgassay.drift.repairs.site import Site

_SET_EXPRESSION_SINCE = 17
_DERIVED = frozenset({TypeKind.ENUM, TypeKind.DOMAIN, TypeKind.COMPOSITE, TypeKind.RANGE})


def add(site: Site) -> Iterator[str]:
    """Yield what adds a column, with the sequence that its default takes numbers from."""
    column, holder = site.promised, site.built_in
    if isinstance(holder, View):
        return
    if isinstance(holder, CompositeType):
        yield f"ALTER TYPE {holder.name.sql} ADD ATTRIBUTE {_attribute(column)};"
        return
    serials = [
        s
        for s in site.promised_catalog.sequences
        if s.owned_by == holder.name and s.owned_column == column.name and not s.identity
    ]
    for serial in serials:
        yield from sequence_statements(serial, owned=False)
    sequence = identity_sequence(holder.name, column.name, site.promised_catalog)
    yield f"{site.alter_table} ADD COLUMN {column_clause(column, sequence)};"
    for serial in serials:
        yield owner_statement(serial)
    yield from column_settings(column, holder)


def drop(site: Site) -> Iterator[str]:
    """Yield what drops a column."""
    name = quote(site.built.name)
    if isinstance(site.built_in, CompositeType):
        yield f"ALTER TYPE {site.built_in.name.sql} DROP ATTRIBUTE {name};"
    elif isinstance(site.built_in, Table) and not site.built.inherited:
        yield f"{site.alter_table} DROP COLUMN {name};"


def rename(site: Site) -> Iterator[str]:
    """Yield what gives a column its promised name."""
    yield (
        f"{site.alter_table} RENAME COLUMN {quote(site.built.name)} TO {quote(site.promised.name)};"
    )


def change(site: Site) -> Iterable[str] | None:
    """Return what makes one field of a column as promised; None for any other object."""
    if not isinstance(site.built, Column):
        return None
    if isinstance(site.built_in, CompositeType):
        return _attribute_changed(site)
    if isinstance(site.built_in, View):
        return _view_column(site)
    by_statements = {
        "type": _type,
        "collation": _type,
        "generated": _generated,
        "generated_virtual": _generated,
    }.get(site.field)
    if by_statements is not None:
        return by_statements(site)
    if site.field == "options" and site.built_in.kind is TableKind.FOREIGN:
        head = site.alter_column.replace("ALTER TABLE", "ALTER FOREIGN TABLE", 1)
        return [f"{head} OPTIONS ({changed_foreign_options(site.found, site.wanted)});"]
    made = _simple(site)
    return [f"{site.alter_column} {made};"] if made else []


def _simple(site: Site) -> str:  # noqa: PLR0911 - one return per field
    wanted = site.wanted
    match site.field:
        case "not_null":
            return "SET NOT NULL" if wanted else "DROP NOT NULL"
        case "default":
            return "DROP DEFAULT" if wanted is None else f"SET DEFAULT {wanted}"
        case "identity":
            return _identity(site)
        case "storage":
            return f"SET STORAGE {wanted or 'DEFAULT'}"
        case "compression":
            return f"SET COMPRESSION {wanted or 'default'}"
        case "statistics_target":
            return f"SET STATISTICS {-1 if wanted is None else wanted}"
        case "options":
            return set_and_reset(site.found, wanted, site.alter_column)
        case _:
            return ""


def set_and_reset(found: Iterable[str], wanted: Iterable[str], head: str) -> str:
    """Return SET and RESET of options; `head` is repeated between two statements."""
    has, wants = set(found), set(wanted)
    names = {o.partition("=")[0] for o in wants}
    gone = sorted(o for o in has - wants if o.partition("=")[0] not in names)
    parts = [f"SET ({options_clause(sorted(wants - has))})"] if wants - has else []
    parts += [f"RESET ({names_clause(gone)})"] if gone else []
    return f";\n{head} ".join(parts)


def _identity(site: Site) -> str:
    if site.wanted is None:
        return "DROP IDENTITY"
    if site.found is not None:
        return f"SET GENERATED {site.wanted}"
    sequence = identity_sequence(site.promised_in.name, site.promised.name, site.promised_catalog)
    return f"ADD {identity_clause(site.wanted, sequence)}"


def _type(site: Site) -> Iterator[str]:
    """Change the type as the documentation of ALTER TABLE does: without the default meanwhile."""
    wanted: Column = site.promised
    name = quote(site.built.name)
    collation = f" COLLATE {wanted.collation.sql}" if wanted.collation else ""
    kinds = {wanted.type.kind, site.built.type.kind}
    through = "::text" if kinds & _DERIVED else ""
    convert = f"ALTER COLUMN {name} TYPE {wanted.type.sql}{collation}"
    parts = [convert]
    if site.built.generated is None:
        parts = [f"{convert} USING {name}{through}::{wanted.type.sql}"]
    if site.built.default is not None:
        parts.insert(0, f"ALTER COLUMN {name} DROP DEFAULT")
        if wanted.default is not None:
            parts.append(f"ALTER COLUMN {name} SET DEFAULT {wanted.default}")
    aside = set_aside({site.built_in.name: [site.built.name]}, site.built_catalog)
    yield from aside.before
    yield f"{site.alter_table} {', '.join(parts)};"
    yield from aside.after


def _generated(site: Site) -> Iterator[str]:
    """Change the expression in place where the server can, else build the column anew.

    Nothing is lost by that: the server computes its values. What stands on it goes with it.
    """
    wanted, built = site.promised, site.built
    name = quote(built.name)
    if wanted.generated is None:
        if built.generated_virtual:
            yield f"{site.alter_table} DROP COLUMN {name};"
            yield from add(site)
        else:
            yield f"{site.alter_column} DROP EXPRESSION;"
        return
    in_place = built.generated is not None and wanted.generated_virtual == built.generated_virtual
    if in_place and site.built_catalog.major >= _SET_EXPRESSION_SINCE:
        yield f"{site.alter_column} SET EXPRESSION AS ({wanted.generated});"
        return
    yield f"{site.alter_table} DROP COLUMN {name};"
    yield from add(site)
    yield from _standing_on(site.promised_in, wanted.name)


def _standing_on(table: Table, column: str) -> Iterator[str]:
    """Yield what builds the constraints and indexes over a column again."""
    for constraint in table.constraints:
        if column in constraint.columns and constraint.kind is not ConstraintKind.NOT_NULL:
            yield from constraint_statements(constraint, table)
    for index in table.indexes:
        named = {key.column for key in index.keys} | set(index.include)
        if index.constraint is None and column in named:
            yield from index_statements(index, table)


def _attribute(column: Any) -> str:
    collation = f" COLLATE {column.collation.sql}" if column.collation else ""
    return f"{quote(column.name)} {column.type.sql}{collation}"


def _attribute_changed(site: Site) -> list[str]:
    if site.field not in ("type", "collation"):
        return []
    column = replace(site.promised, name=site.built.name)
    name, _, type_ = _attribute(column).partition(quote(column.name))
    head = f"ALTER TYPE {site.built_in.name.sql} ALTER ATTRIBUTE {quote(column.name)}"
    return [f"{head} TYPE{name}{type_};"]


def _view_column(site: Site) -> list[str]:
    """A view's own defaults; its types follow from the query."""
    if site.field != "default":
        return []
    made = "DROP DEFAULT" if site.wanted is None else f"SET DEFAULT {site.wanted}"
    name = quote(site.built.name)
    return [f"ALTER VIEW {site.built_in.name.sql} ALTER COLUMN {name} {made};"]
