"""SQL files lead where psql leads with the same files, once."""

from collections.abc import Mapping
from pathlib import Path

import psycopg
import pytest

from pgassay.core.errors import SchemaError
from pgassay.core.names import QualifiedName
from pgassay.core.route import Target
from pgassay.postgres.script.ddl_route import DdlRoute
from pgassay.postgres.script.naming import migrations_in
from pgassay.postgres.script.sql_route import SqlRoute
from tests.postgres.routes.throwaway import Server

FILES = {
    "V1__schema.sql": """
        /* one /* two; */ three; */
        CREATE SCHEMA "Straße";  -- it's quoted;
        SET search_path = "Straße";
        CREATE TABLE "select" (
            "a""b;" text DEFAULT 'it''s; $$' CHECK ("a""b;" <> E'\\';'),
            id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY
        );
        COMMENT ON TABLE "select" IS $c$semi; 'colon' $$ inside$c$;
    """,
    "V2__functions.sql": """
        CREATE FUNCTION half(n int) RETURNS int LANGUAGE sql
        BEGIN ATOMIC
            SELECT CASE WHEN n > 1 THEN n / 2 ELSE 0 END;
        END;
        CREATE FUNCTION loud() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
            EXECUTE $q$SELECT ';'$q$;
            RETURN NEW;
        END $body$;
        CREATE TRIGGER t BEFORE UPDATE ON "Straße"."select"
            FOR EACH ROW EXECUTE FUNCTION loud();
    """,
    "V10__concurrent.sql": """
        CREATE INDEX CONCURRENTLY "Index;" ON "Straße"."select" ("a""b;");
        CREATE TABLE after_the_index (n int DEFAULT half(9));
    """,
    "V2_1__enum.sql": """
        CREATE TYPE mood AS ENUM ('glad');
        CREATE TABLE person (mood mood);
    """,
    "V2.2__more_mood.sql": "ALTER TYPE mood ADD VALUE 'sad' BEFORE 'glad';",
    "V3__own_transaction.sql": """
        BEGIN;
        CREATE TABLE kept (a int);
        COMMIT;
        BEGIN;
        CREATE TABLE gone (a int);
        ROLLBACK;
    """,
    "V4__rows.sql": "CREATE TABLE rows (a int, b text);\n"
    "COPY rows FROM stdin;\n1\tone; 'quoted'\n2\t\\N\n\\.\n"
    "CREATE RULE r AS ON DELETE TO rows DO INSTEAD (SELECT 1; SELECT 2);\n",
    "V5__variables.sql": "\\set kind 'text'\n\\echo 'hello;'\n"
    "CREATE TABLE vars (a :kind, b int[] DEFAULT '{1,2}'::int[]);\n"
    "\\ir ../parts/view.sql\n",
    "R__view_b.sql": "CREATE OR REPLACE VIEW view_b AS SELECT * FROM view_a;",
    "R__view_a.sql": "CREATE OR REPLACE VIEW view_a AS SELECT count(*) FROM person;",
    "U10__undo.sql": "DROP TABLE after_the_index;",
    "../parts/view.sql": "CREATE VIEW part AS SELECT a FROM vars;\n",
}


def write(folder: Path, files: Mapping[str, str]) -> Path:
    sql = folder / "sql"
    for name, text in files.items():
        path = (sql / name).resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return sql


def failure(route: SqlRoute | DdlRoute, target: Target) -> SchemaError:
    with pytest.raises(SchemaError) as refused:
        route.build(target)
    return refused.value


def one(target: Target, query: str) -> object:
    with psycopg.connect(target.conninfo()) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def test_psql_leads_to_the_same_catalog(tmp_path: Path, server: Server) -> None:
    folder = write(tmp_path, FILES)
    mine, psqls = server.create(), server.create()
    route = SqlRoute(path=folder)

    route.build(mine)
    for migration in migrations_in(folder):
        server.run("psql", psqls, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(migration.path))

    schema = server.schema_of(mine, route.bookkeeping[0].name)
    assert 'CREATE TABLE "Straße"."select"' in schema
    assert schema == server.schema_of(psqls)
    for target in (mine, psqls):
        assert one(target, "SELECT array_agg(b ORDER BY a)::text FROM rows") == (
            "{\"one; 'quoted'\",NULL}"
        )


def test_a_second_run_changes_nothing(tmp_path: Path, server: Server, target: Target) -> None:
    route = SqlRoute(path=write(tmp_path, FILES))
    route.build(target)
    before = server.run("pg_dump", target).splitlines()

    route.build(target)

    after = server.run("pg_dump", target).splitlines()
    assert [x for x in before if "restrict" not in x] == [x for x in after if "restrict" not in x]


def test_the_history_is_flyways(tmp_path: Path, target: Target) -> None:
    route = SqlRoute(path=write(tmp_path, FILES), schema="Own")
    route.build(target)

    assert route.bookkeeping == (QualifiedName("Own", "flyway_schema_history"),)
    with psycopg.connect(target.conninfo()) as connection:
        rows = connection.execute(
            "SELECT version, description, script, type, success, installed_by FROM "
            '"Own".flyway_schema_history ORDER BY installed_rank'
        ).fetchall()
    assert [row[0] for row in rows] == [
        "1", "2", "2.1", "2.2", "3", "4", "5", "10", None, None
    ]  # fmt: skip
    assert rows[0] == ("1", "schema", "V1__schema.sql", "SQL", True, "postgres")
    assert [row[1] for row in rows[-2:]] == ["view a", "view b"]


def test_only_what_is_new_runs_later(tmp_path: Path, target: Target) -> None:
    folder = write(tmp_path, FILES)
    SqlRoute(path=folder).build(target)
    write(tmp_path, {
        "V11__new.sql": "CREATE TABLE new_one (a int);",
        "R__view_a.sql": "CREATE OR REPLACE VIEW view_a AS SELECT count(*) FROM kept;",
    })  # fmt: skip

    SqlRoute(path=folder).build(target)

    assert one(target, "SELECT pg_get_viewdef('view_a'::regclass) LIKE '%kept%'") is True
    assert one(target, "SELECT to_regclass('new_one') IS NOT NULL") is True
    assert one(target, "SELECT count(*) FROM flyway_schema_history") == 12


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"V1__schema.sql": "SELECT 1;"}, "V1__schema.sql was changed after it had run"),
        ({"V1_5__late.sql": "SELECT 1;"}, "V1_5__late.sql is older than what has run"),
    ],
)
def test_history_that_was_rewritten_is_an_error(
    files: dict[str, str], found: str, tmp_path: Path, target: Target
) -> None:
    folder = write(tmp_path, FILES)
    SqlRoute(path=folder).build(target)
    write(tmp_path, files)

    assert found in failure(SqlRoute(path=folder), target).found


def test_a_file_that_ran_and_is_gone_is_an_error(tmp_path: Path, target: Target) -> None:
    folder = write(tmp_path, FILES)
    SqlRoute(path=folder).build(target)
    (folder / "V3__own_transaction.sql").unlink()

    error = failure(SqlRoute(path=folder), target)

    assert error.found == "V3__own_transaction.sql has run and is gone"


def test_a_refused_statement_is_told_with_its_line_and_the_file_is_undone(
    tmp_path: Path, target: Target
) -> None:
    files = {"V1__a.sql": "CREATE TABLE a (b int);\n\n-- why\nSELECT 1,\n  missing\nFROM a;\n"}
    folder = write(tmp_path, files)

    error = failure(SqlRoute(path=folder), target)

    assert error.where == "sql/V1__a.sql:5"
    assert error.found == (
        'column "missing" does not exist (SQLSTATE 42703)\nstatement: SELECT 1,\n  missing\nFROM a'
    )
    assert one(target, "SELECT to_regclass('a') IS NULL") is True
    assert one(target, "SELECT count(*) FROM flyway_schema_history") == 0


def test_an_error_within_a_function_brings_its_context(tmp_path: Path, target: Target) -> None:
    files = {"V1__a.sql": "DO $$ BEGIN\n PERFORM 1 / 0;\nEND $$;"}

    error = failure(SqlRoute(path=write(tmp_path, files)), target)

    assert "division by zero (SQLSTATE 22012)" in error.found
    assert "context: " in error.found
    assert "PL/pgSQL function inline_code_block line 2" in error.found


def test_a_file_outside_a_transaction_keeps_what_ran_before_the_failure(
    tmp_path: Path, target: Target
) -> None:
    files = {
        "V1__a.sql": "CREATE TABLE a (b int);\nCREATE INDEX CONCURRENTLY i ON a (b);\nSELECT 1/0;"
    }

    error = failure(SqlRoute(path=write(tmp_path, files)), target)

    assert error.where == "sql/V1__a.sql:3"
    assert one(target, "SELECT to_regclass('i') IS NOT NULL") is True


def test_a_transaction_left_open_is_an_error(tmp_path: Path, target: Target) -> None:
    error = failure(
        SqlRoute(path=write(tmp_path, {"V1__a.sql": "BEGIN;\nCREATE TABLE a (b int);"})), target
    )

    assert error.found == "the file leaves a transaction open"
    assert error.where == "sql/V1__a.sql:2"


@pytest.mark.parametrize(
    "statement",
    ["CREATE DATABASE shop_x", "DROP DATABASE postgres", "ALTER SYSTEM SET work_mem = '1MB'",
     "ALTER DATABASE postgres SET work_mem = '1MB'"],
)  # fmt: skip
def test_what_reaches_beyond_the_database_is_refused(
    statement: str, tmp_path: Path, server: Server, target: Target
) -> None:
    databases = server.databases()
    files = {"V1__a.sql": f"CREATE TABLE a (b int);\n{statement};"}

    error = failure(SqlRoute(path=write(tmp_path, files)), target)

    assert error.found == f"refused: {statement}"
    assert error.where == "sql/V1__a.sql:2"
    assert server.databases() == databases
    assert one(target, "SELECT to_regclass('a') IS NULL") is True


def test_settings_of_one_file_do_not_reach_the_next(tmp_path: Path, target: Target) -> None:
    files = {
        "V1__a.sql": "CREATE SCHEMA s; SET search_path = s; SET ROLE pg_monitor;",
        "V2__b.sql": "CREATE TABLE b (a int);",
    }

    SqlRoute(path=write(tmp_path, files)).build(target)

    assert one(target, "SELECT to_regclass('public.b') IS NOT NULL") is True


def test_placeholders_are_filled_with_configured_and_flyways_own_values(
    tmp_path: Path, target: Target
) -> None:
    files = {
        "V1__a.sql": "CREATE TABLE ${flyway:defaultSchema}.${name} "
        "(db text DEFAULT '${flyway:database} ${flyway:user} ${flyway:filename}');\n"
        "ALTER DATABASE \"${flyway:database}\" SET work_mem = '2MB';\n"
    }
    route = SqlRoute(path=write(tmp_path, files), placeholders={"name": '"T of it"'})

    route.build(target)

    with psycopg.connect(target.conninfo()) as connection:
        row = connection.execute(
            'INSERT INTO public."T of it" DEFAULT VALUES RETURNING db'
        ).fetchone()
    assert row == (f"{target.dbname} postgres V1__a.sql",)


def test_placeholders_can_be_left_alone(tmp_path: Path, target: Target) -> None:
    files = {"V1__a.sql": "CREATE TABLE a (b text DEFAULT '${x}');"}

    SqlRoute(path=write(tmp_path, files), placeholders=None).build(target)

    with psycopg.connect(target.conninfo()) as connection:
        row = connection.execute("INSERT INTO a DEFAULT VALUES RETURNING b").fetchone()
    assert row == ("${x}",)


def test_a_psql_command_outside_the_subset_is_refused_before_anything_runs(
    tmp_path: Path, target: Target
) -> None:
    files = {"V1__a.sql": "CREATE TABLE a (b int);\n\\connect other\n"}

    error = failure(SqlRoute(path=write(tmp_path, files)), target)

    assert error.where == "sql/V1__a.sql:2"
    assert one(target, "SELECT to_regclass('a') IS NULL") is True


DDL = {
    "tables/010_b.sql": 'CREATE TABLE b (a int REFERENCES "A;");',
    "tables/2_a.sql": 'CREATE TABLE "A;" (id int PRIMARY KEY);',
    "00_types/1_t.sql": "CREATE TYPE t AS ENUM ('x');",
    "views/1_v.sql": "CREATE VIEW v AS SELECT * FROM b;",
    "indexes/1_i.sql": "CREATE INDEX CONCURRENTLY i ON b (a);",
}


def test_reference_ddl_is_run_in_its_order(tmp_path: Path, server: Server) -> None:
    folder = write(tmp_path, DDL)
    mine, psqls = server.create(), server.create()
    route = DdlRoute(path=folder)

    route.build(mine)
    for path in route.files():
        server.run("psql", psqls, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(path))

    assert "CREATE VIEW public.v" in server.schema_of(mine)
    assert server.schema_of(mine) == server.schema_of(psqls)


def test_reference_ddl_that_fails_is_told_with_its_line(tmp_path: Path, target: Target) -> None:
    folder = write(tmp_path, {"tables/1_a.sql": "SELECT 1;\n\nCREATE TABLE a (b missing);"})

    error = failure(DdlRoute(path=folder), target)

    assert error.where == "sql/tables/1_a.sql:3"
    assert 'type "missing" does not exist (SQLSTATE 42704)' in error.found


def test_a_dump_of_pg_dump_can_be_reference_ddl(
    tmp_path: Path, server: Server, target: Target
) -> None:
    SqlRoute(path=write(tmp_path, FILES)).build(target)
    own = "flyway_schema_history"
    dump = server.run("pg_dump", target, "--schema-only", f"--exclude-table={own}")
    again = server.create()
    (tmp_path / "ddl").mkdir()
    (tmp_path / "ddl" / "1_dump.sql").write_text(dump)

    DdlRoute(path=tmp_path / "ddl").build(again)

    assert server.schema_of(again) == server.schema_of(target, own)
