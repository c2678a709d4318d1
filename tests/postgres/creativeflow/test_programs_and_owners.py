"""What the triggers and the owner key do, and what the migrations do with rows that break them."""

import psycopg
import pytest
from alembic import command
from sqlalchemy.exc import DBAPIError

from tests.postgres.creativeflow.throwaway import Configure, Connection, NewDatabase, Server

LONG_AGO = "2001-01-01 00:00:00"


@pytest.fixture
def team(connection: Connection):
    connection.execute("""
        WITH someone AS (INSERT INTO users (email) VALUES ('a@example.org') RETURNING id)
        INSERT INTO teams (name, owner_id, updated_at)
        SELECT 'team', id, '2001-01-01' FROM someone""")
    return connection


@pytest.mark.parametrize(
    ("change", "moves"),
    [
        ("name = 'other'", True),
        ("updated_at = '1999-01-01'", True),  # an explicit value is overwritten
        ("name = name", False),  # an UPDATE that changes nothing is none
    ],
)
def test_updated_at_moves_when_the_row_changes(team: Connection, change: str, moves: bool):
    moved = team.execute(
        f"UPDATE teams SET {change} RETURNING updated_at = timezone('utc', now()), updated_at::text"
    ).fetchone()
    assert moved[0] is moves
    assert moves or moved[1] == LONG_AGO


def test_updated_at_moves_when_a_foreign_key_clears_a_column(team: Connection):
    moved = team.execute("""
        WITH kit AS (
            INSERT INTO brand_kits (user_id, team_id, name, colors, fonts, updated_at)
            SELECT owner_id, id, 'kit', '[]', '[]', '2001-01-01' FROM teams RETURNING id)
        SELECT id FROM kit""").fetchone()
    team.execute("DELETE FROM teams")
    after = team.execute(
        "SELECT team_id, updated_at = timezone('utc', now()) FROM brand_kits WHERE id = %s", moved
    ).fetchone()
    assert after == (None, True)


@pytest.fixture
def two_owners(connection: Connection):
    connection.execute("""
        INSERT INTO users (id, email) VALUES
            ('00000000-0000-4000-8000-00000000000a', 'a@example.org'),
            ('00000000-0000-4000-8000-00000000000b', 'b@example.org')""")
    connection.execute("""
        INSERT INTO workbenches (id, user_id, name) VALUES
            ('00000000-0000-4000-8000-00000000000c',
             '00000000-0000-4000-8000-00000000000a', 'bench')""")
    return connection


PROJECT = """
    INSERT INTO projects (workbench_id, user_id, name)
    SELECT w.id, u.id, 'project' FROM workbenches w, users u WHERE u.email = %s"""


def test_a_project_with_another_owner_than_its_workbench_is_refused(two_owners: Connection):
    two_owners.execute(PROJECT, ("a@example.org",))
    with pytest.raises(psycopg.errors.ForeignKeyViolation) as refused:
        two_owners.execute(PROJECT, ("b@example.org",))
    assert refused.value.diag.constraint_name == "fk_projects_workbench_id_user_id"


def test_handing_over_a_workbench_hands_over_its_projects(two_owners: Connection):
    two_owners.execute(PROJECT, ("a@example.org",))
    two_owners.execute(
        "UPDATE workbenches SET user_id = (SELECT id FROM users WHERE email = 'b@example.org')"
    )
    owner = two_owners.execute(
        "SELECT email FROM projects p JOIN users u ON u.id = p.user_id"
    ).fetchone()
    assert owner == ("b@example.org",)


def test_the_migration_does_not_decide_who_owns_a_mixed_project(
    server: Server, new_database: NewDatabase, alembic: Configure
):
    database = new_database()
    command.upgrade(alembic(database), "0004")
    with psycopg.connect(server.url(database)) as connection:
        connection.execute("INSERT INTO users (email) VALUES ('a@example.org'), ('b@example.org')")
        connection.execute("""
            INSERT INTO workbenches (user_id, name)
            SELECT id, 'bench' FROM users WHERE email = 'a@example.org'""")
        connection.execute(PROJECT, ("b@example.org",))
    with pytest.raises(DBAPIError) as refused:
        command.upgrade(alembic(database), "head")
    cause = refused.value.orig
    assert cause.diag.message_primary == "1 projects have another owner than their workbench"
    with psycopg.connect(server.url(database)) as connection:
        assert len(connection.execute(cause.diag.message_hint.partition(": ")[2]).fetchall()) == 1
        # From revision 0005 on no further one can come; once this one is settled, it goes on.
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            connection.execute(PROJECT, ("b@example.org",))
        connection.rollback()
        connection.execute(
            "UPDATE projects p SET user_id = w.user_id FROM workbenches w WHERE w.id = workbench_id"
        )
    command.upgrade(alembic(database), "head")


def test_a_broken_off_concurrent_build_does_not_stop_the_next_attempt(
    server: Server, new_database: NewDatabase, alembic: Configure, head: str
):
    database = new_database()
    command.upgrade(alembic(database), "0003")
    with psycopg.connect(server.url(database)) as connection:
        connection.execute("CREATE UNIQUE INDEX uq_workbenches_id_user_id ON workbenches (id)")
        connection.execute("""
            UPDATE pg_index SET indisvalid = false
             WHERE indexrelid = 'uq_workbenches_id_user_id'::regclass""")
    command.upgrade(alembic(database), "head")
    assert server.schema_of(database) == server.schema_of(head)


def test_a_version_and_a_result_of_its_own_point_to_each_other(connection: Connection):
    connection.execute("""
        WITH model AS (
            INSERT INTO ai_models (name, provider, task_type)
            VALUES ('m', 'p', 'upscaling') RETURNING id)
        INSERT INTO ai_model_versions (id, model_id, version_number)
        SELECT ('00000000-0000-4000-8000-00000000000' || n)::uuid, id, n::text
          FROM model, generate_series(1, 2) n""")
    connection.execute("SET CONSTRAINTS fk_ai_model_versions_validation_result_id_id DEFERRED")
    connection.execute("""
        UPDATE ai_model_versions SET validation_result_id = gen_random_uuid()
         WHERE version_number = '1'""")
    connection.execute("""
        INSERT INTO ai_model_validation_results
               (id, model_version_id, security_scan_status, functional_status)
        SELECT validation_result_id, id, 'Passed', 'Passed'
          FROM ai_model_versions WHERE version_number = '1'""")
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    point = """
        UPDATE ai_model_versions
           SET validation_result_id = (SELECT id FROM ai_model_validation_results)
         WHERE version_number = %s"""
    connection.execute("UPDATE ai_model_versions SET validation_result_id = NULL")
    with pytest.raises(psycopg.errors.ForeignKeyViolation), connection.transaction():
        connection.execute(point, ("2",))
    connection.execute(point, ("1",))
    connection.execute("DELETE FROM ai_model_validation_results")
    left = connection.execute("SELECT validation_result_id FROM ai_model_versions").fetchall()
    assert left == [(None,), (None,)]


def test_a_result_does_not_go_over_to_another_version(connection: Connection):
    connection.execute("""
        WITH model AS (
            INSERT INTO ai_models (name, provider, task_type)
            VALUES ('m', 'p', 'upscaling') RETURNING id),
        versions AS (
            INSERT INTO ai_model_versions (model_id, version_number)
            SELECT id, n::text FROM model, generate_series(1, 2) n RETURNING id, version_number)
        INSERT INTO ai_model_validation_results
               (model_version_id, security_scan_status, functional_status)
        SELECT id, 'Passed', 'Passed' FROM versions WHERE version_number = '1'""")
    connection.execute("""
        UPDATE ai_model_versions v SET validation_result_id = r.id
          FROM ai_model_validation_results r WHERE r.model_version_id = v.id""")
    with pytest.raises(psycopg.errors.UniqueViolation) as refused:
        connection.execute("""
            UPDATE ai_model_validation_results SET model_version_id =
                   (SELECT id FROM ai_model_versions WHERE version_number = '2')""")
    assert refused.value.diag.constraint_name == "pk_ai_model_versions"


def test_a_team_whose_default_kit_would_be_its_authors_second_default_stays(team: Connection):
    team.execute("""
        INSERT INTO brand_kits (user_id, team_id, name, colors, fonts, is_default)
        SELECT owner_id, shared, 'kit', '[]', '[]', true
          FROM teams, LATERAL (VALUES (id), (NULL)) AS kits (shared)""")
    with pytest.raises(psycopg.errors.UniqueViolation) as refused, team.transaction():
        team.execute("DELETE FROM teams")
    assert refused.value.diag.constraint_name == "idx_brandkit_userid_default_unique"
    team.execute("UPDATE brand_kits SET is_default = false WHERE team_id IS NOT NULL")
    assert team.execute("DELETE FROM teams").rowcount == 1
