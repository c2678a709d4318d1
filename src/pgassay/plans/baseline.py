"""Baselines: what plans were when somebody accepted them, and what has become of them since.

A baseline holds for one major version and one volume. Another one is said, not compared. Judged are
the shape of the plan and its counts; milliseconds and costs are not even kept.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.case import Subject
from pgassay.core.codec import decode, encode
from pgassay.core.errors import ConfigError
from pgassay.core.finding import Finding, Severity
from pgassay.plans.effort import rows_returned
from pgassay.plans.judgement import asked
from pgassay.plans.measure import misses, total_buffers, total_rows_read
from pgassay.plans.shape import indexes_of, shape
from pgassay.plans.tree import tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.plans.ground import Measured
    from pgassay.plans.places import Places
    from pgassay.plans.query import HotQuery

FORMAT = 1
# A page more or less, a tuple that moved: what two runs over the same rows differ by.
_MORE, _PAGES, _ROWS = 1.2, 8, 10
_GUESS = 3.0  # an estimate that became so many times worse


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A planner setting that is not the built-in one."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One plan as it was accepted."""

    query: str
    asked: str
    rows: float = 0.0
    rows_read: float = 0.0
    buffers: int = 0
    guess: float = 1.0
    indexes: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = ()
    shape: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What it is the entry of."""
        return self.query, self.asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """All plans of one system that were accepted for one version and volume.

    `volume` stands for all that decided the rows: profile, seed, what made them.
    """

    format: int = FORMAT
    postgres: int
    profile: str
    seed: int = 0
    volume: str = ""
    entries: tuple[Entry, ...] = ()

    def entry(self, key: tuple[str, str]) -> Entry | None:
        """Return the entry of a plan, None if it was never accepted."""
        return next((entry for entry in self.entries if entry.key == key), None)

    def text(self) -> str:
        """Return it as it is kept: one entry after the other, readable in a diff."""
        return json.dumps(encode(self), ensure_ascii=False, indent=1) + "\n"


def read_baseline(text: str, where: str) -> Baseline:
    """Return the baseline in a file.

    Raises:
        ConfigError: it is damaged or of another format.
    """
    try:
        found = decode(Baseline, json.loads(text))
    except ValueError as damage:
        raise ConfigError(
            f"not a baseline: {damage}", where=where, fix="pgassay bench --accept writes it anew"
        ) from damage
    if found.format != FORMAT:
        raise ConfigError(
            f"format {found.format}",
            where=where,
            expected=f"format {FORMAT}",
            fix="pgassay bench --accept writes it anew",
        )
    return found


def entry_of(query: HotQuery, measured: Measured, places: Places) -> Entry:
    """Return what a baseline keeps of a plan."""
    plan = measured.plan
    worst = misses(plan)
    return Entry(
        query=query.name,
        asked=asked(measured.run, measured.mode),
        rows=round(rows_returned(plan), 2),
        rows_read=round(total_rows_read(plan), 2),
        buffers=total_buffers(plan).shared,
        guess=round(worst[0].factor, 2) if worst else 1.0,
        indexes=indexes_of(plan, places),
        settings=tuple(Setting(name=n, value=v) for n, v in sorted(plan.settings.items())),
        shape=shape(plan, places),
    )


def other_conditions(before: Baseline, now: Baseline) -> str:
    """Return in words why two baselines cannot be compared; empty if they can."""
    told = [
        f"{what} {then}, now {current}"
        for what, then, current in (
            ("PostgreSQL", before.postgres, now.postgres),
            ("profile", before.profile, now.profile),
            ("seed", before.seed, now.seed),
            ("rows made from", before.volume[:12], now.volume[:12]),
        )
        if then != current
    ]
    return ", ".join(told)


def compare(before: Entry, now: Entry, query: HotQuery, measured: Measured) -> Iterator[Finding]:
    """Yield what has become worse since a plan was accepted, or is another plan."""
    counts = (
        ("shared buffers", before.buffers, now.buffers, _PAGES),
        ("rows read", before.rows_read, now.rows_read, _ROWS),
    )
    worse = [
        f"{what}: {now_:,.0f} instead of {then:,.0f}"
        for what, then, now_, band in counts
        if now_ > then * _MORE + band
    ]
    if now.guess > before.guess * _GUESS:
        worse.append(f"rows guessed wrong by {now.guess:,.0f} times instead of {before.guess:,.0f}")
    changed = []
    if before.indexes != now.indexes:
        changed.append(f"indexes: {_named(now.indexes)} instead of {_named(before.indexes)}")
    if before.shape != now.shape:
        changed.append("another plan")
    if before.settings != now.settings:
        changed.append(f"settings: {_set(now.settings)} instead of {_set(before.settings)}")
    if not _near(before.rows, now.rows):
        changed.append(f"rows returned: {now.rows:,.0f} instead of {before.rows:,.0f}")
    if not worse and not changed:
        return
    told = [*worse, *changed]
    yield Finding(
        slug="plan_baseline",
        subject=Subject(object=query.name),
        title=f"{'worse than' if worse else 'other than'} the accepted plan ({now.asked})",
        found="; ".join(told),
        expected="the plan that was accepted",
        why=query.why,
        fix=f"mend it, or accept it: pgassay bench --query {query.name} --accept",
        evidence=(
            *tree(measured.plan),
            *(("the accepted plan was:", *before.shape) if before.shape != now.shape else ()),
            *measured.script,
        ),
        severity=Severity.ERROR if worse else Severity.WARNING,
        source=query.file or None,
        discriminator=now.asked,
    )


def better(before: Entry, now: Entry) -> str:
    """Return in words what has become much better, so that it can be accepted; empty if nothing."""
    pairs = (("shared buffers", before.buffers, now.buffers, _PAGES),
             ("rows read", before.rows_read, now.rows_read, _ROWS))  # fmt: skip
    told = [f"{what} {then:,.0f} → {now_:,.0f}" for what, then, now_, band in pairs
            if then > now_ * _MORE + band]  # fmt: skip
    return ", ".join(told)


def _near(then: float, now: float) -> bool:
    return abs(then - now) <= max(1.0, 0.001 * then)


def _named(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "none"


def _set(settings: tuple[Setting, ...]) -> str:
    return ", ".join(f"{s.name} = {s.value}" for s in settings) or "the built-in ones"
