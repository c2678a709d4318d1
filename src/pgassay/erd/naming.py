"""Names drawn and names that are: how a table is written in a diagram, and found again.

A name is looked for as it is written, with and without its schema. Where nothing is called so,
one that differs only in case and punctuation (`ORDER-ITEM`, `orderItem`, `order_item`) is taken:
many diagrams spell names by a style of their own. Whether that is this diagram's style or a slip
is for `Spelling` to say.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgassay.core.names import QualifiedName

T = TypeVar("T")
_PLAIN = re.compile(r"[a-z0-9]+\Z")


def label_of(name: QualifiedName) -> str:
    """Return how a relation or a type is called in a diagram: no two alike.

    Its name alone where it is in `public`, `schema.name` elsewhere, as SQL where that could be
    read in two ways.
    """
    if any(sign in name.schema + name.name for sign in '."'):
        return name.sql
    return name.name if name.schema == "public" else f"{name.schema}.{name.name}"


def fold(text: str) -> str:
    """Return what is left of a name without case and punctuation."""
    return re.sub(r"[\W_]+", "", text.casefold())


class Directory(Generic[T]):
    """Things by the names that a diagram may give them."""

    def __init__(self, things: Iterable[tuple[QualifiedName, T]]) -> None:
        self._exact: dict[str, T] = {}
        self._folded: dict[str, list[T]] = defaultdict(list)
        listed = list(things)
        by_name: dict[str, list[T]] = defaultdict(list)
        for name, thing in listed:
            self._exact[label_of(name)] = thing
            by_name[name.name].append(thing)
            for text in {fold(name.name), fold(f"{name.schema}.{name.name}")}:
                if text:
                    self._folded[text].append(thing)
        for name, thing in listed:
            for text in (name.sql, str(name), f"{name.schema}.{name.name}"):
                self._exact.setdefault(text, thing)
        for text, several in by_name.items():
            if len(several) == 1:
                self._exact.setdefault(text, several[0])

    def exactly(self, text: str) -> T | None:
        """Return what is called so."""
        return self._exact.get(text)

    def loosely(self, text: str) -> T | None:
        """Return the only thing whose name differs in case and punctuation alone."""
        several = self._folded.get(fold(text), [])
        return several[0] if len(several) == 1 else None


class Spelling:
    """Which names a drawing spells by a style of its own, and which it misspells.

    A style shows in most names that could show it: `createdAt` for `created_at` everywhere is
    one, a single `createdAt` among twenty `created_at` is a slip. `exact` drawings have no style.
    """

    def __init__(self, *, exact: bool = False) -> None:
        self._has_no_style = exact
        self._exact: list[str] = []
        self._loose: list[tuple[str, str]] = []

    def hear(self, drawn: str, real: str) -> None:
        """Take one pair of names."""
        if drawn == real:
            self._exact.append(real)
        else:
            self._loose.append((drawn, real))

    def slips(self) -> Iterator[tuple[str, str]]:
        """Yield the pairs that no style explains: the name drawn, the name there is."""
        telling = sum(not _PLAIN.match(name) for name in self._exact)
        for drawn, real in self._loose:
            # a capital letter at the start would also show in a name of one word
            against = len(self._exact) if drawn[0].isupper() and real[0].islower() else telling
            if self._has_no_style or against >= len(self._loose):
                yield drawn, real
