"""The locked contract: lossless, readable in a diff, the same on every major, damage told."""

from __future__ import annotations

import difflib
import re
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgassay.core.catalog import (
    Action,
    Catalog,
    Column,
    ColumnType,
    EnumType,
    Function,
    Privilege,
    Table,
    TypeKind,
)
from pgassay.core.errors import ConfigError
from pgassay.core.names import QualifiedName
from pgassay.drift.lock import contract_form, read_lock, write_lock
from tests.unit.drift.sample import (
    EMAIL,
    INTEGER,
    check,
    column,
    columns,
    database,
    drift,
    everything,
    family,
    foreign_key,
    index,
    primary_key,
    public,
    serial,
    table,
    unique,
)
from tests.unit.drift.test_every_field import all_mutations

if TYPE_CHECKING:
    from tests.unit.drift.mutations import Mutation

# What no server has: a partition without something of its parent, a key without its index, …
IMPOSSIBLE = re.compile(
    r"catalog\.(tables\[events.*\](\.|.* without ).*"
    r"|tables\[.*(constraints|indexes)\[.*\]\.(kind|name|constraint)"
    r"|tables\[.*\.indexes without .*|.*\.(revoked|grantable))"
)


def changed_lines(one: Catalog, other: Catalog) -> list[str]:
    lines = [write_lock(side).splitlines() for side in (one, other)]
    return [
        line for line in difflib.ndiff(*lines) if line[0] in "+-"
    ]  # fmt: skip


class TestLossless:
    def test_what_is_written_is_read(self) -> None:
        text = write_lock(everything())

        assert read_lock(text) == contract_form(everything())
        assert write_lock(read_lock(text)) == text

    def test_a_catalog_keeps_its_own_lock(self) -> None:
        assert drift(read_lock(write_lock(everything())), everything()) == ()

    @pytest.mark.parametrize(
        "mutation",
        Random(7).sample([m for m in all_mutations() if not IMPOSSIBLE.match(str(m))], 150),
        ids=str,
    )
    def test_any_catalog_keeps_its_own_lock(self, mutation: Mutation) -> None:
        assert drift(read_lock(write_lock(mutation.catalog)), mutation.catalog) == ()

    @given(st.data())
    def test_any_text_is_read_as_it_was(self, data: st.DataObject) -> None:
        # PostgreSQL takes any text but NUL; an identifier is never empty.
        text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
        name = data.draw(text.filter(bool))
        catalog = database(
            Table(
                name=QualifiedName(name, data.draw(text.filter(bool))),
                columns=(
                    Column(
                        name=name,
                        position=1,
                        type=INTEGER,
                        default=data.draw(text),
                        comment=data.draw(text),
                        options=tuple(sorted(data.draw(st.lists(text, max_size=3)))),
                    ),
                ),
                comment=data.draw(text),
                privileges=(Privilege(grantee=name, privilege="SELECT"),),
            ),
            enums=(
                EnumType(
                    name=public(name),
                    labels=tuple(data.draw(st.lists(text, max_size=3, unique=True))),
                ),
            ),
            functions=(
                Function(
                    name=public(name),
                    arguments="a integer, b text",
                    language=name,
                    definition=data.draw(text),
                ),
            ),
        )

        assert read_lock(write_lock(catalog)) == contract_form(catalog)

    @pytest.mark.parametrize(
        "text",
        [
            "one\ntwo", "one\n", "\none", "a\n\n\nb", "  indented\n\ttab\ntrailing  \n", "\r\n",
            "|", "| bar", '"quoted"', " space", "space ", "", "no", "# no comment", "\u2028",
            "é\u00a0", "-- \\ \\n 'a' $$ $1", "first line |\n| second",
        ],
    )  # fmt: skip
    def test_awkward_text_is_read_as_it_was(self, text: str) -> None:
        catalog = database(table("t", comment=text))

        assert read_lock(write_lock(catalog)).tables[0].comment == text

    def test_a_checkout_with_carriage_returns_reads_the_same(self) -> None:
        text = write_lock(everything())

        assert read_lock(text.replace("\n", "\r\n")) == read_lock(text)

    def test_no_line_ends_with_a_space(self) -> None:
        assert [
            line for line in write_lock(everything()).split("\n") if line != line.rstrip()
        ] == []

    @pytest.mark.parametrize(
        ("sql", "name", "rest"),
        [
            ("character varying(255)", "varchar", {"length": 255}),
            ("character(3)", "bpchar", {"length": 3}),
            ('"char"', "char", {}),
            ("numeric(10,2)", "numeric", {"precision": 10, "scale": 2}),
            ("numeric(3,-2)", "numeric", {"precision": 3, "scale": -2}),
            ("timestamp(3) with time zone", "timestamptz", {"precision": 3}),
            ("time without time zone", "time", {}),
            ("interval day to second(3)", "interval", {"precision": 3}),
            ("interval", "interval", {}),
            ("bit varying(8)", "varbit", {"length": 8}),
            ("double precision", "float8", {}),
            ("text[]", "text", {"array": True}),
            ("jsonb", "jsonb", {}),
            ("tstzrange", "tstzrange", {"kind": TypeKind.RANGE}),
            ("int4multirange", "int4multirange", {"kind": TypeKind.MULTIRANGE}),
        ],
    )
    def test_a_type_is_told_from_what_the_server_calls_it(
        self, sql: str, name: str, rest: dict[str, Any]
    ) -> None:
        type_ = ColumnType(sql=sql, name=QualifiedName("pg_catalog", name), base=name, **rest)
        text = write_lock(database(table("t", columns=(column("a", type_),))))

        assert f"  column a {sql}\n" in text
        assert "type in full" not in text
        assert read_lock(text).tables[0].columns[0].type == type_


class TestReadableInReview:
    def test_a_changed_action_is_one_line(self) -> None:
        def side(action: Action) -> Catalog:
            key = foreign_key("fk_user", "user_id", "users", on_delete=action)
            return database(table("orders", constraints=(key,)))

        assert changed_lines(side(Action.CASCADE), side(Action.SET_NULL)) == [
            "-     on delete CASCADE",
            "+     on delete SET NULL",
        ]

    @pytest.mark.parametrize(
        ("change", "lines"),
        [
            ({"not_null": True}, ["+     not null"]),
            ({"default": "''::text"}, ["+     default ''::text"]),
            ({"comment": "the address"}, ["+     comment the address"]),
            (
                {"type": replace(EMAIL, sql="character varying(100)", length=100)},
                [
                    "-   column email character varying(255)",
                    "+   column email character varying(100)",
                ],
            ),
        ],
    )
    def test_a_changed_column_is_its_line(self, change: dict[str, Any], lines: list[str]) -> None:
        plain = column("email", EMAIL)
        one, other = (database(table("t", columns=(c,))) for c in (plain, replace(plain, **change)))

        assert changed_lines(one, other) == lines

    def test_an_added_label_is_one_line(self) -> None:
        one, other = (
            database(enums=(EnumType(name=public("s"), labels=labels),))
            for labels in (("open", "sent"), ("open", "paid", "sent"))
        )

        assert changed_lines(one, other) == ["+   label paid"]

    def test_a_changed_line_of_a_function_is_that_line(self) -> None:
        def side(line: str) -> Catalog:
            function = Function(
                name=public("f"), arguments="", language="sql", definition=f"AS $$\n{line}\n$$"
            )
            return database(functions=(function,))

        assert changed_lines(side("select 1"), side("select 2")) == [
            "-   | select 1",
            "+   | select 2",
        ]

    def test_a_small_contract_reads_like_this(self) -> None:
        key, key_index = primary_key("pk_users", "id")
        users = table(
            "users",
            columns=(
                column("id", not_null=True),
                column("email", EMAIL, position=2, comment="sensitive"),
            ),
            constraints=(key, check("ck_email", "(length((email)::text) > 3)", "email")),
            indexes=(key_index, index("ix_email", "email", predicate="(id > 0)")),
            comment="who they are",
        )

        body = write_lock(database(users)).split("pgassay contract 1\n")[1]

        assert body == (
            "\n"
            "table public.users\n"
            "  column email character varying(255)\n"
            "    comment sensitive\n"
            "  column id integer\n"
            "    not null\n"
            "  check ck_email\n"
            "    columns email\n"
            "    expression (length((email)::text) > 3)\n"
            "  primary key pk_users\n"
            "    columns id\n"
            "  index ix_email\n"
            "    method btree\n"
            "    key email\n"
            "    where (id > 0)\n"
            "  comment who they are\n"
        )


class TestNoContract:
    """What is no part of the contract does not change the text."""

    def test_the_order_of_columns(self) -> None:
        one, other = (
            database(table("t", columns=c))
            for c in (columns(a=INTEGER, b=EMAIL), columns(b=EMAIL, a=INTEGER))
        )

        assert write_lock(one) == write_lock(other)

    def test_the_months_and_their_number(self) -> None:
        assert write_lock(database(*family("2026-01", "2026-02"))) == write_lock(
            database(*family("2031-07", "2031-08", "2031-09"))
        )

    def test_the_history_in_made_up_names(self) -> None:
        def side(key: str, one: str, other: str, sequence: str) -> Catalog:
            primary, primary_index = primary_key(key, "id")
            second, second_index = unique(one, "email")
            made_up = check(other, "(id > 0)", "id")
            numbered = replace(
                table(
                    "users",
                    constraints=(primary, second, made_up),
                    indexes=(primary_index, second_index),
                    replica_identity=key,
                ),
                columns=(column("id", default=f"nextval('public.{sequence}'::regclass)"),),
            )
            return database(numbered, sequences=(serial("users", "id", sequence),))

        assert write_lock(
            side("users_pkey", "users_email_key", "users_id_check", "users_id_seq")
        ) == write_lock(side("ul_pkey2", "ul_email_key1", "ul_id_check3", "ul_id_seq2"))

    def test_the_order_in_which_made_up_checks_were_added(self) -> None:
        first, second = (
            check("t_check", "(a > b)", "a", "b"),
            check("t_check1", "(b > c)", "b", "c"),
        )
        swapped = (replace(second, name="t_check"), replace(first, name="t_check1"))

        assert write_lock(database(table("t", constraints=(first, second)))) == write_lock(
            database(table("t", constraints=swapped))
        )

    def test_the_version_of_an_extension_and_of_the_server(self) -> None:
        catalog = everything()
        older = replace(
            catalog,
            major=16,
            extensions=tuple(replace(e, version="1.0", comment="") for e in catalog.extensions),
        )

        assert write_lock(older) == write_lock(catalog)

    def test_the_books_of_tools(self) -> None:
        books = table("alembic_version", columns=columns(version_num=EMAIL))

        assert write_lock(database(table("t"), books)) == write_lock(database(table("t")))


class TestDamage:
    """Every damage is told with file and line, never taken for a smaller contract."""

    @pytest.mark.parametrize(
        ("old", "new", "line", "said"),
        [
            ("pgassay contract 1", "pgassay contract 2", 4, "pgassay contract 2"),
            ("  column id integer", "  colum id integer", 7, "column"),
            ("  column id integer", "   column id integer", 7, "indented"),
            ("  column id integer", "      column id integer", 7, "indented"),
            ("    not null", "    not nul", 8, "not nul"),
            ("    not null", "    not null\n    not null", 9, "twice"),
            ("    not null", "    not null perhaps", 8, "perhaps"),
            ("    not null", "    not null\n<<<<<<< HEAD", 9, "<<<<<<<"),
            ("  primary key pk", "  primary kei pk", 9, "primary kei"),
            ("  primary key pk", "  primary key pk more", 9, "more"),
            ("table public.t", "table t", 6, "schema"),
            ("table public.t", "tabel public.t", 6, "table"),
            ("table public.t", "table public.t\ntable public.t", 7, "twice"),
            ("    on delete CASCADE", "    on delete CASCAD", 15, "SET NULL"),
            ("    on delete CASCADE", "    on delete", 15, "none of"),
            ("    references public.u", "    references public", 13, "schema"),
            ('  comment ""', '  comment "', 16, "JSON"),
            ('  comment ""', "  comment", 16, "no value"),
            ('  comment ""', "  comment x\n    more", 17, "below a value"),
            ('  comment ""', "  | more", 16, "belongs to no text"),
        ],
    )  # fmt: skip
    def test_a_damaged_line_is_told_with_its_number(
        self, old: str, new: str, line: int, said: str
    ) -> None:
        key, key_index = primary_key("pk", "id")
        catalog = database(
            table(
                "t",
                columns=(column("id", not_null=True),),
                constraints=(key, foreign_key("sk", "id", "u", on_delete=Action.CASCADE)),
                indexes=(key_index,),
                comment="",
            )
        )
        text = write_lock(catalog)
        assert text.count(old) == 1

        with pytest.raises(ConfigError) as damage:
            read_lock(text.replace(old, new), where="schema/shop/contract.lock")

        assert damage.value.where == f"schema/shop/contract.lock:{line}"
        assert said in str(damage.value)

    @pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "{}", "\0"])
    def test_a_file_that_is_no_lock_is_refused(self, text: str) -> None:
        with pytest.raises(ConfigError, match="pgassay contract 1"):
            read_lock(text)

    def test_a_lost_required_line_is_told(self) -> None:
        text = write_lock(database(sequences=(serial("t", "id"),)))

        with pytest.raises(ConfigError, match="has no line 'start'"):
            read_lock(text.replace("  start 1\n", ""))

    @pytest.mark.parametrize("seed", range(8))
    def test_a_lost_line_is_refused_or_a_difference_but_never_nothing(self, seed: int) -> None:
        lines = write_lock(everything()).split("\n")
        first = lines.index("pgassay contract 1") + 1
        for place in range(first + seed, len(lines) - 1, 8):
            if not lines[place].strip():
                continue
            try:
                less = read_lock("\n".join(lines[:place] + lines[place + 1 :]))
            except ConfigError:
                continue

            assert drift(less, everything()), lines[place]
