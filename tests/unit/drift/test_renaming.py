"""The same content under another name was renamed: one finding, and its statement."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.core.catalog import Catalog, EnumType, Function, Index, IndexKey, Table, TypeKind, View
from pgassay.core.names import QualifiedName
from tests.unit.drift.sample import (
    EMAIL,
    INTEGER,
    TEXT,
    ColumnType,
    check,
    column,
    columns,
    database,
    drift,
    foreign_key,
    index,
    primary_key,
    public,
    serial,
    table,
    trigger,
)


def kinds(promised: Catalog, built: Catalog) -> list[str]:
    return [f.discriminator.partition(":")[0] for f in drift(promised, built)]


def people(name: str) -> tuple[Table, ...]:
    """A table with a serial key, and another one that points to it and to itself."""
    key, key_index = primary_key(f"{name}_pkey", "id")
    own = table(
        name,
        columns=(
            column("id", default=f"nextval('public.{name}_id_seq'::regclass)"),
            column("email", EMAIL, position=2),
        ),
        constraints=(key, foreign_key("fk_self", "id", name)),
        indexes=(key_index,),
        triggers=(replace(trigger("touch", name)),),
    )
    orders = table(
        "orders",
        columns=columns(id=INTEGER, person=INTEGER, at=TEXT),
        constraints=(foreign_key("fk_person", "person", name),),
    )
    return own, orders


def test_a_renamed_table_is_one_finding_whatever_refers_to_it() -> None:
    promised = database(*people("users"), sequences=(serial("users", "id"),))
    built = database(*people("people"), sequences=(serial("people", "id"),))

    (found,) = drift(promised, built)

    assert found.title == "table renamed: the models say users, the migrations built people"
    assert found.fix == "ALTER TABLE public.people RENAME TO users;"


def test_a_renamed_table_with_another_column_is_told_as_both() -> None:
    users, orders = people("users")
    more = replace(users, comment="who they are")
    promised = database(more, orders, sequences=(serial("users", "id"),))
    built = database(*people("people"), sequences=(serial("people", "id"),))

    assert kinds(promised, built) == ["table comment", "table name"]


def test_a_table_of_other_columns_is_no_renaming() -> None:
    assert kinds(
        database(table("a", columns=columns(x=INTEGER))),
        database(table("b", columns=columns(y=INTEGER))),
    ) == ["table missing", "table extra"]


def test_two_tables_alike_are_not_guessed_at() -> None:
    same = columns(x=INTEGER)

    assert kinds(
        database(table("a", columns=same), table("b", columns=same)),
        database(table("c", columns=same), table("d", columns=same)),
    ) == ["table missing", "table missing", "table extra", "table extra"]


def with_column(name: str) -> Catalog:
    return database(
        table(
            "t",
            columns=(column("id"), column(name, EMAIL, position=2, default="'x'")),
            constraints=(check("ck", f"(length({name}) > 1)", name),),
            indexes=(
                index("ix", name),
                Index(
                    name="ex", method="btree", keys=(IndexKey(expression=f"lower({name})"),),
                    predicate=f"({name} > 'a'::text)", definition="…",
                ),
            ),
        ),
        table("u", columns=(column("x", TEXT),), constraints=(
            replace(foreign_key("fk", "x", "t"), referenced_columns=(name,)),
        )),
        sequences=(serial("t", name, "numbers"),),
    )  # fmt: skip


@pytest.mark.parametrize("built", ["mail", "E-Mail", "übergroß"])
def test_a_renamed_column_is_one_finding_whatever_names_it(built: str) -> None:
    if built != "mail":
        quoted = f'"{built}"'
        text = with_column(quoted)
        changed = with_column(built)
        # Names in fields stand as they are, names in text are quoted.
        there = replace(
            changed.tables[0],
            constraints=(replace(text.tables[0].constraints[0], columns=(built,)),),
            indexes=(changed.tables[0].indexes[0], text.tables[0].indexes[1]),
        )
        side = replace(changed, tables=(there, changed.tables[1]))
    else:
        side = with_column(built)

    (found,) = drift(with_column("email"), side)

    assert found.title == (
        f"column renamed: the models say email, the migrations built {found.found}"
    )
    assert found.fix.startswith("ALTER TABLE public.t RENAME COLUMN")
    assert found.fix.endswith("TO email;")


def test_a_column_of_another_type_is_no_renaming() -> None:
    assert kinds(
        database(table("t", columns=columns(a=INTEGER))),
        database(table("t", columns=columns(b=TEXT))),
    ) == ["column missing", "column extra"]


def test_a_renamed_type_is_one_finding_whatever_uses_it() -> None:
    def side(name: str) -> Catalog:
        type_ = ColumnType(sql=f"public.{name}", name=public(name), kind=TypeKind.ENUM, base=name)
        return database(
            table("t", columns=(column("s", type_, default=f"'a'::public.{name}"),)),
            enums=(EnumType(name=public(name), labels=("a", "b")),),
        )

    (found,) = drift(side("status"), side("state"))

    assert found.fix == "ALTER TYPE public.state RENAME TO status;"


def test_a_renamed_function_is_one_finding_with_its_triggers() -> None:
    def side(name: str) -> Catalog:
        text = f"CREATE OR REPLACE FUNCTION public.{name}()\n RETURNS trigger AS $$ … $$"
        function = Function(
            name=public(name), arguments="", returns="trigger", language="plpgsql", definition=text
        )
        fires = trigger("t", "t")
        calls = fires.definition.replace("public.touch()", f"public.{name}()")
        return database(
            table("t", triggers=(replace(fires, definition=calls, function=public(name)),)),
            functions=(function,),
        )

    (found,) = drift(side("touch"), side("tick"))

    assert found.fix == "ALTER FUNCTION public.tick() RENAME TO touch;"


def test_a_view_moved_to_another_schema_says_so() -> None:
    view = View(name=public("v"), definition=" SELECT 1;", columns=())
    moved = replace(view, name=QualifiedName("old", "w"))

    (found,) = drift(database(views=(view,)), database(views=(moved,)))

    assert found.fix == "ALTER VIEW old.w SET SCHEMA public;\nALTER VIEW public.w RENAME TO v;"


def test_a_renamed_trigger_is_one_finding() -> None:
    promised = database(table("t", triggers=(trigger("a", "t"),)))
    built = database(table("t", triggers=(trigger("b", "t"),)))

    (found,) = drift(promised, built)

    assert found.fix == "ALTER TRIGGER b ON public.t RENAME TO a;"


def test_two_objects_that_exchanged_their_names_are_told_by_name() -> None:
    one, other = check("a", "(x > 1)", "x"), check("b", "(x > 2)", "x")
    promised = database(table("t", constraints=(one, other)))
    built = database(table("t", constraints=(replace(one, name="b"), replace(other, name="a"))))

    assert kinds(promised, built) == ["check expression", "check expression"]
