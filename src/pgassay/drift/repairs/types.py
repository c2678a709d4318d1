"""Repairs of types, sequences, functions, extensions and event triggers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import (
    CompositeType,
    Domain,
    EnumType,
    EventTrigger,
    Extension,
    Function,
    Persistence,
    RangeType,
    Sequence,
)
from pgassay.core.names import QualifiedName, literal, quote
from pgassay.drift.ddl.objects import created, dropped, event_trigger_state
from pgassay.drift.ddl.tables import owner_statement
from pgassay.drift.repairs.dependants import set_aside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgassay.core.catalog import Column
    from pgassay.drift.repairs.site import Site


def change(site: Site) -> Iterable[str] | None:
    """Return what makes one field as promised; None for any other object."""
    by_class = {
        EnumType: _enum,
        Domain: _domain,
        CompositeType: _nothing,
        RangeType: _anew,
        Sequence: _sequence,
        Function: _function,
        Extension: _extension,
        EventTrigger: _event_trigger,
    }
    repair = by_class.get(type(site.built))
    return repair(site) if repair else None


def _nothing(_site: Site) -> Iterable[str]:
    """The order of a composite type's attributes: every row that holds one would be rewritten."""
    return ()


def _anew(site: Site) -> Iterator[str]:
    """Drop and create: refused by the server while something uses it."""
    yield from dropped(site.built)
    yield from created(site.promised, site.promised_catalog)


def _enum(site: Site) -> Iterable[str]:
    wanted, found = site.wanted, site.found
    name = site.built.name.sql
    changed = [(w, f) for w, f in zip(wanted, found, strict=False) if w != f]
    if len(wanted) == len(found) and len(changed) == 1 and changed[0][0] not in found:
        old, new = literal(changed[0][1]).strip(), literal(changed[0][0]).strip()
        return [f"ALTER TYPE {name} RENAME VALUE {old} TO {new};"]
    if tuple(label for label in wanted if label in found) == found:
        return _labels_added(name, wanted, found)
    return _enum_anew(site)


def _labels_added(name: str, wanted: tuple[str, ...], found: tuple[str, ...]) -> Iterator[str]:
    known = set(found)
    for place, label in enumerate(wanted):
        if label in known:
            continue
        known.add(label)
        text = f"ALTER TYPE {name} ADD VALUE {literal(label).strip()}"
        if place:
            text += f" AFTER {literal(wanted[place - 1]).strip()}"
        elif found:
            text += f" BEFORE {literal(found[0]).strip()}"
        yield f"{text};"


def _enum_anew(site: Site) -> Iterator[str]:
    """Put a new type in the old one's place, column by column; a label in use must be kept."""
    enum = site.built
    old = QualifiedName(enum.name.schema, f"{enum.name.name[:55]}_old")
    labels = ", ".join(literal(label).strip() for label in site.wanted)
    using = {
        table: [c for c in table.columns if c.type.name == enum.name and not c.inherited]
        for table in site.built_catalog.tables
    }
    columns = {table.name: [c.name for c in found] for table, found in using.items() if found}
    aside = set_aside(columns, site.built_catalog, enum.name)
    yield from aside.before
    yield f"ALTER TYPE {enum.name.sql} RENAME TO {quote(old.name)};"
    yield f"CREATE TYPE {enum.name.sql} AS ENUM ({labels});"
    for table, found in using.items():
        for column in found:
            yield f"ALTER TABLE {table.name.sql} {', '.join(_converted(column))};"
    yield f"DROP TYPE {old.sql};"
    yield from aside.after


def _converted(column: Column) -> Iterator[str]:
    name = quote(column.name)
    through = "text[]" if column.type.array else "text"
    if column.default is not None:
        yield f"ALTER COLUMN {name} DROP DEFAULT"
    yield f"ALTER COLUMN {name} TYPE {column.type.sql} USING {name}::{through}::{column.type.sql}"
    if column.default is not None:
        yield f"ALTER COLUMN {name} SET DEFAULT {column.default}"


def _domain(site: Site) -> Iterable[str]:
    head = f"ALTER DOMAIN {site.built.name.sql}"
    if site.field == "not_null":
        return [f"{head} {'SET' if site.wanted else 'DROP'} NOT NULL;"]
    if site.field == "default":
        made = "DROP DEFAULT" if site.wanted is None else f"SET DEFAULT {site.wanted}"
        return [f"{head} {made};"]
    return _anew(site)  # another type or collation


def _sequence(site: Site) -> Iterable[str]:
    name = site.built.name.sql
    if site.field in ("owned_by", "owned_column"):
        return [owner_statement(site.built_with(
            owned_by=site.promised.owned_by, owned_column=site.promised.owned_column
        ))]  # fmt: skip
    made = {
        "type": f"AS {site.wanted}",
        "start": f"START WITH {site.wanted}",
        "minimum": f"MINVALUE {site.wanted}",
        "maximum": f"MAXVALUE {site.wanted}",
        "increment": f"INCREMENT BY {site.wanted}",
        "cache": f"CACHE {site.wanted}",
        "cycle": "CYCLE" if site.wanted else "NO CYCLE",
        "persistence": "SET LOGGED" if site.wanted is Persistence.PERMANENT else "SET UNLOGGED",
    }.get(site.field)
    return [f"ALTER SEQUENCE {name} {made};"] if made else []


def _function(site: Site) -> Iterable[str]:
    replaceable = site.field not in ("returns", "kind") and site.promised.kind != "aggregate"
    if replaceable:
        promised = site.as_promised(site.promised)
        return [f"{promised.definition.rstrip().rstrip(';')};"]
    return _anew(site)


def _extension(site: Site) -> Iterable[str]:
    name = quote(site.built.name)
    if site.field == "schema":
        return [f"ALTER EXTENSION {name} SET SCHEMA {quote(site.wanted)};"]
    return [f"ALTER EXTENSION {name} UPDATE TO {literal(site.wanted).strip()};"]


def _event_trigger(site: Site) -> Iterable[str]:
    if site.field == "enabled":
        return [event_trigger_state(site.built_with(enabled=site.wanted))]
    return _anew(site)
