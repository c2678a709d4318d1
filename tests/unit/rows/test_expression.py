"""Deparsed expressions are read into trees, and trees into what they say of a column."""

from __future__ import annotations

import pytest

from pgassay.rows.expression import Call, Cast, Literal, Name, names, read
from pgassay.rows.facts import Facts, facts


def test_a_comparison_with_a_cast_literal() -> None:
    assert read("(price >= (0)::numeric)") == Call(
        ">=", (Name("price"), Cast(Literal("0"), "numeric"))
    )


def test_and_binds_closer_than_or() -> None:
    tree = read("a OR b AND NOT c")
    assert tree == Call("or", (Name("a"), Call("and", (Name("b"), Call("not", (Name("c"),))))))


def test_a_list_of_labels() -> None:
    tree = read("((s)::text = ANY ((ARRAY['a'::character varying, 'b'::text])::text[]))")
    assert isinstance(tree, Call)
    left, right = tree.operands
    assert (tree.name, left) == ("=", Cast(Name("s"), "text"))
    assert isinstance(right, Call)
    assert right.name == "any"


@pytest.mark.parametrize(
    "text",
    [
        '("Größe" > 10)',
        "((a IS NULL) <> (b IS NOT NULL))",
        "(num_nonnulls(a, b) = 1)",
        "(EXTRACT(isodow FROM d) = (1)::numeric)",
        "CASE WHEN (a > 1) THEN (b IS NULL) ELSE true END",
        "((data ->> 'k'::text) IS NOT NULL)",
        "(tags[1] = 'x'::text)",
        "((at AT TIME ZONE 'utc'::text) > '2025-01-01 00:00:00'::timestamp without time zone)",
        "((name COLLATE \"C\") >= 'a'::text)",
        "(a IS DISTINCT FROM b)",
        "(ROW(a, b) = ROW(1, 2))",
        "(x = ANY (ARRAY[(-1), 2]))",
        "((VALUE)::text ~ '^\\d+$'::text)",
        "(a <> E'tab\\\\t')",
        "(CURRENT_DATE >= day)",
        "(length((public.slug(title))::text) < 5)",
        "(bits & 3) = 1",
    ],
)
def test_what_postgresql_prints_is_read(text: str) -> None:
    read(text)


@pytest.mark.parametrize("text", ["(a >", "a b", "(a))", "select 1 from", "\\"])
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(text)


def test_names_are_found_in_any_text() -> None:
    assert {"price", "Menge"} <= names('(price * "Menge") \\ what')


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("(c = ANY (ARRAY['a'::text, 'b'::text]))", Facts(values=["a", "b"])),
        ("((c >= 1) AND (c <= 5))", Facts(values=["1", "5"])),
        ("(10 < c)", Facts(values=["10"])),
        ("(c > (-3))", Facts(values=["-3"])),
        ("(char_length((c)::text) <= 12)", Facts(lengths=[12])),
        ("(c ~ '^a$'::text)", Facts(patterns=["^a$"])),
        ("((c)::text ~~ 'a%'::text)", Facts(likes=["a%"])),
        ("(jsonb_typeof(c) = 'object'::text)", Facts(json_types=["object"])),
        ("(c ? 'id'::text)", Facts(keys=["id"])),
        ("('x'::text = ANY (c))", Facts(members=["x"])),
        ("(c <@ ARRAY['x'::text])", Facts(members=["x"])),
        ("(EXTRACT(month FROM c) = (2)::numeric)", Facts(fields=[("month", "2")])),
        ("(lower(c) = 'ab'::text)", Facts(values=["ab"])),
        ("(other = 7)", Facts()),
        ("some thing 'lit' 7 that nobody reads", Facts(values=["lit", "7"])),
    ],
)
def test_facts_of_a_column(text: str, known: Facts) -> None:
    assert facts(text, ("c",))["c"] == known
