"""What differs between two ways to one schema and is no drift, and the near miss that is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.core.catalog import (
    Catalog,
    Constraint,
    ConstraintKind,
    Extension,
    Index,
    IndexKey,
    Privilege,
)
from pgassay.core.finding import Severity
from pgassay.core.names import QualifiedName
from pgassay.drift.policy import DriftPolicy
from tests.unit.drift.sample import (
    INTEGER,
    check,
    column,
    columns,
    database,
    drift,
    everything,
    foreign_key,
    index,
    primary_key,
    public,
    serial,
    table,
    unique,
)


def test_a_catalog_does_not_differ_from_itself() -> None:
    assert drift(everything(), everything()) == ()


@pytest.mark.parametrize("name", ["alembic_version", "flyway_schema_history"])
def test_the_books_of_a_tool_are_no_difference(name: str) -> None:
    books = table(name, columns=columns(id=INTEGER))
    with_sequence = database(books, sequences=(serial(name, "id"),))

    assert drift(database(), with_sequence) == ()
    assert drift(with_sequence, database()) == ()


def test_books_in_another_schema_are_left_out_if_they_are_declared() -> None:
    name = QualifiedName("tools", "history")
    books = database(replace(table("history"), name=name))

    assert drift(database(), books, policy=DriftPolicy(bookkeeping=(name,))) == ()
    assert drift(database(), books)


def test_books_that_both_sides_have_are_compared() -> None:
    promised = database(table("alembic_version"))
    built = database(table("alembic_version", columns=columns(id=INTEGER)))

    assert drift(promised, built)


def test_the_order_of_columns_is_told_as_information() -> None:
    promised = database(table("t", columns=columns(a=INTEGER, b=INTEGER)))
    built = database(table("t", columns=columns(b=INTEGER, a=INTEGER)))

    (found,) = drift(promised, built)

    assert found.severity is Severity.INFO
    assert (found.expected, found.found, found.fix) == ("a, b", "b, a", "")


def test_the_order_of_columns_in_a_key_is_a_difference() -> None:
    key, key_index = primary_key("pk", "a", "b")
    other, other_index = primary_key("pk", "b", "a")
    promised = table("t", constraints=(key,), indexes=(key_index,))
    built = table("t", constraints=(other,), indexes=(other_index,))

    titles = {
        f.discriminator.partition(":")[0]: f.title for f in drift(*map(database, (promised, built)))
    }

    assert titles == {
        "primary key columns": "the models say (a, b), the migrations built (b, a)",
        "index keys": "the models say (a, b), the migrations built (b, a)",
    }


@pytest.mark.parametrize(
    ("promised", "built"),
    [("users_pkey", "users_pkey1"), ("ul_pkey2", "users_pkey"), ("users_pkey", "old_pkey")],
)
def test_a_made_up_name_of_a_key_is_no_difference(promised: str, built: str) -> None:
    sides = []
    for name in (promised, built):
        key, key_index = primary_key(name, "id")
        sides.append(database(table("users", constraints=(key,), indexes=(key_index,))))

    assert drift(*sides) == ()


@pytest.mark.parametrize("built", ["pk_users", "users_pkey_old", "pkey", "_pkeyx"])
def test_a_name_that_a_person_gave_is_a_difference(built: str) -> None:
    sides = []
    for name in ("users_pkey", built):
        key, key_index = primary_key(name, "id")
        sides.append(database(table("users", constraints=(key,), indexes=(key_index,))))

    (found,) = drift(*sides)

    assert found.title.startswith("primary key renamed: the models say users_pkey")
    assert found.fix.endswith("TO users_pkey;")


def test_made_up_checks_are_told_apart_by_what_they_say() -> None:
    first, second = check("t_check", "(a > b)", "a", "b"), check("t_check1", "(b > c)", "b", "c")
    swapped = (replace(first, name="t_check1"), replace(second, name="t_check"))

    assert (
        drift(
            database(table("t", constraints=(first, second))),
            database(table("t", constraints=swapped)),
        )
        == ()
    )


def test_a_made_up_check_that_says_something_else_is_one_difference() -> None:
    promised = check("t_a_check", "(a > 0)", "a")
    built = check("old_a_check1", "(a >= 0)", "a")

    (found,) = drift(
        database(table("t", constraints=(promised,))), database(table("t", constraints=(built,)))
    )

    assert found.title == "the models say CHECK (a > 0), the migrations built CHECK (a >= 0)"


@pytest.mark.parametrize(
    ("promised", "built"),
    [
        (unique("t_a_key", "a"), unique("older_a_key1", "a")),
        (unique("t_a_b_key", "a", "b"), unique("x_a_b_key", "a", "b")),
    ],
)
def test_made_up_names_of_unique_keys_are_no_difference(
    promised: tuple[Constraint, Index], built: tuple[Constraint, Index]
) -> None:
    one, other = (
        database(table("t", constraints=(c,), indexes=(i,))) for c, i in (promised, built)
    )

    assert drift(one, other) == ()


def test_a_made_up_name_of_other_columns_is_a_name_that_a_person_gave() -> None:
    (one, one_index), (other, other_index) = unique("t_a_key", "a"), unique("t_b_key", "a")

    found = drift(
        database(table("t", constraints=(one,), indexes=(one_index,))),
        database(table("t", constraints=(other,), indexes=(other_index,))),
    )

    assert [f.discriminator.partition(":")[0] for f in found] == ["unique name"]


def test_made_up_names_of_foreign_keys_and_indexes_are_no_difference() -> None:
    promised = table(
        "t",
        constraints=(foreign_key("t_user_id_fkey", "user_id", "users"),),
        indexes=(index("t_a_idx", "a"), Index(
            name="t_lower_idx", method="btree", keys=(IndexKey(expression="lower(a)"),),
            definition="…",
        )),
    )  # fmt: skip
    built = table(
        "t",
        constraints=(foreign_key("t1_user_id_fkey2", "user_id", "users"),),
        indexes=(index("t_a_idx3", "a"), replace(promised.indexes[1], name="s_lower_idx")),
    )

    assert drift(database(promised), database(built)) == ()


def test_the_replica_identity_follows_a_made_up_name() -> None:
    sides = []
    for name in ("t_pkey", "s_pkey1"):
        key, key_index = primary_key(name, "id")
        sides.append(
            database(table("t", constraints=(key,), indexes=(key_index,), replica_identity=name))
        )

    assert drift(*sides) == ()


def test_a_made_up_name_of_a_sequence_is_no_difference_and_neither_is_the_default_with_it() -> None:
    sides = [
        database(
            table("t", columns=(column("id", default=f"nextval('public.{name}'::regclass)"),)),
            sequences=(serial("t", "id", name),),
        )
        for name in ("t_id_seq", "ul_id_seq2")
    ]

    assert drift(*sides) == ()


def test_sequences_that_exchanged_their_made_up_names_are_no_difference() -> None:
    def side(one: str, other: str) -> Catalog:
        return database(
            table("t", columns=(column("a"), column("b", default=f"nextval('public.{other}')"))),
            sequences=(serial("t", "a", one), serial("t", "b", other)),
        )

    assert drift(side("t_a_seq", "t_b_seq"), side("u_a_seq", "x_b_seq")) == ()
    assert drift(side("t_a_seq", "s_b_seq"), side("s_a_seq", "t_b_seq")) == ()


def test_a_default_that_takes_another_sequence_is_a_difference() -> None:
    sides = [
        database(
            table("t", columns=(column("id", default=f"nextval('public.{name}')"),)),
            sequences=(
                serial("t", "id"),
                serial("t", "id", "other", owned_by=None, owned_column=None),
            ),
        )
        for name in ("t_id_seq", "other")
    ]

    (found,) = drift(*sides)

    assert found.discriminator.startswith("column default")


class TestMajors:
    """One schema on two major versions."""

    def test_the_name_of_a_not_null_constraint_is_compared_on_18_alone(self) -> None:
        named = Constraint(
            name="id is there",
            kind=ConstraintKind.NOT_NULL,
            columns=("id",),
            definition="NOT NULL id",
        )
        with_name = database(table("t", constraints=(named,)))
        without = database(table("t"))

        assert drift(with_name, without)
        assert drift(with_name, replace(without, major=16)) == ()

    def test_a_not_null_constraint_that_only_18_can_build_is_always_compared(self) -> None:
        not_valid = Constraint(
            name="later", kind=ConstraintKind.NOT_NULL, columns=("id",), validated=False,
            definition="NOT NULL id NOT VALID",
        )  # fmt: skip

        assert drift(database(table("t", constraints=(not_valid,))), database(table("t"), major=16))

    @pytest.mark.parametrize("alone", [True, False])
    def test_maintain_that_came_with_all_is_17s_own(self, *, alone: bool) -> None:
        usual = (
            "SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER",
        )[: 1 if alone else None]  # fmt: skip
        rights = tuple(Privilege(grantee="app", privilege=p) for p in usual)
        maintain = Privilege(grantee="app", privilege="MAINTAIN")
        on_18 = database(table("t", privileges=(*rights, maintain)))
        on_16 = database(table("t", privileges=rights), major=16)

        assert bool(drift(on_18, on_16)) is alone
        assert drift(on_18, replace(on_16, major=18))

    def test_the_version_of_an_extension_is_compared_on_one_major_alone(self) -> None:
        old, new = (
            database(extensions=(Extension(name="citext", schema="public", version=v),))
            for v in ("1.6", "1.8")
        )

        assert drift(old, new)
        assert drift(replace(old, major=16), new) == ()


def test_a_table_in_another_schema_is_another_table() -> None:
    here = table("t")
    there = replace(here, name=QualifiedName("other", "t"))

    found = drift(database(here, table("u")), database(there, table("u")))

    assert {f.discriminator.partition(":")[0] for f in found} == {"table name"}
    assert public("t") == here.name
