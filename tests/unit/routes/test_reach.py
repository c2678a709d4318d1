"""What a statement's first words say of transactions and of other databases."""

import pytest

from pgassay.postgres.script.reach import beyond_database, controls_transaction, runs_alone

ALONE = [
    "CREATE INDEX CONCURRENTLY i ON t (a)",
    "create  unique\n index /* now */ concurrently if not exists i on t (a)",
    "-- why\nDROP INDEX CONCURRENTLY i",
    "REINDEX (VERBOSE) INDEX CONCURRENTLY i",
    "REINDEX DATABASE shop",
    "REINDEX SCHEMA s",
    "VACUUM t",
    "VACUUM (ANALYZE) t",
    "CREATE DATABASE d",
    "ALTER SYSTEM SET work_mem = '1MB'",
    "ALTER TABLE p DETACH PARTITION q CONCURRENTLY",
    "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p",
    "DISCARD ALL",
    "CLUSTER",
]
TOGETHER = [
    "CREATE INDEX i ON t (concurrently)",
    'CREATE INDEX "concurrently" ON t (a)',
    "REINDEX INDEX i",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
    "ALTER TYPE t ADD VALUE 'a'",
    "ALTER TABLE p DETACH PARTITION q",
    "CLUSTER t",
    "CREATE TABLE vacuum_of (a int)",
    "COMMENT ON TABLE t IS 'CREATE INDEX CONCURRENTLY'",
    "ANALYZE t",
]
CONTROL = ["BEGIN", "begin;", "START TRANSACTION", "COMMIT", "end", "ROLLBACK", "ABORT WORK"]
NO_CONTROL = [
    "SAVEPOINT a",
    "ROLLBACK TO a",
    "ROLLBACK TO SAVEPOINT a",
    "ROLLBACK WORK TO a",
    "CREATE TABLE begin_of (a int)",
    "COMMENT ON TABLE t IS 'commit'",
]
BEYOND = [
    "CREATE DATABASE other",
    "DROP DATABASE IF EXISTS shop",
    "ALTER SYSTEM RESET ALL",
    "CREATE TABLESPACE fast LOCATION '/x'",
    "ALTER DATABASE other SET search_path = x",
    'ALTER DATABASE "Shop" SET search_path = x',
    "/* a /* */ DROP DATABASE shop",
]
WITHIN = [
    "ALTER DATABASE shop SET search_path = x",
    'ALTER DATABASE "shop" SET search_path = x',
    "ALTER DATABASE SHOP SET search_path = x",
    "CREATE TABLE database (a int)",
    "CREATE SCHEMA database",
    "CREATE ROLE r",
]


@pytest.mark.parametrize("statement", ALONE)
def test_it_runs_alone(statement: str) -> None:
    assert runs_alone(statement)


@pytest.mark.parametrize("statement", TOGETHER)
def test_it_runs_in_a_transaction(statement: str) -> None:
    assert not runs_alone(statement)


@pytest.mark.parametrize("statement", CONTROL)
def test_it_controls_a_transaction(statement: str) -> None:
    assert controls_transaction(statement)


@pytest.mark.parametrize("statement", NO_CONTROL)
def test_it_leaves_the_transaction_alone(statement: str) -> None:
    assert not controls_transaction(statement)


@pytest.mark.parametrize("statement", BEYOND)
def test_it_reaches_beyond_the_database(statement: str) -> None:
    assert beyond_database(statement, "shop")


@pytest.mark.parametrize("statement", WITHIN)
def test_it_stays_within_the_database(statement: str) -> None:
    assert not beyond_database(statement, "shop")
