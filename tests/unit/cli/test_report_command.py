"""`pgassay report`: every report again from the events, a comparison, and errors in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.cli.program import program
from pgassay.report.recording import EventRecorder
from tests.unit.report.events_of_all_kinds import a_full_run
from tests.unit.report.run_of_events import a_clean_run

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pgassay.core.event import Event


def recorded(folder: Path, events: Iterable[Event]) -> Path:
    recorder = EventRecorder(folder / "events.jsonl")
    for event in events:
        recorder.hear(event)
    recorder.close()
    return folder


@pytest.mark.parametrize(
    ("form", "name", "words"),
    [
        ("html", "index.html", "<!doctype html>"),
        ("junit", "junit.xml", "<testsuites"),
        ("sarif", "pgassay.sarif", '"2.1.0"'),
        ("markdown", "summary.md", "### ❌ shop"),
        ("json", "report.json", '"systems"'),
    ],
)
def test_each_report_is_made_beside_the_events(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, name: str, words: str
) -> None:
    recorded(tmp_path, a_full_run())
    assert program(["report", form, str(tmp_path)]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / name)
    assert words in (tmp_path / name).read_text(encoding="utf-8")


def test_several_runs_make_one_page(tmp_path: Path) -> None:
    runs = [recorded(tmp_path / n, e) for n, e in (("a", a_full_run()), ("b", a_clean_run()))]
    out = tmp_path / "night" / "index.html"
    assert program(["report", "html", *map(str, runs), "--output", str(out)]) == 0
    assert "2 runs" in out.read_text(encoding="utf-8")


def test_a_run_cut_short_is_reported_and_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded(tmp_path, a_full_run()[:-1])
    assert program(["report", "html", str(tmp_path)]) == 0
    assert "is cut short" in capsys.readouterr().err
    assert "is cut short" in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert program(["report", "console", str(tmp_path)]) == 1
    assert "duplicate refused" in capsys.readouterr().out


def test_the_console_prints_the_run_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program(["report", "console", str(recorded(tmp_path, a_clean_run()))]) == 0
    assert "clean: clean  1 case in 10 ms" in capsys.readouterr().out


def test_a_comparison_is_red_for_what_is_worse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = str(recorded(tmp_path / "a", [*a_full_run()[:-3], a_full_run()[-1]]))
    bad = str(recorded(tmp_path / "b", a_full_run()))
    table = tmp_path / "diff.md"
    assert program(["report", "diff", good, bad, "--markdown", str(table)]) == 1
    out = capsys.readouterr().out
    assert "shop  error  orders_1.p: unique  duplicate refused" in out
    assert "1 change for the worse" in out
    assert "| ❌ new |" in table.read_text(encoding="utf-8")
    assert program(["report", "diff", bad, good]) == 0
    assert "nothing new and nothing worse" in capsys.readouterr().out


@pytest.mark.parametrize("what", ["empty", "none", "folder"])
def test_what_is_no_record_is_wrong_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    (tmp_path / "empty").write_text("")
    (tmp_path / "folder").mkdir()
    assert program(["report", "html", str(tmp_path / what)]) == 2
    err = capsys.readouterr().err
    assert "expected" in err
    assert "Traceback" not in err


def test_a_folder_that_cannot_be_written_is_the_machine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events = str(recorded(tmp_path, a_clean_run()))
    out = str(tmp_path / "events.jsonl" / "index.html")
    assert program(["report", "html", events, "-o", out]) == 3
    assert "could not be written" in capsys.readouterr().err


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert program(["report", "schema"]) == 0
    assert "finding_made" in capsys.readouterr().out
