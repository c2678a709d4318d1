"""Expressions that differ as text, brought to a fixed point before they are compared.

Only text that one side has and the other has not is asked about, all of it at once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgassay.core.catalog import Catalog, Domain
from pgassay.drift.fixpoint import Expression, Place
from pgassay.drift.promises import THINGS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pgassay.core.names import QualifiedName
    from pgassay.drift.fixpoint import Fixpoint

_HOLDERS = ("tables", "views", "domains")
_PARTS = ("columns", "constraints", "indexes", "keys", "triggers", "policies")
_PLACES: dict[type, list[tuple[str, Place]]] = {
    cls: [(name, p.place) for name, p in thing.fields.items() if p.place is not None]
    for cls, thing in THINGS.items()
}
_WITH_COLUMNS = frozenset(
    {Place.CHECK, Place.GENERATED, Place.KEY, Place.PREDICATE, Place.WHEN, Place.POLICY}
)


def settled(promised: Catalog, built: Catalog, fixpoint: Fixpoint) -> tuple[Catalog, Catalog]:
    """Return both catalogs with every expression that the other side does not have settled."""
    doubtful = [_doubtful(promised, built), _doubtful(built, promised)]
    questions = list(dict.fromkeys(e for side in doubtful for e in side.values()))
    if not questions:
        return promised, built
    answers = dict(zip(questions, fixpoint.settle(questions), strict=True))
    one, other = (
        _with(
            catalog, {e.holder for e in side.values()}, {at: answers[e] for at, e in side.items()}
        )
        for catalog, side in zip((promised, built), doubtful, strict=True)
    )
    return one, other


_At = tuple[int, str]
"""An expression's place in one catalog: the identity of its owner, and the field."""


def _doubtful(catalog: Catalog, other: Catalog) -> dict[_At, Expression]:
    """Return the expressions of a catalog that the other one does not have in the same holder."""
    found = {}
    for field in _HOLDERS:
        there = {o.name: o for o in getattr(other, field)}
        for holder in getattr(catalog, field):
            twin = there.get(holder.name)
            if twin == holder:
                continue
            if twin is None and getattr(holder, "partition", None):
                twin = there.get(holder.partition.parent)
            known = {text for _, _, _, text in _texts(twin)} if twin is not None else set()
            for owner, name, place, text in _texts(holder):
                if text not in known:
                    found[id(owner), name] = _expression(holder, owner, place, text)
    return found


def _texts(owner: Any) -> Iterator[tuple[Any, str, Place, str]]:
    """Yield every expression of an object and its parts: owner, field, place, text."""
    for name, place in _PLACES[type(owner)]:
        text = getattr(owner, name)
        if text is not None:
            yield owner, name, place, text
    for field in _PARTS:
        for part in getattr(owner, field, ()):
            if not isinstance(part, str):
                yield from _texts(part)


def _expression(holder: Any, owner: Any, place: Place, text: str) -> Expression:
    if isinstance(holder, Domain) and place is Place.CHECK:
        place = Place.DOMAIN_CHECK
    typed = {Place.DEFAULT: owner, Place.GENERATED: owner, Place.DOMAIN_CHECK: holder}.get(place)
    return Expression(
        text=text,
        place=place,
        holder=holder.name,
        columns=holder.columns if place in _WITH_COLUMNS else (),
        type=typed.type.sql if typed is not None else None,
    )


def _with(catalog: Catalog, names: Collection[QualifiedName], answers: dict[_At, str]) -> Catalog:
    """Return a catalog with the settled texts; holders of other names stay as they are."""
    changes: dict[str, Any] = {}
    for field in _HOLDERS:
        holders = getattr(catalog, field)
        changes[field] = tuple(_rewritten(h, answers) if h.name in names else h for h in holders)
    return replace(catalog, **changes)


def _rewritten(owner: Any, answers: dict[_At, str]) -> Any:
    """Return an object with the settled text in its own fields and in those of its parts."""
    changes: dict[str, Any] = {
        name: answers[id(owner), name]
        for name, _ in _PLACES[type(owner)]
        if (id(owner), name) in answers
    }
    if "condition" in changes:  # a trigger's definition repeats its condition
        definition = owner.definition.replace(owner.condition, changes["condition"])
        changes["definition"] = definition
    for field in _PARTS:
        parts = getattr(owner, field, ())
        made = tuple(p if isinstance(p, str) else _rewritten(p, answers) for p in parts)
        if any(new is not old for new, old in zip(made, parts, strict=True)):
            changes[field] = made
    return replace(owner, **changes) if changes else owner
