"""The page: what it shows, from events alone, and that nothing in them becomes part of it."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from pgassay.core.event import FindingMade, RunFinished
from pgassay.core.finding import Severity
from pgassay.report.page.coverage import OTHERS, coverage
from pgassay.report.page.report import PageReport, page
from pgassay.report.page.views import RunView, runs
from pgassay.report.recording import EventRecorder, read_recording
from pgassay.report.tally import Tallies, Tally
from tests.unit.report.events_of_all_kinds import (
    a_full_run,
    a_large_run,
    a_migration,
    passed,
    started,
)
from tests.unit.report.run_of_events import HOSTILE, a_clean_run, a_red_run, finding

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pgassay.core.event import Event

AT = "2026-02-10T12:00:00+00:00"
ATTACKS = (
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    '"><img src=x onerror=alert(3)>',
    "' onmouseover='alert(4)",
    "</title></style></pre><iframe src=//evil.example>",
    "javascript:alert(5)",
    "{{ 7 * 7 }}{% raw %}",
    "]]><svg onload=alert(6)>",
    "<!--",
    *HOSTILE,
    "\u202egnp.exe",
    "half \udc80",
    "x" * 10_000,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 100,
)
VOID = {"meta", "link", "input", "br", "img"}


class Parsed(HTMLParser):
    """What a browser makes of a page: its elements, their attributes, the text of scripts."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "script":
            self.scripts.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.scripts[-1] += data
        else:
            self.text += data


def tally_of(events: Iterable[Event]) -> Tally:
    (tally,) = Tallies(events).all
    return tally


def view_of(events: Iterable[Event]) -> RunView:
    (view,) = runs([(tally_of(events), AT)])
    return view


def made(*all_events: Iterable[Event], notes: tuple[str, ...] = ()) -> str:
    return page([(tally_of(events), AT) for events in all_events], notes)


def test_a_page_made_from_the_record_is_the_page_of_the_run(tmp_path: Path) -> None:
    live = PageReport(tmp_path / "live.html", at=AT)
    recorder = EventRecorder(tmp_path / "events.jsonl")
    for event in (*a_full_run(), *a_red_run(), *a_clean_run()):
        live.hear(event)
        recorder.hear(event)
    live.close()
    recorder.close()
    events = read_recording(tmp_path / "events.jsonl").events
    again = page([(tally, AT) for tally in Tallies(events).all])
    assert (tmp_path / "live.html").read_text(encoding="utf-8") == again


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_names_and_values_stay_text(attack: str) -> None:
    plain = Parsed(made(a_full_run(), a_migration()))
    hostile = Parsed(made(a_full_run(attack), a_migration(attack), notes=(attack,)))
    assert hostile.open == plain.open == []
    # The same elements as with a harmless name, and a note more.
    tags = [tag for tag, _ in hostile.elements]
    assert tags.count("script") == len(plain.scripts)
    for tag in ("iframe", "img", "object", "embed", "form"):
        assert tags.count(tag) == [t for t, _ in plain.elements].count(tag)
    for tag, attributes in hostile.elements:
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
        for name in ("href", "src"):
            assert (attributes.get(name) or "#").startswith(("#", "data:,"))


def test_what_is_hostile_is_still_told() -> None:
    text = Parsed(made(a_full_run('<b>"&'))).text
    assert 'Seq Scan on <b>"&' in text
    assert 'told of <b>"&' in text


def test_the_policy_allows_the_script_and_the_style_of_the_page_and_nothing_else() -> None:
    parsed = Parsed(made(a_full_run()))
    (policy,) = [a["content"] for t, a in parsed.elements if a.get("http-equiv")]
    assert policy is not None
    (script,) = [s for s in parsed.scripts if s.startswith('"use strict"')]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not [a for _, a in parsed.elements if "style" in a]


def test_the_cases_are_data_for_the_script() -> None:
    parsed = Parsed(made(a_full_run("</script>")))
    (data,) = [json.loads(s) for s in parsed.scripts if s.startswith("{")]
    rows: list[list[int]] = data["rows"]
    words: list[str] = data["words"]
    assert [words[row[0]] for row in rows] == ["unique", "check", "not_null", "not_null"]
    assert [words[row[4]] for row in rows] == ["failed", "unproven", "passed", "passed"]
    assert words[rows[2][1]] == "</script>"
    assert words[rows[0][5]] == "accepted"


def test_coverage_tells_proven_broken_impossible_and_nothing_there() -> None:
    matrix = coverage(tally_of(a_full_run()))
    assert matrix is not None
    assert matrix.kinds == ("check", "not_null", "unique")
    assert [cell.state for cell in matrix.rows["orders"]] == ["unproven", "proven", "bad"]
    assert [cell.state for cell in matrix.rows["users"]] == ["none", "proven", "none"]
    assert OTHERS not in matrix.rows
    assert matrix.rows["orders"][0].words == "1 unproven: no value"
    assert matrix.unproven == 1


def test_a_case_of_no_table_counts_among_the_other_objects() -> None:
    events = [*a_full_run()[:-1], passed("shop", "f()", "not_null"), a_full_run()[-1]]
    matrix = coverage(tally_of(events))
    assert matrix is not None
    assert [cell.text for cell in matrix.rows[OTHERS]] == ["0", "1", "0"]


def test_without_tables_there_is_no_matrix() -> None:
    assert coverage(tally_of(a_clean_run())) is None


def test_the_first_things_are_the_worst_one_for_each_fix() -> None:
    mild = finding("mild", severity=Severity.WARNING)
    same = [finding(str(n), fix="create table t ()") for n in range(3)]
    others = [finding(str(n), fix=f"fix {n}") for n in range(3, 20)]
    found = [FindingMade(system="s", finding=f) for f in (mild, others[0], *same, *others[1:])]
    view = view_of([started(), *found, RunFinished(system="s", passed=False, seconds=1)])
    first = view.first_things
    assert len(first) == 5
    assert [(thing.finding.fix, thing.also) for thing in first[:3]] == [
        ("fix 3", 0),
        ("create table t ()", 2),
        ("fix 4", 0),
    ]
    assert all(thing.finding.severity is Severity.ERROR for thing in first)
    assert view.findings[-1] is mild


@pytest.mark.parametrize(
    ("events", "state", "words"),
    [
        (a_clean_run(), "clean", "clean"),
        (a_full_run(), "findings", "1 finding"),
        (a_full_run()[:-1], "cut-short", "no verdict: the run was cut short, 1 finding until then"),
        (a_clean_run()[:-1], "cut-short", "no verdict: the run was cut short"),
    ],
)
def test_the_verdict(events: list[Event], state: str, words: str) -> None:
    view = view_of(events)
    assert (view.state, view.verdict) == (state, words)
    assert words in made(events)


def test_every_section_is_there_where_its_events_are_and_only_there() -> None:
    full, bare = made(a_full_run()), made(a_clean_run())
    for anchor in ("findings", "coverage", "plans", "indexes", "growth", "trends", "cascades",
                   "partitions", "volumes"):  # fmt: skip
        assert f'id="r1-{anchor}"' in full
        assert f'id="r1-{anchor}"' not in bare
    assert 'id="r1-cases"' in bare


def test_the_hot_node_and_a_bad_estimate_are_marked() -> None:
    text = " ".join(Parsed(made(a_full_run())).text.split())
    assert "Seq Scan on orders hot 500 rows, 10 estimated" in text
    assert "50\N{MULTIPLICATION SIGN} more than estimated" in text
    assert "read 900 · 70 buffers" in text


def test_pictures_have_names_and_say_what_they_show() -> None:
    text = Parsed(made(a_full_run())).text
    assert "A delete from users reaches: 1 deleted, 1 set null" in text
    assert "orders: 3 partitions from 2026-01-01 to 2026-04-01" in text
    assert "orders (typical): buffers 100 → 1,000 → 10,000: linear, error 1%" in text
    assert "orders_2: 2026-02-01 to 2026-03-01, 200 rows" in text


def test_a_migration_shows_its_locks_its_statements_and_who_stood_still() -> None:
    html = made(a_migration())
    text = " ".join(Parsed(html).text.split())
    assert "orders: ACCESS EXCLUSIVE for 1.50 s: reads and writes wait" in text
    assert "users: ROW SHARE for 0.20 s: reads and writes go on" in text
    assert "orders: 4 statements waited behind AccessExclusiveLock, the longest 1.30 s" in text
    assert "orders is written anew" in text
    assert "orders stands still for 1.3 s" in text
    assert '<td>short transactions</td><td class="n">1.50 s</td><td class="n">200</td>' in html
    assert "Statement traced" not in text


def test_many_statements_share_a_row() -> None:
    few, many = (" ".join(Parsed(made(a_migration(more=n))).text.split()) for n in (0, 40))
    assert "2. SELECT" in few
    assert "42 statements in" in many
    assert "39. COMMENT: 0 ms" in many


def test_nobody_reads_a_page_of_many_megabytes() -> None:
    text = made(a_large_run())
    assert len(text.encode()) < 2_000_000
    assert len(Parsed(text).elements) < 20_000


def test_a_page_of_no_run_says_so() -> None:
    assert "no run that has started" in made()


@dataclass(frozen=True)
class CometSeen:
    """An event that no section of the page draws."""

    system: str
    tail: tuple[str, ...]
    bright: bool | None = None


def test_events_that_no_section_draws_are_listed_with_their_fields() -> None:
    comet: Any = CometSeen("clean", ("<b>", "long"))
    tally = tally_of(a_clean_run())
    tally.hear(comet)
    parsed = Parsed(page([(tally, AT)]))
    assert "Comet seen 1" in " ".join(parsed.text.split())
    assert '["<b>", "long"]' in parsed.text
    plain = [tag for tag, _ in Parsed(made(a_clean_run())).elements].count("b")
    assert [tag for tag, _ in parsed.elements].count("b") == plain
