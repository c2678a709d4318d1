"""Acceptances and baselines: what they let pass, and when they are findings themselves."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from pgassay.checks.acceptance import Acceptance, judge, outlived
from pgassay.core.case import Subject
from pgassay.core.errors import ConfigError
from pgassay.core.finding import Finding
from pgassay.run.accepted import add_accepted, read_accepted, read_baseline, write_baseline

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 6, 15)
SLUGS = ("no_key", "money_column")


def finding(slug: str, thing: str, part: str | None = None) -> Finding:
    subject = Subject(object=thing, part=part)
    return Finding(slug=slug, subject=subject, title="t", found="f", expected="e")


USERS = finding("no_key", "users")
PRICE = finding("money_column", '"Item"', "Price")


def accept(text: str, until: date | None = None) -> Acceptance:
    return Acceptance(finding=text, reason="because", until=until)


@pytest.mark.parametrize(
    ("entry", "passes"),
    [
        ("no_key:users", True),
        ("no_key:*", True),
        ("*:users", True),
        ("no_key:use", False),
        ("no_key:users*", True),
        ("no_key:.sers", False),
        ('money_column:"Item".Price', False),
    ],
)
def test_a_fingerprint_is_matched_as_a_whole_and_a_star_stands_for_anything(
    entry: str, passes: bool
):
    judged = judge([USERS], [accept(entry)], TODAY)
    assert (judged.left == ()) is passes
    assert len(judged.accepted) == passes


def test_a_name_that_needs_quoting_is_accepted_as_it_is_shown():
    assert judge([PRICE], [accept(PRICE.fingerprint)], TODAY).left == ()


def test_an_acceptance_holds_on_its_last_day_and_not_after_it():
    entry = accept("no_key:users", until=TODAY)
    assert judge([USERS], [entry], TODAY).left == ()
    assert judge([USERS], [entry], date(2026, 6, 16)).left == (USERS,)


def test_one_that_has_expired_or_matches_nothing_is_a_finding():
    entries = [
        accept("no_key:users", until=date(2026, 6, 14)),
        accept("no_key:orders"),
        accept("money_column:*"),
    ]
    found = list(outlived([USERS, PRICE], entries, TODAY, SLUGS))
    assert [(f.subject.object, f.slug) for f in found] == [
        ("no_key:users", "acceptance"),
        ("no_key:orders", "acceptance"),
    ]
    assert "good until 2026-06-14" in found[0].found


def test_one_of_a_check_that_did_not_run_is_not_judged():
    assert list(outlived([], [accept("no_key:users")], TODAY, ["money_column"])) == []


def test_what_is_written_is_read_back(tmp_path: Path):
    path = tmp_path / "new" / "accepted.toml"
    entries = [
        Acceptance(finding=PRICE.fingerprint, reason='says "why" \\ \x7f', until=TODAY),
        Acceptance(finding="no_key:ünï*", reason="because"),
    ]
    add_accepted(path, entries[:1], SLUGS)
    add_accepted(path, entries[1:], SLUGS)
    read = read_accepted(path, SLUGS)
    assert [(e.finding, e.reason, e.until) for e in read] == [
        (e.finding, e.reason, e.until) for e in entries
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[accept.'no_keys:a']\nreason = 'x'", 'did you mean "no_key"?'),
        ("[accept.no_key]\nreason = 'x'", "names no object"),
        ("[accept.'no_key:a']\nreason = ' '", "it is empty"),
        ("[accept.'no_key:a']\n", "missing"),
        ("[accept.'no_key:a']\nreason = 'x'\nuntil = 'soon'", "is no date"),
        ("[accept.'no_key:a']\nreason = 'x'\nuntill = 2026-01-01", 'did you mean "until"?'),
        ("[acept]", 'did you mean "accept"?'),
        ("[accept", "not valid TOML"),
    ],
)
def test_a_damaged_file_says_what_is_wrong(tmp_path: Path, text: str, said: str):
    path = tmp_path / "accepted.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as refused:
        read_accepted(path, SLUGS)
    assert said in str(refused.value)


def test_nothing_is_written_for_a_check_that_there_is_none_of(tmp_path: Path):
    path = tmp_path / "accepted.toml"
    with pytest.raises(ConfigError):
        add_accepted(path, [accept("no_keys:a")], SLUGS)
    assert not path.exists()


def test_a_baseline_is_read_back(tmp_path: Path):
    path = tmp_path / "known"
    assert read_baseline(path) == frozenset()
    prints = {USERS.fingerprint, PRICE.fingerprint}
    write_baseline(path, prints)
    assert read_baseline(path) == prints
    assert path.read_text().splitlines()[2:] == sorted(prints)
