"""The record of a run: whole, versioned, read back into the same events; damage is told."""

from __future__ import annotations

import gzip
import json
import typing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from pgassay.core.case import Case, Outcome, Status, Subject
from pgassay.core.errors import ConfigError, MachineError
from pgassay.core.event import CaseFinished, Event, Progressed, RowsCopied, RunFinished, Told
from pgassay.core.record import FORMS, name_of
from pgassay.report.event_schema import event_schema
from pgassay.report.recording import SCHEMA, EventRecorder, read_recording
from tests.unit.report.events_of_all_kinds import a_full_run, a_migration
from tests.unit.report.run_of_events import HOSTILE, a_clean_run, a_red_run

if TYPE_CHECKING:
    from collections.abc import Iterable

PUBLISHED = Path(__file__).parents[3] / "docs" / "schemas" / f"{SCHEMA}.json"
AT = datetime(2026, 11, 1, 12, 30, tzinfo=UTC)


def recorded(path: Path, events: Iterable[Event]) -> Path:
    recorder = EventRecorder(path, now=AT)
    for event in events:
        recorder.hear(event)
    recorder.close()
    return path


def runs() -> list[Event]:
    hostile = [event for name in HOSTILE for event in a_full_run(name)]
    return [*a_red_run(), *a_migration(), *a_full_run(), *hostile, *a_clean_run()]


def test_what_is_read_again_is_written_alike(tmp_path: Path) -> None:
    first = recorded(tmp_path / "a", runs())
    recording = read_recording(first)
    assert (recording.at, recording.cut_short, recording.unknown) == (AT.isoformat(), "", {})
    assert recorded(tmp_path / "b", recording.events).read_bytes() == first.read_bytes()


def test_what_is_no_case_is_read_as_the_same_event(tmp_path: Path) -> None:
    events = [e for e in runs() if not isinstance(e, CaseFinished | Progressed | RowsCopied)]
    assert read_recording(recorded(tmp_path / "a", events)).events == events


def test_of_a_case_its_name_promise_and_outcome_are_kept(tmp_path: Path) -> None:
    case = Case(kind="k", subject=Subject(object="t"), title="x", steps=(), promise="p", why="w")
    outcome = Outcome(case=case, status=Status.FAILED, reason="r", step=1, seconds=0.25)
    (event,) = read_recording(
        recorded(tmp_path / "a", [CaseFinished(system="s", outcome=outcome)])
    ).events
    assert isinstance(event, CaseFinished)
    read = event.outcome
    assert isinstance(read.case, Case)
    assert (read.case.name, read.case.promise, read.status) == (case.name, "p", Status.FAILED)
    assert (read.reason, read.seconds, read.case.steps) == ("r", 0.25, ())


def test_every_event_has_its_form_and_its_name() -> None:
    assert {name_of(cls) for cls in typing.get_args(Event)} == FORMS.keys()
    assert {"run_started", "finding_made", "plan_seen", "case_finished"} <= FORMS.keys()


def test_the_lines_keep_the_schema_and_it_is_published(tmp_path: Path) -> None:
    schema = event_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    lines = recorded(tmp_path / "a", runs()).read_text(encoding="utf-8").splitlines()
    for line in lines:
        validator.validate(json.loads(line))
    for wrong in ({"event": "told", "system": 1, "text": ""}, {"event": "told"}, {"event": "nil"}):
        assert not validator.is_valid(wrong)
    published = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    assert published == schema, "pgassay report schema > docs/schemas/…"


def test_a_record_without_its_last_line_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = recorded(tmp_path / "a", a_full_run())
    whole = len(read_recording(path).events)
    path.write_bytes(path.read_bytes()[:-20])
    recording = read_recording(path)
    assert len(recording.events) == whole - 1
    assert "never finished" in recording.cut_short
    assert recording.notes[0].startswith("a is cut short")


def test_a_run_that_ended_early_has_no_verdict(tmp_path: Path) -> None:
    events = [e for e in a_full_run() if not isinstance(e, RunFinished)]
    recording = read_recording(recorded(tmp_path / "a", events))
    assert recording.events == read_recording(recorded(tmp_path / "b", events)).events
    assert "without a verdict" in recording.cut_short


def test_an_event_of_another_day_is_counted_and_left_out(tmp_path: Path) -> None:
    path = recorded(tmp_path / "a", a_clean_run())
    head, *rest = path.read_text().splitlines(keepends=True)
    path.write_text("".join([head, '{"event":"comet_seen","tail":[1]}\n', *rest]))
    recording = read_recording(path)
    assert recording.unknown == {"comet_seen": 1}
    assert "1 comet_seen" in recording.notes[0]
    assert len(recording.events) == len(rest)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        ("<html>", "not the events of a run"),
        ("[]\n", "not the events of a run"),
        ('{"format":"pgassay-events-9","version":"7","at":"x"}\n', "pgassay-events-9"),
    ],
)
def test_what_is_no_record_is_refused(tmp_path: Path, text: str, found: str) -> None:
    (tmp_path / "a").write_text(text)
    with pytest.raises(ConfigError, match=found) as refused:
        read_recording(tmp_path / "a")
    assert refused.value.fix
    assert str(tmp_path) in str(refused.value.where)


@pytest.mark.parametrize(
    "line",
    ["nonsense", '{"event":"told","system":"s"}', '{"event":"told","system":"s","text":2}', "[1]",
     ('{"event":"case_finished","system":"s","kind":"k","subject":{"object":"o"},"title":"t",'
      '"status":"passed","form":"other"}')],
)  # fmt: skip
def test_damage_within_is_told_with_its_line(tmp_path: Path, line: str) -> None:
    path = recorded(tmp_path / "a", a_clean_run())
    head, *rest = path.read_text().splitlines(keepends=True)
    path.write_text("".join([head, f"{line}\n", *rest]))
    with pytest.raises(ConfigError) as refused:
        read_recording(path)
    assert refused.value.where == f"{path}:2"


def test_a_compressed_record_is_read_and_half_of_one_refused(tmp_path: Path) -> None:
    path = recorded(tmp_path / "a", a_full_run())
    packed = gzip.compress(path.read_bytes())
    (tmp_path / "b").write_bytes(packed)
    assert read_recording(tmp_path / "b").events == read_recording(path).events
    (tmp_path / "b").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(ConfigError, match="compressed"):
        read_recording(tmp_path / "b")


def test_where_nothing_can_be_written_it_says_so_before_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MachineError, match="could not be written"):
        EventRecorder(tmp_path / "file" / "events.jsonl")


def test_a_file_that_is_not_there_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        read_recording(tmp_path / "none")
    with pytest.raises(MachineError, match="could not be read"):
        read_recording(tmp_path)


def test_what_is_no_character_survives_as_an_escape(tmp_path: Path) -> None:
    told = Told(system="s", text="half \udc80 \u2028 ]]> </script>")
    recording = read_recording(recorded(tmp_path / "a", [told]))
    assert recording.events == [told]


def test_who_watches_leaves_nothing_in_the_record(tmp_path: Path) -> None:
    lines: list[Any] = [
        Progressed(system="s", phase="p", done=1, total=2),
        RowsCopied(system="s", table="t", rows=1, size=1, asked=1),
    ]
    assert read_recording(recorded(tmp_path / "a", lines)).events == []
