"""Timed writes: valid rows, every round on the same ground, and nothing of them is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.core.errors import SchemaError
from pgassay.core.statement import Statement
from pgassay.plans.query import PlanMode
from pgassay.plans.writes import writes_of
from pgassay.postgres.prepared import Stopwatch

if TYPE_CHECKING:
    from tests.postgres.plans.conftest import Shop

TABLES = ("orders", "User", "events")


def facts(shop: Shop, table: str) -> object:
    """What a write could leave behind: rows, pages, rows that are dead."""
    name = f'"Shop"."{table}"'
    shop.run("select pg_stat_force_next_flush()")
    (found,) = shop.connection.execute(
        f"select (select count(*) from {name}), "
        f"(select sum(pg_relation_size(relid)) from pg_partition_tree('{name}')), "
        f"pg_relation_size('{name}'), pg_indexes_size('{name}')".encode()
    ).fetchall()
    return found


@pytest.mark.parametrize("table", TABLES)
def test_every_round_finds_the_same_and_leaves_nothing(shop: Shop, table: str):
    found = shop.places.table_named(table)
    assert found is not None
    rows = facts(shop, table)[0]  # type: ignore[index]  # a row of the server's
    watch = Stopwatch(shop.connection)
    for write in writes_of(shop.places.catalog, found):
        if table == "User" and write.name.startswith("delete"):
            continue  # its orders forbid it
        watch.do(*write.once)
        prepared = watch.prepare(Statement(write.sql))
        rounds = []
        for _ in range(4):
            watch.do("begin", *write.before)
            written = prepared.run()
            watch.do("rollback")
            watch.rest(write.touched)
            rounds.append((written, facts(shop, table)))
        assert rounds[1:] == [rounds[1]] * 3
        assert rounds[0][0] == (1000 if write.name == "insert 1,000" else 1)
        assert rounds[0][1][0] == rows  # type: ignore[index]  # as above


def test_a_row_that_others_need_is_refused_by_the_server(shop: Shop):
    shop.run('alter table orders drop constraint "orders_userId_fkey"')
    shop.run('alter table orders add foreign key ("userId") references "User" on delete restrict')
    user = shop.places.table_named("User")
    assert user is not None
    *_, delete = writes_of(shop.places.catalog, user)
    watch = Stopwatch(shop.connection)
    watch.do(*delete.once)
    with pytest.raises(SchemaError, match="violates"):
        watch.prepare(Statement(delete.sql)).run()


def test_a_delete_takes_along_what_cascades(shop: Shop):
    shop.run('alter table orders drop constraint "orders_userId_fkey"')
    shop.run('alter table orders add foreign key ("userId") references "User" on delete cascade')
    user = shop.places.table_named("User")
    assert user is not None
    *_, delete = writes_of(shop.places.catalog, user)
    assert [str(table) for table in delete.touched] == ['"Shop"."User"', '"Shop".orders']
    watch = Stopwatch(shop.connection)
    watch.do(*delete.once, "begin")
    assert watch.prepare(Statement(delete.sql)).run() == 1
    left = shop.connection.execute('select count(*) from orders where "userId" = 1').fetchone()
    assert left == (0,)  # the heaviest of all
    watch.do("rollback")


def test_a_statement_is_prepared_once_for_each_kind_of_plan(shop: Shop):
    watch = Stopwatch(shop.connection)
    sql = 'select id from orders where "userId" = $1'
    some = [watch.prepare(Statement(sql, (value,))).run() for value in ("7", "8", "-1")]
    assert some[2] == 0 < some[0]
    assert watch.prepare(Statement(sql, ("7",)), PlanMode.GENERIC).run() == some[0]
    names = shop.connection.execute(
        "select count(*) from pg_prepared_statements where name like 'pgassay_%'"
    ).fetchone()
    assert names == (2,)
    with pytest.raises(SchemaError, match="no_such"):
        watch.prepare(Statement("select no_such from orders"))
