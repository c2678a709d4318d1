"""The hard migration keeps every row, and the maintenance functions keep the rule."""

import psycopg
import pytest
from alembic import command
from sqlalchemy.exc import DBAPIError

from tests.postgres.creativeflow.throwaway import Configure, Connection, NewDatabase, Server

FILL = """
INSERT INTO users (email) SELECT format('user%s@example.org', n) FROM generate_series(1, 20) n;
CREATE TEMP TABLE people AS SELECT row_number() OVER (ORDER BY email) AS seat, id FROM users;
INSERT INTO credit_transactions (user_id, amount, action_type, created_at)
SELECT p.id, n, 'purchase', timestamp '2025-03-30 22:00' + n * interval '7 hours'
  FROM generate_series(1, 3000) n JOIN people p ON p.seat = 1 + n % 20;
INSERT INTO notifications (user_id, type, message, is_read, created_at, updated_at)
SELECT p.id, 'system', 'text', n % 3 = 0, timestamp '2026-09-01' + n * interval '2 hours',
       '2026-01-01'
  FROM generate_series(1, 3000) n JOIN people p ON p.seat = 1 + n % 20;
INSERT INTO usage_logs (user_id, action_type, "timestamp")
SELECT p.id, 'open', timestamp '2027-04-29' + n * interval '1 hour'
  FROM generate_series(1, 3000) n JOIN people p ON p.seat = 1 + n % 20;
SELECT setval('usage_logs_id_seq', 5000, false);
"""
TIME_SERIES = {
    "credit_transactions": "created_at",
    "notifications": "created_at",
    "usage_logs": "timestamp",
}


def content(connection: Connection):
    return {
        table: connection.execute(f'SELECT * FROM {table} ORDER BY id, "{key}"').fetchall()
        for table, key in TIME_SERIES.items()
    }


def rights(connection: Connection):
    return connection.execute("""
        SELECT grantee, privilege_type, is_grantable
          FROM information_schema.table_privileges WHERE table_name = 'notifications'
        UNION ALL
        SELECT grantee || ' on ' || column_name, privilege_type, is_grantable
          FROM information_schema.column_privileges WHERE table_name = 'notifications'
        ORDER BY 1, 2, 3""").fetchall()


def rows_in_default_partitions(connection: Connection):
    return connection.execute("""
        SELECT (SELECT count(*) FROM credit_transactions_default)
             + (SELECT count(*) FROM notifications_default)
             + (SELECT count(*) FROM usage_logs_default)""").fetchone()[0]


@pytest.fixture
def unpartitioned(server: Server, new_database: NewDatabase, alembic: Configure):
    """A database before the three tables are partitioned, with 3,000 rows in each."""
    database = new_database()
    command.upgrade(alembic(database), "0008")
    with psycopg.connect(server.url(database)) as connection:
        connection.execute(FILL)
    return database


def test_every_row_right_and_number_survives_the_way_up_and_down(
    server: Server, unpartitioned: str, alembic: Configure
):
    with psycopg.connect(server.url(unpartitioned), autocommit=True) as connection:
        connection.execute("CREATE ROLE reader")
        try:
            connection.execute("GRANT SELECT ON notifications TO reader WITH GRANT OPTION")
            connection.execute("GRANT UPDATE (is_read) ON notifications TO reader")
            before, granted = content(connection), rights(connection)
            assert [len(rows) for rows in before.values()] == [3000, 3000, 3000]

            command.upgrade(alembic(unpartitioned), "head")
            assert content(connection) == before
            assert rights(connection) == granted
            assert rows_in_default_partitions(connection) == 0
            assert next_number(connection) == 5000

            command.downgrade(alembic(unpartitioned), "0008")
            connection.execute("DELETE FROM usage_logs WHERE id = 5000")
            assert content(connection) == before
            assert rights(connection) == granted
            assert next_number(connection) == 5001
        finally:
            connection.execute("DROP OWNED BY reader")
            connection.execute("DROP ROLE reader")


def next_number(connection: Connection) -> int:
    return connection.execute("""
        INSERT INTO usage_logs (user_id, action_type, "timestamp")
        SELECT id, 'next', '2027-04-01' FROM users LIMIT 1 RETURNING id""").fetchone()[0]


def test_the_downgrade_refuses_an_id_that_stands_in_two_months(
    server: Server, unpartitioned: str, alembic: Configure
):
    command.upgrade(alembic(unpartitioned), "head")
    with psycopg.connect(server.url(unpartitioned)) as connection:
        connection.execute("""
            INSERT INTO credit_transactions (id, user_id, amount, action_type, created_at)
            SELECT id, user_id, amount, action_type, created_at + interval '1 month'
              FROM (SELECT * FROM credit_transactions ORDER BY id LIMIT 2) AS two""")
    with pytest.raises(DBAPIError) as refused:
        command.downgrade(alembic(unpartitioned), "0008")
    cause = refused.value.orig
    assert cause.sqlstate == "23505"
    assert cause.diag.message_primary.startswith("2 ids stand more than once in credit_transact")
    query = cause.diag.message_hint.removeprefix("See them: ")
    with psycopg.connect(server.url(unpartitioned)) as connection:
        assert [row[1] for row in connection.execute(query)] == [2, 2]
        # The tables whose turn came before are plain again, this one is untouched.
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0009",)
        count = connection.execute("SELECT count(*) FROM credit_transactions").fetchone()
        assert count == (3002,)


def test_making_a_month_takes_its_rows_out_of_the_default_partition(connection: Connection):
    user = connection.execute(
        "INSERT INTO users (email) VALUES ('a@example.org') RETURNING id"
    ).fetchone()
    for moment in ("2030-05-31 23:59:59.999999", "2030-06-01", "2030-06-30 23:59", "2030-07-01"):
        connection.execute(
            "INSERT INTO notifications (user_id, type, message, created_at)"
            " VALUES (%s, 'system', 'text', %s)",
            (user[0], moment),
        )
    assert rows_in_default_partitions(connection) == 4
    made = connection.execute("SELECT create_month_partition('notifications', '2030-06-17')")
    assert made.fetchone() == (True,)
    where = connection.execute(
        "SELECT tableoid::regclass::text, created_at::text FROM notifications ORDER BY created_at"
    ).fetchall()
    assert where == [
        ("notifications_default", "2030-05-31 23:59:59.999999"),
        ("notifications_2030_06", "2030-06-01 00:00:00"),
        ("notifications_2030_06", "2030-06-30 23:59:00"),
        ("notifications_default", "2030-07-01 00:00:00"),
    ]
    again = connection.execute("SELECT create_month_partition('notifications', '2030-06-01')")
    assert again.fetchone() == (False,)
    cleared = connection.execute("SELECT clear_default_partition('notifications')").fetchone()
    assert (cleared, rows_in_default_partitions(connection)) == ((2,), 0)


def test_a_time_that_no_month_holds_stays_in_the_default_partition(connection: Connection):
    connection.execute("""
        WITH someone AS (INSERT INTO users (email) VALUES ('a@example.org') RETURNING id)
        INSERT INTO notifications (user_id, type, message, created_at)
        SELECT id, 'system', 'text', moment FROM someone,
               unnest('{infinity,-infinity,0044-03-15 BC}'::timestamp[]) AS moment""")
    assert connection.execute("SELECT clear_default_partition('notifications')").fetchone() == (0,)
    assert rows_in_default_partitions(connection) == 3


def test_months_ahead_follow_the_date_given_and_a_second_run_changes_nothing(
    connection: Connection,
):
    create = "SELECT create_month_partitions(%s, %s)"
    assert connection.execute(create, ("2027-04-30", 2)).fetchone() == (6,)  # April exists
    assert connection.execute(create, ("2027-04-30", 2)).fetchone() == (0,)
    with pytest.raises(psycopg.errors.InvalidParameterValue):
        connection.execute(create, ("2027-04-30", -1))


@pytest.mark.parametrize("datestyle", ["ISO, MDY", "German, DMY"])
def test_dropping_old_months_keeps_the_rest(connection: Connection, datestyle: str):
    connection.execute("SELECT set_config('DateStyle', %s, true)", (datestyle,))
    connection.execute("""
        WITH someone AS (INSERT INTO users (email) VALUES ('a@example.org') RETURNING id)
        INSERT INTO usage_logs (user_id, action_type, "timestamp")
        SELECT id, 'open', moment FROM someone,
               unnest('{2026-11-30,2026-12-31,2027-01-01,2031-01-01}'::timestamp[]) AS moment""")
    drop = "SELECT drop_month_partitions('2027-02-14', 1)"
    assert connection.execute(drop).fetchone() == (6,)  # November and December, three times
    kept = connection.execute(
        'SELECT extract(year FROM "timestamp")::int FROM usage_logs ORDER BY 1'
    ).fetchall()
    assert kept == [(2027,), (2031,)]
    assert connection.execute(drop).fetchone() == (0,)


def test_only_a_partitioned_table_gets_months(connection: Connection):
    with pytest.raises(psycopg.errors.WrongObjectType, match="users is not a partitioned table"):
        connection.execute("SELECT create_month_partition('users', '2030-06-01')")


def test_a_row_written_under_another_time_zone_lands_in_the_month_of_utc(connection: Connection):
    connection.execute("SET TimeZone = 'America/Los_Angeles'")
    created, updated, utc = connection.execute("""
        WITH someone AS (INSERT INTO users (email) VALUES ('a@example.org') RETURNING id)
        INSERT INTO notifications (user_id, type, message) SELECT id, 'system', 'text' FROM someone
        RETURNING created_at, updated_at, timezone('utc', now())""").fetchone()
    assert created == updated == utc
