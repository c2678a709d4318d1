"""The reference DDL is what the models say, file by file."""

import subprocess
import sys
from pathlib import Path

import pytest

from migrations.creativeflow.reference_ddl import FOLDER, differences, in_order, reference_ddl

ROOT = Path(__file__).parents[3]
FIRST = "tables/001_create_users.sql"


def test_the_files_are_what_the_models_say():
    assert differences(reference_ddl()) == []


def test_the_check_is_a_command_that_succeeds():
    line = [sys.executable, "-m", "migrations.creativeflow.reference_ddl", "--check"]
    subprocess.run(line, cwd=ROOT, check=True, timeout=60)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({FIRST: None}, f"{FIRST}: not written from the models"),
        ({FIRST: "CREATE TABLE users ();"}, f"{FIRST}: differs from the models"),
        ({"tables/099_create_more.sql": "x"}, "tables/099_create_more.sql: missing"),
    ],
)
def test_the_check_names_the_file_that_differs(change: dict[str, str | None], told: str):
    wanted = {**reference_ddl(), **change}
    assert differences({path: text for path, text in wanted.items() if text is not None}) == [told]


def test_a_table_comes_after_those_it_refers_to():
    placed = in_order()
    assert len(placed) == 23
    for table in placed:
        for key in table.foreign_key_constraints:
            if not key.use_alter:
                assert placed.index(key.referred_table) < placed.index(table)


def test_there_is_a_file_for_every_table():
    assert {path.name[4:-4] for path in FOLDER.glob("tables/*_create_*.sql")} == {
        f"create_{table.name}" for table in in_order()
    }
