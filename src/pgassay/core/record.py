"""Events as JSON objects, and back: what a run is recorded in, from which every report can be made.

An object names its event in snake case (`finding_made`) and holds the event's fields, those with
their default left out. Of a case its name, promise and outcome are kept; the statements are not:
where they matter, they are the evidence of a finding.
"""

from __future__ import annotations

import re
import typing
from dataclasses import dataclass
from typing import Any

from pgassay.core.case import Case, Outcome, Status, Subject, Trial, Unproven
from pgassay.core.codec import Json, decode, encode
from pgassay.core.event import CaseFinished, Event

FORMAT = 1
"""The version of the form. A field or an event that is added does not change it."""

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def name_of(cls: type) -> str:
    """Return what an event is called in a record: `FindingMade` is `finding_made`."""
    return _CAPITAL.sub("_", cls.__name__).lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCase:
    """What a record keeps of a finished case.

    Args:
        system: the system's name.
        form: case, trial or unproven.
        kind: the slug.
        subject: what it is about.
        title: what must happen.
        status: what became of it.
        promise: what the contract says.
        reason: what differed, or why it is unproven.
        fails: of an unproven promise, whether it makes the gate red.
        seconds: its share of the time.
    """

    system: str
    form: str = "case"
    kind: str
    subject: Subject
    title: str
    status: Status
    promise: str = ""
    reason: str = ""
    fails: bool = False
    seconds: float = 0.0


FORMS: dict[str, type] = {
    name_of(cls): RecordedCase if cls is CaseFinished else cls for cls in typing.get_args(Event)
}
"""The class whose fields an object of a record has, by the name of its event."""


def written(event: Event) -> dict[str, Json]:
    """Return an event as a JSON object."""
    kept: Any = _kept(event) if isinstance(event, CaseFinished) else event
    fields = encode(kept)
    assert isinstance(fields, dict)
    return {"event": name_of(type(event)), **fields}


def read(data: Json) -> Event | None:
    """Return the event that a JSON object describes; None if this version knows no such event.

    Raises ValueError if it is no object of a record, or a field is wrong.
    """
    if not isinstance(data, dict) or not isinstance(data.get("event"), str):
        raise ValueError('expected an object with the name of its "event"')  # noqa: TRY004 - of data
    form = FORMS.get(str(data["event"]))
    if form is None:
        return None
    fields: Json = {key: value for key, value in data.items() if key != "event"}
    event: Any = decode(form, fields)
    return _finished(event) if isinstance(event, RecordedCase) else typing.cast("Event", event)


def _kept(event: CaseFinished) -> RecordedCase:
    outcome = event.outcome
    case = outcome.case
    return RecordedCase(
        system=event.system,
        form=type(case).__name__.lower(),
        kind=case.kind,
        subject=case.subject,
        title=case.title,
        status=outcome.status,
        promise=case.promise if isinstance(case, Case) else "",
        reason=outcome.reason,
        fails=isinstance(case, Unproven) and case.fails,
        seconds=round(outcome.seconds, 6),
    )


def _finished(kept: RecordedCase) -> CaseFinished:
    subject, title = kept.subject, kept.title
    case: Case | Trial | Unproven
    if kept.form == "unproven":
        case = Unproven(
            kind=kept.kind, subject=subject, title=title, reason=kept.reason, fails=kept.fails
        )
    elif kept.form == "trial":
        case = Trial(kind=kept.kind, subject=subject, title=title)
    elif kept.form == "case":
        case = Case(kind=kept.kind, subject=subject, title=title, steps=(), promise=kept.promise)
    else:
        raise ValueError(f"RecordedCase.form: expected case, trial or unproven, not {kept.form!r}")
    outcome = Outcome(case=case, status=kept.status, reason=kept.reason, seconds=kept.seconds)
    return CaseFinished(system=kept.system, outcome=outcome)
