"""Revisions that a project's own env.py runs are watched, whatever its driver."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.core.names import QualifiedName
from pgassay.core.trace import LockMode
from pgassay.postgres.servers import Profile, ServerDeclaration, open_server
from pgassay.postgres.tracing.probe import install, remember
from pgassay.run.routes import target_of
from pgassay.sqla.alembic_route import AlembicRoute

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pgassay.core.trace import StatementTrace
    from pgassay.postgres.servers import Server
    from pgassay.sqla.alembic_route import Watched

INI = "[alembic]\nscript_location = %(here)s/migrations\n"
SYNC = """
from alembic import context
from sqlalchemy import create_engine, make_url, pool

url = make_url(context.config.get_main_option("sqlalchemy.url")).set(drivername="postgresql+DRIVER")
with create_engine(url, poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
"""
ASYNC = """
import asyncio

from alembic import context
from sqlalchemy import make_url, pool
from sqlalchemy.ext.asyncio import create_async_engine

url = make_url(context.config.get_main_option("sqlalchemy.url")).set(drivername="postgresql+DRIVER")


def migrate(connection):
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


async def run():
    async with create_async_engine(url, poolclass=pool.NullPool).connect() as connection:
        await connection.run_sync(migrate)


asyncio.run(run())
"""
FIRST = """
op.execute("create table orders (id integer primary key, token text)")
op.execute("insert into orders select n, 't' || n from generate_series(1, 200) n")
"""
SECOND = """
with op.get_context().autocommit_block():
    op.create_index("orders_token", "orders", ["token"], postgresql_concurrently=True)
op.execute("set local lock_timeout = '3s'")
op.add_column("orders", sa.Column("note", sa.Text))
op.execute("do $$ begin alter table orders add column a integer; update orders set a = 1; end $$")
"""
THIRD = """
op.add_column("orders", sa.Column("late", sa.Text))
op.execute("alter table orders alter column note set not null")
"""
TORN = """
op.execute("begin")
op.add_column("orders", sa.Column("early", sa.Text))
op.execute("commit")
op.add_column("orders", sa.Column("late", sa.Text))
op.execute("comment on table orders is 'orders'")
"""
ORDERS = QualifiedName("public", "orders")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with open_server("embedded", ServerDeclaration(profile=Profile.FAITHFUL)) as server:
        yield server


def project(root: Path, env: str, second: str = SECOND) -> AlembicRoute:
    versions = root / "migrations" / "versions"
    versions.mkdir(parents=True)
    (root / "alembic.ini").write_text(INI)
    (root / "migrations" / "env.py").write_text(env)
    before = None
    for name, body in (("one", FIRST), ("two", second), ("three", THIRD)):
        lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
        (versions / f"{name}.py").write_text(
            f"import sqlalchemy as sa\nfrom alembic import op\n\nrevision = {name!r}\n"
            f"down_revision = {before!r}\n\n\ndef upgrade():\n{lines}\n\n"
            "def downgrade():\n    op.drop_column('orders', 'a')\n"
        )
        before = name
    return AlembicRoute(config=root / "alembic.ini", root=root)


def watched(server: Server, route: AlembicRoute, database: str, *names: str) -> list[Watched]:
    """Run the first revision unwatched, and those named under watch."""
    server.create_database(database)
    found = []
    with route.open(target_of(server, database)) as history, server.connect(database) as eye:
        history.upgrade("one")
        install(eye)
        for name in names:
            remember(eye, exclude=route.bookkeeping)
            found.append(history.watched(name))
    return found


def seen(statement: StatementTrace) -> tuple[str, bool, LockMode | None]:
    lock = statement.strongest().get(ORDERS)
    return statement.tag, statement.autocommit, lock.mode if lock else None


@pytest.mark.parametrize(("driver", "env"), [("psycopg", SYNC), ("asyncpg", ASYNC)])
def test_statements_are_watched_with_any_driver(
    tmp_path: Path, server: Server, driver: str, env: str
) -> None:
    route = project(tmp_path, env.replace("DRIVER", driver))

    (done,) = watched(server, route, f"by_{driver}", "two")

    assert done.error is None
    setting = [one.lock_timeout for one in done.statements if one.tag == "ALTER TABLE"]
    assert setting == [3_000, 3_000]
    acting = [seen(one) for one in done.statements if not one.tag.startswith("SET")]
    assert acting == [
        ("CREATE INDEX", True, LockMode.SHARE_UPDATE_EXCLUSIVE),
        ("ALTER TABLE", False, LockMode.ACCESS_EXCLUSIVE),
        ("ALTER TABLE", False, None),
        ("UPDATE", False, LockMode.ROW_EXCLUSIVE),
    ]
    assert {one.source for one in done.statements} == {
        f"migrations/versions/two.py:{line}" for line in (10, 11, 12, 13)
    }


@pytest.mark.parametrize(("driver", "env"), [("psycopg", SYNC), ("asyncpg", ASYNC)])
def test_a_commit_that_alembic_does_not_know_of_is_seen_with_any_driver(
    tmp_path: Path, server: Server, driver: str, env: str
) -> None:
    route = project(tmp_path, env.replace("DRIVER", driver), TORN)

    (done,) = watched(server, route, f"torn_by_{driver}", "two")

    assert done.error is None
    assert [one.text for one in done.statements if "25001" in one.warnings] == ["begin"]
    assert next(one.text for one in done.statements if one.ended_transaction) == "commit"


def test_a_revision_that_fails_is_told_with_what_it_did_until_then(
    tmp_path: Path, server: Server
) -> None:
    route = project(tmp_path, SYNC.replace("DRIVER", "psycopg"))

    two, three = watched(server, route, "failing", "two", "three")

    assert two.error is None
    assert three.error is not None
    assert "23502" in three.error.found
    first, second = three.statements
    assert seen(first) == ("ALTER TABLE", False, LockMode.ACCESS_EXCLUSIVE)
    assert second.refusal is not None
    assert (second.refusal.sqlstate, second.refusal.column) == ("23502", "note")


def test_a_downgrade_is_watched_likewise(tmp_path: Path, server: Server) -> None:
    route = project(tmp_path, SYNC.replace("DRIVER", "psycopg"))
    watched(server, route, "down", "two")

    with route.open(target_of(server, "down")) as history:
        done = history.watched("one", down=True)

    assert [seen(one) for one in done.statements] == [
        ("ALTER TABLE", False, LockMode.ACCESS_EXCLUSIVE)
    ]
