"""EXPLAIN is asked for under the same settings always, is cancelled in time, and leaves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.core.names import QualifiedName
from pgassay.plans.query import PlanMode
from pgassay.postgres.explain import NO_SEQUENTIAL_SCAN, QueryRefusedError, hidden, others_hidden

if TYPE_CHECKING:
    from pgassay.core.statement import Statement
    from tests.postgres.plans.conftest import Shop

BY_USER = QualifiedName("Shop", "ordersByUser")
EVENTS = QualifiedName("Shop", "events_by_user")


def used(shop: Shop, sql: str, *before: Statement) -> set[str]:
    return {n.index for n in shop.plan(sql, before=before, analyze=False).nodes() if n.index}


def test_the_session_is_as_it_was(shop: Shop):
    ask = "select name, setting from pg_settings order by name"
    before = shop.connection.execute(ask).fetchall()
    shop.plan("select * from orders where id = $1", "7", mode=PlanMode.GENERIC)
    with pytest.raises(QueryRefusedError):
        shop.plan("select nothing from orders")
    shop.plan("delete from orders where id = $1", "7")
    assert shop.connection.execute(ask).fetchall() == before
    assert shop.connection.execute("select count(*) from orders").fetchone() == (40_000,)
    assert shop.connection.execute("table pg_prepared_statements").fetchall() == []


def test_a_generic_plan_knows_no_value(standing: Shop):
    sql = "select * from orders where state = $1"
    custom = standing.plan(sql, "open")
    generic = standing.plan(sql, "open", mode=PlanMode.GENERIC)
    assert "$1" in str([node.conditions for node in generic.nodes()])
    assert "$1" not in str([node.conditions for node in custom.nodes()])
    assert generic.root.estimate != custom.root.estimate


def test_a_query_that_runs_too_long_is_cancelled(standing: Shop):
    with pytest.raises(QueryRefusedError) as refused:
        standing.plan("select pg_sleep(5)", limit_ms=50)
    assert refused.value.refusal.sqlstate == "57014"
    assert standing.plan("select 1").root.type == "Result"


def test_a_refusal_knows_its_line(standing: Shop):
    with pytest.raises(QueryRefusedError) as refused:
        standing.plan("select id\nfrom orders\nwhere nobody = 3")
    assert refused.value.refusal.sqlstate == "42703"
    assert refused.value.line == 2


def test_null_and_quotes_are_values(standing: Shop):
    for value in (None, "it's", "back\\slash", "ünicode"):
        assert standing.plan("select * from orders where note = $1", value).root.type


def test_hiding_an_index_takes_it_from_the_planner_alone(standing: Shop):
    sql = 'select * from orders where "userId" = 7'
    assert used(standing, sql) == {"ordersByUser"}
    assert used(standing, sql, hidden(BY_USER)) == set()
    assert used(standing, sql) == {"ordersByUser"}


def test_hiding_reaches_the_partitions(standing: Shop):
    sql = "select * from events where \"userId\" = 7 and at < '2025-02-01'"
    assert used(standing, sql)
    assert used(standing, sql, hidden(EVENTS)) == set()


def test_an_index_can_be_made_to_stand_alone(standing: Shop):
    sql = 'select * from orders where id = 7 and "userId" = 8'
    assert used(standing, sql) == {"orders_pkey"}
    assert used(standing, sql, NO_SEQUENTIAL_SCAN, others_hidden(BY_USER)) == {"ordersByUser"}


def test_the_same_plan_counts_the_same_each_time(standing: Shop):
    sql = 'select * from orders where "userId" = $1 order by "createdAt"'
    standing.plan(sql, "1")
    counts = {
        (plan.root.buffers.shared, plan.root.actual.rows)
        for plan in (standing.plan(sql, "1") for _ in range(5))
        if plan.root.buffers and plan.root.actual
    }
    assert len(counts) == 1


def test_write_ahead_log_is_counted_for_a_write(shop: Shop):
    plan = shop.plan("update orders set note = 'z' where id < $1", "10")
    assert plan.root.wal is not None
    assert plan.root.wal.records > 0
