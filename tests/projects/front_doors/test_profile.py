"""`pgassay profile`: from a database to a profile to a database, and what cannot be read."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.projects.front_doors.copies import Copy

LONGEST = "die_längste_Tabelle_deren_Name_genau_dreiundsechzig_Byte_misst"
SECRET = "hunter-number-2"
_ROWS = """
    insert into "Straße"."select" ("Name", "größe")
        select 'qqmarker ' || i, case when i % 4 > 0 then i % 7 + 1 end
        from generate_series(1, 400) i;
    insert into "a""b" (id, "select", label)
        select i, 1 + (i * i) % 300, 'qqmarker' || i % 9 from generate_series(1, 3000) i;
    create table "not in the schema" (id int);
    analyze;
"""


@pytest.fixture(scope="module")
def served(sound: Copy) -> Iterator[str]:
    """The URL of the project's database with rows that somebody made."""
    process = sound.start("serve")
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        assert url, process.communicate()[1]
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_ROWS.encode())
        yield url
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_a_profile_leads_to_a_database_that_is_alike(
    sound: Copy, served: str, tmp_path: Path
) -> None:
    file, report = tmp_path / "own.toml", tmp_path / "own.json"
    taken = sound.run("profile", served, "--out", str(file), "--except", "not in the schema")
    assert (taken.returncode, taken.stdout) == (0, "")
    assert "left out: alembic_version" in taken.stderr
    assert f"missing the number of rows of Straße.{LONGEST}" not in taken.stderr
    text = file.read_text(encoding="utf-8")
    assert "qqmarker" not in text
    assert tomllib.loads(text)["tables"]['a"b']["rows"] == 3000

    asked = ("populate", "--profile", str(file), "--no-wait", "--json", str(report))
    filled = sound.run(*asked)
    assert filled.returncode == 0, filled.stderr
    assert "within their tolerances" in filled.stderr
    (system,) = json.loads(report.read_text(encoding="utf-8"))["systems"]
    assert {table["table"]: table["rows"] for table in system["tables"]}['"a""b"'] == 3000
    measures = [
        (one["table"], one["column"], measure["name"], measure["holds"])
        for one in system["statistics"]
        for measure in one["measures"]
    ]
    assert ('"a""b"', "select", "common", True) in measures
    assert ('"Straße"."select"', "größe", "null", True) in measures
    assert [measure for measure in measures if not measure[3]] == []

    # What is kept from the last run is compared as well.
    again = sound.run(*asked[:-2], "-v")
    assert "1 own cloned" in again.stderr
    assert "±" in again.stderr

    half = sound.run(*asked, "--scale", "0.5")
    assert "1,700 copied" in half.stderr


def test_what_the_schema_lacks_is_refused_and_how_to_leave_it_out_is_said(
    sound: Copy, served: str, tmp_path: Path
) -> None:
    file = tmp_path / "own.toml"
    assert sound.run("profile", served, "--out", str(file)).returncode == 0
    refused = sound.run("populate", "--profile", str(file), "--no-wait")
    assert refused.returncode == 2
    assert 'there is no table "not in the schema"' in refused.stderr
    assert "pgassay profile --except 'not in the schema'" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_url_may_come_from_the_environment_and_the_profile_go_to_standard_output(
    sound: Copy, served: str
) -> None:
    named = sound.run("profile", "--table", 'a"b', PGASSAY_PROFILE_URL=served)
    assert named.returncode == 0, named.stderr
    assert list(tomllib.loads(named.stdout)["tables"]) == ['a"b']
    parts = psycopg.conninfo.conninfo_to_dict(served)
    libpq = {f"PG{key.upper()}": str(value) for key, value in parts.items() if value}
    libpq["PGDATABASE"] = libpq.pop("PGDBNAME")
    by_libpq = sound.run("profile", "--table", 'a"b', **libpq)
    assert by_libpq.returncode == 0, by_libpq.stderr
    drop = [line for line in named.stdout.splitlines() if not line.startswith("at =")]
    assert [line for line in by_libpq.stdout.splitlines() if not line.startswith("at =")] == drop


def test_values_are_told_of_the_column_that_is_named(sound: Copy, served: str) -> None:
    told = sound.run("profile", served, "--with-values", 'a"b.label')
    assert told.returncode == 0, told.stderr
    statistics = tomllib.loads(told.stdout)["tables"]['a"b']["statistics"]
    assert set(statistics["label"]["values"]) == {f"qqmarker{i}" for i in range(9)}
    assert told.stdout.count("qqmarker") == 9


def test_the_script_and_its_output_are_taken(sound: Copy, served: str, tmp_path: Path) -> None:
    script = sound.run("profile", "--script")
    assert script.returncode == 0
    output = tmp_path / "statistics.json"
    with psycopg.connect(served, autocommit=True) as connection:
        cursor = connection.execute(script.stdout.encode())
        while cursor.description is None:
            assert cursor.nextset()
        row = cursor.fetchone()
        assert row is not None
        output.write_text(row[0], encoding="utf-8")
    taken = sound.run("profile", "--from", str(output))
    assert taken.returncode == 0, taken.stderr
    assert tomllib.loads(taken.stdout)["tables"]['a"b']["rows"] == 3000

    without = sound.run("profile", "--from", str(output), "--with-values", 'a"b.label')
    assert without.returncode == 2
    assert "pgassay profile --script --with-values" in without.stderr
    unknown = sound.run("profile", "--from", str(output), "--with-values", 'a"b.lable')
    assert unknown.returncode == 2
    assert 'did you mean "label"?' in unknown.stderr

    output.write_text(output.read_text(encoding="utf-8")[:-200], encoding="utf-8")
    damaged = sound.run("profile", "--from", str(output))
    assert damaged.returncode == 2
    assert "not valid JSON" in damaged.stderr
    assert "psql -XAtq" in damaged.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ((f"postgresql://ann:{SECRET}@127.0.0.1:1/shop",), 3, "--script prints"),
        ((f"host=127.0.0.1 port=1 user=ann password={SECRET}",), 3, "--script prints"),
        ((f"postgresql:/ann:{SECRET}@host/shop",), 2, "this is no connection string"),
        (("service=nowhere-to-be-found",), 3, "nowhere-to-be-found"),
        (("--from", "nowhere.json"), 2, "nowhere.json"),
        (("--from", "pyproject.toml"), 2, "not valid JSON"),
        (("postgresql:///shop", "--from", "x.json"), 2, "several sources"),
        (("--script", "--with-values", "label"), 2, "table.column"),
    ],
)
def test_what_cannot_be_read_is_told_without_a_password(
    sound: Copy, arguments: tuple[str, ...], code: int, told: str
) -> None:
    done = sound.run("profile", *arguments)
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert SECRET not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
