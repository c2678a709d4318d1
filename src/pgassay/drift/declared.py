"""Declared exceptions: what only migrations create is taken out, and what matched nothing told."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING

from pgassay.core.catalog import Constraint, Function
from pgassay.core.names import QualifiedName, quote
from pgassay.drift.difference import Change, Difference

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.drift.policy import DriftPolicy, Pattern


def without_exceptions(
    found: Iterable[Difference], policy: DriftPolicy
) -> tuple[list[Difference], list[Pattern]]:
    """Return what no declared exception explains, and the exceptions that explain nothing."""
    used: set[Pattern] = set()
    left = []
    for difference in found:
        matching = _explaining(difference, policy) if is_addition(difference) else []
        used.update(matching)
        if not matching:
            left.append(difference)
    return left, [p for p in policy.patterns if p not in used]


def is_addition(difference: Difference) -> bool:
    """Whether the built side only has something more: an object, a right, or a value of a field."""
    if difference.change is Change.EXTRA:
        return True
    if difference.change is not Change.CHANGED or difference.note:
        return False
    if difference.grantee:
        return not any(p.grantee == difference.grantee for p in difference.promised.privileges)
    for field in fields(difference.promised):
        if field.name == difference.field:
            silent = field.default is not MISSING
            return silent and getattr(difference.promised, field.name) == field.default
    return False


def _explaining(difference: Difference, policy: DriftPolicy) -> list[Pattern]:
    kinds = [difference.aspect] if difference.field and not difference.grantee else []
    if not kinds:
        kinds.append(difference.thing)
        if isinstance(difference.built, Constraint):
            kinds.append("constraint")
        if isinstance(difference.built, Function):
            kinds.append("function")
    name = address(difference)
    return [p for p in policy.patterns if p.matches(tuple(kinds), name)]


def address(difference: Difference) -> str:
    """Return the built object's name with its schema: `public.users.set_updated_at`."""
    parts = [_sql(difference.built)]
    if difference.built_in is not None:
        parts.insert(0, _sql(difference.built_in))
    if difference.grantee:
        parts.append(quote(difference.grantee))
    return ".".join(parts)


def _sql(value: object) -> str:
    name = getattr(value, "name", None)
    if isinstance(name, QualifiedName):
        arguments = getattr(value, "arguments", None)
        return name.sql if arguments is None else f"{name.sql}({arguments})"
    if isinstance(name, str):
        return quote(name)
    role, schema, kind = (getattr(value, f) for f in ("role", "schema", "object_type"))
    return f"{quote(role)}.{quote(schema or '')}.{kind}"
