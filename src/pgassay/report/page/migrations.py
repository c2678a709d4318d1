"""A migration on a time line: what it locked and for how long, its statements, who stood still."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.traffic import Moment
from pgassay.report.figures import count, duration
from pgassay.report.page.drawing import bar, line, picture, short, text, ticks, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import drawsvg
    from markupsafe import Markup

    from pgassay.core.event import StallSeen, TrafficSeen
    from pgassay.core.trace import LockMode, RevisionTrace, StatementTrace
    from pgassay.report.tally import Tally

_ROW, _WIDE, _GAP, _TOP, _FOOT = 24.0, 620.0, 12.0, 28.0, 26.0
_LEAST = 2.0
_MOST = 40  # rows of a picture
_FEW = 12  # statements that have a row each


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementView:
    """One statement in words."""

    number: int
    tag: str
    seconds: str
    effects: tuple[str, ...]
    text: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationView:
    """One revision: the picture of its locks, its statements, and the clients beside it."""

    name: str
    seconds: str
    picture: Markup | None
    left_out: int
    statements: tuple[StatementView, ...]
    traffic: tuple[tuple[str, ...], ...]
    error: str


@dataclass(frozen=True, slots=True)
class _Span:
    kind: str
    begun: float
    ended: float
    title: str


@dataclass(frozen=True, slots=True)
class _Lane:
    """A row of the picture."""

    label: str
    spans: tuple[_Span, ...]


def migration_views(tally: Tally) -> list[MigrationView]:
    """Return the revisions that a run traced, in order."""
    return [
        _view(
            trace,
            [stall for stall in tally.stalls if stall.revision == trace.revision.id],
            [seen for seen in tally.traffic if seen.revision == trace.revision.id],
        )
        for trace in tally.traces
    ]


def _view(
    trace: RevisionTrace, stalls: Sequence[StallSeen], traffic: Sequence[TrafficSeen]
) -> MigrationView:
    lanes = [*_locks(trace), *_stood_still(stalls)]
    shown = [*lanes[:_MOST], *_statements(trace)]
    return MigrationView(
        name=str(trace.revision),
        seconds=duration(trace.seconds),
        picture=_drawn(trace, shown) if shown else None,
        left_out=max(len(lanes) - _MOST, 0),
        statements=tuple(map(_words, trace.statements)),
        traffic=tuple(map(_traffic, traffic)),
        error=trace.error or "",
    )


def _statements(trace: RevisionTrace) -> Iterator[_Lane]:
    """Yield a row for each statement; where there are many, one for all."""
    spans = [
        _Span(
            "statement failed" if one.error else "statement",
            one.begun,
            one.begun + one.seconds,
            f"{one.number}. {one.tag}: {duration(one.seconds)}",
        )
        for one in trace.statements
    ]
    if len(spans) > _FEW:
        yield _Lane(count(len(spans), "statement"), tuple(spans))
        return
    for one, span in zip(trace.statements, spans, strict=True):
        yield _Lane(f"{one.number}. {one.tag}", (span,))


def _locks(trace: RevisionTrace) -> Iterator[_Lane]:
    """Yield a bar for each relation and mode, the strongest first; indexes with their table."""
    longest: dict[tuple[str, LockMode], tuple[float, float]] = {}
    for statement, lock in trace.locks():
        key = (str(lock.index_of or lock.relation), lock.mode)
        begun, ended = statement.begun, statement.begun + max(lock.held, statement.seconds)
        known = longest.get(key)
        longest[key] = (min(known[0], begun), max(known[1], ended)) if known else (begun, ended)
    for (relation, mode), (begun, ended) in sorted(
        longest.items(), key=lambda item: (-item[0][1].rank, item[1][0], item[0][0])
    ):
        kind = (
            "blocks-reads" if mode.blocks_reads else "blocks-writes" if mode.blocks_writes else ""
        )
        stops = {"blocks-reads": "reads and writes wait", "blocks-writes": "writes wait"}
        words = stops.get(kind, "reads and writes go on")
        title = f"{relation}: {mode.sql} for {duration(ended - begun)}: {words}"
        span = _Span(f"lock {kind}".strip(), begun, ended, title)
        yield _Lane(f"{relation} {mode.sql}", (span,))


def _stood_still(stalls: Sequence[StallSeen]) -> Iterator[_Lane]:
    for stall in stalls:
        waits = count(stall.waits, "statement")
        title = (
            f"{stall.relation}: {waits} waited behind {stall.mode}, the longest "
            f"{duration(stall.longest)} ({stall.scene})"
        )
        span = _Span("stall", stall.began, stall.ended, title)
        yield _Lane(f"{stall.relation} stood still", (span,))


def _drawn(trace: RevisionTrace, lanes: Sequence[_Lane]) -> Markup:
    spans = [span for lane in lanes for span in lane.spans]
    last = max((span.ended for span in spans), default=0.0) or 0.001
    first = min(0.0, *(span.begun for span in spans))
    left = max(width_of(lane.label) for lane in lanes) + _GAP
    scale = _WIDE / (last - first)
    high = _TOP + len(lanes) * _ROW
    parts: list[drawsvg.types.DrawingElement] = []
    for at in ticks(first, last):
        x = left + (at - first) * scale
        parts.append(line("branch", (x, _TOP - 6), (x, high)))
        parts.append(text(duration(at), x, high + 16, anchor="middle"))
    for number, lane in enumerate(lanes):
        y = _TOP + number * _ROW
        parts.append(text(lane.label, 0, y + 12))
        for span in lane.spans:
            x = left + (span.begun - first) * scale
            wide = max((span.ended - span.begun) * scale, _LEAST)
            parts.append(bar(x, y, wide, _ROW - 8, kind=f"span {span.kind}", title=span.title))
    words = f"{trace.revision}: {count(len(trace.statements), 'statement')} in " + duration(
        trace.seconds
    )
    return picture(left + _WIDE + 60, high + _FOOT, words, *parts)


def _words(one: StatementTrace) -> StatementView:
    effects = [
        f"{lock.relation}: {lock.mode.sql}{'' if lock.granted else ', not granted'}"
        for lock in one.strongest().values()
        if lock.index_of is None
    ]
    effects += [f"{one.relation} is written anew" for one in one.rewrites if one.index_of is None]
    effects += [f"reads {scan.rows:,} rows of {scan.relation}" for scan in one.scans if scan.rows]
    effects += [f"builds {build.index} on {build.table}" for build in one.builds]
    effects += [f"writes {rows.total:,} rows of {rows.relation}" for rows in one.written]
    effects += [f"waited for {one.waited_for}"] if one.waited_for else []
    return StatementView(
        number=one.number,
        tag=one.tag,
        seconds=duration(one.seconds),
        effects=tuple(effects),
        text=short(one.text, 2000),
        error=one.error or "",
    )


def _traffic(seen: TrafficSeen) -> tuple[str, ...]:
    traffic = seen.traffic
    rates = (traffic.rates.get(moment) for moment in Moment)
    return (
        traffic.scene.value,
        duration(traffic.seconds),
        *(f"{rate.per_second:,.0f}" if rate else "" for rate in rates),
        duration(traffic.standstill) if traffic.waits else "",
        f"{sum(failure.count for failure in traffic.failures):,}",
    )
