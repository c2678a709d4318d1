"""Shared objects: a write to one is seen, a write to anything of one database is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.postgres.shared_objects import shared_objects

if TYPE_CHECKING:
    from pgassay.postgres.servers import Server

SHARED = (
    "create role shared_one",
    "alter role shared_one nologin",  # as it was: the row is written all the same
    "alter role shared_one set work_mem = '8MB'",
    "create role shared_two",
    "grant shared_one to shared_two",
    "grant set on parameter log_statement to shared_one",
    "revoke set on parameter log_statement from shared_one",
    "drop role shared_two",
    "drop role shared_one",
)
OWN = (
    "create table t (a int)",
    "grant select on t to shared_other",
    "alter table t owner to shared_other",
    "do $$ begin execute format('alter database %I set work_mem=64', current_database()); end $$",
    "drop owned by shared_other",
)


def test_what_every_database_sees_is_seen_and_nothing_else(server: Server, database: str) -> None:
    with server.connect(database) as connection:
        before = shared_objects(connection)
        for statement in SHARED:
            connection.execute(statement.encode())
            now = shared_objects(connection)
            assert now != before, statement
            before = now

        connection.execute("create role shared_other")
        before = shared_objects(connection)
        for statement in OWN:
            connection.execute(statement.encode())
            assert shared_objects(connection) == before, statement
        connection.execute("drop role shared_other")


@pytest.mark.parametrize("statement", ["create role shared_new", "alter role shared_reader login"])
def test_whoever_may_not_read_passwords_sees_roles_that_change(
    server: Server, database: str, statement: str
) -> None:
    with server.connect(database) as connection:
        connection.execute("create role shared_reader")
        try:
            connection.execute("set role shared_reader")
            before = shared_objects(connection)
            connection.execute("reset role")
            connection.execute(statement.encode())
            connection.execute("set role shared_reader")
            assert shared_objects(connection) != before
            connection.execute("reset role")
        finally:
            connection.execute("reset role")
            connection.execute("drop role if exists shared_new")
            connection.execute("drop role shared_reader")
