"""Machine formats: each keeps its schema, says where a finding is, escapes what is named."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import xmlschema

from pgassay.core.errors import MachineError
from pgassay.core.event import FindingMade, RunFinished
from pgassay.core.finding import Severity
from pgassay.report.github import GithubReport
from pgassay.report.junit import JunitReport
from pgassay.report.sarif import SarifReport
from pgassay.report.summary import MOST, SummaryReport, code, escaped, summary
from pgassay.report.tally import Tallies
from tests.unit.report.events_of_all_kinds import a_full_run, a_large_run, started
from tests.unit.report.run_of_events import HOSTILE, a_clean_run, a_red_run, finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.core.event import Event
    from pgassay.report.listener import Listener

SCHEMAS = Path(__file__).with_name("schemas")


def closed(report: Listener, *runs: Iterable[Event]) -> None:
    for run in runs:
        for event in run:
            report.hear(event)
    report.close()


def found_at(source: str | None, **more: object) -> list[Event]:
    found = finding("t", source=source, **more)
    return [
        started(),
        FindingMade(system="shop", finding=found),
        RunFinished(system="shop", passed=False, seconds=1.0),
    ]


def sarif(path: Path, *runs: Iterable[Event]) -> dict[str, Any]:
    closed(SarifReport(path / "x.sarif"), *runs)
    log: dict[str, Any] = json.loads((path / "x.sarif").read_text(encoding="utf-8"))
    schema = json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
    jsonschema.Draft4Validator(schema).validate(log)
    (run,) = log["runs"]
    result: dict[str, Any] = run
    return result


def test_sarif_keeps_its_schema_whatever_is_named(tmp_path: Path) -> None:
    sources = [f"dir {name}/models.py:3" for name in HOSTILE]
    run = sarif(tmp_path, a_full_run(), *(found_at(source) for source in sources), a_clean_run())
    assert len(run["results"]) == 1 + len(HOSTILE)
    assert run["invocations"][0]["executionSuccessful"] is True


def test_sarif_says_where_and_how_bad(tmp_path: Path) -> None:
    run = sarif(tmp_path, found_at("benchmarks/shop/my query.sql:7", severity=Severity.WARNING))
    (result,) = run["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "benchmarks/shop/my%20query.sql",
                                         "uriBaseId": "PROJECT"}  # fmt: skip
    assert place["region"]["startLine"] == 7
    assert (result["ruleId"], result["level"]) == ("unique", "warning")
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "unique"
    assert "fix: fix t" in result["message"]["text"]
    assert list(result["partialFingerprints"].values()) == ["shop:unique:t.part:t refused"]


def test_sarif_counts_what_has_no_place(tmp_path: Path) -> None:
    run = sarif(tmp_path, found_at(None), a_red_run())
    assert run["results"] == []
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith(f"{len(HOSTILE) + 3} findings without a place")


def test_sarif_of_a_run_cut_short_was_no_success(tmp_path: Path) -> None:
    assert not sarif(tmp_path, a_clean_run()[:-1])["invocations"][0]["executionSuccessful"]
    assert not sarif(tmp_path)["invocations"][0]["executionSuccessful"]


def test_junit_keeps_its_schema_and_has_the_evidence_as_properties(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    runs = [a_full_run(name) for name in HOSTILE]
    closed(JunitReport(path), a_red_run(), a_full_run(), *runs, a_clean_run())
    schema = xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd"))
    schema.validate(str(path))
    (case,) = (
        case
        for case in ET.parse(path).getroot().iter("testcase")
        if case.get("name") == "orders_1.p: duplicate refused"
    )
    held = {p.get("name"): p.get("value") for p in case.iterfind("properties/property")}
    assert held["evidence"] == "insert …;"
    assert held["source"] == "models/shop.py:12"
    assert held["fingerprint"] == "unique:orders_1.p:duplicate refused"


def github(*runs: Iterable[Event], summary: Path | None = None) -> list[str]:
    out = io.StringIO()
    closed(GithubReport(summary=summary, out=out), *runs)
    return out.getvalue().splitlines()


def test_an_annotation_stands_at_its_line() -> None:
    (line,) = github(found_at("models/shop.py:12"))
    assert line == (
        "::error file=models/shop.py,line=12,title=t.part%3A unique%3A t refused::"
        "found found t%0Aexpected expected t%0Afix fix t"
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_makes_a_command_of_its_own(name: str) -> None:
    attack = f"{name}\n::set-env name=PATH::/evil\r::error::x%"
    lines = github(found_at(f"{attack}:3", title=attack, found=attack))
    assert len(lines) == 1
    title = lines[0].split("title=")[1].split("::")[0]
    assert "," not in title


def test_github_gets_ten_of_each_level_and_the_count_of_the_rest() -> None:
    lines = github(a_large_run(10, 90))
    assert [line.split(" ")[0] for line in lines] == ["::error"] * 10 + ["::warning"] * 10
    assert "and 21 more errors" in lines[9]


def test_the_summary_of_a_job_is_added_to_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    path.write_text("before\n")
    github(a_clean_run(), summary=path)
    assert path.read_text().startswith("before\n### ✅ clean gate: clean\n")
    with pytest.raises(MachineError, match="summary could not be written"):
        github(a_clean_run(), summary=tmp_path)


def test_markdown_tells_verdict_phases_findings_and_what_is_unproven(tmp_path: Path) -> None:
    closed(SummaryReport(tmp_path / "x.md"), a_full_run(), a_clean_run(), a_full_run()[:-1])
    text = (tmp_path / "x.md").read_text(encoding="utf-8")
    assert "### ❌ shop gate: 1 finding" in text
    assert "### ✅ clean gate: clean" in text
    assert "cut short, no verdict" in text
    assert "| cases | 2 passed | 1.50 s |" in text
    assert "```sql\nalter table t add unique (p)\n```" in text
    assert "1 promise unproven" in text


@pytest.mark.parametrize("name", [*HOSTILE, "@everyone", "| a | b |", "# x", "![x](http://e)"])
def test_markdown_reads_nothing_into_a_name(name: str) -> None:
    line = escaped(name)
    assert "\n" not in line
    assert "<" not in line
    assert "@" not in line
    for mark in "|#[]`*":
        assert line.count(mark) == line.count(f"\\{mark}")


def test_no_evidence_leaves_its_fence() -> None:
    text = code("a\n```\n# not a heading\n````sql")
    assert text.startswith("`````sql\n")
    assert text.endswith("\n`````")


def test_markdown_is_short_enough_for_a_comment() -> None:
    text = summary(Tallies(a_large_run()).all)
    assert text.count("<details>") == MOST
    assert "84 more findings" in text
    assert len(text) < 65_536
