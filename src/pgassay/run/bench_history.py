"""The nights before: what plans counted then, and what has moved since, told for trends.

A night is comparable if it was of the same system, version, profile and seed. The file is written
by `report.history`, one JSON line for each plan.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from statistics import median
from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError
from pgassay.core.exhibit import NightBefore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_MORE, _PAGES = 1.2, 8  # as in baselines: what is less is noise
_SHOWN = 12
_NIGHTS = 60  # of a trend that is drawn

Figures = dict[tuple[str, str], "Mapping[str, float]"]
"""What each plan counted, by query and how it was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One run of a bench: what it was of, when, and what was counted."""

    system: str
    postgres: str
    profile: str
    seed: int
    at: str = ""
    figures: Figures = field(default_factory=dict)


def last_night(path: Path, like: Night) -> Night | None:
    """Return the last run in a history that is comparable with a night, None if there is none.

    Raises ConfigError as `nights` does.
    """
    known = nights(path, like)
    return known[-1] if known else None


def nights(path: Path, like: Night) -> list[Night]:
    """Return the runs in a history that are comparable with a night, the earliest first.

    Raises:
        ConfigError: the file is damaged; says which line.
    """
    if not path.exists():
        return []
    found: list[Night] = []
    wanted = (like.system, like.postgres, like.profile, like.seed)
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            line = json.loads(text)
            of = (line["system"], line["postgres"], line.get("profile"), line["seed"])
            key, when = (line["query"], line["asked"]), line["at"]
        except (ValueError, KeyError, TypeError) as damage:
            raise ConfigError(
                f"not a line of a history: {damage!r}",
                where=f"{path}:{number}",
                expected="what pgassay bench --history writes",
                fix="take the line out, or name another file",
            ) from damage
        if of != wanted:
            continue
        if not found or when != found[-1].at:
            found.append(replace(like, at=when, figures=Figures()))
        counted = line.items() - {("seed", line["seed"])}
        found[-1].figures[key] = {
            name: value for name, value in counted if isinstance(value, int | float)
        }
    return found


def remembered(known: Iterable[Night], now: Figures) -> Iterator[NightBefore]:
    """Yield what the plans that were asked now touched on the last nights."""
    for night in list(known)[-_NIGHTS:]:
        for (query, asked), figures in night.figures.items():
            if (query, asked) in now:
                yield NightBefore(
                    system=night.system,
                    query=query,
                    asked=asked,
                    at=night.at,
                    buffers=figures["buffers"],
                    ms=figures.get("ms", 0.0),
                )


def trend(before: Night | None, now: Figures) -> Iterator[str]:
    """Yield in words what has moved since a night."""
    if before is None:
        yield "no night before to compare with"
        return
    moved = [
        (new["buffers"] - old["buffers"], *key, old["buffers"], new["buffers"])
        for key, new in now.items()
        if (old := before.figures.get(key)) and _apart(old["buffers"], new["buffers"])
    ]
    came, went = now.keys() - before.figures.keys(), before.figures.keys() - now.keys()
    both = [key for key in now if key in before.figures]
    ratios = [
        now[key]["ms"] / before.figures[key]["ms"]
        for key in both
        if before.figures[key].get("ms") and "ms" in now[key]
    ]
    clock = f"; by the clock {median(ratios):.2f} times as long (median)" if ratios else ""
    yield (
        f"since {before.at}: of {len(both)} plans {len(moved)} touch other numbers of pages, "
        f"{len(came)} are new, {len(went)} are gone{clock}"
    )
    for _, query, asked, old_pages, new_pages in sorted(moved, key=lambda m: -abs(m[0]))[:_SHOWN]:
        yield f"since {before.at}: {query} ({asked}): {old_pages:,.0f} → {new_pages:,.0f} buffers"


def _apart(one: float, other: float) -> bool:
    return max(one, other) > min(one, other) * _MORE + _PAGES
