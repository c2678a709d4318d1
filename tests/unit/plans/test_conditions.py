from __future__ import annotations

import pytest

from pgassay.plans.condition import TermKind, terms

TYPES = {
    "id": "int4",
    "userId": "uuid",
    "email": "varchar",
    "code": "bpchar",
    "at": "timestamp",
    "flag": "bool",
    "tags": "jsonb",
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("(o.id = 7)", [("equality", "id", "")]),
        ("(7 = o.id)", [("equality", "id", "")]),
        ("(o.id = $1)", [("equality", "id", "")]),
        ("(o.id = ANY ('{1,2}'::integer[]))", [("equality", "id", "")]),
        ("(o.\"userId\" = 'x'::uuid)", [("equality", "userId", "")]),
        ("((o.email)::text = 'x'::text)", [("equality", "email", "")]),
        ("((o.code)::text = 'x'::text)", [("wrapped", "code", "text")]),
        ("((o.id)::text = '7'::text)", [("wrapped", "id", "text")]),
        ("(lower((o.email)::text) = 'x'::text)", [("wrapped", "email", "lower")]),
        ("(date_trunc('month'::text, o.at) = $1)", [("wrapped", "at", "date_trunc")]),
        ("((o.at >= $1) AND (o.at < $2))", [("range", "at", ""), ("range", "at", "")]),
        ('((o.id = 1) OR (o."userId" = $1))', [("either", "id userId", "")]),
        ("((o.id = 1) OR (o.id = 2))", [("either", "id", "")]),
        ("o.flag", [("equality", "flag", "")]),
        ("(NOT o.flag)", [("equality", "flag", "")]),
        ("(o.at IS NULL)", [("null", "at", "")]),
        ("(o.tags @> '[\"a\"]'::jsonb)", [("contains", "tags", "")]),
        ("(o.id = u.id)", [("equality", "id", "")]),
        ("(u.id = 7)", [("other", "", "")]),
        ('(o.id = o."userId")', [("other", "id userId", "")]),
        ("(ANY (o.id = (hashed SubPlan 1).col1))", [("other", "", "")]),
    ],
)
def test_a_condition_is_read_term_by_term(text: str, found: list[tuple[str, str, str]]):
    read = terms(text, "o", TYPES)
    assert [(t.kind.value, " ".join(t.columns), t.wrapper) for t in read] == found


def test_what_cannot_be_read_is_no_guess():
    for text in ("(", "~~ %%", "", "(id = )"):
        assert [t.kind for t in terms(text, "o", TYPES)] == [TermKind.OTHER]
