"""Every kind of plan that the three majors make is read whole: nothing is left over or lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.core.plan import NODE_TYPES, Buffers
from pgassay.core.statement import Statement
from pgassay.plans.measure import (
    misses,
    own_buffers,
    rows_of,
    spills,
    total_buffers,
    total_rows_read,
)
from pgassay.plans.tree import tree
from pgassay.postgres.explain import QueryRefusedError

if TYPE_CHECKING:
    from tests.postgres.plans.conftest import Shop

_COUNTING = "with recursive r as (select 1 n union all select n + 1 from r where n < 9) table r"
# Node type → a statement whose plan has it.
STATEMENTS = {
    "Result": "select 1 where false",
    "ProjectSet": "select generate_series(1, 3)",
    "Append": "select 1 from events",
    "Merge Append": 'select at from events order by "userId", at limit 3',
    "Recursive Union": _COUNTING,
    "WorkTable Scan": _COUNTING,
    "BitmapOr": "select count(*) from orders where tags @> '[\"tag3\"]' or tags @> '[\"tag4\"]'",
    "BitmapAnd": "select 1 from orders where state = 'open' and \"userId\" = 7",
    "Nested Loop": 'select 1 from "User" u join orders o on o."userId" = u.id where u.id = 7',
    "Hash Join": 'select 1 from "User" u join orders o on o."userId" = u.id',
    "Hash": 'select 1 from "User" u join orders o on o."userId" = u.id',
    "Merge Join": 'select 1 from "User" u join orders o on o.id = u.id order by u.id',
    "Seq Scan": "select * from orders where note = 'y'",
    "Sample Scan": "select * from orders tablesample bernoulli (1) repeatable (3)",
    "Index Scan": "select * from orders where id = 7",
    "Index Only Scan": "select id from orders where id < 70",
    "Bitmap Heap Scan": "select * from orders where tags @> '[\"tag3\"]'",
    "Bitmap Index Scan": "select * from orders where tags @> '[\"tag3\"]'",
    "Tid Scan": "select * from orders where ctid = '(1,1)'",
    "Tid Range Scan": "select * from orders where ctid < '(9,1)'",
    "Subquery Scan": "select n + 1 from (select count(*) n from orders offset 0) s where n > 1",
    "Function Scan": "select * from generate_series(1, 9) g where g > 3",
    "Table Function Scan": (
        "select * from xmltable('/a/b' passing '<a><b>1</b></a>' columns c int path '.')"
    ),
    "Values Scan": "select * from (values (1), (2)) v (n) where n > 1",
    "CTE Scan": "with c as materialized (select * from orders where id < 9) table c",
    "Materialize": "select count(*) from tiny a, tiny b where a.word <> b.word",
    "Memoize": 'select count(u.tier) from orders o join "User" u on u.id = o."userId"',
    "Sort": "select * from orders where id < 99 order by note, id",
    "Incremental Sort": 'select * from orders order by "createdAt", note limit 9',
    "Group": "select kind from (select kind from orders where id < 9 order by 1) s group by 1",
    "Aggregate": "select kind, count(*) from orders group by kind",
    "WindowAgg": "select row_number() over (order by id) from orders",
    "Unique": "select distinct on (kind) kind, id from orders order by kind, id",
    "SetOp": 'select id from orders except all select id from "User"',
    "LockRows": "select * from orders where id = 7 for update",
    "Limit": "select * from orders limit 3",
    "ModifyTable": "update orders set note = 'z' where id = 7",
}
# What the planner takes only where others are not allowed, or where there is room for workers.
SETTINGS = {
    "Merge Join": ("enable_hashjoin = off", "enable_nestloop = off"),
    "Memoize": ("enable_hashjoin = off", "enable_mergejoin = off"),
    "Group": ("enable_hashagg = off",),
    "BitmapAnd": ("enable_indexscan = off",),
    "BitmapOr": ("enable_seqscan = off",),
    "Tid Range Scan": ("enable_seqscan = off",),
    "Unique": ("enable_hashagg = off",),
}


def settings(*texts: str) -> tuple[Statement, ...]:
    return tuple(Statement(f"set local {text}") for text in texts)


@pytest.mark.parametrize("kind", sorted(STATEMENTS))
@pytest.mark.usefixtures("major")
def test_a_plan_is_read_whole(request: pytest.FixtureRequest, kind: str):
    ground: Shop = request.getfixturevalue("shop" if kind == "ModifyTable" else "standing")
    try:
        plan = ground.plan(STATEMENTS[kind], before=settings(*SETTINGS.get(kind, ())))
    except QueryRefusedError as error:
        if error.refusal.sqlstate == "0A000" and kind == "Table Function Scan":
            pytest.skip("this server was built without XML")
        raise

    assert kind in {node.type for node in plan.nodes()}
    assert {node.type for node in plan.nodes()} <= NODE_TYPES
    assert [node.others for node in plan.nodes() if node.others] == []
    assert plan.others == {}
    own = own_buffers(plan)
    assert sum(own.values(), start=Buffers()) == total_buffers(plan)
    assert all(buffers.shared >= 0 for buffers in own.values())
    assert all(miss.factor >= 1 for miss in misses(plan))
    assert len(tree(plan)) >= len(list(plan.nodes()))


def test_parallel_workers_are_read(standing: Shop):
    cheap = settings(
        "parallel_setup_cost = 0", "parallel_tuple_cost = 0", "min_parallel_table_scan_size = 0"
    )
    sql = "select note, count(*) from orders where note > $1 group by note order by 1"

    alone = standing.plan(sql, "a", before=cheap)
    together = standing.plan(sql, "a", before=cheap, parallel=True)

    assert not any(node.gathering for node in alone.nodes())
    gather = next(node for node in together.nodes() if node.gathering)
    assert gather.gathering is not None
    assert gather.gathering.workers_planned > 0
    assert [node.others for node in together.nodes() if node.others] == []
    assert any(node.workers for node in together.nodes())
    assert abs(total_rows_read(together) - 40_000) <= 3 * 3  # rows are a mean of workers
    assert total_rows_read(alone) == 40_000


def test_what_an_init_plan_touches_belongs_to_it_alone(standing: Shop):
    sql = """select * from orders where id = (select max(id) from "User" where tier = 'gold')"""
    plan = standing.plan(sql)

    own = own_buffers(plan)
    (scan,) = [n for n in plan.nodes() if n.relation and n.relation.name == "orders"]
    init = next(node for node in plan.nodes() if node.relationship == "InitPlan")
    below = sum((own[node.number] for node in init.walk()), start=Buffers())

    assert below.shared == (init.buffers or Buffers()).shared
    assert own[scan.number].shared <= 4  # its own descent, not the other table


def test_rows_that_a_filter_threw_away_count_as_read(standing: Shop):
    plan = standing.plan("select * from orders where note = $1", "none")
    assert rows_of(plan.root) == 0
    assert total_rows_read(plan) == 40_000


def test_a_spill_is_seen_and_a_sort_in_memory_is_none(standing: Shop):
    sql = "select * from orders order by note, id"
    assert spills(standing.plan(f"{sql} limit 10")) == []
    assert spills(standing.plan("select * from tiny order by word")) == []
    (spill,) = spills(standing.plan(sql))
    assert spill.node.type == "Sort"
    assert spill.kilobytes > 1000


def test_a_hash_that_spills_is_seen(standing: Shop):
    sql = "select kind, note, count(*), max(tags::text) from orders group by id, kind, note"
    hashed = settings("enable_sort = off", "enable_indexscan = off")
    (spill,) = spills(standing.plan(sql, before=(*hashed, *settings("work_mem = '64kB'"))))
    assert spill.node.type == "Aggregate"
    assert spills(standing.plan(sql, before=(*hashed, *settings("work_mem = '64MB'")))) == []


def test_a_node_that_never_ran_says_so(standing: Shop):
    sql = "select * from orders where id = $1 and exists (select from tiny where id < 0)"
    plan = standing.plan(sql, "7")
    scan = next(n for n in plan.nodes() if n.relation and n.relation.name == "orders")
    assert not scan.executed
    assert "never executed" in "\n".join(tree(plan))


def test_a_misestimate_is_found_and_a_limit_is_none(standing: Shop):
    wrong = misses(standing.plan("select * from orders where state = 'held' and kind = 'odd'"))
    assert 8 < wrong[0].factor < 12  # one in ten, taken for one in a hundred
    cut = misses(standing.plan("select * from orders where state = 'held' limit 3"))
    assert cut[0].factor < 2
