"""Every way of building the schema leads to the same database."""

import io
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, pool, text

from schema.creativeflow import metadata
from tests.postgres.creativeflow.throwaway import ROOT, Configure, NewDatabase, Server

FIRST_SPAN = "SELECT create_month_partitions('2026-11-01', 5)"


@pytest.fixture
def built_by_models(server: Server, new_database: NewDatabase):
    database = new_database()
    engine = create_engine(server.engine_url(database), poolclass=pool.NullPool)
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(text(FIRST_SPAN))
    return database


def test_migrations_and_models_build_the_same_schema(
    server: Server, head: str, built_by_models: str
):
    migrated = server.schema_of(head)
    assert "PARTITION BY RANGE" in migrated
    assert server.schema_of(built_by_models) == migrated


def test_a_trigger_that_only_the_migrations_knew_would_be_seen(
    server: Server, head: str, new_database: NewDatabase
):
    database = new_database(template=head)
    with psycopg.connect(server.url(database)) as connection:
        connection.execute("DROP TRIGGER set_updated_at ON notifications")
    assert server.schema_of(database) != server.schema_of(head)


def test_autogenerate_finds_nothing_to_do(alembic: Configure, head: str):
    command.check(alembic(head))


def test_every_downgrade_leads_back_to_what_its_upgrade_found(
    server: Server, new_database: NewDatabase, alembic: Configure
):
    database = new_database()
    config = alembic(database)
    revisions = [r.revision for r in ScriptDirectory.from_config(config).walk_revisions()][::-1]
    found = {}
    for revision in revisions:
        command.upgrade(config, revision)
        found[revision] = server.schema_of(database)
    for before in revisions[-2::-1]:
        command.downgrade(config, before)
        assert server.schema_of(database) == found[before], f"downgrading to {before}"
    command.upgrade(config, "head")
    assert server.schema_of(database) == found[revisions[-1]]


def test_base_leaves_nothing_but_the_version_table(
    server: Server, new_database: NewDatabase, alembic: Configure, head: str
):
    database = new_database(template=head)
    command.downgrade(alembic(database), "base")
    with psycopg.connect(server.url(database)) as connection:
        left = connection.execute("""
            SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
            UNION ALL
            SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            ORDER BY 1""").fetchall()
    assert left == [("alembic_version",), ("alembic_version_pkc",)]


def test_offline_sql_run_by_psql_leads_to_the_same_schema(
    server: Server, new_database: NewDatabase, alembic: Configure, head: str, tmp_path: Path
):
    database, config, script = new_database(), alembic(head), Path(tmp_path, "script.sql")
    empty = server.schema_of(database)
    for direction, revisions, expected in (
        (command.upgrade, "head", server.schema_of(head)),
        (command.downgrade, "head:base", empty),
    ):
        config.output_buffer = io.StringIO()
        direction(config, revisions, sql=True)
        script.write_text(config.output_buffer.getvalue(), encoding="utf-8")
        server.run("psql", database, "-q", "-v", "ON_ERROR_STOP=1", "-f", str(script))
        assert server.schema_of(database) == expected


def test_an_asynchronous_driver_leads_to_the_same_schema(
    server: Server, new_database: NewDatabase, alembic: Configure, head: str
):
    pytest.importorskip("greenlet")
    database = new_database()
    command.upgrade(alembic(database, driver="asyncpg"), "head")
    assert server.schema_of(database) == server.schema_of(head)


def test_a_program_may_hand_over_a_connection(
    server: Server, new_database: NewDatabase, alembic: Configure, head: str
):
    database = new_database()
    config = alembic("there is no such database")
    engine = create_engine(server.engine_url(database), poolclass=pool.NullPool)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        assert not connection.execute(text("SELECT FROM pg_locks WHERE locktype='advisory'")).all()
    assert server.schema_of(database) == server.schema_of(head)


def test_two_upgrades_at_once_take_turns(
    server: Server, new_database: NewDatabase, alembic: Configure, head: str
):
    database = new_database()
    # Alembic keeps its context in a module: two at once need two processes.
    line = [sys.executable, "-m", "alembic", "-c", str(ROOT / "alembic.ini"), "-n", "creativeflow"]
    line += ["-x", f"url={server.url(database)}", "upgrade", "head"]
    both = [subprocess.Popen(line, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [(p.communicate(timeout=60)[1], p.returncode) for p in both] == [("", 0), ("", 0)]
    assert server.schema_of(database) == server.schema_of(head)


def test_without_a_url_nothing_is_touched(alembic: Configure, head: str):
    config = alembic(head)
    config.cmd_opts.x = []
    with pytest.raises(Exception, match="no database to migrate"):
        command.upgrade(config, "head")


def test_the_decisions_document_lists_what_the_first_revision_built(
    server: Server, new_database: NewDatabase, alembic: Configure
):
    database = new_database()
    command.upgrade(alembic(database), "0001")
    with psycopg.connect(server.url(database)) as connection:
        built = connection.execute("""
            SELECT i.relname
              FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
             WHERE i.relnamespace = 'public'::regnamespace
               AND NOT EXISTS (SELECT FROM pg_constraint c
                                WHERE c.conindid = i.oid AND c.contype IN ('p', 'u'))""").fetchall()
    document = (ROOT / "docs/creativeflow-decisions.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` (?:\|[^|]*){3}\| yes", document, re.MULTILINE)
    assert sorted(listed) == sorted(name for (name,) in built)
