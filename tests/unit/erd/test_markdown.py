"""Text in Markdown: whatever it begins with, and headings as links know them."""

from __future__ import annotations

import pytest

from pgassay.erd.markdown import Slugs, cell_code, code, fenced, plain, table


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("- list", "\\- list"),
        ("1. list", "1\\. list"),
        ("12) list", "12\\) list"),
        ("=== rule", "\\=== rule"),
        ("snake_case", "snake_case"),
        ("_slanted_", "\\_slanted\\_"),
        ("a\n b", "a b"),
        ("5 - 3 = 2.", "5 - 3 = 2."),
    ],
)
def test_text_is_shown_as_it_is(text: str, want: str) -> None:
    assert plain(text) == want


def test_code_has_a_fence_longer_than_what_is_in_it() -> None:
    assert code("a") == "`a`"
    assert code("a``b") == "``` a``b ```"
    assert cell_code("a|b") == "`a\\|b`"
    assert fenced("x ``` y", "sql") == "````sql\nx ``` y\n````"


def test_columns_that_are_empty_throughout_are_left_out_but_the_first() -> None:
    told = table(["a", "b", "c"], [["", "", "x"], ["", "", ""]])
    assert told == "| a | c |\n| --- | --- |\n|  | x |\n|  |  |"


def test_headings_alike_are_numbered() -> None:
    slugs = Slugs()
    taken = [slugs.take(text) for text in ("A b", "a b", "a b-1", "A, B!", "Größe_1", "…")]
    assert taken == ["a-b", "a-b-1", "a-b-1-1", "a-b-2", "größe_1", "section"]
