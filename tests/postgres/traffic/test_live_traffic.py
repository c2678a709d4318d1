"""What clients meet while a migration runs: each fault certain, because a test holds the lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from pgassay.core.errors import SchemaError
from pgassay.core.finding import Severity
from pgassay.core.statement import Statement
from pgassay.core.traffic import Moment, Scene, Unit
from pgassay.history.traffic.judgement import headline, judge
from tests.postgres.traffic.conftest import CUSTOMER, ORDER, Shop, await_waiting, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.core.names import QualifiedName
    from pgassay.core.traffic import Traffic

PATIENT = 60.0  # seconds: no migration of these tests waits for so long

INDEX = 'create index "i" on "Shop"."Order" (amount)'
CONCURRENTLY = 'create index concurrently "i" on "Shop"."Order" (amount)'
COLUMN = 'alter table "Shop"."Customer" add column age int'
READER_IS_BACK = """
select from pg_locks l join pg_stat_activity a using (pid)
where l.relation = '"Shop"."Customer"'::regclass and l.mode = 'AccessShareLock' and l.granted
  and a.state = 'idle in transaction'
"""
ALTER = 'alter table "Shop"."Customer" alter "eMail" type varchar(80)'


def _slugs(traffic: Traffic, limit: float = 0.0) -> list[tuple[str, str]]:
    return [(f.slug, f.subject.object) for f in judge(traffic, "0002", limit=limit)]


def test_the_crowd_reads_changes_inserts_and_deletes_under_quoted_names(shop: Shop):
    names = {unit.name for unit in shop.crowd.units}
    assert names == {
        'read "Shop"."Customer"',
        'update "Shop"."Customer"',
        'insert into and delete from "Shop"."Customer"',
        'read "Shop"."Order"',
        'update "Shop"."Order"',
        'insert into and delete from "Shop"."Order"',
    }
    traffic = shop.among(lambda: None)
    assert traffic.left_out == ()
    assert traffic.failures == ()
    assert traffic.rates[Moment.BEFORE].finished > 0
    assert sum(sample.finished for sample in traffic.samples) > 0
    with shop.connect() as connection:  # whatever was inserted is gone again
        rows = connection.execute('select count(*) from "Shop"."Order"').fetchone()
    assert rows == (400,)


def test_an_index_built_with_writers_shut_out_is_seen_stalling_them(shop: Shop):
    traffic = shop.among(shop.migration(held=INDEX))
    assert traffic.refused == ""
    (stalled,) = {wait.relation for wait in traffic.waits}
    assert stalled == ORDER
    assert {wait.held for wait in traffic.waits} == {"ShareLock"}
    assert {wait.wanted for wait in traffic.waits} == {"RowExclusiveLock"}  # readers went on
    assert _slugs(traffic) == [("migration_stall", '"Shop"."Order"')]
    assert traffic.standstill > 0
    assert headline(traffic).startswith("the site stands still for")


def test_the_same_index_built_concurrently_lets_everybody_on(shop: Shop):
    traffic = shop.among(shop.migration(CONCURRENTLY))
    assert (traffic.waits, traffic.refused) == ((), "")
    assert _slugs(traffic) == []
    assert headline(traffic) == "the site stands still for 0.0 s"


def test_a_wait_shorter_than_the_limit_is_no_finding(shop: Shop):
    traffic = shop.among(shop.migration(held=INDEX))
    assert traffic.waits
    assert _slugs(traffic, limit=PATIENT) == []


def test_readers_are_stalled_by_a_rewrite(shop: Shop):
    rewrite = 'alter table "Shop"."Order" alter amount type bigint'
    traffic = shop.among(shop.migration(held=rewrite))
    assert ("migration_stall", '"Shop"."Order"') in _slugs(traffic)
    assert "AccessExclusiveLock" in {wait.held for wait in traffic.waits}


def test_a_row_that_a_backfill_has_written_stalls_its_writers(shop: Shop):
    traffic = shop.among(shop.migration(held='update "Shop"."Order" set state = state'))
    assert {(wait.relation, wait.held) for wait in traffic.waits} == {(ORDER, "row lock")}


def test_an_alter_without_a_limit_queues_everybody_behind_a_transaction_that_stays_open(shop: Shop):
    traffic = shop.among(shop.migration(ALTER), Scene.LONG)
    assert ("migration_queue", '"Shop"."Customer"') in _slugs(traffic)
    assert any(held.patient and held.clients for held in traffic.held)
    assert "for as long as that does" in headline(traffic, traffic)


def test_with_a_lock_timeout_it_gives_up_and_can_be_run_again(shop: Shop):
    limited = shop.migration("set lock_timeout = '300ms'", COLUMN)
    traffic = shop.among(limited, Scene.LONG, patience=PATIENT)
    assert "55P03" in traffic.refused
    assert traffic.again is True
    assert {held.gave_up for held in traffic.held} == {True}
    assert _slugs(traffic) == []
    assert "until the migration gives up" in headline(traffic, traffic)


def test_what_waits_for_open_transactions_without_shutting_anybody_out_is_no_queue(shop: Shop):
    traffic = shop.among(shop.migration(CONCURRENTLY), Scene.LONG)
    assert {held.mode for held in traffic.held} == {"virtualxid"}
    assert {held.clients for held in traffic.held} == {0}
    assert traffic.refused == ""
    assert _slugs(traffic) == []
    assert headline(traffic, traffic).endswith("also beside transactions that stay open")


def test_each_statement_of_a_migration_meets_the_open_transactions_anew(shop: Shop):
    def twice() -> None:
        with shop.connect() as connection, shop.connect() as observer:
            connection.execute(ALTER.encode())
            until(observer, READER_IS_BACK)
            connection.execute(b'alter table "Shop"."Customer" alter "eMail" type varchar(90)')

    traffic = shop.among(twice, Scene.LONG)
    readers = [h for h in traffic.held if h.holder == "a reader" and h.relation == CUSTOMER]
    assert len(readers) == 2
    assert traffic.refused == ""


def _both(first: QualifiedName, second: QualifiedName) -> Unit:
    sql = "update {} set {} where false"
    columns = {CUSTOMER: "note = note", ORDER: "state = state"}
    statements = (Statement(sql.format(t.sql, columns[t])) for t in (first, second))
    return Unit(name="both", statements=tuple(statements))


def _locks_both(shop: Shop, first: QualifiedName, second: QualifiedName) -> Callable[[], None]:
    def run() -> None:
        with shop.connect() as connection, shop.connect() as observer:
            try:
                with connection.transaction():
                    connection.execute(f"lock table {first.sql}".encode())
                    await_waiting(observer, connection.info.backend_pid)
                    connection.execute(f"lock table {second.sql}".encode())
            except psycopg.Error as error:
                raise SchemaError(f"{error} (SQLSTATE {error.sqlstate})") from error

    return run


def test_locking_two_tables_against_the_order_of_the_application_is_seen_as_a_deadlock(shop: Shop):
    crowd = {"units": (_both(ORDER, CUSTOMER),), "clients": 1}
    traffic = shop.among(_locks_both(shop, CUSTOMER, ORDER), **crowd)
    assert {slug for slug, _ in _slugs(traffic, limit=PATIENT)} == {"migration_deadlock"}


def test_in_the_order_of_the_application_there_is_none(shop: Shop):
    crowd = {"units": (_both(ORDER, CUSTOMER),), "clients": 1}
    traffic = shop.among(_locks_both(shop, ORDER, CUSTOMER), **crowd)
    assert _slugs(traffic, limit=PATIENT) == []


def test_statements_prepared_before_a_change_of_type_are_refused_after_it(shop: Shop):
    traffic = shop.among(shop.migration(ALTER), clients=1)
    (finding,) = judge(traffic, "0002", limit=PATIENT)
    assert finding.slug == "migration_refusal"
    assert finding.severity is Severity.WARNING
    assert "0A000" in finding.title
    assert 'read "Shop"."Customer"' in finding.title


def test_a_column_more_refuses_nobody(shop: Shop):
    traffic = shop.among(shop.migration(COLUMN))
    assert traffic.failures == ()
    assert _slugs(traffic, limit=PATIENT) == []


def test_what_the_new_schema_refuses_for_good_is_counted_and_left_to_the_rolling_deploy(shop: Shop):
    rename = 'alter table "Shop"."Customer" rename note to remark'
    traffic = shop.among(shop.migration(rename))
    assert {failure.sqlstate for failure in traffic.failures} == {"42703"}
    assert Moment.BEFORE not in {failure.moment for failure in traffic.failures}
    assert _slugs(traffic, limit=PATIENT) == []


def test_a_unit_that_is_refused_from_the_start_is_left_out_with_the_reason(shop: Shop):
    wrong = Unit(name="wrong", statements=(Statement("select nothing"),))
    traffic = shop.among(lambda: None, units=(*shop.crowd.units, wrong))
    ((name, reason),) = traffic.left_out
    assert (name, reason[:5]) == ("wrong", "42703")
    assert traffic.failures == ()


def test_a_migration_that_does_not_end_is_ended_and_that_is_told(shop: Shop):
    traffic = shop.among(shop.migration("select pg_sleep(600)"), limit=0.3)
    assert traffic.refused.startswith("it did not end within 0.3 s, and was ended: ")
    assert "57P01" in traffic.refused
    assert traffic.failures == ()


def test_a_migration_that_fails_by_itself_is_told_with_the_servers_words(shop: Shop):
    traffic = shop.among(shop.migration("alter table nowhere add column a int"))
    assert "42P01" in traffic.refused
    assert traffic.again is None
    assert _slugs(traffic) == [("migration_refusal", "0002")]
