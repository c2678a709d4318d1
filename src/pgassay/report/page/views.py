"""What the page shows of a run: everything counted and put in order, nothing laid out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from pgassay.core.case import Status
from pgassay.core.codec import encode
from pgassay.core.event import (
    PhaseStarted,
    Progressed,
    RowsCopied,
    StandstillTold,
    StatementTraced,
)
from pgassay.core.exhibit import (
    DeleteReaches,
    GrowthFitted,
    IndexTried,
    NightBefore,
    PartitionSeen,
    PlanSeen,
    TableSeen,
)
from pgassay.core.finding import Finding, Severity
from pgassay.core.record import name_of
from pgassay.report.figures import count
from pgassay.report.page.cascades import Cascade, cascade
from pgassay.report.page.coverage import Coverage, coverage
from pgassay.report.page.curves import Curve, growth_curve, trend_curve
from pgassay.report.page.heat import HeatMap, heat_map
from pgassay.report.page.migrations import MigrationView, migration_views
from pgassay.report.page.timeline import TimeLine, time_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pgassay.core.codec import Json
    from pgassay.core.event import QueryMeasured
    from pgassay.report.tally import Tally

_FIRST = 5
_ORDER = (Status.FAILED, Status.ERROR, Status.UNPROVEN, Status.PASSED)
_PASSING = (PhaseStarted, Progressed, RowsCopied, StandstillTold, StatementTraced)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstThing:
    """One thing to do first: a finding, and how many others are mended in the same way."""

    finding: Finding
    number: int
    also: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """One plan of a hot query with what it counted, and its findings' titles."""

    seen: PlanSeen
    measured: QueryMeasured | None
    findings: tuple[str, ...]

    @property
    def buffers(self) -> float:
        """The shared buffers that it touched."""
        return self.measured.figures.get("buffers", 0.0) if self.measured else 0.0


@dataclass(frozen=True)
class RunView:
    """One run of one system.

    Args:
        number: its place on the page, counted from 1.
        tally: what was counted.
        at: when it began (ISO 8601); empty if not known.
    """

    number: int
    tally: Tally
    at: str = ""

    @property
    def id(self) -> str:
        """What its anchors begin with."""
        return f"r{self.number}"

    @property
    def name(self) -> str:
        """The system and the command."""
        started = self.tally.started
        return f"{started.system} · {started.command}" if started else "?"

    @property
    def state(self) -> str:
        """Return clean, findings or cut-short."""
        if self.tally.cut_short:
            return "cut-short"
        return "clean" if self.tally.passed else "findings"

    @property
    def verdict(self) -> str:
        """The verdict in words."""
        bad = self.tally.of_severity(Severity.ERROR)
        if self.tally.cut_short:
            known = f", {count(len(bad), 'finding')} until then" if bad else ""
            return f"no verdict: the run was cut short{known}"
        if self.tally.passed:
            return "clean"
        return count(len(bad), "finding")

    @property
    def headlines(self) -> list[str]:
        """What is worth a line beside the verdict."""
        return [one.headline for one in self.tally.others if isinstance(one, StandstillTold)]

    @cached_property
    def findings(self) -> list[Finding]:
        """The findings, the worst first, otherwise as they came."""
        rank = list(Severity)
        return sorted(self.tally.findings, key=lambda finding: rank.index(finding.severity))

    @cached_property
    def first_things(self) -> list[FirstThing]:
        """The few things to do: the worst findings, one for each fix, in the order of the run.

        What comes first is nearest to the cause: a drift, before the cases that it breaks.
        """
        groups: dict[tuple[str, str], list[int]] = {}
        worst = self.findings[0].severity if self.findings else None
        for number, finding in enumerate(self.findings):
            if finding.severity is worst and worst is not Severity.INFO:
                groups.setdefault((finding.slug, finding.fix or finding.title), []).append(number)
        some = list(groups.values())[:_FIRST]
        return [FirstThing(finding=self.findings[n[0]], number=n[0], also=len(n) - 1) for n in some]

    @cached_property
    def coverage(self) -> Coverage | None:
        """The matrix of tables by kinds."""
        return coverage(self.tally)

    @cached_property
    def cascades(self) -> list[Cascade]:
        """What a delete takes along, the widest first."""
        made = [cascade(seen) for seen in self.tally.seen(DeleteReaches)]
        return sorted(made, key=lambda one: (-one.counts.total(), one.table))

    @cached_property
    def time_lines(self) -> list[TimeLine]:
        """The partitions of each partitioned table."""
        found: dict[str, list[PartitionSeen]] = {}
        for seen in self.tally.seen(PartitionSeen):
            found.setdefault(seen.table, []).append(seen)
        keys = {seen.table: seen.partition_key or "" for seen in self.tally.seen(TableSeen)}
        today = datetime.fromisoformat(self.at).replace(tzinfo=None) if self.at else None
        return [
            time_line(table, keys.get(table, ""), tuple(some), today)
            for table, some in found.items()
        ]

    @cached_property
    def migrations(self) -> list[MigrationView]:
        """The revisions that were traced."""
        return migration_views(self.tally)

    @cached_property
    def plans(self) -> list[PlanView]:
        """The plans, those with findings first, then by the buffers they touched."""
        measured = {(one.query, one.asked): one for one in self.tally.plans}
        titles: dict[tuple[str, str], list[str]] = {}
        for finding in self.tally.findings:
            titles.setdefault(
                (finding.subject.object, finding.discriminator.partition(":")[0]), []
            ).append(finding.title)
        made = [
            PlanView(
                seen=seen,
                measured=measured.get((seen.query, seen.asked)),
                findings=tuple(titles.get((seen.query, seen.asked), ())),
            )
            for seen in self.tally.seen(PlanSeen)
        ]
        return sorted(made, key=lambda plan: (not plan.findings, -plan.buffers))

    @cached_property
    def heat(self) -> HeatMap | None:
        """The map of queries by indexes."""
        return heat_map(self.tally.seen(IndexTried))

    @cached_property
    def growth(self) -> list[Curve]:
        """The curves of growth."""
        made = [growth_curve(fitted) for fitted in self.tally.seen(GrowthFitted)]
        return sorted(made, key=lambda curve: curve.flat)

    @cached_property
    def trends(self) -> list[Curve]:
        """The curves of the nights, those that moved most first."""
        found: dict[tuple[str, str], list[NightBefore]] = {}
        for night in self.tally.seen(NightBefore):
            found.setdefault((night.query, night.asked), []).append(night)
        now = {(one.query, one.asked): one.figures.get("buffers") for one in self.tally.plans}
        moved = sorted(found.items(), key=lambda item: -_moved(item[1], now.get(item[0])))
        return [trend_curve(*key, nights, now.get(key), self.at) for key, nights in moved]

    @cached_property
    def others(self) -> dict[str, tuple[list[str], list[list[str]]]]:
        """What no section draws: by the name of the event its fields, and a row for each."""
        found: dict[str, tuple[list[str], list[list[str]]]] = {}
        for event in self.tally.others:
            if isinstance(event, _PASSING):
                continue
            fields = [field.name for field in dataclass_fields(event) if field.name != "system"]
            _, rows = found.setdefault(name_of(type(event)), (fields, []))
            rows.append([_words(encode(getattr(event, name))) for name in fields])
        return found

    @property
    def cases(self) -> Json:
        """All cases as short lists of numbers, and the words they stand for, for the script.

        What failed comes first.
        """
        words: dict[str, int] = {}

        def number(word: str) -> int:
            return words.setdefault(word, len(words))

        rows: list[Json] = []
        for outcome in sorted(self.tally.outcomes, key=lambda one: _ORDER.index(one.status)):
            case = outcome.case
            part = "" if case.subject.part is None else case.subject.part
            names = (case.kind, case.subject.object, part, case.title, outcome.status.value)
            reason = "" if outcome.status.value == "passed" else outcome.reason
            rows.append([*map(number, names), number(reason), round(outcome.seconds * 1e6)])
        return {"words": list(words), "rows": rows}


def runs(tallies: Iterable[tuple[Tally, str]]) -> list[RunView]:
    """Return the views of runs, each with when it began."""
    return [RunView(number, tally, at) for number, (tally, at) in enumerate(tallies, 1)]


def _words(value: Json) -> str:
    """Return a field as text: scalars as they are, what holds others as JSON."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def _moved(nights: Sequence[NightBefore], now: float | None) -> float:
    last = now if now is not None else nights[-1].buffers
    return abs(last - nights[-1].buffers) + abs(last - nights[0].buffers) / 2
