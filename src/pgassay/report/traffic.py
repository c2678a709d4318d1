"""Live traffic as people read it: the headline, and beneath it what clients got through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.event import PlansCompared, StallSeen, StandstillTold, TrafficSeen
from pgassay.core.traffic import Moment
from pgassay.report.figures import count, duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgassay.core.event import Event
    from pgassay.core.traffic import Traffic

_MANY = 5  # stalls, refusals and units left out that are named before the rest is counted


def seen_lines(event: Event, *, verbose: bool = False) -> Iterator[tuple[str, str]]:
    """Yield what an event of this part has to say, each line with a style; nothing of others."""
    match event:
        case TrafficSeen(traffic=traffic):
            yield from ((text, "dim") for text in traffic_lines(traffic, verbose=verbose))
        case StallSeen():
            yield stall_line(event), "dim"
        case PlansCompared():
            yield plans_line(event), "dim"
        case StandstillTold(headline=text):
            yield text, "bold"
        case _:
            pass


def traffic_lines(traffic: Traffic, *, verbose: bool = False) -> Iterator[str]:
    """Yield what was seen in one scene, in a line or a few."""
    rates = ", ".join(
        f"{traffic.rates[at].per_second:,.0f} {at}" for at in Moment if at in traffic.rates
    )
    took = duration(traffic.seconds)
    yield f"beside {traffic.scene}: {took}, {count(traffic.clients, 'client')}, a second: {rates}"
    if traffic.refused:
        yield f"  the migration ended with: {traffic.refused.splitlines()[0]}"
    refused = [
        f"  {one.unit}: {one.count} refused with {one.sqlstate} {one.moment} it"
        for one in traffic.failures
    ]
    yield from _first(refused, verbose=verbose)
    left = [f"  {name} took no part: {reason}" for name, reason in traffic.left_out]
    yield from _first(left, verbose=verbose)


def stall_line(stall: StallSeen) -> str:
    """Return one stall in a line."""
    place = stall.relation or "rows it has written"
    return (
        f"  {place}: {count(stall.waits, 'statement')} behind {stall.mode or 'its lock'}, the "
        f"longest for {stall.longest:.2f} s"
    )


def plans_line(plans: PlansCompared) -> str:
    """Return what became of plans in a line."""
    better = f", {len(plans.better)} much better" if plans.better else ""
    at = f" at {plans.at}" if plans.at else ""
    compared = f"{count(plans.plans, 'plan')} of hot queries before and behind{at}"
    return f"{compared}: {plans.changed} changed{better}"


def _first(told: Iterable[str], *, verbose: bool) -> Iterator[str]:
    lines = list(dict.fromkeys(told))
    some = lines if verbose else lines[:_MANY]
    yield from some
    if len(some) < len(lines):
        yield f"  and {len(lines) - len(some)} more: -v names them"
