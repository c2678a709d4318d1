"""The reports that are files: whole, valid, and complete whatever the names are."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from pgassay.core.case import Outcome, Status, Subject
from pgassay.core.errors import MachineError
from pgassay.core.event import CaseFinished, FindingMade
from pgassay.report.document import JsonReport
from pgassay.report.junit import JunitReport
from pgassay.report.listener import write_whole
from tests.unit.report.run_of_events import HOSTILE, a_clean_run, a_red_run, case, finding

if TYPE_CHECKING:
    from pathlib import Path

N = len(HOSTILE)


@pytest.fixture
def document(tmp_path: Path) -> dict[str, Any]:
    report = JsonReport(tmp_path / "gate.json")
    for event in (*a_red_run(), *a_clean_run()):
        report.hear(event)
    assert not (tmp_path / "gate.json").exists()
    report.close()
    read: dict[str, Any] = json.loads((tmp_path / "gate.json").read_text(encoding="utf-8"))
    return read


@pytest.fixture
def suites(tmp_path: Path) -> list[ET.Element]:
    report = JunitReport(tmp_path / "gate.xml")
    for event in (*a_red_run(), *a_clean_run()):
        report.hear(event)
    report.close()
    return ET.parse(tmp_path / "gate.xml").getroot().findall("testsuite")


def test_json_keeps_every_name_as_it_is(document: dict[str, Any]) -> None:
    red, _ = document["systems"]
    assert [c["subject"] for c in red["cases"] if c["kind"] == "unique"] == [
        f"{name}.part" for name in HOSTILE
    ]
    assert [f["found"] for f in red["findings"]][:N] == [f"found {name}" for name in HOSTILE]


def test_json_holds_each_system_with_its_verdict(document: dict[str, Any]) -> None:
    red, clean = document["systems"]
    assert (red["run"]["system"], red["passed"], red["run"]["seed"]) == ("shop", False, 7)
    assert (clean["run"]["system"], clean["passed"]) == ("clean", True)
    assert len(red["cases"]) == 4 * N + 1
    assert len(red["findings"]) == N + 2
    assert len(clean["cases"]) == 1


def test_json_gives_a_reason_for_all_that_did_not_pass(document: dict[str, Any]) -> None:
    for one in document["systems"][0]["cases"]:
        assert ("reason" in one) == (one["status"] != "passed")


def test_a_finding_in_json_has_a_fingerprint(document: dict[str, Any]) -> None:
    prints = [f["fingerprint"] for f in document["systems"][0]["findings"]]
    assert len(set(prints)) == len(prints)


def test_junit_has_a_suite_for_each_system_and_counts_that_are_true(
    suites: list[ET.Element],
) -> None:
    assert [suite.get("name") for suite in suites] == ["shop", "clean"]
    for suite in suites:
        cases = suite.findall("testcase")
        assert suite.get("tests") == str(len(cases))
        for word, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert suite.get(word) == str(len(suite.findall(f"testcase/{tag}")))
    assert suites[0].get("errors") == suites[0].get("skipped") == str(N)
    assert suites[1].get("failures") == "0"


def test_junit_tells_no_case_twice(suites: list[ET.Element]) -> None:
    told = [(case.get("classname"), case.get("name")) for case in suites[0].iter("testcase")]
    assert len(told) == len(set(told))
    # Each hostile name four times, the trial, and two findings that are no case's own.
    assert len(told) == 4 * N + 3


def test_junit_shows_with_each_case_its_own_finding(suites: list[ET.Element]) -> None:
    for name in (n for n in HOSTILE if n.isprintable()):
        (case,) = [
            case
            for case in suites[0].iterfind("testcase[@classname='shop.unique']")
            if (case.get("name") or "").startswith(f"{name}.part")
        ]
        failure = case.find("failure")
        assert failure is not None
        assert (failure.get("message"), failure.text) == (
            f"reason {name}",
            "\n".join(
                f"{label} {name}"
                for label in (
                    "found found",
                    "expected expected",
                    "matters why",
                    "fix fix",
                    "evidence",
                )
            ),
        )


def test_two_cases_of_one_title_keep_their_findings_apart(tmp_path: Path) -> None:
    report = JunitReport(tmp_path / "gate.xml")
    start, *_, end = a_clean_run()
    report.hear(start)
    for name in ("first", "second"):
        about = {"subject": Subject(object=name), "title": "duplicate refused"}
        failed = replace(case(name), **about)  # type: ignore[arg-type]  # the fields are named above
        found = replace(finding(name), **about, discriminator="duplicate refused")  # type: ignore[arg-type]  # as above
        outcome = Outcome(case=failed, status=Status.FAILED, reason=name)
        report.hear(CaseFinished(system="clean", outcome=outcome))
        report.hear(FindingMade(system="clean", finding=found))
    report.hear(end)
    report.close()
    cases = list(ET.parse(tmp_path / "gate.xml").getroot().iter("testcase"))
    assert len(cases) == 2
    for one in cases:
        name = (one.get("name") or "").partition(":")[0]
        assert f"evidence {name}" in (one.findtext("failure") or "")


def test_junit_replaces_what_xml_cannot_hold(suites: list[ET.Element]) -> None:
    names = [case.get("name") or "" for case in suites[0].iter("testcase")]
    assert any("bell\N{REPLACEMENT CHARACTER}nul" in name for name in names)
    assert any("<b>&amp;</b>" in name for name in names)
    assert any("\U0001f418" in name for name in names)


def test_a_mild_finding_is_no_failure(suites: list[ET.Element]) -> None:
    (mild,) = [c for c in suites[0].iter("testcase") if "mild" in (c.get("name") or "")]
    assert [part.tag for part in mild] == ["properties"]


def test_a_run_that_never_started_writes_an_empty_document(tmp_path: Path) -> None:
    for report in (JsonReport(tmp_path / "a.json"), JunitReport(tmp_path / "a.xml")):
        report.hear(a_red_run()[0])
        report.close()
    assert json.loads((tmp_path / "a.json").read_text())["systems"] == []
    assert list(ET.parse(tmp_path / "a.xml").getroot()) == []


def test_writing_replaces_the_old_file_and_leaves_no_other(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "file"
    write_whole(path, "old")
    write_whole(path, "nöw")
    assert path.read_text(encoding="utf-8") == "nöw"
    assert [p.name for p in path.parent.iterdir()] == ["file"]


def test_what_cannot_be_encoded_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "\ud800")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MachineError, match="could not be written"):
        write_whole(tmp_path / "file" / "report", "text")
