"""What a migration among clients is judged by: who waited behind its locks, and what was refused.

Slowness of the machine is no finding: what counts is a wait that pg_locks showed behind a lock of
the migration, a queue behind a lock that it waited for without a limit, a deadlock, a refusal.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pgassay.core.case import Subject
from pgassay.core.finding import Finding, Severity
from pgassay.core.traffic import Scene
from pgassay.history.traffic.stalls import stalls, stops

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.names import QualifiedName
    from pgassay.core.traffic import Failure, Held, Traffic

LIMIT = 1.0
"""Seconds that a statement may wait behind a migration before that is a finding."""

_DEADLOCK, _PLAN_CHANGED = "40P01", "0A000"
# Data exceptions, integrity constraints, syntax and access rules: what a statement meets with as
# well when nothing else runs. That is judged where the old code meets the new schema.
_STANDING = ("22", "23", "42")


def judge(traffic: Traffic, revision: str, *, limit: float = LIMIT) -> Iterator[Finding]:
    """Yield what clients met that they should not have met.

    Args:
        traffic: what was seen.
        revision: what the migration is called.
        limit: seconds that a statement may wait.
    """
    if traffic.scene is Scene.SHORT:
        yield from _stalled(traffic, revision, limit)
    yield from _queued(traffic, revision)
    yield from _refused(traffic, revision)


def headline(short: Traffic, long: Traffic | None = None) -> str:
    """Return in one line for how long clients stood still."""
    told = f"the site stands still for {short.standstill:.1f} s"
    if long is None or not long.held:
        return told
    stopping = [held for held in long.held if stops(held.mode) or held.clients]
    if not stopping:
        return f"{told}, also beside transactions that stay open"
    worst = max(stopping, key=lambda held: held.seconds)
    where = f" on {worst.relation}" if worst.relation else ""
    if any(held.patient for held in stopping):
        return f"{told}; behind a transaction that stays open{where}, for as long as that does"
    if any(held.gave_up for held in stopping):
        return (
            f"{told}; behind a transaction that stays open{where}, for {worst.seconds:.1f} s until "
            "the migration gives up"
        )
    return f"{told}; behind a transaction that stays open{where}, until that ends"


def _stalled(traffic: Traffic, revision: str, limit: float) -> Iterator[Finding]:
    seen: set[QualifiedName | None] = set()
    for stall in stalls(traffic.waits):
        if stall.longest < limit or stall.relation in seen:
            continue
        seen.add(stall.relation)
        place = str(stall.relation) if stall.relation else "rows it has written"
        yield Finding(
            slug="migration_stall",
            subject=Subject(object=place),
            title=f"queries on {place} stood still for {stall.longest:.1f} s",
            found=f"{stall.waits} statements waited behind {_of(stall.mode)} of {revision}, the "
            f"longest for {stall.longest:.2f} s",
            expected=f"no statement waits longer than {limit:g} s",
            why="for as long every page that needs it hangs, and the pool of connections fills up "
            "until pages that do not need it hang too",
            fix="take the lock for an instant only: build and check outside of it (CONCURRENTLY, "
            "NOT VALID and VALIDATE, batches), each step in a transaction of its own",
            evidence=(
                f"{stall.began:+.2f} s to {stall.ended:+.2f} s of {traffic.seconds:.2f} s in all",
            ),
            discriminator=revision,
        )


def _queued(traffic: Traffic, revision: str) -> Iterator[Finding]:
    """Judge waits behind open transactions: a queue without a limit is an error."""
    by_relation: defaultdict[QualifiedName | None, list[Held]] = defaultdict(list)
    patient = any(held.patient for held in traffic.held)
    longest = max((held.seconds for held in traffic.held if held.patient), default=0.0)
    for held in traffic.held:
        if held.gave_up or not (stops(held.mode) or held.clients):
            continue
        by_relation[held.relation].append(held)
    for relation, some in by_relation.items() if patient else ():
        place = str(relation) if relation else "rows it has written"
        worst = max(some, key=lambda held: (held.clients, held.seconds))
        stopped = next((word for held in some if (word := stops(held.mode))), "what it has locked")
        yield Finding(
            slug="migration_queue",
            subject=Subject(object=place),
            title=f"{stopped} on {place} queues behind a migration that does not give up",
            found=f"{revision} waited for {_of(worst.mode)} behind {worst.holder} that stayed, "
            f"and {worst.clients} clients behind it; it did not give up within {longest:.1f} s",
            expected="a migration that gives up soon (lock_timeout) and is tried again",
            why="a report, a dump or a forgotten session is enough: what comes after the migration "
            "waits until that ends",
            fix="SET lock_timeout = '2s' before the statement, and run the migration again when it "
            "is refused with 55P03",
            evidence=tuple(
                f"{held.mode} behind {held.holder}: {held.clients} clients waiting" for held in some
            ),
            discriminator=revision,
        )


def _refused(traffic: Traffic, revision: str) -> Iterator[Finding]:
    by_cause: defaultdict[tuple[str, str], list[Failure]] = defaultdict(list)
    for failure in traffic.failures:
        if failure.sqlstate.startswith(_STANDING):
            continue
        by_cause[failure.unit, failure.sqlstate].append(failure)
    if traffic.refused and not traffic.again:
        yield _refused_itself(traffic, revision)
    for (unit, sqlstate), some in by_cause.items():
        count = sum(failure.count for failure in some)
        moments = ", ".join(f"{f.count} {f.moment}" for f in some)
        deadlock = sqlstate == _DEADLOCK
        changed = sqlstate == _PLAN_CHANGED
        yield Finding(
            slug="migration_deadlock" if deadlock else "migration_refusal",
            subject=Subject(object=unit, part=sqlstate),
            title=f"{unit}: refused {count} times with {sqlstate}",
            found=f"{sqlstate} {some[0].message} ({moments} the migration)",
            expected="what ran before the migration runs on",
            why=_WHY_DEADLOCK if deadlock else _WHY_CHANGED if changed else _WHY_REFUSED,
            fix=_FIX_DEADLOCK if deadlock else _FIX_CHANGED if changed else _FIX_REFUSED,
            severity=Severity.WARNING if changed else Severity.ERROR,
            source=some[0].source,
            discriminator=revision,
        )


def _refused_itself(traffic: Traffic, revision: str) -> Finding:
    said = traffic.refused_again or traffic.refused
    deadlock = f"SQLSTATE {_DEADLOCK}" in said
    how = "was ended by a deadlock with its clients" if deadlock else "does not come through"
    return Finding(
        slug="migration_deadlock" if deadlock else "migration_refusal",
        subject=Subject(object=revision, part=traffic.scene.name.lower()),
        title=f"the migration {how}" + (", run again" if traffic.refused_again else ""),
        found=said,
        expected="a migration that comes through beside the application",
        why=_WHY_DEADLOCK if deadlock else _WHY_REFUSED_ITSELF,
        fix=_FIX_DEADLOCK if deadlock else _FIX_REFUSED_ITSELF,
        discriminator=revision,
    )


_WHY_DEADLOCK = "one of the two loses its work: a user sees an error, or the migration is undone"
_FIX_DEADLOCK = (
    "lock one table in a transaction; where it has to be several, in the order in which the "
    "application writes them"
)
_WHY_CHANGED = (
    "sessions that prepared the statement before the migration cannot run it any more until they "
    "prepare it anew; pools keep sessions for hours"
)
_FIX_CHANGED = "let the pool open new sessions when the migration has run (or send DISCARD ALL)"
_WHY_REFUSED_ITSELF = "the deployment stops here, and whoever runs it has to find a quieter moment"
_FIX_REFUSED_ITSELF = (
    "lock less, and for an instant only; where that cannot be, run it in a quiet hour and accept it"
)
_WHY_REFUSED = "code that is running while the migration is deployed says this"
_FIX_REFUSED = (
    "deploy in two steps: what is added first, then the code, then what the old code needed is "
    "taken away"
)


def _of(mode: str) -> str:
    return mode or "its lock"
