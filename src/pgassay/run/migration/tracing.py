"""The part that runs the revisions on rows."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.core.case import Outcome, Status, Subject, Trial
from pgassay.core.event import CaseFinished, Event
from pgassay.run.migration.parts import framed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.run.migration.ground import Ground


def trace(ground: Ground) -> Iterator[Event]:
    """Run the revisions on a populated database."""
    yield from framed(ground, "trace", _ran(ground))


def _ran(ground: Ground) -> Iterator[Event]:
    began = perf_counter()
    with ground.open(ground.populated()) as history:
        for revision in ground.upgrade(history):
            trial = Trial(kind="trace", subject=Subject(object=revision), title="runs on rows")
            outcome = Outcome(case=trial, status=Status.PASSED, seconds=perf_counter() - began)
            yield CaseFinished(system=ground.name, outcome=outcome)
