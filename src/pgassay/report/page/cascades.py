"""What a delete takes along, as a tree with the chosen table at its root."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.report.page.drawing import bar, branch, picture, text, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import drawsvg
    from markupsafe import Markup

    from pgassay.core.exhibit import DeleteReaches, Reached

_ROW, _STEP, _TOP = 26, 28, 20
_DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cascade:
    """One table's tree.

    Args:
        table: the table that a row is deleted from.
        counts: how many tables meet each fate.
        picture: the tree.
        reaches: the same as a list.
    """

    table: str
    counts: Counter[str]
    picture: Markup
    reaches: tuple[Reached, ...]

    @property
    def words(self) -> str:
        """The counts in words."""
        return ", ".join(f"{number} {fate}" for fate, number in self.counts.items())


def cascade(seen: DeleteReaches) -> Cascade:
    """Return the tree of what a delete reaches."""
    rows = list(_rows(seen))
    parts: list[drawsvg.types.DrawingElement] = []
    places: list[tuple[float, float]] = []
    widest = 0.0
    for number, (depth, above, reached) in enumerate(rows):
        x, y = 8 + depth * _STEP, _TOP + number * _ROW
        places.append((x, y))
        if reached is None:
            label, kind, note = seen.table, "root", "a row is deleted"
        else:
            label, kind = reached.table, reached.fate.replace(" ", "-")
            columns = ", ".join(reached.columns)
            note = reached.fate if reached.fate == _DELETED else f"{reached.fate}: {columns}"
            from_x, from_y = places[above]
            parts.append(branch((from_x + 6, from_y + 9), (x - 4, y), "branch"))
        parts.append(bar(x - 4, y - 9, 18, 18, kind=f"fate {kind}", title=note))
        parts.append(text(label, x + 22, y + 4, "label strong" if reached is None else "label"))
        beside = x + 22 + width_of(label) + 12
        parts.append(text(note, beside, y + 4, f"label fate-text {kind}"))
        widest = max(widest, beside + width_of(note))
        if reached is not None:
            parts[-1].append_title(f"by {reached.key}")
    counts = Counter(reached.fate for reached in seen.reaches)
    words = ", ".join(f"{number} {fate}" for fate, number in counts.items())
    drawn = picture(
        widest + 12, _TOP + len(rows) * _ROW, f"A delete from {seen.table} reaches: {words}", *parts
    )
    return Cascade(table=seen.table, counts=counts, picture=drawn, reaches=seen.reaches)


def _rows(seen: DeleteReaches) -> Iterator[tuple[int, int, Reached | None]]:
    """Yield depth, the row above it in the tree, and what is reached; the root first."""
    beneath: dict[str, list[Reached]] = {}
    for reached in seen.reaches:
        beneath.setdefault(reached.via, []).append(reached)
    number = 0
    opened = {seen.table}

    def down(table: str, depth: int, above: int) -> Iterator[tuple[int, int, Reached]]:
        nonlocal number
        for reached in beneath.get(table, ()):
            number += 1
            here = number
            yield depth, above, reached
            # A table's own subtree is drawn once, where it is first deleted.
            if reached.fate == _DELETED and reached.table not in opened:
                opened.add(reached.table)
                yield from down(reached.table, depth + 1, here)

    yield 0, 0, None
    yield from down(seen.table, 1, 0)
