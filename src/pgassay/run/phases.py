"""The phases of a gate that are not cases: what each proves, as runnable trials."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pgassay.cases.race import races
from pgassay.core.case import Subject, Trial
from pgassay.core.errors import PgassayError
from pgassay.core.finding import Finding
from pgassay.core.schedule import differences
from pgassay.run.arena import Arena
from pgassay.run.check import checking_of
from pgassay.run.dictionary import dictionary_trials
from pgassay.run.drift import drift_trials
from pgassay.run.erd import erd_trials
from pgassay.run.history.phase import history_trials_of
from pgassay.run.properties import property_trials
from pgassay.run.rules import read_rules, rule_trials
from pgassay.run.trial import Runnable
from pgassay.run.written import read_schedules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.schedule import Schedule
    from pgassay.run.stand import Stand


def trials_of(stand: Stand, phase: str) -> Iterator[Runnable]:
    """Yield the trials of one phase; ValueError if there is no such phase."""
    phases = {
        "drift": _drift,
        "rules": _rules,
        "properties": property_trials,
        "checks": _checks,
        "schedules": _schedules,
        "history": history_trials_of,
    }
    if phase not in phases:
        raise ValueError(f"no phase is called {phase!r}")
    return phases[phase](stand)


def _drift(stand: Stand) -> Iterator[Runnable]:
    """Whatever claims to say what the schema is: the routes, the lock, the documents."""
    yield from drift_trials(stand)
    yield from erd_trials(stand)
    yield from dictionary_trials(stand)


def _checks(stand: Stand) -> Iterator[Runnable]:
    """The structural checks on what the migrations built."""
    yield from checking_of(stand).trials()


def _rules(stand: Stand) -> Iterator[Runnable]:
    folder = stand.request.system.rules
    if folder is None:
        return
    rules = read_rules(folder)
    try:
        rows, families = stand.populated, stand.families
    except PgassayError as error:
        yield _unpopulated(stand, error)
        return
    yield from rule_trials(rules, rows, families)


def _unpopulated(stand: Stand, error: PgassayError) -> Runnable:
    """Return the trial that tells why no rule could be asked."""
    subject = Subject(object=stand.name)
    title = "rows are there to ask the rules of"
    finding = Finding(
        slug="rule",
        subject=subject,
        title=title,
        found=str(error),
        expected="a few families of valid rows",
        why=error.why or "a query that finds nothing in empty tables says nothing",
        fix=error.fix or "",
    )
    return Runnable(
        trial=Trial(kind="rule", subject=subject, title=title), perform=lambda: (finding,)
    )


def _schedules(stand: Stand) -> Iterator[Runnable]:
    folder = stand.request.system.schedules
    written = read_schedules(folder) if folder else ()
    arena = Arena(stand)
    for schedule in (*races(stand.source), *written):
        trial = Trial(kind=schedule.kind, subject=schedule.subject, title=schedule.title)
        yield Runnable(trial=trial, perform=partial(_perform, arena, schedule))


def _perform(arena: Arena, schedule: Schedule) -> Iterator[Finding]:
    """Play every order of a schedule."""
    for order in schedule.orders():
        course = arena.play(schedule, order)
        for told in differences(schedule.ending(order), course):
            yield Finding(
                slug=schedule.kind,
                subject=Subject(object=schedule.subject.object, part=schedule.subject.part),
                title=schedule.title,
                found=f"in the order {' '.join(order)}: {told}",
                expected=schedule.title,
                why=schedule.why,
                fix="compare the key, the reference or the statement with what the models promise",
                evidence=_script(schedule),
                discriminator=" ".join(order),
            )


def _script(schedule: Schedule) -> tuple[str, ...]:
    setup = tuple(statement.script() for statement in schedule.setup)
    steps = tuple(f"-- {label}\n{s.script()}" for label, s in schedule.steps.items())
    return (*setup, *steps)
