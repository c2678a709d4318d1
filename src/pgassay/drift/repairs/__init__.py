"""The statements that make what was built like what was promised, where they are derivable.

They are written against the names that are there; renamings come last. What would need the data
moved (another partition key, a table made into a view) has no statement, and the text is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from pgassay.core.catalog import (
    Column,
    Constraint,
    ExtendedStatistics,
    Index,
    Policy,
    Rule,
    Trigger,
)
from pgassay.drift.ddl.objects import created, dropped, renamed
from pgassay.drift.ddl.rights import comment_on, rights_from
from pgassay.drift.difference import Change, Difference
from pgassay.drift.repairs import children, columns, keys, tables, types
from pgassay.drift.repairs.site import Site

if TYPE_CHECKING:
    from pgassay.core.catalog import Catalog

_Verb = Callable[[Site], Iterable[str]]
_CHILDREN = (Column, Constraint, Index, Trigger, Policy, Rule, ExtendedStatistics)
_VERBS: dict[type, tuple[_Verb, _Verb, _Verb]] = {
    Column: (columns.add, columns.drop, columns.rename),
    Constraint: (keys.add, keys.drop, keys.rename),
    Index: (keys.add, keys.drop, keys.rename),
}
_CHANGES = (columns.change, keys.change, children.change, tables.change, types.change)


def repair(difference: Difference, promised: Catalog, built: Catalog) -> str:
    """Return the statements that repair a difference, one a line; empty if none is derivable."""
    if difference.note:
        return difference.note.fix
    site = Site(difference=difference, promised_catalog=promised, built_catalog=built)
    return "\n".join(_statements(site))


def _statements(site: Site) -> Iterable[str]:
    change = site.difference.change
    if change is Change.CHANGED:
        return _changed(site)
    if change is Change.ORDER:
        return ()
    value = site.built if change is Change.EXTRA else site.promised
    if isinstance(value, _CHILDREN):
        return _child(site, value)
    if change is Change.MISSING:
        return created(site.as_promised(value), site.promised_catalog)
    return dropped(value) if change is Change.EXTRA else renamed(site.built, site.promised)


def _child(site: Site, value: Any) -> Iterable[str]:
    """Repair a column, a constraint, … that is missing, not promised, or called otherwise."""
    add, drop, rename = _VERBS.get(type(value), (children.add, children.drop, children.rename))
    verb = {Change.MISSING: add, Change.EXTRA: drop, Change.RENAMED: rename}
    return verb[site.difference.change](site)


def _changed(site: Site) -> Iterable[str]:
    difference = site.difference
    if difference.grantee:
        found, wanted = (
            [p for p in side.privileges if p.grantee == difference.grantee]
            for side in (site.built, site.promised)
        )
        return rights_from(found, wanted, site.built, site.built_in)
    if difference.field == "comment":
        return [comment_on(site.built_with(comment=site.promised.comment), site.built_in)]
    for change in _CHANGES:
        statements = change(site)
        if statements is not None:
            return statements
    return ()
