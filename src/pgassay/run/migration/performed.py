"""Trials of a part as events: each is performed, and its findings told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.event import CaseFinished, FindingMade

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgassay.core.event import Event
    from pgassay.run.migration.ground import Ground
    from pgassay.run.trial import Runnable


def performed(ground: Ground, trials: Iterable[Runnable]) -> Iterator[Event]:
    """Perform trials one by one and yield what became of each."""
    for trial in trials:
        outcome = trial.run(ground.name)
        yield CaseFinished(system=ground.name, outcome=outcome)
        for finding in outcome.findings:
            yield FindingMade(system=ground.name, finding=finding)
