"""What value kinds try, without a server."""

from __future__ import annotations

import pytest

from pgassay.cases import integer_range, invalid_input, numeric, stored_value
from pgassay.cases.boundary import boundary
from pgassay.cases.derivation import kinds
from pgassay.cases.enum_label import outsider
from pgassay.cases.ground import described, first_checked, shown
from pgassay.core.catalog import (
    Column,
    ColumnType,
    Constraint,
    ConstraintKind,
)
from pgassay.core.names import QualifiedName
from pgassay.rows.rules import Rule, Verdict
from pgassay.rows.solution import Trial

VALUE_KINDS = [
    "check",
    "default",
    "domain",
    "enum_label",
    "generated",
    "identity",
    "integer_range",
    "invalid_input",
    "length",
    "not_null",
    "numeric",
    "row_change",
    "sequence",
    "stored_value",
]


def base(name: str, **modifiers: int) -> ColumnType:
    return ColumnType(sql=name, name=QualifiedName("pg_catalog", name), base=name, **modifiers)


def rule(name: str, domain: str | None = None) -> Rule:
    constraint = Constraint(name=name, kind=ConstraintKind.CHECK, definition="")
    return Rule(constraint=constraint, text="", sql="", columns=("a",), domain=domain)


@pytest.mark.parametrize("slug", VALUE_KINDS)
def test_every_kind_has_a_page_of_the_same_parts(slug: str) -> None:
    page = kinds()[slug].__doc__ or ""
    parts = ["What it finds:", "Why it hurts:", "Bad::", "Good::", "How to fix:"]
    parts += ["When to ignore:", "Reference: https://www.postgresql.org/docs/current/"]
    assert [part for part in parts if part not in page] == []
    assert [page.index(part) for part in parts] == sorted(page.index(part) for part in parts)


def test_numeric_tries_its_border_and_both_roundings() -> None:
    assert numeric.inputs(base("numeric", precision=4, scale=2)) == (
        *("99.99", "-99.99", "100.00", "-100.00", "99.995", "0.015", "0.014", "Infinity"),
    )


@pytest.mark.parametrize(
    ("precision", "scale", "greatest", "next_one"),
    [(3, 3, "0.999", "1.000"), (3, -3, "999000", "1000000"), (2, 4, "0.0099", "0.0100")],
)
def test_the_greatest_numeric(precision: int, scale: int, greatest: str, next_one: str) -> None:
    tried = numeric.inputs(base("numeric", precision=precision, scale=scale))
    assert (tried[0], tried[2]) == (greatest, next_one)


def test_an_integer_range_is_tried_on_both_sides_of_both_borders() -> None:
    assert integer_range.inputs(base("int2")) == ("-32768", "32767", "-32769", "32768")
    assert integer_range.inputs(base("text")) == ()


def test_inputs_that_do_not_fit_the_length_are_not_stored() -> None:
    assert stored_value.inputs(base("varchar", length=2)) == ["a ", ""]


def test_no_text_is_invalid_input_for_text() -> None:
    assert invalid_input.inputs(base("text")) == ()


@pytest.mark.parametrize(
    ("labels", "outside"), [(("low",), "LOW"), (("x", "X"), "Xx"), ((), "x"), (("1",), "1x")]
)
def test_an_outsider_is_near_and_none_of_the_labels(labels: tuple[str, ...], outside: str) -> None:
    assert outsider(labels) == outside


def test_a_boundary_keeps_one_trial_for_each_value_and_verdict() -> None:
    trials = [
        Trial(values={"a": "1"}, verdict=Verdict.TRUE),
        Trial(values={"a": "1"}, verdict=Verdict.TRUE),
        Trial(values={"a": "0"}, verdict=Verdict.FALSE),
        Trial(values={"a": "9"}, verdict=Verdict.FALSE, before="other"),
        Trial(values={"a": "8"}, verdict=Verdict.ERROR),
        Trial(values={"a": None}, verdict=Verdict.UNKNOWN),
    ]
    assert boundary(trials, frozenset()) == [trials[0], trials[2], trials[5]]


def test_a_boundary_keeps_all_that_the_rule_lists_and_few_others() -> None:
    listed = [Trial(values={"a": str(n)}, verdict=Verdict.TRUE) for n in range(30)]
    others = [Trial(values={"a": f"x{n}"}, verdict=Verdict.TRUE) for n in range(30)]
    taken = boundary([*others, *listed], frozenset(str(n) for n in range(30)))
    assert len(taken) == 30 + 8
    assert all(trial in taken for trial in listed)


def test_the_first_check_by_name_is_reported_and_a_domain_before_all() -> None:
    assert first_checked([rule("b"), rule("B"), rule("a")]) == "B"
    assert first_checked([rule("a"), rule("z", domain="c")]) == "z"
    assert first_checked([rule("y", domain="c"), rule("z", domain="d")]) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "NULL"),
        ("a'b", "'a'b'"),
        ("line\nline", "'line\\nline'"),
        ("x" * 41, "'xxxxxxxxxxxxxxxxxxxx…' (41 characters)"),
    ],
)
def test_a_value_is_shown_on_one_short_line(value: str | None, text: str) -> None:
    assert shown(value) == text


def test_a_column_is_described_as_it_would_be_created() -> None:
    column = Column(
        name="Größe", position=1, type=base("int4"), not_null=True, default="nextval('s')"
    )
    assert described(column) == "\"Größe\" int4 not null default nextval('s')"
