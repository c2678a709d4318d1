"""Repairs of triggers, policies, rules and extended statistics: made anew, or switched."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgassay.core.catalog import ExtendedStatistics, Policy, Rule, Trigger
from pgassay.core.names import quote
from pgassay.drift.ddl.objects import renamed as renamed_object
from pgassay.drift.ddl.rights import word_of
from pgassay.drift.ddl.tables import (
    policy_statements,
    rule_state,
    rule_statements,
    statistics_statements,
    trigger_state,
    trigger_statements,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgassay.drift.repairs.site import Site

_KINDS = (Trigger, Policy, Rule, ExtendedStatistics)


def add(site: Site) -> Iterable[str]:
    """Return what makes it."""
    return _made(site.promised, site.built_in)


def drop(site: Site) -> Iterator[str]:
    """Yield what drops it; the copy of a parent's trigger goes with the parent's."""
    value: Any = site.built
    if isinstance(value, ExtendedStatistics):
        yield f"DROP STATISTICS {value.name.sql};"
    elif not getattr(value, "inherited", False):
        yield f"DROP {word_of(value)} {quote(str(value.name))} ON {site.built_in.name.sql};"


def rename(site: Site) -> Iterable[str]:
    """Return what gives it its promised name."""
    if isinstance(site.built, ExtendedStatistics):
        return renamed_object(site.built, site.promised)
    one, other = (quote(str(side.name)) for side in (site.built, site.promised))
    return [f"ALTER {word_of(site.built)} {one} ON {site.built_in.name.sql} RENAME TO {other};"]


def change(site: Site) -> Iterable[str] | None:
    """Return what makes one field as promised; None for any other object."""
    built: Any = site.built
    if not isinstance(built, _KINDS):
        return None
    if site.field == "enabled":
        state = trigger_state if isinstance(built, Trigger) else rule_state
        return [state(site.built_with(enabled=site.wanted), site.built_in)]
    if isinstance(built, Trigger) and built.inherited:
        return []
    if isinstance(built, ExtendedStatistics) and site.field == "target":
        target = -1 if site.wanted is None else site.wanted
        return [f"ALTER STATISTICS {built.name.sql} SET STATISTICS {target};"]
    if isinstance(built, Rule):
        return _made(site.promised, site.built_in)
    return [*drop(site), *_made(_named_as_built(site), site.built_in)]


def _named_as_built(site: Site) -> Any:
    """Return the promised object under the built one's name; triggers are named in their text."""
    if isinstance(site.built, Policy):
        return replace(site.promised, name=site.built.name)
    return site.promised


def _made(value: Any, holder: Any) -> Iterable[str]:
    if isinstance(value, Trigger):
        return trigger_statements(value, holder)
    if isinstance(value, Policy):
        return policy_statements(value, holder)
    if isinstance(value, Rule):
        return rule_statements(value, holder)
    return statistics_statements(value)
