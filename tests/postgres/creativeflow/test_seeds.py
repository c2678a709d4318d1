"""Seeds can be run again without harm, and there is no administrator without a password hash."""

import subprocess

import psycopg
import pytest

from tests.postgres.creativeflow.throwaway import ROOT, NewDatabase, Server

SEEDS = ROOT / "migrations/creativeflow/seeds"
ADMIN = SEEDS / "01_Initial_Admin_User.sql"
TEMPLATES = SEEDS / "02_Default_Templates.sql"
VARIABLE = "CREATIVEFLOW_ADMIN_PASSWORD_HASH"
FAKE_HASH = "$argon2id$v=19$m=65536,t=3,p=4$bm90LWEtc2FsdA$bm90LWEtaGFzaC1hdC1hbGw"


@pytest.fixture
def database(new_database: NewDatabase, head: str) -> str:
    return new_database(template=head)


@pytest.fixture(autouse=True)
def _nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.delenv("CREATIVEFLOW_ADMIN_EMAIL", raising=False)


def run(server: Server, database: str, seed: object, **environment: str) -> str:
    arguments = ["-X", "-v", "ON_ERROR_STOP=1", "-f", str(seed)]
    return server.run("psql", database, *arguments, environment=environment)


def rows(server: Server, database: str, query: str):
    with psycopg.connect(server.url(database)) as connection:
        return connection.execute(query).fetchall()


def test_both_seeds_can_be_run_again(server: Server, database: str):
    everything = "SELECT to_jsonb(u) FROM users u UNION ALL SELECT to_jsonb(t) FROM templates t"
    seen = []
    for _ in range(2):
        run(server, database, ADMIN, **{VARIABLE: FAKE_HASH})
        run(server, database, TEMPLATES)
        seen.append(sorted(map(str, rows(server, database, everything))))
    assert len(seen[0]) == 7
    assert seen[0] == seen[1]


def test_the_administrator_has_the_hash_given_and_an_address_nobody_can_own(
    server: Server, database: str
):
    run(server, database, ADMIN, **{VARIABLE: FAKE_HASH})
    found = rows(server, database, "SELECT username, email, password_hash FROM users")
    assert found == [("admin", "admin@creativeflow.example", FAKE_HASH)]


def test_what_was_changed_in_the_meantime_stays(server: Server, database: str):
    run(server, database, ADMIN, **{VARIABLE: FAKE_HASH})
    run(server, database, TEMPLATES)
    with psycopg.connect(server.url(database)) as connection:
        connection.execute("UPDATE users SET password_hash = 'changed', email = 'c@example.org'")
        connection.execute("UPDATE templates SET name = 'changed' WHERE name = 'Story'")
    run(server, database, ADMIN, **{VARIABLE: FAKE_HASH})
    run(server, database, TEMPLATES)
    assert rows(server, database, "SELECT password_hash FROM users") == [("changed",)]
    assert ("changed",) in rows(server, database, "SELECT name FROM templates")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, f"{VARIABLE} is not set"),
        ({VARIABLE: ""}, f"{VARIABLE} is not set"),
        ({VARIABLE: "secret"}, f"{VARIABLE} is not a password hash"),
        ({VARIABLE: "it's $ecret$ and long enough to be one"}, "is not a password hash"),
        (
            {VARIABLE: FAKE_HASH, "CREATIVEFLOW_ADMIN_EMAIL": "nobody"},
            "CREATIVEFLOW_ADMIN_EMAIL is not an address",
        ),
    ],
)
def test_without_a_hash_there_is_no_administrator(
    server: Server, database: str, given: dict[str, str], said: str
):
    with pytest.raises(subprocess.CalledProcessError) as refused:
        run(server, database, ADMIN, **given)
    assert refused.value.returncode == 3
    assert said in refused.value.stderr
    assert rows(server, database, "SELECT count(*) FROM users") == [(0,)]


def test_a_name_that_is_taken_is_said_aloud(server: Server, database: str):
    with psycopg.connect(server.url(database)) as connection:
        connection.execute("INSERT INTO users (email, username) VALUES ('a@example.org', 'admin')")
    with pytest.raises(subprocess.CalledProcessError) as refused:
        run(server, database, ADMIN, **{VARIABLE: FAKE_HASH})
    assert "uq_user_username" in refused.value.stderr


def test_templates_are_the_systems_own_and_have_a_canvas(server: Server, database: str):
    run(server, database, TEMPLATES)
    found = rows(server, database, "SELECT user_id, is_public, source_data FROM templates")
    assert {(user, public) for user, public, _ in found} == {(None, True)}
    for _, _, source in found:
        assert source["canvas"].keys() == {"width", "height", "unit"}
        assert all({"type", "id", "frame"} <= layer.keys() for layer in source["layers"])
