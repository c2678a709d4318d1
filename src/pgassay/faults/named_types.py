"""Enums and domains: labels added and renamed, constraints and defaults lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import ConstraintKind
from pgassay.core.names import literal, quote
from pgassay.faults.checks import mutations
from pgassay.faults.fault import Fault, planted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog, Domain, EnumType


def faults(catalog: Catalog) -> Iterator[Fault]:
    """Yield what can be wrong with each enum and each domain."""
    for enum in catalog.enums:
        yield from _of_enum(enum)
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
