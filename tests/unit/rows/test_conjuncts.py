"""A predicate falls into the parts that must all hold, and no other text is taken for an AND."""

from __future__ import annotations

import pytest

from pgassay.rows.conjuncts import conjuncts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("(deleted_at IS NULL)", ("deleted_at IS NULL",)),
        ("(is_default AND (team_id IS NULL))", ("is_default", "team_id IS NULL")),
        ("(((a > 1) AND (b < 2)) AND c)", ("a > 1", "b < 2", "c")),
        ("((a AND b) OR c)", ("(a AND b) OR c",)),
        ("((a OR b) AND c)", ("a OR b", "c")),
        ("(NOT (a AND b))", ("NOT (a AND b)",)),
        ("CASE WHEN a AND b THEN c ELSE d END", ("CASE WHEN a AND b THEN c ELSE d END",)),
        ("((a = 'x AND y'::text) AND b)", ("a = 'x AND y'::text", "b")),
        ("((a = ') AND ('::text) AND b)", ("a = ') AND ('::text", "b")),
        ('(("x AND y" IS NULL) AND ("a""(b" > 0))', ('"x AND y" IS NULL', '"a""(b" > 0')),
        ("(a) IS NULL", ("(a) IS NULL",)),
        ("((s)::text = ANY (ARRAY['AND'::text]))", ("(s)::text = ANY (ARRAY['AND'::text])",)),
    ],
)
def test_an_expression_is_taken_apart_at_its_ands(text: str, parts: tuple[str, ...]) -> None:
    assert conjuncts(text) == parts
