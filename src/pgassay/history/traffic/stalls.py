"""Stalls: the waits of many clients behind a migration, by relation and without overlap."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.trace import LockMode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgassay.core.names import QualifiedName
    from pgassay.core.traffic import Wait


def lock_mode(text: str) -> LockMode | None:
    """Return a mode as pg_locks spells it; None for what is no table lock."""
    try:
        return LockMode(text.removesuffix("Lock"))
    except ValueError:
        return None


def strength(text: str) -> int:
    """Return where a mode stands among the table locks, from the weakest; -1 if it is none."""
    mode = lock_mode(text)
    return -1 if mode is None else mode.rank


def stops(text: str) -> str:
    """Return in words which statements a lock of this mode stops; empty if it stops none."""
    mode = lock_mode(text)
    if mode is None or not mode.blocks_writes:
        return ""
    return "every query" if mode.blocks_reads else "every write"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """A span in which some client's statement stood behind the migration on one relation.

    Args:
        relation: which; None where the server does not tell.
        mode: the strongest mode of the migration that was in the way.
        began: seconds from the migration's start.
        ended: the same.
        longest: the longest that one statement waited.
        waits: how many statements did.
    """

    relation: QualifiedName | None
    mode: str
    began: float
    ended: float
    longest: float
    waits: int


def stalls(waits: Iterable[Wait]) -> tuple[Stall, ...]:
    """Return the spans in which clients stood still, by relation, the longest first."""
    by_relation: defaultdict[QualifiedName | None, list[Wait]] = defaultdict(list)
    for wait in waits:
        by_relation[wait.relation].append(wait)
    found = [stall for some in by_relation.values() for stall in _merged(some)]
    return tuple(sorted(found, key=lambda s: (-s.longest, s.began, str(s.relation))))


def _merged(waits: list[Wait]) -> Iterator[Stall]:
    group: list[Wait] = []
    for wait in sorted(waits, key=lambda w: w.began):
        if group and wait.began > max(w.ended for w in group):
            yield _stall(group)
            group = []
        group.append(wait)
    if group:
        yield _stall(group)


def _stall(group: list[Wait]) -> Stall:
    return Stall(
        relation=group[0].relation,
        mode=max((w.held for w in group), key=strength),
        began=group[0].began,
        ended=max(w.ended for w in group),
        longest=max(w.seconds for w in group),
        waits=len(group),
    )
