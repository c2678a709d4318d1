"""Parts of deparsed text are found whatever stands in quotes."""

from __future__ import annotations

import pytest

from pgassay.postgres.catalog.deparsed import clause, listed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FOR EACH ROW WHEN ((new.a > 1)) EXECUTE FUNCTION f()", "(new.a > 1)"),
        (
            "FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION f()",
            "pg_trigger_depth() = 0",
        ),
        ('CREATE TRIGGER " WHEN (" FOR EACH ROW WHEN (true) EXECUTE FUNCTION f()', "true"),
        ("ROW WHEN ((new.a <> ') WHEN (x)'::text)) EXECUTE", "(new.a <> ') WHEN (x)'::text)"),
        ("ROW WHEN ((new.a <> 'it''s)'::text)) EXECUTE", "(new.a <> 'it''s)'::text)"),
        ('ROW WHEN ((new."a"")" > 1)) EXECUTE', '(new."a"")" > 1)'),
        ("ROW WHEN ((new.a <> E'\\\\'::text)) EXECUTE", "(new.a <> E'\\\\'::text)"),
        ("FOR EACH ROW EXECUTE FUNCTION f('x', ' WHEN (1)')", None),
        ("f( WHEN (1))", None),
        ("ROW WHEN true", None),
    ],
)
def test_a_clause_is_what_stands_in_its_parentheses(text: str, expected: str | None) -> None:
    assert clause(text, "WHEN") == expected


@pytest.mark.parametrize(
    "items",
    [
        ["(a + 1)"],
        ["lower(a)", "(b || ', '::text)"],
        ["COALESCE(a, b)", "ARRAY[a, b]", "c"],
        ['"a, b"', "('x, (y'::text || '['::text)", "d[1]"],
        ["E'\\\\, '", "b"],
    ],
)
def test_a_list_is_split_between_its_items_only(items: list[str]) -> None:
    assert listed(", ".join(items)) == items
