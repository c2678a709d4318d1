"""The JSON document of a run: everything the other reports say, for programs."""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003 - documented attribute
from typing import TYPE_CHECKING

from pgassay.core.case import Outcome, Status
from pgassay.core.codec import Json, encode
from pgassay.report.listener import write_whole
from pgassay.report.tally import Tallies, Tally

if TYPE_CHECKING:
    from pgassay.core.event import Event
    from pgassay.core.finding import Finding
    from pgassay.core.nearness import ColumnNearness

FORMAT = 1


class JsonReport:
    """Writes `path` when closed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tallies = Tallies()

    def hear(self, event: Event) -> None:
        """Take one event."""
        self._tallies.hear(event)

    def close(self) -> None:
        """Write the file."""
        document = {"format": FORMAT, "systems": [_system(t) for t in self._tallies.all]}
        text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=False)
        write_whole(self._path, text + "\n")


def _system(tally: Tally) -> dict[str, Json]:
    tables = {"tables": [encode(table) for table in tally.tables]} if tally.tables else {}
    plans = {"plans": [encode(plan) for plan in tally.plans]} if tally.plans else {}
    traces = {"traces": [encode(trace) for trace in tally.traces]} if tally.traces else {}
    live: dict[str, Json] = {}
    if tally.traffic:
        live["traffic"] = [encode(one) for one in tally.traffic]
        live["stalls"] = [encode(one) for one in tally.stalls]
    near = {"statistics": [_near(one) for one in tally.nearness]} if tally.nearness else {}
    return {
        "run": encode(tally.started),
        "passed": bool(tally.finished and tally.finished.passed),
        "seconds": tally.finished.seconds if tally.finished else None,
        "phases": [encode(phase) for phase in tally.phases],
        "findings": [_finding(finding) for finding in tally.findings],
        "cases": [_outcome(outcome) for outcome in tally.outcomes],
        **tables,
        **near,
        **plans,
        **traces,
        **live,
    }


def _finding(finding: Finding) -> Json:
    data = encode(finding)
    assert isinstance(data, dict)
    return {"fingerprint": finding.fingerprint, **data}


def _near(nearness: ColumnNearness) -> Json:
    return {
        "table": nearness.table,
        "column": nearness.column,
        "yields": nearness.yields,
        "measures": [
            {
                "name": one.name,
                "asked": one.asked,
                "got": one.got,
                "tolerance": one.tolerance,
                "holds": one.holds,
            }
            for one in nearness.measures
        ],
    }


def _outcome(outcome: Outcome) -> Json:
    data: dict[str, Json] = {
        "kind": outcome.case.kind,
        "subject": str(outcome.case.subject),
        "title": outcome.case.title,
        "status": outcome.status.value,
        "seconds": round(outcome.seconds, 6),
    }
    if outcome.status is not Status.PASSED:
        data["reason"] = outcome.reason
    return data
