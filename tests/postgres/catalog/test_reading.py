"""How a catalog is read: its transaction, its settings, and what is left of either."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.rows import dict_row

from pgassay.core.names import QualifiedName
from pgassay.postgres.catalog import read_catalog

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.core.catalog import Catalog

SETTINGS = "select string_agg(name || '=' || setting, ';' order by name) from pg_settings"
WAITING = (
    "select count(*) from pg_catalog.pg_stat_activity where pid = %s and wait_event_type = 'Lock'"
)
UGLY = """
set search_path = shop, public; set timezone = 'Asia/Kolkata'; set datestyle = 'german, dmy';
set intervalstyle = 'sql_standard'; set quote_all_identifiers = on; set bytea_output = 'escape';
set extra_float_digits = -3; set client_encoding = 'LATIN1'; set enable_hashjoin = off
"""
DEPENDING_ON_SETTINGS = """
create schema shop;
create table shop.times (
  at timestamptz not null default '2025-03-01 12:00:00+00',
  every interval default '1 day 02:00:00',
  raw bytea default '\\x00ff',
  part float8 default '0.123456789012345678'::float8,
  "łódź" integer,
  constraint "not ä" check (at <> '2025-03-02 00:00:00+00')
) partition by range (at);
create table shop.times_1 partition of shop.times
  for values from ('2025-01-01 00:00:00+00') to ('2025-02-01 00:00:00+00');
"""


@pytest.fixture
def database_of_times(database: Callable[[int], str], major: int) -> str:
    conninfo = database(major)
    with psycopg.connect(conninfo) as connection:
        connection.execute(DEPENDING_ON_SETTINGS.encode())
    return conninfo


def test_the_session_s_settings_make_no_difference(database_of_times: str) -> None:
    with psycopg.connect(database_of_times) as plain, psycopg.connect(database_of_times) as odd:
        odd.execute(UGLY.encode())
        odd.commit()
        read = read_catalog(plain)
        assert read_catalog(odd) == read

    table = read.table(QualifiedName("shop", "times"))
    assert table.column("at").default == "'2025-03-01 12:00:00+00'::timestamp with time zone"
    assert table.column("every").default == "'1 day 02:00:00'::interval"
    assert table.column("raw").default == "'\\x00ff'::bytea"
    assert table.column("part").default == "'0.12345678901234568'::double precision"
    assert table.column("łódź").position == 5
    (partition,) = read.partitions_of(table.name)
    assert partition.partition is not None
    assert partition.partition.bound == (
        "FOR VALUES FROM ('2025-01-01 00:00:00+00') TO ('2025-02-01 00:00:00+00')"
    )


@pytest.mark.parametrize("autocommit", [True, False])
def test_reading_leaves_no_trace_on_an_idle_connection(
    rich: Catalog, rich_database: str, autocommit: bool
) -> None:
    with psycopg.connect(rich_database, autocommit=autocommit) as connection:
        connection.execute("set search_path = shop")
        before = connection.execute(SETTINGS).fetchall()
        connection.commit()
        read = [read_catalog(connection) for _ in range(7)]
        assert connection.info.transaction_status.name == "IDLE"
        assert connection.execute(SETTINGS).fetchall() == before
        assert connection.execute("select count(*) from pg_prepared_statements").fetchone() == (0,)

    assert read == [rich] * 7


def test_reading_inside_a_transaction_sees_it_and_does_not_end_it(
    rich: Catalog, rich_database: str
) -> None:
    with psycopg.connect(rich_database) as connection:
        connection.execute("set local search_path = shop")
        before = connection.execute(SETTINGS).fetchall()
        connection.execute("create table made_here (id integer)")
        inside = read_catalog(connection)
        assert connection.info.transaction_status.name == "INTRANS"
        assert connection.execute(SETTINGS).fetchall() == before
        connection.rollback()
        assert read_catalog(connection) == rich

    assert inside.table(QualifiedName("shop", "made_here")).columns[0].name == "id"


def test_the_connection_s_row_factory_does_not_matter(rich: Catalog, rich_database: str) -> None:
    with psycopg.connect(rich_database, row_factory=dict_row) as connection:
        assert read_catalog(connection) == rich


def test_a_read_is_of_one_moment(rich: Catalog, rich_database: str) -> None:
    """A change that is committed while a read is under way is not seen, in any part of it."""
    with (
        ThreadPoolExecutor() as threads,
        psycopg.connect(rich_database, autocommit=True) as reader,
        psycopg.connect(rich_database) as writer,
        psycopg.connect(rich_database, autocommit=True) as watcher,
    ):
        writer.execute("alter default privileges grant usage on types to reader")
        writer.execute("lock table pg_catalog.pg_event_trigger in access exclusive mode")
        reading = threads.submit(read_catalog, reader)
        for _ in range(2000):
            if watcher.execute(WAITING, (reader.info.backend_pid,)).fetchone() == (1,):
                break
            time.sleep(0.005)
        writer.execute(
            "create event trigger newer on sql_drop execute function shop.on_ddl();"
            "alter event trigger newer disable"
        )
        writer.commit()
        read, after = reading.result(timeout=20), read_catalog(reader)
        writer.execute("drop event trigger newer")
        writer.execute("alter default privileges revoke usage on types from reader")
        writer.commit()

    assert read == rich
    assert [trigger.name for trigger in after.event_triggers] == ["newer", "on_ddl"]


def test_a_transaction_that_has_failed_is_the_caller_s_to_end(rich_database: str) -> None:
    with psycopg.connect(rich_database) as connection:
        with pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("select * from nowhere")
        with pytest.raises(psycopg.errors.InFailedSqlTransaction):
            read_catalog(connection)
        connection.rollback()
        assert read_catalog(connection).tables


def test_a_role_without_rights_reads_the_same(rich: Catalog, rich_database: str) -> None:
    with psycopg.connect(rich_database) as connection:
        connection.execute("create role nobody_at_all; set local role nobody_at_all")
        assert read_catalog(connection) == rich
        connection.rollback()


def test_an_empty_database_holds_its_public_schema_and_plpgsql(
    connection: psycopg.Connection[tuple[object, ...]], major: int
) -> None:
    read = read_catalog(connection)
    assert read.major == major
    assert [schema.name for schema in read.schemas] == ["public"]
    assert [extension.name for extension in read.extensions] == ["plpgsql"]
    assert not (read.tables + read.views + read.functions + read.sequences + read.enums)
