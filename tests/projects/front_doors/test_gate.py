"""`pgassay gate`, `drift` and `lock` on a sound project and on broken copies of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from tests.projects.front_doors.copies import TABLES, Copy, copied

if TYPE_CHECKING:
    from pathlib import Path

PARTS = ("found", "expected", "matters", "fix")


def findings(document: Path) -> list[dict[str, Any]]:
    data = json.loads(document.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = data["systems"][0]["findings"]
    return found


@pytest.fixture(scope="module")
def green(sound: Copy, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The reports of one clean gate, and what it printed."""
    reports = tmp_path_factory.mktemp("reports")
    files = ("--json", f"{reports}/deep/gate.json", "--junit", f"{reports}/gate.xml",
             "--report", f"{reports}/page")  # fmt: skip
    done = sound.run("gate", *files)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return reports, done.stdout


def test_a_sound_project_is_clean(green: tuple[Path, str]) -> None:
    _, printed = green
    assert "shop: clean" in printed
    for phase in ("routes", "drift", "checks", "cases", "rules", "properties", "schedules"):
        assert f"\n  {phase}" in printed


def test_a_pipe_gets_no_escape_codes(green: tuple[Path, str]) -> None:
    assert "\x1b" not in green[1]


def test_the_project_is_left_as_it_was(green: tuple[Path, str], sound: Copy) -> None:
    del green
    left = {path.name for path in sound.root.iterdir()} - {"__pycache__"}
    assert left == {
        "alembic.ini",
        "contract.lock",
        "migrations",
        "models.py",
        "pyproject.toml",
        "rules",
        "schedules",
    }


def test_both_reports_name_every_case_once(green: tuple[Path, str]) -> None:
    reports, printed = green
    document = json.loads((reports / "deep" / "gate.json").read_text(encoding="utf-8"))
    (system,) = document["systems"]
    assert system["passed"]
    assert system["run"]["system"] == "shop"
    assert {"routes", "drift", "checks", "cases", "rules", "properties", "schedules"} == {
        phase["phase"] for phase in system["phases"]
    }
    in_json = [f"{case['subject']}: {case['title']}" for case in system["cases"]]
    suite = ET.parse(reports / "gate.xml").getroot().find("testsuite")
    assert suite is not None
    assert [case.get("name") for case in suite.findall("testcase")] == in_json
    assert suite.get("tests") == str(len(in_json))
    assert f"clean  {len(in_json)} cases" in printed
    assert any('"a""b"' in name for name in in_json)
    assert any("größe" in name for name in in_json)


def test_no_half_written_report_is_left_beside_the_whole_one(green: tuple[Path, str]) -> None:
    reports, _ = green
    assert {p.name for p in reports.iterdir()} == {"deep", "gate.xml", "page"}
    assert {p.name for p in (reports / "deep").iterdir()} == {"gate.json"}
    assert {p.name for p in (reports / "page").iterdir()} == {"events.jsonl", "index.html"}


def test_every_report_can_be_made_again_from_the_events(
    green: tuple[Path, str], sound: Copy, tmp_path: Path
) -> None:
    reports, printed = green
    events = reports / "page" / "events.jsonl"
    for form, live in (
        ("html", "page/index.html"),
        ("junit", "gate.xml"),
        ("json", "deep/gate.json"),
    ):
        again = tmp_path / form
        assert sound.run("report", form, str(events), "-o", str(again)).returncode == 0
        assert _without_clock(again) == _without_clock(reports / live), form
    told = sound.run("report", "console", str(events))
    assert (told.returncode, told.stdout) == (0, printed)


def test_the_events_say_which_tables_there_are_and_what_a_delete_reaches(
    green: tuple[Path, str],
) -> None:
    lines = (green[0] / "page" / "events.jsonl").read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    seen = [event["table"] for event in events if event.get("event") == "table_seen"]
    assert len(seen) == 3
    assert {'"Straße"."select"', '"a""b"'} < set(seen)
    reached = [event for event in events if event.get("event") == "delete_reaches"]
    assert reached
    for event in reached:
        assert {event["table"], *(reach["table"] for reach in event["reaches"])} <= set(seen)


def _without_clock(path: Path) -> str:
    """Return a report without the moment at which the run began."""
    return re.sub(r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d\+00:00)?", "", path.read_text("utf-8"))


# What is replaced by what, the part of the object that must be named, and who must see it.
BREAKAGES = {
    "a unique key is dropped": (
        ',\n            CONSTRAINT "one Name" UNIQUE ("Name"),\n',
        ",\n",
        "one Name",
        {"drift", "unique"},
    ),
    "a referential action is swapped": (
        "ON DELETE CASCADE",
        "ON DELETE SET NULL",
        "of whom",
        {"drift", "cascade"},
    ),
    "a length is widened": ("varchar(40)", "varchar(41)", "Name", {"drift", "length"}),
    "a column may be NULL": (
        '"Name" varchar(40) NOT NULL',
        '"Name" varchar(40)',
        "Name",
        {"drift", "not_null"},
    ),
    "a check is loosened": (
        'CHECK ("größe" > 0)',
        'CHECK ("größe" > -1)',
        'a "positive" größe',
        {"drift", "check"},
    ),
}


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_a_broken_migration_is_a_finding_with_all_its_parts(project: Copy, breakage: str) -> None:
    old, new, part, slugs = BREAKAGES[breakage]
    project.replace(TABLES, old, new)
    junit, document = project.root / "gate.xml", project.root / "gate.json"

    phases = ("--phase", "drift", "--phase", "cases")
    done = project.run("gate", *phases, "--json", str(document), "--junit", str(junit))

    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    found = findings(document)
    assert slugs <= {finding["slug"] for finding in found}
    assert any(part in str(finding["subject"]["part"]) for finding in found)
    for finding in found:
        assert finding["subject"]["object"], finding
        for key in ("found", "expected", "why", "fix"):
            assert finding[key], finding
    blocks = done.stdout.split("\n\n")
    told = [block for block in blocks if block.startswith("error ")]
    assert 0 < len(told) <= len(found), "findings that say the same are told once"
    assert all(str(finding["title"]) in done.stdout for finding in found)
    for block in told:
        assert all(f"\n  {label}" in block for label in PARTS), block
    suite = ET.parse(junit).getroot().find("testsuite")
    assert suite is not None
    assert int(suite.get("failures") or 0) == len(suite.findall("testcase/failure")) > 0
    assert f"{len(found)} findings" in done.stdout


def test_drift_says_what_differs_and_how_to_repair_it(project: Copy) -> None:
    project.replace(TABLES, "ON DELETE CASCADE", "ON DELETE SET NULL")
    done = project.run("drift")
    assert done.returncode == 1
    assert "CASCADE" in done.stdout
    assert "SET NULL" in done.stdout
    assert 'ALTER TABLE public."a""b"' in done.stdout or 'alter table "a""b"' in done.stdout.lower()
    assert "cases" not in done.stdout.split("shop:")[0]


def test_a_promise_dropped_everywhere_is_red_until_it_is_accepted(project: Copy) -> None:
    project.replace("models.py", '    sa.UniqueConstraint("Name", name="one Name"),\n', "")
    project.replace(TABLES, '            CONSTRAINT "one Name" UNIQUE ("Name"),\n', "")

    red = project.run("drift")
    assert red.returncode == 1
    assert "one Name" in red.stdout
    assert "pgassay lock --system shop --accept" in red.stdout

    shown = project.run("lock")
    assert shown.returncode == 1
    assert any("one Name" in line for line in shown.stdout.splitlines() if line[:1] == "-")
    assert "--accept" in shown.stderr

    before = (project.root / "contract.lock").read_text(encoding="utf-8")
    assert project.run("lock", "--accept").returncode == 0
    after = (project.root / "contract.lock").read_text(encoding="utf-8")
    assert "one Name" in before
    assert "one Name" not in after
    assert project.run("drift").returncode == 0
    again = project.run("lock")
    assert (again.returncode, again.stdout) == (0, "contract.lock holds\n")


def test_a_schedule_whose_rows_are_refused_is_a_finding_beside_the_others(project: Copy) -> None:
    project.replace(TABLES, "numeric(6, 2) DEFAULT 1.5", "numeric(6, 2) NOT NULL")
    document = project.root / "gate.json"
    phases = ("--phase", "drift", "--phase", "schedules")
    done = project.run("gate", *phases, "--json", str(document))
    assert done.returncode == 1, done.stdout + done.stderr
    found = [f for f in findings(document) if f["slug"] == "schedule"]
    assert "could not be put in place: 23502" in str(found[0]["found"])
    assert "select" in str(found[0]["evidence"])
    assert "drift" in {f["slug"] for f in findings(document)}


def test_a_project_without_a_lock_is_told_to_make_one(project: Copy) -> None:
    (project.root / "contract.lock").unlink()
    done = project.run("drift")
    assert done.returncode == 1
    assert "pgassay lock --system shop --accept" in done.stdout


def test_a_kind_alone_runs_its_cases_alone(sound: Copy, tmp_path: Path) -> None:
    document = tmp_path / "gate.json"
    done = sound.run("gate", "--kind", "unique", "--json", str(document), "-vv")
    assert done.returncode == 0
    (system,) = json.loads(document.read_text(encoding="utf-8"))["systems"]
    assert {case["kind"] for case in system["cases"]} == {"unique"}
    assert "passed" in done.stdout
    assert '"Straße"."select".one Name: unique: ' in done.stdout


def test_two_systems_of_one_file_stand_in_one_report(tmp_path: Path, cache: Path) -> None:
    project = copied(tmp_path / "shop", cache)
    settings = project.root / "pyproject.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text + text.replace("systems.shop", 'systems."other shop"'))
    document = tmp_path / "gate.json"
    done = project.run("gate", "--phase", "drift", "--json", str(document))
    assert done.returncode == 0, done.stdout + done.stderr
    data = json.loads(document.read_text(encoding="utf-8"))
    assert [system["run"]["system"] for system in data["systems"]] == ["shop", "other shop"]


def test_the_first_of_two_red_systems_is_not_forgotten(tmp_path: Path, cache: Path) -> None:
    broken, project = copied(tmp_path / "broken", cache), copied(tmp_path / "shop", cache)
    broken.replace(TABLES, "varchar(40)", "varchar(41)")
    (tmp_path / "shop" / "old").mkdir()
    for name in ("models.py", "alembic.ini", "migrations", "contract.lock"):
        (broken.root / name).rename(project.root / "old" / name)
    settings = project.root / "pyproject.toml"
    text = settings.read_text(encoding="utf-8")
    first = '[tool.pgassay.systems.broken]\nmetadata = "models:metadata"\n'
    settings.write_text(first + 'alembic = "old/alembic.ini"\n\n' + text)
    done = project.run("gate", "--phase", "drift")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "shop: clean" in done.stdout
