"""Which promised object is which built one.

By name, as a rule. A name that PostgreSQL made up on both sides says nothing: such objects are
paired by content first. What is left and has the same content on both sides was renamed, if there
is one candidate on each side; otherwise one is missing and another is there that nobody promised.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pgassay.core.catalog import Constraint, Index, Sequence
from pgassay.drift.content import content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from collections.abc import Sequence as Items


@dataclass(slots=True, kw_only=True)
class Pairing:
    """Pairs of one kind of object, in the promised order, and what is left on either side.

    `renamed` are the pairs whose names differ and were not both made up.
    """

    pairs: list[tuple[Any, Any]] = field(default_factory=list)
    renamed: list[tuple[Any, Any]] = field(default_factory=list)
    missing: list[Any] = field(default_factory=list)
    extra: list[Any] = field(default_factory=list)

    def names(self) -> dict[str, str]:
        """Return the built name of every promised object whose name differs."""
        return {one.name: two.name for one, two in self.pairs if one.name != two.name}

    def _take(self, one: Any, other: Any) -> None:
        self.pairs.append((one, other))
        self.missing.remove(one)
        self.extra.remove(other)


def paired(
    ones: Items[Any],
    others: Items[Any],
    made_up: Callable[[Any], bool] = lambda _: False,
    other_made_up: Callable[[Any], bool] = lambda _: False,
) -> Pairing:
    """Return which of `ones` is which of `others`."""
    here, there = ({name_of(o): o for o in side} for side in (ones, others))
    if here.keys() == there.keys() and all(
        content(o) == content(there[n]) for n, o in here.items()
    ):
        return Pairing(pairs=[(o, there[n]) for n, o in here.items()])
    found = Pairing(missing=list(ones), extra=list(others))
    for name, one in here.items():
        if name in there and content(one) == content(there[name]):
            found._take(one, there[name])  # noqa: SLF001 - of this module
    made = [o for o in found.missing if made_up(o)]
    other_made = [o for o in found.extra if other_made_up(o)]
    for one, other in _matched(made, other_made, content):
        found._take(one, other)  # noqa: SLF001 - of this module
    for one in tuple(found.missing):
        other = there.get(name_of(one))
        if any(other is e for e in found.extra):
            found._take(one, other)  # noqa: SLF001 - of this module
    left = [o for o in made if o in found.missing]
    for one, other in _matched(left, [o for o in other_made if o in found.extra], _roughly):
        found._take(one, other)  # noqa: SLF001 - of this module
    for one, other in tuple(alike(found.missing, found.extra)):
        found._take(one, other)  # noqa: SLF001 - of this module
        found.renamed.append((one, other))
    order = {id(one): place for place, one in enumerate(ones)}
    found.pairs.sort(key=lambda pair: order[id(pair[0])])
    return found


def alike(lost: Iterable[Any], new: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield the pairs with equal content where there is one on each side."""
    sides: dict[Any, tuple[list[Any], list[Any]]] = defaultdict(lambda: ([], []))
    for side, objects in enumerate((lost, new)):
        for item in objects:
            sides[content(item)][side].append(item)
    for ones, others in sides.values():
        if len(ones) == len(others) == 1:
            yield ones[0], others[0]


def name_of(value: Any) -> Any:
    """Return what tells an object from its siblings."""
    name = getattr(value, "name", None)
    if name is not None:
        return name, getattr(value, "arguments", None)
    return value.role, value.schema, value.object_type


def _matched(
    ones: Items[Any], others: Items[Any], rule: Callable[[Any], Any]
) -> list[tuple[Any, Any]]:
    """Return pairs for which the rule gives the same; several that are alike pair off in order."""
    waiting: dict[Any, list[Any]] = defaultdict(list)
    for other in others:
        waiting[rule(other)].append(other)
    return [(one, waiting[rule(one)].pop(0)) for one in ones if waiting[rule(one)]]


def _roughly(item: Any) -> Any:
    """What a made-up name is made of: enough to take two objects for the same one, changed."""
    if isinstance(item, Constraint):
        return item.kind, item.columns
    if isinstance(item, Index):
        return tuple(key.column or key.expression for key in item.keys)
    assert isinstance(item, Sequence)
    return item.owned_by, item.owned_column
