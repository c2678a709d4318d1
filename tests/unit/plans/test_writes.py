"""Which writes of a table are timed: valid rows, a plain update, a delete with its train."""

from __future__ import annotations

from pgassay.core.catalog import (
    Action,
    Catalog,
    Column,
    ColumnType,
    Constraint,
    ConstraintKind,
    Table,
)
from pgassay.core.names import QualifiedName
from pgassay.plans.writes import writes_of


def name(text: str) -> QualifiedName:
    return QualifiedName("public", text)


def column(text: str, position: int, **more: object) -> Column:
    type_ = ColumnType(sql="integer", name=QualifiedName("pg_catalog", "int4"), base="int4")
    return Column(name=text, position=position, type=type_, **more)  # type: ignore[arg-type]  # what each case is about


def key(*columns: str) -> Constraint:
    return Constraint(
        name="key", kind=ConstraintKind.PRIMARY_KEY, columns=columns, definition="PRIMARY KEY"
    )


def reference(to: str, columns: str, action: Action) -> Constraint:
    return Constraint(
        name=f"to_{to}", kind=ConstraintKind.FOREIGN_KEY, columns=(columns,), definition="",
        references=name(to), referenced_columns=("id",), on_delete=action,
    )  # fmt: skip


USER = Table(
    name=name("User"), columns=(column("id", 1), column("nick", 2)), constraints=(key("id"),)
)
ORDER = Table(
    name=name("order"),
    columns=(column("id", 1, identity="ALWAYS"), column("userId", 2), column("twice", 3,
             generated="(id * 2)")),
    constraints=(key("id"), reference("User", "userId", Action.CASCADE)),
)  # fmt: skip
LINE = Table(
    name=name("line"),
    columns=(column("order", 1), column("n", 2), column("text", 3)),
    constraints=(key("order", "n"), reference("order", "order", Action.CASCADE)),
)
NOTE = Table(
    name=name("note"),
    columns=(column("id", 1), column("line", 2)),
    constraints=(reference("order", "line", Action.RESTRICT),),
)
SHOP = Catalog(major=18, tables=(USER, ORDER, LINE, NOTE))


def test_four_writes_of_a_table_with_a_plain_column():
    assert [write.name for write in writes_of(SHOP, USER)] == [
        "insert 1",
        "insert 1,000",
        "update one",
        "delete the heaviest and all beneath",
    ]


def test_without_a_primary_key_there_is_nothing_to_find_rows_by():
    assert list(writes_of(SHOP, NOTE)) == []


def test_where_every_column_is_a_key_or_made_by_the_server_no_update_is_plain():
    names = [write.name for write in writes_of(SHOP, ORDER)]
    assert "update one" not in names
    assert names[-1] == "delete the heaviest and all beneath"


def test_an_insert_leaves_out_what_the_server_makes_and_quotes_the_rest():
    insert = next(writes_of(SHOP, ORDER))
    assert insert.sql.startswith(
        'insert into public."order" (id, "userId") overriding system value select id, "userId"'
    )
    assert 'delete from public."order" as t using' in insert.before[1]
    assert "overriding" not in next(writes_of(SHOP, USER)).sql


def test_a_delete_touches_all_that_goes_with_it_and_not_what_forbids_it():
    *_, delete = writes_of(SHOP, USER)
    assert delete.touched == (USER.name, ORDER.name, LINE.name)
    assert 'select "userId" as k from public."order"' in delete.once[1]


def test_a_row_that_nobody_refers_to_goes_alone():
    *_, delete = writes_of(SHOP, LINE)
    assert delete.name == "delete one"
    assert delete.touched == (LINE.name,)
    assert '("order", n) in (select "order", n' in delete.sql
