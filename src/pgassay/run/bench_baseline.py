"""The file of a baseline: read, compared with, and written when somebody accepts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pgassay.plans.baseline import (
    Baseline,
    Entry,
    better,
    compare,
    entry_of,
    other_conditions,
    read_baseline,
)
from pgassay.report.listener import write_whole
from pgassay.run.places import shown

if TYPE_CHECKING:
    from pathlib import Path

    from pgassay.core.finding import Finding
    from pgassay.plans.ground import Measured
    from pgassay.plans.places import Places
    from pgassay.plans.query import HotQuery
    from pgassay.run.populated import PopulatedStand


@dataclass(slots=True)
class BaselineFile:
    """One system's baseline for the version and volume at hand.

    Args:
        path: where it is kept.
        name: the path as people of the project name it.
        before: what was accepted; None if nothing was, or under other conditions.
        now: what is measured, entry by entry.
        told: why nothing is compared; empty if it is.
    """

    path: Path
    name: str
    before: Baseline | None
    now: Baseline
    told: str = ""
    _entries: dict[tuple[str, str], Entry] = field(default_factory=dict)

    @classmethod
    def of(cls, stand: PopulatedStand) -> BaselineFile:
        """Read the baseline that stands for a stand's version and volume."""
        request = stand.request
        folder = request.system.benchmarks or request.config.root / "benchmarks" / stand.name
        profile = stand.order.name
        path = folder / "baselines" / f"pg{stand.server.major}" / f"{profile}.json"
        name = shown(path, request.config.root)
        now = Baseline(
            postgres=stand.server.major,
            profile=profile,
            seed=request.seed,
            volume=stand.order.digest,
        )
        if not path.exists():
            return cls(path, name, None, now, f"no baseline yet: {name} is written by --accept")
        before = read_baseline(path.read_text(encoding="utf-8"), name)
        if other := other_conditions(before, now):
            return cls(path, name, None, now, f"{name} is not compared: {other}")
        return cls(path, name, before, now)

    def compared(
        self, query: HotQuery, measured: Measured, places: Places
    ) -> tuple[list[Finding], str]:
        """Return what became worse of one plan since it was accepted, and what is worth a word."""
        entry = entry_of(query, measured, places)
        self._entries[entry.key] = entry
        if self.before is None:
            return [], ""
        then = self.before.entry(entry.key)
        if then is None:
            return [], f"{query.name} ({entry.asked}) is not in {self.name} yet"
        note = better(then, entry)
        told = f"{query.name} ({entry.asked}) is better than accepted: {note}" if note else ""
        return list(compare(then, entry, query, measured)), told

    def accept(self, *, whole: bool) -> str:
        """Write what was measured and return in words what was done.

        Args:
            whole: whether everything was asked; otherwise the other entries stay as they are.
        """
        kept = {} if whole or self.before is None else {e.key: e for e in self.before.entries}
        entries = {**kept, **self._entries}
        ordered = tuple(entries[key] for key in sorted(entries))
        write_whole(self.path, replace(self.now, entries=ordered).text())
        return f"{self.name} holds {len(entries)} plans now"
