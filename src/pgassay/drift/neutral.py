"""Catalogs without what depends on the server's major version, so that versions can be compared.

What differs between 16, 17 and 18 for one and the same schema, and is left out where the majors
differ (a locked contract has none):
- the names of NOT NULL constraints: rows of pg_constraint from 18 on (of domains from 17 on).
  One that is NOT VALID or NO INHERIT is kept: only 18 can build it, so it is a promise;
- MAINTAIN among the rights that GRANT ALL gives on a table, from 17 on. Where it was granted by
  itself it is kept, for the same reason;
- the version and the comment of an extension, which come with the server's own packages.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgassay.core.catalog import Catalog, Constraint, ConstraintKind, DefaultPrivileges, Privilege

if TYPE_CHECKING:
    from collections.abc import Callable

NEUTRAL = 0
"""The major version of a catalog that was read from a locked contract."""

_ALL = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"})


def comparable(one: Catalog, other: Catalog) -> tuple[Catalog, Catalog]:
    """Return both catalogs as they can be compared with each other."""
    if one.major == other.major != NEUTRAL:
        return one, other
    return neutral(one), neutral(other)


def neutral(catalog: Catalog) -> Catalog:
    """Return a catalog without what depends on the major version."""
    if catalog.major == NEUTRAL:
        return catalog
    return replace(
        catalog,
        major=NEUTRAL,
        extensions=tuple(replace(e, version="", comment=None) for e in catalog.extensions),
        tables=_each(catalog.tables, _holder),
        views=_each(catalog.views, _holder),
        domains=_each(catalog.domains, _holder),
        default_privileges=_each(catalog.default_privileges, _holder),
    )


def _each(items: tuple[Any, ...], change: Callable[[Any], Any]) -> tuple[Any, ...]:
    return tuple(change(item) for item in items)


def _holder(holder: Any) -> Any:
    changes: dict[str, Any] = {}
    constraints = getattr(holder, "constraints", ())
    if any(_is_only_a_name(c) for c in constraints):
        changes["constraints"] = tuple(c for c in constraints if not _is_only_a_name(c))
    for_tables = not isinstance(holder, DefaultPrivileges) or holder.object_type == "TABLES"
    if for_tables and any(p.privilege == "MAINTAIN" for p in holder.privileges):
        changes["privileges"] = without_maintain(holder.privileges)
    return replace(holder, **changes) if changes else holder


def _is_only_a_name(constraint: Constraint) -> bool:
    plain = constraint.validated and not constraint.no_inherit
    return constraint.kind is ConstraintKind.NOT_NULL and plain


def without_maintain(privileges: tuple[Privilege, ...]) -> tuple[Privilege, ...]:
    """Return the rights without those to MAINTAIN that came with ALL."""
    held: dict[tuple[str, bool, bool], set[str]] = {}
    for p in privileges:
        held.setdefault((p.grantee, p.grantable, p.revoked), set()).add(p.privilege)
    return tuple(
        p
        for p in privileges
        if p.privilege != "MAINTAIN" or not held[p.grantee, p.grantable, p.revoked] >= _ALL
    )
