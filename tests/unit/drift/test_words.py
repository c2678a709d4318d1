"""What a person reads: both sides in one line, why it matters, and the statement."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.core.catalog import (
    Action,
    Catalog,
    EnumType,
    Function,
    Index,
    IndexKey,
    Privilege,
    View,
)
from pgassay.drift.compare import compare
from tests.unit.drift.sample import (
    EMAIL,
    NO_POLICY,
    TEXT,
    check,
    column,
    database,
    drift,
    foreign_key,
    index,
    public,
    table,
)


def test_a_referential_action_reads_like_a_sentence() -> None:
    key = foreign_key("fk_user", "user_id", "users", on_delete=Action.CASCADE)
    promised = database(table("orders", constraints=(key,)))
    built = database(table("orders", constraints=(replace(key, on_delete=Action.SET_NULL),)))

    (found,) = drift(promised, built)

    assert (
        found.title == "the models say ON DELETE CASCADE, the migrations built ON DELETE SET NULL"
    )
    assert str(found.subject) == "orders.fk_user"
    assert (found.expected, found.found) == ("ON DELETE CASCADE", "ON DELETE SET NULL")
    assert found.why == ("deleting the parent row takes other rows with it, or none, or is refused")
    assert found.fix.splitlines() == [
        "ALTER TABLE public.orders DROP CONSTRAINT fk_user;",
        (
            "ALTER TABLE public.orders ADD CONSTRAINT fk_user FOREIGN KEY (user_id) "
            "REFERENCES public.users (id) ON DELETE CASCADE;"
        ),
    ]
    assert found.fingerprint == "drift:orders.fk_user:foreign key on delete: models, migrations"


def test_one_who_promises_alone_is_spoken_of_in_the_singular() -> None:
    found = compare(
        database(table("t", comment="a")),
        database(table("t")),
        fixpoint=None,
        promised_by="lock",
        built_by="reference DDL",
        policy=NO_POLICY,
    )

    assert [f.title for f in found] == [
        "the lock says COMMENT 'a', the reference DDL built no comment"
    ]


SIDES: dict[str, tuple[Catalog, Catalog]] = {
    "the models say NOT NULL, the migrations built nullable": (
        database(table("t", columns=(column("a", not_null=True),))),
        database(table("t", columns=(column("a"),))),
    ),
    "the models say DEFAULT 1, the migrations built no default": (
        database(table("t", columns=(column("a", default="1"),))),
        database(table("t", columns=(column("a"),))),
    ),
    "the models say character varying(255), the migrations built text": (
        database(table("t", columns=(column("a", EMAIL),))),
        database(table("t", columns=(column("a", TEXT),))),
    ),
    "the models say CHECK (a > 0), the migrations built CHECK (a > 1)": (
        database(table("t", constraints=(check("c", "(a > 0)", "a"),))),
        database(table("t", constraints=(check("c", "(a > 1)", "a"),))),
    ),
    "the models say WHERE (a > 0), the migrations built no WHERE": (
        database(table("t", indexes=(index("i", "a", predicate="(a > 0)"),))),
        database(table("t", indexes=(index("i", "a"),))),
    ),
    "the models say (a DESC, lower(b) text_ops), the migrations built (a NULLS FIRST)": (
        database(table("t", indexes=(Index(
            name="i", method="btree", definition="…", keys=(
                IndexKey(column="a", descending=True, nulls_first=True),
                IndexKey(expression="lower(b)", opclass="text_ops"),
            ),
        ),))),
        database(table("t", indexes=(Index(
            name="i", method="btree", definition="…",
            keys=(IndexKey(column="a", nulls_first=True),),
        ),))),
    ),
    "the models say open, paid, the migrations built paid, open": (
        database(enums=(EnumType(name=public("s"), labels=("open", "paid")),)),
        database(enums=(EnumType(name=public("s"), labels=("paid", "open")),)),
    ),
    "the models say there is index i, the migrations built none": (
        database(table("t", indexes=(index("i", "a"),))),
        database(table("t")),
    ),
    "the migrations built index i, of which the models say nothing": (
        database(table("t")),
        database(table("t", indexes=(index("i", "a"),))),
    ),
    "the models say SELECT, UPDATE with grant option for app, "
    "the migrations built no rights of app beyond the usual": (
        database(table("t", privileges=(
            Privilege(grantee="app", privilege="SELECT"),
            Privilege(grantee="app", privilege="UPDATE", grantable=True),
        ))),
        database(table("t")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("title", SIDES)
def test_both_sides_stand_in_the_title(title: str) -> None:
    assert [f.title for f in drift(*SIDES[title])] == [title]


def test_long_texts_are_told_as_a_diff() -> None:
    def side(line: str) -> Catalog:
        text = f"CREATE OR REPLACE FUNCTION public.f()\n AS $$\nbegin\n  {line}\nend $$"
        function = Function(name=public("f"), arguments="", language="plpgsql", definition=text)
        return database(functions=(function,))

    (found,) = drift(side("return 1;"), side("return 2;"))

    assert found.title == "the models and the migrations differ in its definition"
    assert "-  return 1;" in found.evidence
    assert "+  return 2;" in found.evidence
    assert found.fix == side("return 1;").functions[0].definition + ";"


def test_what_the_definition_repeats_is_told_once() -> None:
    one = Function(name=public("f"), arguments="", language="sql", definition="… VOLATILE …")
    other = replace(one, volatility="stable", definition="… STABLE …")

    assert [f.title for f in drift(database(functions=(one,)), database(functions=(other,)))] == [
        "the models say volatile, the migrations built stable"
    ]


def test_names_are_quoted_where_sql_needs_it() -> None:
    odd = table('a"b', columns=(column("Größe"), column("select", position=2, not_null=True)))
    built = replace(odd, columns=(column("select", position=1),))

    fixes = {str(f.subject): f.fix for f in drift(database(odd), database(built))}

    assert fixes == {
        '"a""b"."Größe"': 'ALTER TABLE public."a""b" ADD COLUMN "Größe" integer;',
        '"a""b"."select"': 'ALTER TABLE public."a""b" ALTER COLUMN "select" SET NOT NULL;',
    }


def test_findings_come_in_an_order_in_which_their_repairs_can_be_applied() -> None:
    promised = database(
        table("t", columns=(column("a"), column("b", position=2)), indexes=(index("ix", "b"),)),
        views=(View(name=public("v"), definition=" SELECT b FROM public.t;", columns=()),),
    )
    built = database(
        table(
            "t",
            columns=(column("a"), column("c", TEXT, position=2)),
            indexes=(index("old", "c"),),
        ),
    )

    assert [f.discriminator.partition(":")[0] for f in drift(promised, built)] == [
        "index extra", "column missing", "index missing", "column extra", "view missing",
    ]  # fmt: skip
