"""Rows for a user's own tests: the worked example of the how-to, and the fixture's manners."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.projects.front_doors.copies import Copy, copied
from tests.projects.front_doors.sessions import KEPT, run

if TYPE_CHECKING:
    from collections.abc import Iterator

HOW_TO = Path(__file__).parents[3] / "docs/rows-in-tests.md"
BLOCK = re.compile(r"```(?:python|toml)\n# (?P<file>\S+)\n(?P<text>.*?)```", re.DOTALL)
CONFTEST = "from pgassay.testing import database_fixture\n\nshop = database_fixture('shop')\n"


def blocks() -> Iterator[tuple[str, str]]:
    for found in BLOCK.finditer(HOW_TO.read_text(encoding="utf-8")):
        yield found["file"], found["text"]


@pytest.fixture
def example(tmp_path: Path, cache: Path) -> Copy:
    return Copy(root=tmp_path, cache=cache)


@pytest.fixture
def borrowing(project: Copy) -> Copy:
    (project.root / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    return project


def with_tests(project: Copy, body: str) -> Copy:
    (project.root / "test_own.py").write_text(body, encoding="utf-8")
    return project


def test_the_worked_example_works_at_every_step(example: Copy) -> None:
    steps = {"test_orders.py": 2, "test_states.py": 3}
    seen = 0
    for file, text in blocks():
        with (example.root / file).open("a", encoding="utf-8") as page:
            page.write(text)
        if file in steps:
            done = run(example, "-q", "-W", "error", *KEPT)
            assert done.returncode == 0, done.stdout + done.stderr
            assert f"{steps[file]} passed" in done.stdout
            seen += 1
    assert seen == len(steps)


DERIVED = """
def test_a_row_with_its_parent(shop):
    row = shop.make('a"b', label="x")
    assert (row.label, row["label"]) == ("x", "x")
    customer = shop.make("select", Name="Ann", **{"größe": 2})
    assert customer.Name == "Ann"
    assert shop.make('a"b', **{"select": customer["id"]})["select"] == customer["id"]
    assert shop.make('a"b', select__Name="Bob").label is not None
    count = 'select count(*) from "Straße"."select"'
    assert shop.connection.execute(count).fetchone() == (3,)

def test_nothing_is_left_of_it(shop):
    assert shop.connection.execute('select count(*) from "a""b"').fetchone() == (0,)
    assert shop.make('a"b').select

def test_nor_by_the_third(shop):
    assert shop.connection.execute('select count(*) from "a""b"').fetchone() == (0,)
    shop.make('a"b')
"""


@pytest.mark.parametrize("how", [(), ("-n", "2"), ("-p", "randomly")])
def test_rows_are_derived_where_nothing_is_mapped_and_rolled_back(
    borrowing: Copy, how: tuple[str, ...]
) -> None:
    done = run(with_tests(borrowing, DERIVED), "-q", "-W", "error", *how, *KEPT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


def test_a_system_that_is_not_configured_gets_a_suggestion(project: Copy) -> None:
    wrong = CONFTEST.replace("'shop')", "'shpo')")
    (project.root / "conftest.py").write_text(wrong, encoding="utf-8")
    done = run(with_tests(project, "def test_it(shop): pass\n"), "-q", *KEPT)
    assert done.returncode == 1
    assert 'did you mean "shop"?' in done.stdout
    assert "pytest_loans.py" not in done.stdout


RED = """
import psycopg, pytest

def test_commits(shop):
    shop.make("select", Name="left behind")
    shop.connection.execute("commit")

def test_after_a_commit(shop):
    found = shop.connection.execute('select count(*) from "Straße"."select"').fetchone()
    assert found == (0,)

def test_is_refused(shop):
    shop.make("select", Name="Ann")
    with pytest.raises(psycopg.Error):
        shop.connection.execute("select 1 / 0")

def test_after_a_refusal(shop):
    shop.make("select", Name="Ann")

def test_misspelt(shop):
    shop.make('a"b', lable="x")
"""

FAILING = """
def test_fails(shop):
    shop.make("select", Name="Ann")
    assert shop.connection.execute("select 1 / 0")

def test_passes(shop):
    shop.make("select", Name="Bob")
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> str:
    """What a session with tests that are at fault says."""
    project = copied(tmp_path_factory.mktemp("red") / "shop", cache)
    (project.root / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (project.root / "test_failing.py").write_text(FAILING, encoding="utf-8")
    done = run(with_tests(project, RED), "-v", "-n", "1", *KEPT)
    assert done.returncode == 1, done.stdout
    return done.stdout


def outcome(told: str, test: str) -> set[str]:
    words = ("PASSED", "FAILED", "ERROR")
    lines = [line.split() for line in told.splitlines() if line.endswith(f"::{test} ")]
    return {word for line in lines for word in line if word in words}


def test_only_the_tests_own_line_is_shown(told: str) -> None:
    assert outcome(told, "test_misspelt") == {"FAILED"}
    assert 'did you mean "label"?' in told
    for word in ("placing.py", "building.py", "database.py", "pytest_loans.py"):
        assert word not in told


def test_a_transaction_that_was_ended_is_told_and_nobody_else_sees_the_rows(told: str) -> None:
    assert outcome(told, "test_commits") == {"PASSED", "ERROR"}
    assert "a COMMIT or ROLLBACK ended the transaction" in told
    assert outcome(told, "test_after_a_commit") == {"PASSED"}


def test_a_refusal_that_is_left_standing_disturbs_nobody_else(told: str) -> None:
    assert outcome(told, "test_is_refused") == outcome(told, "test_after_a_refusal") == {"PASSED"}


def test_a_test_that_fails_tells_by_what_its_rows_were_made(told: str) -> None:
    assert outcome(told, "test_fails") == {"FAILED"}
    assert 'insert into "Straße"."select"' in told
    assert "'Ann'" in told
    assert "'Bob'" not in told


def test_the_database_of_a_test_that_failed_is_kept_until_the_person_has_looked(
    borrowing: Copy,
) -> None:
    with_tests(borrowing, FAILING)
    command = [sys.executable, "-m", "pytest", "-p", "no:randomly", "-q", "--pgassay-keep", *KEPT]
    with subprocess.Popen(
        command,
        cwd=borrowing.root,
        env=borrowing.environment(PYTHONWARNINGS="default", PYTHONUNBUFFERED="1"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        assert running.stdout is not None
        said = []
        url = ""
        for line in running.stdout:
            said.append(line)
            if line.strip().startswith("postgresql://"):
                url = line.strip()
            if "1 failed, 1 passed" in line:
                break
        try:
            assert url, "".join(said)
            with psycopg.connect(url) as connection:
                found = connection.execute('select "Name" from "Straße"."select"').fetchall()
        finally:
            os.kill(running.pid, signal.SIGINT)
        assert found == [("Ann",)]
        assert running.wait(60) == 1
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=5)


def test_what_a_worker_ends_with_is_not_kept(borrowing: Copy) -> None:
    done = run(with_tests(borrowing, FAILING), "-q", "-n", "2", "--pgassay-keep", *KEPT)
    assert done.returncode == 4
    assert "pytest --lf --pgassay-keep" in done.stderr
