"""The SQL files and the reference DDL lead to what the Alembic revisions lead to."""

import os
import re
import subprocess
from pathlib import Path

import psycopg
import pytest

from migrations.creativeflow import reference_ddl
from pgassay.postgres.script.ddl_route import DdlRoute
from pgassay.postgres.script.naming import Migration, migrations_in
from pgassay.postgres.script.sql_route import SqlRoute
from pgassay.run.routes import target_of
from tests.postgres.creativeflow.test_month_partitions import FILL, TIME_SERIES
from tests.postgres.creativeflow.throwaway import ROOT, NewDatabase, Server

SQL = ROOT / "migrations/creativeflow/sql"
DDL = ROOT / "migrations/creativeflow/ddl"
FILES = migrations_in(SQL)
FIRST_SPAN = "SELECT create_month_partitions('2026-11-01', 5)"


def build(route: SqlRoute | DdlRoute, server: Server, database: str) -> None:
    route.build(target_of(server.running, database))


def by_psql(server: Server, database: str, file: Migration) -> str:
    """As docs/creativeflow.md has it: one transaction a file unless the file cannot."""
    whole = [] if file.path.name.endswith("_Concurrently.sql") else ["--single-transaction"]
    stop = ["-X", "-q", "-v", "ON_ERROR_STOP=1"]
    return server.run("psql", database, *stop, *whole, "-f", str(file.path))


def test_the_documents_names_are_kept():
    assert [file.path.name for file in FILES[:2]] == [
        "V001__Initial_Schema.sql",
        "V002__Add_User_Preferences_Detail.sql",
    ]


def test_the_files_lead_to_the_same_schema_and_a_second_run_changes_nothing(
    server: Server, new_database: NewDatabase, head: str
):
    database = new_database()
    for _ in range(2):
        build(SqlRoute(path=SQL), server, database)
        assert server.schema_of(database) == server.schema_of(head)


def test_psql_leads_to_the_same_schema_as_the_document_has_it(
    server: Server, new_database: NewDatabase, head: str
):
    database = new_database()
    document = (ROOT / "docs/creativeflow.md").read_text()
    (script,) = re.findall(r"```sh\n(for file in .*?)```", document, re.DOTALL)
    path = f"{server.programs}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "DATABASE_URL": server.url(database)}
    subprocess.run(["sh", "-c", script], check=True, cwd=ROOT, env=environment, timeout=60)
    assert server.schema_of(database) == server.schema_of(head)


def test_the_order_of_the_names_is_the_order_of_the_versions():
    assert [file.path.name for file in FILES] == sorted(file.path.name for file in FILES)


def test_a_forgotten_file_would_be_seen(
    server: Server, new_database: NewDatabase, head: str, tmp_path: Path
):
    for file in FILES[:-1]:
        (tmp_path / file.path.name).write_text(file.path.read_text())
    database = new_database()
    build(SqlRoute(path=tmp_path), server, database)
    assert server.schema_of(database) != server.schema_of(head)


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_file_is_wholly_concurrent_and_says_so_or_not_at_all(file: Migration):
    """Flyway refuses a file that mixes what a transaction can hold with what it cannot."""
    text = re.sub(r"--.*", "", file.path.read_text())
    statements = [part.strip() for part in text.split(";") if part.strip()]
    concurrent = [bool(re.match(r"(CREATE|DROP).* CONCURRENTLY", one)) for one in statements]
    assert set(concurrent) == {file.path.name.endswith("_Concurrently.sql")}


@pytest.mark.parametrize("file", FILES, ids=str)
def test_no_file_hides_what_another_left_behind(file: Migration):
    text = re.sub(r"--.*", "", file.path.read_text())
    found = re.findall(r"\n.*\bIF (?:NOT )?EXISTS\b(?! \(\n).*|CREATE OR REPLACE", text)
    assert [line for line in found if "DROP INDEX CONCURRENTLY" not in line] == []


def test_partitioning_keeps_every_row(server: Server, new_database: NewDatabase):
    database = new_database()
    before, after = FILES[:8], FILES[8:]
    for file in before:
        by_psql(server, database, file)
    ordered = {table: f'{table} ORDER BY id, "{key}"' for table, key in TIME_SERIES.items()}
    with psycopg.connect(server.url(database), autocommit=True) as connection:
        connection.execute(FILL)
        rows = {t: connection.execute(f"SELECT * FROM {o}").fetchall() for t, o in ordered.items()}
        assert [len(found) for found in rows.values()] == [3000, 3000, 3000]
        for file in after:
            by_psql(server, database, file)
        assert rows == {
            t: connection.execute(f"SELECT * FROM {o}").fetchall() for t, o in ordered.items()
        }


def test_a_mixed_owner_stops_the_files_with_the_count(server: Server, new_database: NewDatabase):
    database = new_database()
    for file in FILES[:3]:
        by_psql(server, database, file)
    with psycopg.connect(server.url(database)) as connection:
        connection.execute("""
            WITH people AS (INSERT INTO users (email) VALUES ('a@example.org'), ('b@example.org')
                            RETURNING id, email),
                 bench AS (INSERT INTO workbenches (user_id, name)
                           SELECT id, 'bench' FROM people WHERE email = 'a@example.org'
                           RETURNING id)
            INSERT INTO projects (workbench_id, user_id, name)
            SELECT bench.id, people.id, 'mixed' FROM bench, people WHERE email = 'b@example.org'""")
    for file in FILES[3:5]:
        by_psql(server, database, file)
    with pytest.raises(subprocess.CalledProcessError) as refused:
        by_psql(server, database, FILES[5])
    assert "1 projects have another owner than their workbench" in refused.value.stderr


def test_the_reference_ddl_leads_to_the_same_schema(
    server: Server, new_database: NewDatabase, head: str
):
    database = new_database()
    build(DdlRoute(path=DDL), server, database)
    with psycopg.connect(server.url(database)) as connection:
        connection.execute(FIRST_SPAN)
    assert server.schema_of(database) == server.schema_of(head)


def test_reference_ddl_without_one_file_would_be_seen(
    server: Server, new_database: NewDatabase, head: str, tmp_path: Path
):
    for path, text in reference_ddl.reference_ddl().items():
        if path != "indexes/004_index_api_clients.sql":
            (tmp_path / path).parent.mkdir(exist_ok=True)
            (tmp_path / path).write_text(text)
    database = new_database()
    build(DdlRoute(path=tmp_path), server, database)
    with psycopg.connect(server.url(database)) as connection:
        connection.execute(FIRST_SPAN)
    assert server.schema_of(database) != server.schema_of(head)
