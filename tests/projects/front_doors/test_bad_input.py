"""Wrong use and wrong surroundings: one clear message, exit code 2 or 3, no traceback."""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING
from urllib.parse import quote

import psycopg
import pytest

from pgassay.postgres.servers import Server, ServerDeclaration, ServerKind, open_server
from tests.projects.front_doors.copies import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from subprocess import CompletedProcess

    from tests.projects.front_doors.copies import Copy

SECRET = "p@ss:w/rd%"
LONGEST = "migrations/versions/0002_the_longest_name.py"


def refused(done: CompletedProcess[str], code: int, *words: str) -> str:
    """Hold a run to an exit code and a message on standard error; return the message."""
    assert done.returncode == code, done.stdout + done.stderr
    assert done.stderr.lower().startswith(("error ", "usage: "))
    assert "Traceback" not in done.stdout + done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    for word in words:
        assert word in done.stderr
    return done.stderr


def test_a_system_that_is_not_there(sound: Copy) -> None:
    refused(sound.run("gate", "--system", "shpo"), 2, "shpo", 'did you mean "shop"?')


def test_a_folder_without_configuration(sound: Copy, tmp_path: Path) -> None:
    done = sound.run("gate", cwd=tmp_path)
    refused(done, 2, str(tmp_path), "[tool.pgassay.systems.shop]")


def test_a_misspelt_key_of_the_configuration(project: Copy) -> None:
    project.replace("pyproject.toml", "metadata =", "metadat =")
    refused(project.run("gate"), 2, '"metadat"', 'did you mean "metadata"?', "pyproject.toml")


def test_no_systems_at_all(project: Copy) -> None:
    (project.root / "pyproject.toml").write_text("[tool.pgassay]\nsystems = {}\n")
    refused(project.run("gate"), 2, "names no system")


def test_several_systems_where_one_is_asked_for(project: Copy) -> None:
    file = project.root / "pyproject.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + text.replace("systems.shop", "systems.two"))
    refused(project.run("catalog"), 2, "--system", "shop, two")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("gaet",), ('did you mean "gate"?',)),
        (("gate", "--phase", "case"), ("--phase", 'did you mean "cases"?')),
        (("gate", "--kind", "uniqe"), ("--kind", 'did you mean "unique"?')),
        (("gate", "--today", "2026-02-30"), ("2026-02-30", "YYYY-MM-DD")),
        (("gate", "--postgres", "sixteen"), ("--postgres", "sixteen")),
        (("gate", "--seed", "x"), ("--seed",)),
        (("gate", "--jason", "x"), ("--jason",)),
        (("gate", "--server", "embeded"), ("--server", 'did you mean "embedded"?')),
        (("catalog", "--route", "alembik"), ("--route", 'did you mean "alembic"?')),
        (("serve", "--route", "sql"), ("--route", "one of alembic, metadata")),
    ],
)
def test_a_wrong_word_is_answered_with_the_right_ones(
    sound: Copy, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    refused(sound.run(*arguments), 2, *words)


def test_a_major_version_that_is_too_old(sound: Copy) -> None:
    refused(sound.run("gate", "--postgres", "12"), 3, "PostgreSQL 12 is too old", "16 or later")


@pytest.mark.parametrize(
    ("metadata", "word"),
    [
        ("modles:metadata", "modles"),
        ("models:metdata", "metdata"),
        ("models:SCHEMA", "SCHEMA"),
        ("models", "module:attribute"),
    ],
)
def test_a_metadata_path_that_leads_nowhere(project: Copy, metadata: str, word: str) -> None:
    project.replace("pyproject.toml", "models:metadata", metadata)
    refused(project.run("drift"), 2, word)


def test_models_that_fail_to_import_show_the_cause(project: Copy) -> None:
    project.replace(
        "models.py", "import sqlalchemy as sa", "import sqlalchemy as sa\nimport numpyy"
    )
    refused(project.run("drift"), 2, "models", "No module named 'numpyy'")


def test_models_that_are_no_python_show_the_line(project: Copy) -> None:
    project.replace("models.py", 'SCHEMA = "Straße"', 'SCHEMA = = "Straße"')
    refused(project.run("drift"), 2, "models.py", "invalid syntax")


def test_a_migration_that_fails_names_revision_statement_and_the_servers_words(
    project: Copy,
) -> None:
    project.replace(LONGEST, '"a""b" (id) ON DELETE', '"a""c" (id) ON DELETE')
    message = refused(
        project.run("drift"), 2, "0002", 'relation "a""c" does not exist'.replace('""', '"')
    )
    assert "CREATE TABLE" in message


@pytest.mark.parametrize(("sqlstate", "code"), [("53100", 3), ("P0001", 2)])
def test_a_full_disk_is_the_machines_fault_and_not_the_schemas(
    project: Copy, sqlstate: str, code: int
) -> None:
    raises = f"do $$ begin raise 'no space' using errcode = '{sqlstate}'; end $$"
    project.replace(
        LONGEST, "def upgrade() -> None:\n", f'def upgrade() -> None:\n    op.execute("{raises}")\n'
    )
    message = refused(project.run("drift"), code, f"no space (SQLSTATE {sqlstate})")
    assert ("PGASSAY_TMP" in message) == (code == 3)


def test_a_migration_that_is_no_python(project: Copy) -> None:
    project.replace(TABLES, "def upgrade() -> None:", "def upgrade() -> None")
    refused(project.run("drift"), 2, "0001_tables.py")


def test_several_heads(project: Copy) -> None:
    text = (project.root / LONGEST).read_text(encoding="utf-8")
    other = text.replace('revision = "0002"\n', 'revision = "0003"\n')
    (project.root / "migrations/versions/0003_other.py").write_text(other, encoding="utf-8")
    refused(project.run("drift"), 2, "0002", "0003", "head")


def test_a_lock_that_is_none(project: Copy) -> None:
    (project.root / "contract.lock").write_text("nonsense\n", encoding="utf-8")
    done = project.run("drift")
    assert done.returncode == 2
    assert "contract.lock" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_damaged_schedule_and_a_damaged_rule(project: Copy) -> None:
    (project.root / "schedules/bad.toml").write_text("title = 1 2", encoding="utf-8")
    refused(project.run("gate", "--phase", "schedules"), 2, "bad.toml", "not valid TOML")
    (project.root / "rules/bad.sql").write_text("select 1", encoding="utf-8")
    refused(project.run("gate", "--phase", "rules"), 2, "bad.sql")


def test_an_unreachable_url_is_told_without_its_password(sound: Copy) -> None:
    url = f"postgresql://somebody:{quote(SECRET, safe='')}@127.0.0.1:1/nowhere"
    message = refused(sound.run("gate", "--server", url), 3, "127.0.0.1:1/nowhere")
    for form in (SECRET, quote(SECRET, safe=""), "p%40ss"):
        assert form not in message


@pytest.mark.parametrize("url", ["postgresql://[::1", "postgresql://localhost", "host=localhost"])
def test_a_url_that_cannot_be_used(sound: Copy, url: str) -> None:
    refused(sound.run("gate", "--server", url), 2, "--server", "postgresql://user@host/database")


@pytest.fixture(scope="module")
def somebodys() -> Iterator[Server]:
    with open_server(ServerKind.EMBEDDED, ServerDeclaration()) as server:
        yield server


def test_a_database_with_somebodys_data_is_refused_and_left_alone(
    sound: Copy, somebodys: Server
) -> None:
    name = somebodys.create_database("production")
    with psycopg.connect(somebodys.conninfo(name), autocommit=True) as connection:
        connection.execute('create table "Kunden" (id integer)')
        connection.execute('insert into "Kunden" values (1)')
    done = sound.run("gate", PGASSAY_SERVER=somebodys.url(name))
    message = refused(done, 3, "not empty", 'table public."Kunden"')
    password = psycopg.conninfo.conninfo_to_dict(somebodys.url(name)).get("password")
    assert password
    assert str(password) not in message + done.stdout
    with psycopg.connect(somebodys.conninfo(name)) as connection:
        assert connection.execute('select count(*) from "Kunden"').fetchone() == (1,)


def test_an_empty_database_of_a_given_server_serves_and_is_left_empty(
    sound: Copy, somebodys: Server
) -> None:
    name = somebodys.create_database("empty")
    before = _databases(somebodys)
    done = sound.run("gate", "--phase", "drift", "--server", somebodys.url(name))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "external: 127.0.0.1" in done.stdout
    assert _databases(somebodys) == before


def _databases(server: Server) -> set[str]:
    with psycopg.connect(server.conninfo("postgres")) as connection:
        return {str(row[0]) for row in connection.execute("select datname from pg_database")}


def test_a_wrong_password_is_not_repeated(sound: Copy, somebodys: Server) -> None:
    parts = somebodys.parameters("postgres", tcp=True)
    url = f"postgresql://postgres:{quote(SECRET, safe='')}@{parts['host']}:{parts['port']}/postgres"
    message = refused(sound.run("gate", "--server", url), 3, "password authentication failed")
    assert SECRET not in message
    assert quote(SECRET, safe="") not in message


@pytest.mark.parametrize("option", ["--json", "--junit"])
def test_a_report_that_cannot_be_written_leaves_the_old_one(
    sound: Copy, tmp_path: Path, option: str
) -> None:
    in_the_way = tmp_path / "reports"
    in_the_way.write_text("a file where a folder should be")
    done = sound.run("gate", "--phase", "drift", option, str(in_the_way / "gate"))
    refused(done, 3, str(in_the_way), "could not be written")
    assert "shop: clean" in done.stdout
    assert in_the_way.read_text() == "a file where a folder should be"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_report_folder_that_is_read_only(sound: Copy, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    old = folder / "gate.json"
    old.write_text(json.dumps("old"))
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    done = sound.run("gate", "--phase", "drift", "--json", str(old))
    folder.chmod(stat.S_IRWXU)
    refused(done, 3, str(old), "could not be written")
    assert json.loads(old.read_text()) == "old"


def test_a_cache_that_cannot_be_written_costs_time_only(sound: Copy) -> None:
    done = sound.run("gate", "--phase", "drift", PGASSAY_CACHE="/proc/pgassay")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
