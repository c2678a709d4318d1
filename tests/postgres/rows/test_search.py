"""The search for values: what CHECKs ask for is found, what cannot be is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.core.names import QualifiedName
from pgassay.core.statement import Statement, Value
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.session import PipelineSession
from pgassay.rows.insertion import inserts
from pgassay.rows.maker import RowMaker
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from pgassay.core.catalog import Table
    from tests.postgres.cases.values.bench import Bench

CHECKS = [
    "status varchar(20) not null check (status in ('Pending', 'Done'))",
    "rating int not null check (rating between 1 and 5)",
    "price numeric(6,2) not null check (price > 10 and price < 10.05)",
    "code char(3) not null check (code ~ '^[A-Z]{3}$')",
    "email text not null check (email ~* '^[^@]+@[^@]+\\.[a-z]{2,}$')",
    "name text not null check (char_length(btrim(name)) >= 40)",
    "name varchar(5) not null check (length(name) = 5)",
    "shout text not null check (shout = upper(shout) and shout <> '')",
    "path text not null check (path like '/api/%')",
    "tags text[] not null check (tags <@ array['x', 'y'] and cardinality(tags) = 2)",
    "data jsonb not null check (jsonb_typeof(data) = 'array')",
    "data jsonb not null check (data ? 'id')",
    "day date not null check (extract(isodow from day) = 1)",
    "day date not null check (day >= '2031-05-01')",
    "born date not null check (born < current_date - interval '18 years')",
    "a int not null, b int not null, check (a > b)",
    "a int not null, b int not null, check (a + b = 10)",
    "a int, b int, check ((a is null) <> (b is null))",
    "a int, b int, c int, check (num_nonnulls(a, b, c) = 1)",
    (
        "kind text not null, ref int, check (kind <> 'linked' or ref is not null),"
        " check (kind in ('linked'))"
    ),
    "size int not null, twice int generated always as (size * 2) stored check (twice > 1000)",
    "net inet not null check (family(net) = 6)",
    "span int4range not null check (lower_inc(span) and upper(span) - lower(span) > 3)",
    "flag boolean not null check (flag)",
    '"Größe" int not null constraint "ist groß" check ("Größe" > 100)',
]


def table_of(bench: Bench, sql: str, name: str = "t") -> tuple[Table, RowMaker, PipelineSession]:
    connection = bench.database(sql)
    catalog, session = read_catalog(connection), PipelineSession(connection)
    return catalog.table(QualifiedName("public", name)), RowMaker(catalog, ask=session), session


@pytest.mark.parametrize("columns", CHECKS)
def test_a_common_check_is_satisfied(columns: str, bench: Bench) -> None:
    table, maker, session = table_of(bench, f"create table t ({columns})")
    assert [session.run(maker.row(table, n).insert()).refusal for n in range(3)] == [None] * 3


@pytest.mark.parametrize(
    "column",
    [
        "c text not null check (c ~ '^[a-z]+$')",
        "c char(2) not null check (c ~ '^[A-Z]{2}$')",
        "c text not null check (c in ('a', 'b', 'c', 'd'))",
        "c int not null check (c >= 1000)",
        "c int not null check (c % 10 = 0)",
        "c text not null check (c like 'INV-%')",
        "c text not null check (length(c) = 9)",
        "c text not null check (c = lower(c))",
        "c varchar(2) not null",
        "c bytea not null check (octet_length(c) = 4)",
    ],
)
def test_rows_of_different_numbers_share_no_unique_value(column: str, bench: Bench) -> None:
    table, maker, session = table_of(bench, f"create table t ({column}, unique (c))")
    assert [session.run(maker.row(table, n).insert()).refusal for n in range(4)] == [None] * 4


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ("a int not null constraint never check (a > 1 and a < 1)", "never"),
        ("a text not null constraint secret check (md5(a) = 'x')", "secret"),
        ("a int not null, b int not null, constraint twofold check (a < b and b < a)", "twofold"),
    ],
)
def test_what_no_row_satisfies_is_named(columns: str, constraint: str, bench: Bench) -> None:
    table, maker, _ = table_of(bench, f"create table t ({columns})")
    with pytest.raises(Unsatisfiable) as told:
        maker.row(table)
    assert told.value.constraint == constraint
    assert told.value.expression
    assert told.value.where == "t"


def test_without_a_server_to_judge_a_check_is_named(bench: Bench) -> None:
    table, maker, _ = table_of(bench, "create table t (a int constraint small check (a < 3))")
    with pytest.raises(Unsatisfiable, match="small"):
        RowMaker(maker.catalog).row(table)


def test_values_that_the_caller_fixes_decide_the_others(bench: Bench) -> None:
    table, maker, _ = table_of(
        bench,
        "create table t (kind text check (kind in ('card', 'iban')), no text,"
        " check (kind <> 'card' or no ~ '^[0-9]{4}$'))",
    )
    row = maker.row(table, values={"kind": "card"})
    assert row.values["kind"] == "card"
    assert str(row.values["no"]).isdigit()


def test_a_factory_that_breaks_a_check_is_named_and_not_corrected(bench: Bench) -> None:
    table, maker, session = table_of(
        bench, "create table t (a int, b text constraint short check (length(b) < 3))"
    )

    def source(number: int) -> dict[str, Value]:
        return {"a": f"{number}7", "b": "long"}

    made = RowMaker(maker.catalog, ask=session, sources={table.name: source})
    with pytest.raises(Unsatisfiable, match="short"):
        made.row(table)


def test_a_factory_gives_the_content_of_its_rows(bench: Bench) -> None:
    table, maker, _ = table_of(bench, "create table t (id int primary key, a int, b text)")
    made = RowMaker(maker.catalog, sources={table.name: lambda n: {"a": f"{n}7"}})
    assert made.row(table, 4).values == {"id": "5", "a": "47", "b": "b-4"}


def test_rows_go_to_partitions_that_were_built(bench: Bench) -> None:
    parent = "create table t (id int, at timestamptz not null) partition by range (at)"
    month = "create table t_5 partition of t for values from ('2031-05-01') to ('2031-06-01')"
    table, contract, _ = table_of(bench, parent)
    connection = bench.database(parent, month)
    maker = RowMaker(contract.catalog, built=read_catalog(connection))
    for number in range(3):
        reply = PipelineSession(connection).run(maker.row(table, number).insert())
        assert reply.refusal is None


def test_a_cycle_that_nothing_opens_is_named(bench: Bench) -> None:
    table, maker, _ = table_of(
        bench,
        """create table t (id int primary key, o int not null);
           create table o (id int primary key, t int not null constraint back references t);
           alter table t add constraint there foreign key (o) references o""",
    )
    with pytest.raises(Unsatisfiable) as told:
        inserts(maker.graph(table))
    assert told.value.constraint in ("back", "there")


def test_a_second_parent_is_made_only_where_a_check_asks_for_it(bench: Bench) -> None:
    sql = """create table users (id int primary key);
             create table t (a int not null references users, b int not null references users {})"""
    shared, together, _ = table_of(bench, sql.format(""))
    parent, row = together.graph(shared)
    assert (row.values["a"], row.values["b"]) == (parent.values["id"], parent.values["id"])
    differ, apart, session = table_of(bench, sql.format(", check (a <> b)"))
    one, other, row = apart.graph(differ)
    assert {row.values["a"], row.values["b"]} == {one.values["id"], other.values["id"]}
    statements = [one.insert(), other.insert(), row.insert()]
    assert [r.refusal for r in session.run_all(statements)] == [None] * 3


def test_judged_values_never_reach_the_statement_as_text(bench: Bench) -> None:
    table, maker, session = table_of(
        bench, """create table t (a text not null check (a in ('x''; drop table t; --')))"""
    )
    assert session.run(maker.row(table).insert()).refusal is None
    assert session.run(Statement("select count(*) from t")).rows == (("1",),)
