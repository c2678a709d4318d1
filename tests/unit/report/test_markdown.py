"""A pull request comment from events alone, with names that would like to be markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.case import Subject
from pgassay.core.event import (
    FindingMade,
    PhaseFinished,
    PlansCompared,
    RevisionTraced,
    RunFinished,
    RunStarted,
    StallSeen,
    StandstillTold,
    Told,
    TrafficSeen,
)
from pgassay.core.finding import Finding, Severity
from pgassay.core.names import QualifiedName
from pgassay.core.route import Revision
from pgassay.core.trace import LockMode, LockTaken, RelationSize, RevisionTrace, StatementTrace
from pgassay.core.traffic import Failure, Moment, Rate, Scene, Traffic
from pgassay.report.markdown import LONGEST, MarkdownReport, code, plain

if TYPE_CHECKING:
    from pathlib import Path

    from pgassay.core.event import Event

ORDERS = QualifiedName("public", "orders")
STARTED = RunStarted(
    command="migration", system="shop", server="embedded", postgres="18.6", seed=7, version="0"
)
TRACE = RevisionTrace(
    revision=Revision(id="0002", parents=("0001",), message="widen", path="v/0002.py"),
    statements=(
        StatementTrace(
            number=1,
            text="alter table orders\n  alter amount type bigint",
            tag="ALTER TABLE",
            seconds=1.5,
            locks=(LockTaken(relation=ORDERS, mode=LockMode.ACCESS_EXCLUSIVE, held=1.5),),
        ),
        StatementTrace(number=2, text="select 1", tag="SELECT"),
    ),
    seconds=1.5,
    transactions=(1.5,),
    sizes=(RelationSize(relation=ORDERS, rows=10, bytes=8192),),
)
TRAFFIC = Traffic(
    scene=Scene.SHORT,
    seconds=1.5,
    clients=4,
    units=8,
    rates={Moment.BEFORE: Rate(seconds=1, finished=200)},
    failures=(
        Failure(unit="read", moment=Moment.AFTER, sqlstate="0A000", message="cached", count=3),
    ),
)


def _finding(**given: object) -> Finding:
    told = {
        "slug": "migration_stall",
        "subject": Subject(object="orders"),
        "title": "queries on orders stood still",
        "found": "found it",
        "expected": "no wait",
        "fix": "create index concurrently …",
        "evidence": ("select 1;",),
        "discriminator": "0002",
    }
    return Finding(**{**told, **given})  # type: ignore[arg-type]  # as given


def _text(tmp_path: Path, *events: Event) -> str:
    report = MarkdownReport(tmp_path / "out" / "pr.md")
    for event in events:
        report.hear(event)
    report.close()
    return (tmp_path / "out" / "pr.md").read_text()


def test_the_verdict_and_the_headline_come_first_then_statements_findings_and_folded_details(
    tmp_path: Path,
):
    text = _text(
        tmp_path,
        STARTED,
        Told(system="shop", text="as named"),
        RevisionTraced(system="shop", trace=TRACE),
        TrafficSeen(system="shop", revision="0002", traffic=TRAFFIC),
        StallSeen(
            system="shop",
            revision="0002",
            scene="short transactions",
            relation="orders",
            mode="AccessExclusiveLock",
            began=0.1,
            ended=1.4,
            longest=1.3,
            waits=4,
        ),
        StandstillTold(system="shop", revision="0002", headline="the site stands still for 1.3 s"),
        PlansCompared(system="shop", revision="0002", plans=12, changed=1),
        FindingMade(system="shop", finding=_finding()),
        FindingMade(system="shop", finding=_finding(severity=Severity.WARNING, slug="other")),
        PhaseFinished(system="shop", phase="traffic", seconds=2.0, counts={"failed": 1}),
        RunFinished(system="shop", passed=False, seconds=9.0),
    )
    lines = text.splitlines()
    assert lines[0] == "## migration 0002: shop 1 error, 1 warning"
    assert lines[2] == "**The site stands still for 1.3 s.**"
    assert "| 1 | `alter table orders alter amount type bigint` | 1.50 s |  |  | ACCESS" in text
    assert "1 statement more that nobody waits for." in text
    assert text.index("`migration_stall`") < text.index("`other`")
    assert "| `orders` | AccessExclusiveLock | 1.30 s | 4 | short transactions |" in text
    assert "3 x 0A000" in text
    assert "- 12 plans compared, 1 changed" in text
    assert text.count("<details>") == text.count("</details>") == 4


def test_a_clean_run_says_so(tmp_path: Path):
    text = _text(tmp_path, STARTED, RunFinished(system="shop", passed=True, seconds=1.0))
    assert text.startswith("## migration: shop clean\n")


def test_names_and_words_from_a_database_stay_text():
    assert plain("a|b <img> @you #1 *x*\ny") == (
        "a&#124;b &#60;img&#62; &#64;you &#35;1 &#42;x&#42; y"
    )
    assert code("a | b") == "`a \\| b`"
    assert code('"x`y"') == '``"x`y"``'
    assert code("`x`") == "`` `x` ``"


def test_a_fence_in_a_fix_does_not_end_the_block(tmp_path: Path):
    finding = _finding(fix="comment on table t is '```';", evidence=())
    finished = RunFinished(system="shop", passed=False, seconds=1.0)
    text = _text(tmp_path, STARTED, FindingMade(system="shop", finding=finding), finished)
    assert "````\ncomment on table t is '```';\n````" in text


def test_a_fix_that_is_advice_is_no_block(tmp_path: Path):
    text = _text(tmp_path, STARTED, FindingMade(system="shop", finding=_finding(fix="do <it>")))
    assert "- fix: do &#60;it&#62;" in text


def test_what_is_too_long_for_a_comment_loses_its_evidence_first_and_then_its_end(tmp_path: Path):
    evidence = tuple(f"line {number} " + "x" * 200 for number in range(30))
    few = [_finding(evidence=evidence, found=str(n)) for n in range(20)]
    text = _text(tmp_path, STARTED, *(FindingMade(system="shop", finding=f) for f in few))
    assert len(text) < LONGEST
    assert "evidence" not in text
    assert "found: 19" in text
    many = [_finding(evidence=evidence, found=f"{n}" + "y" * 500) for n in range(200)]
    text = _text(tmp_path, STARTED, *(FindingMade(system="shop", finding=f) for f in many))
    assert len(text) < LONGEST + 200
    assert text.endswith("The rest is cut: it is in the console.\n")
