"""Each expectation fires on a plan with the fault, not on the repaired one nor the near miss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.plans.measure import misses
from pgassay.plans.query import PlanMode

if TYPE_CHECKING:
    from tests.postgres.plans.conftest import Shop

LATEST = 'select * from orders where "userId" = $1 order by "createdAt" desc limit 20'
OF_USER = 'index "ordersByUser"'


def test_the_right_index_is_silence(standing: Shop):
    assert standing.judged(LATEST, "7", expect=OF_USER).findings == ()
    assert standing.judged(LATEST, "-1", expect=OF_USER).findings == ()
    either = 'index orders_by_time or "ordersByUser"'
    assert standing.judged(LATEST, "1", expect=either).findings == ()
    assert standing.judged(LATEST, "7", expect=OF_USER, mode=PlanMode.GENERIC).findings == ()


def test_another_index_is_a_finding_that_says_what_was_tried(standing: Shop):
    found = standing.finding(LATEST, "7", expect="index orders_by_time")
    assert found.title == "orders_by_time is not used (typical)"
    assert "made to use it, the query touches" in found.found
    assert found.fix.startswith("the planner is right for these values")
    assert "made to use it:" in found.evidence
    assert any(line.startswith("=> ") and 'on "Shop".orders' in line for line in found.evidence)
    assert found.source == "asked.sql:3"
    assert found.why == "it is asked often"
    assert found.fingerprint == "plan:asked:typical: index orders_by_time"


def test_swapped_columns_are_seen_and_the_right_order_is_the_fix(shop: Shop):
    expect = "at most 30 shared buffers"
    assert shop.judged(LATEST, "7", expect=expect).findings == ()
    shop.run(
        'drop index "ordersByUser"', 'create index "ordersByUser" on orders ("createdAt", "userId")'
    )

    found = shop.finding(LATEST, "7", expect=expect)

    assert found.fix == 'create index concurrently on "Shop".orders ("userId", "createdAt");'
    shop.run(found.fix.replace(" concurrently", ""))
    assert shop.judged(LATEST, "7", expect=expect).findings == ()


def test_an_index_read_from_end_to_end_is_not_used(shop: Shop):
    sql = 'select note from orders where "userId" = $1'
    assert shop.judged(sql, "7", expect=OF_USER).findings == ()
    shop.run(
        'drop index "ordersByUser"', 'create index "ordersByUser" on orders ("createdAt", "userId")'
    )
    found = shop.finding(sql, "7", expect=OF_USER)
    assert found.title == "ordersByUser is read from end to end (typical)"
    assert "says nothing of createdAt" in found.found
    assert found.fix == 'create index concurrently on "Shop".orders ("userId");'


def test_a_scan_in_the_order_of_an_index_needs_no_bound(standing: Shop):
    sql = 'select note from orders order by "createdAt" limit 5'
    assert standing.judged(sql, expect="index orders_by_time").findings == ()


def test_a_bound_on_the_first_column_alone_is_enough(standing: Shop):
    sql = 'select note from orders where "userId" = $1'
    assert standing.judged(sql, "7", expect=OF_USER).findings == ()


def test_a_cast_that_defeats_the_index_is_named(standing: Shop):
    sql = 'select * from orders where "userId"::text = $1'
    found = standing.finding(sql, "7", expect=OF_USER)
    assert "it cannot serve this query even with sequential scans off" in found.found
    assert found.fix.startswith('compare "userId" as the integer that it is')
    assert standing.judged(sql.replace("::text", ""), "7", expect=OF_USER).findings == ()


def test_a_label_is_no_cast(standing: Shop):
    sql = 'select * from "User" where email = $1'
    expect = 'index "User_email_key"'
    assert standing.judged(sql, "user7@example.test", expect=expect).findings == ()


def test_a_function_on_the_column_is_named(standing: Shop):
    sql = 'select * from "User" where {} = $1'
    expect = 'index "User_email_key"'
    found = standing.finding(sql.format("lower(email)"), "user7@example.test", expect=expect)
    assert 'create index on "Shop"."User" (lower(email));' in found.fix
    assert standing.judged(sql.format("email"), "user7@example.test", expect=expect).findings == ()


def test_an_or_over_columns_is_named(standing: Shop):
    sql = 'select * from orders where "userId" = $1 or note = $2'
    found = standing.finding(sql, "7", "y", expect="no sequential scan of orders")
    assert "UNION" in found.fix
    either = 'select * from orders where "userId" = $1 or "userId" = $2'
    assert standing.judged(either, "7", "8", expect="no sequential scan of orders").findings == ()


def test_a_predicate_that_the_query_does_not_imply_is_seen(shop: Shop):
    sql = "select * from orders where state = 'open' order by \"createdAt\" limit 10"
    expect = "index orders_by_state"
    assert shop.judged(sql, expect=expect).findings == ()
    shop.run(
        "drop index orders_by_state",
        "create index orders_by_state on orders (state, \"createdAt\") where state = 'held'",
    )
    assert "cannot serve" in shop.finding(sql, expect=expect).found


def test_an_operator_class_that_does_not_fit_is_seen(shop: Shop):
    sql = "select * from orders where tags @> $1"
    assert shop.judged(sql, '["tag3"]', expect="index orders_by_tag").findings == ()
    shop.run("drop index orders_by_tag", "create index orders_by_tag on orders (tags)")
    found = shop.finding(sql, '["tag3"]', expect="index orders_by_tag")
    assert "using gin (tags)" in found.fix


def test_a_table_of_a_page_is_told_and_no_finding(standing: Shop):
    sql = "select * from tiny where word = $1"
    for expect in ("index tiny_by_word", "no sequential scan", "at most 1 row read per row"):
        verdict = standing.judged(sql, "word 7", expect=expect)
        assert verdict.findings == ()
        assert [t for t in verdict.told if "1 page: reading all of it is right" in t]


def test_on_a_table_of_a_page_an_index_that_cannot_serve_is_a_finding(standing: Shop):
    sql = "select * from tiny where upper(word) = $1"
    for expect in (
        "index tiny_by_word",
        "no sequential scan of tiny",
        "at most 1 row read per row",
    ):
        verdict = standing.judged(sql, "WORD 7", expect=expect)
        assert len(verdict.findings) == 1
        assert verdict.told == ()


def test_reading_from_end_to_end_gets_the_index_that_is_missing(standing: Shop):
    sql = 'select * from orders where note = $1 and "createdAt" > $2 order by "createdAt" limit 5'
    found = standing.finding(sql, "none", "2024-01-01", expect="at most 10 rows read")
    assert 'create index concurrently on "Shop".orders (note, "createdAt");' in found.fix
    assert (
        standing.judged(LATEST, "7", expect='no sequential scan of orders, "User"').findings == ()
    )


def test_a_sequential_scan_of_another_table_is_not_meant(standing: Shop):
    sql = "select * from orders o, tiny t where t.id = 3 and note = $1"
    assert standing.judged(sql, "x", expect='no sequential scan of "User"').findings == ()
    assert standing.judged(sql, "x", expect="no sequential scan of orders").findings


def test_a_wrapped_partition_key_touches_them_all(standing: Shop):
    expect = "at most 1 partition of events"
    plain = 'select * from events where at >= $1 and at < $2 and "userId" = 7'
    wrapped = "select * from events where date_trunc('month', at) = $1 and \"userId\" = 7"
    assert standing.judged(plain, "2025-02-01", "2025-03-01", expect=expect).findings == ()
    found = standing.finding(wrapped, "2025-02-01", expect=expect)
    assert found.title == 'touches 3 partitions of "Shop".events (typical)'
    assert found.fix.startswith("a range instead of date_trunc: at >= … and at < …")
    border = standing.judged(plain, "2025-02-01", "2025-03-02", expect=expect).findings
    assert len(border) == 1


def test_pruning_at_run_time_counts_as_pruned(standing: Shop):
    sql = "select * from events where at >= $1::timestamp and at < $1::timestamp + interval '1 day'"
    expect = "at most 1 partition of events"
    assert standing.judged(sql, "2025-02-03", expect=expect, mode=PlanMode.GENERIC).findings == ()


def test_the_index_of_a_partition_is_that_of_the_table(standing: Shop):
    sql = 'select * from events where "userId" = $1 and at >= $2 and at < $3'
    values = ("7", "2025-02-01", "2025-03-01")
    assert standing.judged(sql, *values, expect="index events_by_user").findings == ()
    assert standing.judged(sql, *values, expect="index events_pkey").findings


def test_rows_read_for_each_row(standing: Shop):
    expect = "at most 3 rows read for each row returned"
    wide = "select * from orders where \"userId\" = $1 and note < 'y' and id % 100 = 1"
    assert standing.finding(wide, "1", expect=expect).title.startswith("reads ")
    assert standing.judged(LATEST, "1", expect=expect).findings == ()
    near = 'select * from orders where "userId" = $1 and id % 2 = 0'
    assert standing.judged(near, "1", expect=expect).findings == ()


def test_what_is_absent_counts_as_one_row(standing: Shop):
    expect = "at most 3 rows read for each row returned"
    assert standing.judged(LATEST, "-1", expect=expect).findings == ()
    sql = "select * from orders where note = $1"
    assert standing.judged(sql, "none", expect=expect).findings


def test_shared_buffers(standing: Shop):
    assert standing.judged(LATEST, "7", expect="at most 30 shared buffers").findings == ()
    found = standing.finding(LATEST, "7", expect="at most 2 shared buffers")
    assert 'by Index Scan Backward using "ordersByUser"' in found.found


def test_a_write_is_judged_and_undone(shop: Shop):
    sql = "update orders set note = 'seen' where \"userId\" = $1"
    assert shop.judged(sql, "7", expect="at most 2 rows read for each row written").findings == ()
    assert shop.judged(sql, "7", expect=OF_USER).findings == ()
    assert shop.judged(sql, "7", expect="at most 1 buffer").findings
    left = shop.connection.execute("select count(*) from orders where note = 'seen'").fetchone()
    assert left == (0,)


def test_a_spill_and_a_sort(standing: Shop):
    big, small = "select * from orders order by note, id", "select * from tiny order by word"
    assert standing.finding(big, expect="no spill").title == "Sort spills to disk (typical)"
    assert standing.judged(big + " limit 5", expect="no spill").findings == ()
    assert standing.finding(big + " limit 5", expect="no sort").title.startswith("sorts 40,000")
    few = 'select * from orders where "userId" = 7 and id < 9000 order by note'
    assert standing.judged(few, expect="no sort").findings == ()
    assert standing.judged(LATEST, "7", expect="no sort").findings == ()
    assert standing.judged(small, expect="no sort").findings == ()


def test_columns_that_depend_on_each_other_want_extended_statistics(shop: Shop):
    sql = "select * from orders where state = 'held' and kind = 'odd'"
    found = shop.finding(sql, expect="estimates within 5 times")
    assert 'create statistics on kind, state from "Shop".orders' in found.fix
    shop.run("create statistics on kind, state from orders", "analyze orders")
    assert shop.judged(sql, expect="estimates within 5 times").findings == ()


def test_stale_statistics_are_named(shop: Shop):
    sql, expect = "select * from orders where note = 'x' or id > 0", "estimates within 3 times"
    shop.run(
        "create table stale (id int) with (autovacuum_enabled = off)",
        "insert into stale select generate_series(1, 100)",
        "analyze stale",
        "insert into stale select 7 from generate_series(1, 50000)",
    )
    found = shop.finding("select * from stale where id = 7", expect=expect)
    assert found.fix.startswith('analyze "Shop".stale;')
    shop.run("analyze stale")
    assert shop.judged("select * from stale where id = 7", expect=expect).findings == ()
    assert shop.judged(sql, expect=expect).findings == ()


def test_a_statistics_target_of_zero_is_named(shop: Shop):
    sql, expect = "select * from orders where state = 'done'", "estimates within 3 times"
    assert shop.judged(sql, expect=expect).findings == ()
    shop.run("alter table orders alter column state set statistics 0")
    shop.run("delete from pg_statistic where starelid = 'orders'::regclass and staattnum = 3")
    found = shop.finding(sql, expect=expect)
    assert "alter column state set statistics" in found.fix


def test_a_tiny_guess_that_is_wrong_misleads_nobody(standing: Shop):
    sql = "select * from tiny where id % 7 = 0"
    assert misses(standing.plan(sql))[0].factor == 7
    assert standing.judged(sql, expect="estimates within 2 times").findings == ()


def test_join_methods(standing: Shop):
    sql = 'select * from orders o join "User" u on u.id = o."userId"'
    found = standing.finding(sql, expect="joins by nested loop or merge")
    assert found.title == "joins by Hash Join (typical)"
    assert standing.judged(sql, expect="joins by hash").findings == ()
    one = sql + " where o.id = 7"
    assert standing.judged(one, expect="joins by nested loop").findings == ()


def test_joins_of_tables_of_a_page_may_be_any(standing: Shop):
    sql = "select * from tiny a join tiny b on a.word = b.word"
    verdict = standing.judged(sql, expect="joins by nested loop")
    assert verdict.findings == ()
    assert verdict.told


def test_few_rows_may_meet_a_small_table_by_any_join(shop: Shop):
    shop.run(
        "create table team as select id, repeat('x', 60) as note from generate_series(0, 1200) id",
        "alter table team add primary key (id)",
        "vacuum analyze team",
    )
    sql = "select * from orders o join team t on t.id = o.id * 7 % 1200 where o.id <= $1"
    few = shop.judged(sql, "9", expect="joins by nested loop")
    assert few.findings == ()
    assert few.told == ('"Shop".team has 15 pages: reading all of it is right',)
    many = shop.finding(sql, "400", expect="joins by nested loop")
    assert many.title == "joins by Hash Join (typical)"


def test_an_index_that_misses_the_order_loses_to_another_and_the_fix_has_both(shop: Shop):
    shop.run('drop index "ordersByUser"', 'create index "ordersByUser" on orders ("userId")')
    shop.run('update orders set "userId" = 5 where id < 3000', "vacuum analyze orders")
    found = shop.finding(LATEST, "5", expect=OF_USER)
    assert found.fix == 'create index concurrently on "Shop".orders ("userId", "createdAt");'


def test_an_index_alone_may_not_be_enough(shop: Shop):
    sql, expect = 'select "createdAt" from orders where "userId" = $1', 'index only "ordersByUser"'
    assert shop.judged(sql, "7", expect=expect).findings == ()
    found = shop.finding(sql.replace('"createdAt"', "note", 1), "7", expect=expect)
    assert "INCLUDE" in found.fix


def test_settings_of_the_database_are_part_of_what_is_judged(shop: Shop):
    sql = "select * from orders where id < 500 order by note, id"
    ours = {"search_path": '"Shop"'}
    assert shop.plan(sql).settings == ours
    name = shop.connection.info.dbname
    shop.run(f"alter database {name} set work_mem = '64kB'")
    with shop.server.connect(name) as connection:
        connection.execute('set search_path = "Shop"')
        again = type(shop)(connection, shop.server)
        assert again.plan(sql).settings == {**ours, "work_mem": "64kB"}
        assert again.judged(sql, expect="no spill").findings
        again.run("set work_mem = '1GB'")  # of the session: none of the system's
    assert shop.judged(sql, expect="no spill").findings == ()
