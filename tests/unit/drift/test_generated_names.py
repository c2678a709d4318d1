"""Names that PostgreSQL makes up, byte for byte, and names that only look alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgassay.core.catalog import ConstraintKind
from pgassay.drift.generated import (
    chosen_name,
    is_generated_constraint,
    is_generated_index,
    is_generated_sequence,
)
from tests.unit.drift.sample import check, foreign_key, index, serial, unique

LONG = "a_table_whose_name_is_quite_long_and_goes_on"


@pytest.mark.parametrize(
    ("table", "addition", "label", "name"),
    [
        ("users", "", "pkey", "users_pkey"),
        ("users", "email", "key", "users_email_key"),
        # What PostgreSQL 16, 17 and 18 made of these names.
        (
            LONG,
            "and_a_column_with_a_long_name_too",
            "key",
            "a_table_whose_name_is_quite_l_and_a_column_with_a_long_name_key",
        ),
        ("x" * 63, "", "pkey", "x" * 58 + "_pkey"),
        ("ü" * 31, "", "pkey", "ü" * 29 + "_pkey"),
    ],
)
def test_a_name_is_cut_as_postgresql_cuts_it(
    table: str, addition: str, label: str, name: str
) -> None:
    assert chosen_name(table, addition, label) == name


@given(st.text(min_size=1, max_size=40), st.text(max_size=40))
def test_a_name_always_fits_63_bytes(table: str, addition: str) -> None:
    assert len(chosen_name(table, addition, "not_null").encode()) <= 63


@given(
    st.text("abü_1", min_size=1, max_size=70),
    st.text("abü_1", min_size=1, max_size=70),
    st.integers(0, 30),
)
def test_what_postgresql_makes_up_is_known_as_such(table: str, name: str, number: int) -> None:
    label = f"key{number or ''}"
    made_up = unique(chosen_name(table, name, label), name)

    assert is_generated_constraint(made_up[0], table, made_up[1])


@pytest.mark.parametrize(
    ("name", "made_up"),
    [
        ("t_a_check", True),
        ("t_a_check2", True),
        ("older_a_check", True),
        ("a_check", False),
        ("ck_t_a", False),
        ("t_b_check", False),
        ("t_a_checks", False),
        ("t_a_check_2", False),
    ],
)
def test_the_name_of_a_check_is_made_of_its_column(name: str, *, made_up: bool) -> None:
    assert is_generated_constraint(check(name, "(a > 0)", "a"), "t", None) is made_up


@pytest.mark.parametrize(("name", "made_up"), [("t_check", True), ("t_check1", True), ("t", False)])
def test_the_name_of_a_check_over_several_columns_is_made_of_the_table(
    name: str, *, made_up: bool
) -> None:
    assert is_generated_constraint(check(name, "(a > b)", "a", "b"), "t", None) is made_up


def test_the_name_of_a_key_counts_its_included_columns() -> None:
    constraint, owned = unique("t_a_b_key", "a", include=("b",))

    assert is_generated_constraint(constraint, "t", owned)
    assert not is_generated_constraint(constraint, "t", unique("t_a_b_key", "a")[1])


def test_the_name_of_a_foreign_key_is_made_of_its_columns() -> None:
    key = foreign_key("t_user_id_fkey", "user_id", "users")

    assert key.kind is ConstraintKind.FOREIGN_KEY
    assert is_generated_constraint(key, "t", None)


@pytest.mark.parametrize(("name", "made_up"), [("t_a_idx", True), ("ix_t_a", False)])
def test_the_name_of_an_index_is_made_of_its_columns(name: str, *, made_up: bool) -> None:
    assert is_generated_index(index(name, "a"), "t") is made_up


@pytest.mark.parametrize(
    ("name", "made_up"), [("t_id_seq", True), ("ul_id_seq2", True), ("numbers", False)]
)
def test_the_name_of_an_owned_sequence_is_made_of_its_column(name: str, *, made_up: bool) -> None:
    assert is_generated_sequence(serial("t", "id", name)) is made_up
    assert not is_generated_sequence(serial("t", "id", name, owned_by=None, owned_column=None))
