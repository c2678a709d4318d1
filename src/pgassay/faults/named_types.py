"""Enums and domains: labels added, renamed, lost and reordered, constraints and defaults lost.

PostgreSQL takes no label away and moves none; who wants that makes the type anew, and so do these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import ConstraintKind
from pgassay.core.names import QualifiedName, literal, quote
from pgassay.faults.checks import mutations
from pgassay.faults.fault import Fault, planted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.core.catalog import Catalog, Column, Domain, EnumType


def faults(catalog: Catalog) -> Iterator[Fault]:
    """Yield what can be wrong with each enum and each domain."""
    for enum in catalog.enums:
        yield from _of_enum(enum)
        yield from _made_anew(catalog, enum)
    for domain in catalog.domains:
        yield from _of_domain(domain)


def _of_enum(enum: EnumType) -> Iterator[Fault]:
    alter = f"ALTER TYPE {enum.name.sql}"
    added = f"{alter} ADD VALUE 'pgassay other'"
    yield planted("enum-label-added", enum.name, None, added, change="last")
    if enum.labels:
        before = f"{added} BEFORE {literal(enum.labels[0])}"
        yield planted("enum-label-added", enum.name, None, before, change="first")
    for label in enum.labels:
        yield planted(
            "enum-label-renamed", enum.name, label,
            f"{alter} RENAME VALUE {literal(label)} TO 'pgassay other'",
        )  # fmt: skip
    yield planted(
        "type-renamed", enum.name, None, f"{alter} RENAME TO pgassay_other",
        explained="columns hold on to their type, whatever its name",
    )  # fmt: skip
    yield planted(
        "type-comment", enum.name, None, f"COMMENT ON TYPE {enum.name.sql} IS 'other'",
        explained="a comment",
    )  # fmt: skip


def _made_anew(catalog: Catalog, enum: EnumType) -> Iterator[Fault]:
    labels = enum.labels
    for at, label in enumerate(labels):
        fewer = _recreated(catalog, enum, labels[:at] + labels[at + 1 :])
        yield planted("enum-label-lost", enum.name, label, *fewer)
    if len(labels) > 1:
        order = (labels[1], labels[0], *labels[2:])
        moved = _recreated(catalog, enum, order)
        yield planted("enum-order", enum.name, None, *moved, change="first two labels swapped")


def _recreated(catalog: Catalog, enum: EnumType, labels: Sequence[str]) -> list[str]:
    """Return the statements that put another type of that name in its place."""
    own = enum.name.sql
    before = QualifiedName(enum.name.schema, "pgassay_before")
    statements = [
        f"ALTER TYPE {own} RENAME TO {quote(before.name)}",
        f"CREATE TYPE {own} AS ENUM ({', '.join(map(literal, labels))})",
    ]
    if enum.comment is not None:
        statements.append(f"COMMENT ON TYPE {own} IS {literal(enum.comment)}")
    for table in catalog.roots():
        for column in table.columns:
            if column.type.name == enum.name:
                changes = ", ".join(_retyped(column, own))
                statements.append(f"ALTER TABLE {table.name.sql} {changes}")
    return [*statements, f"DROP TYPE {before.sql}"]


def _retyped(column: Column, own: str) -> list[str]:
    name, several = quote(column.name), "[]" if column.type.array else ""
    alter = f"ALTER COLUMN {name}"
    change = f"{alter} TYPE {own}{several} USING {name}::text{several}::{own}{several}"
    if column.default is None:
        return [change]
    return [f"{alter} DROP DEFAULT", change, f"{alter} SET DEFAULT {column.default}"]


def _of_domain(domain: Domain) -> Iterator[Fault]:
    alter = f"ALTER DOMAIN {domain.name.sql}"
    toggled = "DROP NOT NULL" if domain.not_null else "SET NOT NULL"
    yield planted("domain-not-null", domain.name, None, f"{alter} {toggled}", change=toggled)
    if domain.default is not None:
        yield planted("domain-default", domain.name, None, f"{alter} DROP DEFAULT")
    for check in domain.constraints:
        if check.kind is not ConstraintKind.CHECK:
            continue
        name = quote(check.name)
        drop = f"{alter} DROP CONSTRAINT {name}"
        yield planted("domain-check-dropped", domain.name, check.name, drop)
        yield planted(
            "domain-check-renamed", domain.name, check.name,
            f"{alter} RENAME CONSTRAINT {name} TO pgassay_other",
        )  # fmt: skip
        for operator, change, text in mutations(check.expression or ""):
            again = f"{alter} ADD CONSTRAINT {name} CHECK ({text})"
            yield planted(f"domain-{operator}", domain.name, check.name, drop, again, change=change)
