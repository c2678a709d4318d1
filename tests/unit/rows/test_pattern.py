"""Texts made from a pattern match it: Python's re is the judge where both dialects agree."""

from __future__ import annotations

import re

import pytest

from pgassay.rows.pattern import like, matching

PATTERNS = [
    "^[a-z]+$",
    "^[A-Z]{3}$",
    "^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}$",
    "^#[0-9A-Fa-f]{6}$",
    "^(draft|live|gone)$",
    "^\\d{3}-\\d{4}$",
    "^\\+?[1-9]\\d{1,14}$",
    "^[^\\s@]+@[^\\s@]+$",
    "^(?:https?|ftp)://[\\w.]+(/\\S*)?$",
    "^[a-z]+(-[a-z]+)*$",
    "^[]x-]+$",
    "^\\$[0-9]+\\.[0-9]{2}$",
    "a.c",
    "",
    "^x{0,2}y??z*?$",
]


@pytest.mark.parametrize("run", [0, 1, 6])
@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_text_matches_its_pattern(pattern: str, run: int) -> None:
    for number in (-1, 0, 1, 2, 99):
        assert re.search(pattern, matching(pattern, number, run=run))


def test_posix_classes_are_read() -> None:
    assert matching("^[[:upper:]][[:digit:]]{2}[[:space:]]$", 0) == "A00 "


@pytest.mark.parametrize("pattern", ["^[a-z]+$", "^[A-Z]{3}$", "^[0-9]{4}$"])
def test_numbers_give_different_texts(pattern: str) -> None:
    assert len({matching(pattern, number) for number in range(500)}) == 500


def test_minus_one_takes_the_last_characters() -> None:
    assert (matching("^[a-c]{2}$", 0), matching("^[a-c]{2}$", -1)) == ("aa", "cc")


@pytest.mark.parametrize("pattern", ["^(?=x)y$", "(a)\\1", "[[:klingon:]]", "(a", "a\\"])
def test_what_is_not_read_is_said(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        matching(pattern, 0)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("/api/%", "/api/x"), ("%@corp.com", "x@corp.com"), ("A_C", "AaC"), ("10\\%", "10%")],
)
def test_a_like_pattern_is_filled(pattern: str, text: str) -> None:
    assert like(pattern, "x") == text
