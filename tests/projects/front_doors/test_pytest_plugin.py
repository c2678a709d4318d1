"""The pytest front door, as a user's project meets it: in a pytest of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from tests.projects.front_doors.copies import TABLES, Copy, copied
from tests.projects.front_doors.sessions import KEPT, SUITE, run, suited

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Copy:
    """A sound project that adopts everything in two lines; no test changes it."""
    return suited(copied(tmp_path_factory.mktemp("adopted") / "shop", cache))


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Copy:
    """A project whose migrations forgot a unique key; drift and two kinds of cases adopted."""
    project = copied(tmp_path_factory.mktemp("broken") / "shop", cache)
    project.replace(TABLES, '            CONSTRAINT "one Name" UNIQUE ("Name"),\n', "")
    return suited(project, ", phases=('cases',), kinds=('unique', 'not_null')")


def test_two_lines_adopt_every_phase(adopted: Copy) -> None:
    junit = adopted.root.parent / "all.xml"
    done = run(adopted, "-q", f"--junitxml={junit}", "-W", "error", *KEPT)
    assert done.returncode == 0, done.stdout + done.stderr
    names = {case.get("name") or "" for case in ET.parse(junit).getroot().iter("testcase")}
    for told in (
        "shop: shop: drift: the migrations build what the models promise",
        "shop: shop: no_key: no place where a table has nothing that tells",
        'shop: "Straße"."select".one Name: unique: ',
        'shop: "a""b": property: any accepted row is read back equal',
        "shop: a_label_is_not_blank: rule: ",
        "shop: two_labels: schedule: two sessions that label one row: the later one stands",
    ):
        assert any(name.startswith(told) for name in names), told
    assert f"{len(names)} passed" in done.stdout


def test_ids_are_unique_and_start_with_the_system(adopted: Copy) -> None:
    done = run(adopted, "--collect-only", "-q", *KEPT)
    assert done.returncode == 0
    ids = [line for line in done.stdout.splitlines() if line.startswith("test_derived.py::")]
    assert len(ids) > 100
    assert len(set(ids)) == len(ids)
    assert all(line.startswith("test_derived.py::derived::shop: ") for line in ids)


def test_k_selects_by_words_of_the_id(adopted: Copy) -> None:
    done = run(adopted, "-q", "-k", "unique and select", *KEPT)
    assert done.returncode == 0
    assert "deselected" in done.stdout
    assert " passed" in done.stdout


def test_m_selects_derived_tests(adopted: Copy) -> None:
    assert run(adopted, "-q", "-m", "not pgassay", *KEPT).returncode == 5
    assert run(adopted, "--strict-markers", "--collect-only", "-q", "-m", "pgassay").returncode == 0


def test_one_node_id_runs_one_case(adopted: Copy) -> None:
    listed = run(adopted, "--collect-only", "-q", "-k", "not_null", *KEPT).stdout.splitlines()
    node = next(line for line in listed if "::" in line)
    done = run(adopted, "-q", node, *KEPT)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_a_failure_shows_the_finding_and_no_stack_of_pgassay(broken: Copy) -> None:
    junit = broken.root.parent / "broken.xml"
    done = run(broken, f"--junitxml={junit}", *KEPT)
    assert done.returncode == 1
    failures = done.stdout.partition("= FAILURES =")[2].partition("= short test summary")[0]
    for told in (
        'error "Straße"."select".one Name: unique: ',
        "\n  found ",
        "\n  expected ",
        "\n  matters ",
        "\n  fix ",
        "\n  evidence  begin;",
    ):
        assert told in failures, failures
    for word in ("Traceback", "pytest_items.py", "raise ", "BrokenPromise"):
        assert word not in failures
    node = ET.parse(junit).getroot().find(".//failure")
    assert node is not None
    assert "one Name" in (node.text or "")


def test_lf_runs_what_failed_and_x_stops_at_the_first(broken: Copy) -> None:
    first = run(broken, "-q", "-x")
    assert first.returncode == 1
    assert "1 failed" in first.stdout
    assert "stopping after 1 failures" in first.stdout
    again = run(broken, "-q", "--lf")
    assert "1 failed" in again.stdout
    assert "passed" not in again.stdout


def test_two_workers_run_every_case_once(broken: Copy) -> None:
    alone = run(broken, "-q", *KEPT).stdout.splitlines()[-1]
    done = run(broken, "-q", "-n", "2", *KEPT)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].split(" in ")[0] == alone.split(" in ")[0]


def test_a_promise_that_cannot_be_proven_is_skipped_with_the_reason(project: Copy) -> None:
    never = "md5(label) IS NOT DISTINCT FROM '0123456789abcdef0123456789abcdef'"
    column = 'sa.Column("label", sa.String(20)),'
    project.replace("models.py", column, f'{column} sa.CheckConstraint("{never}", name="never"),')
    column = "label varchar(20),"
    project.replace(TABLES, column, f"{column} CONSTRAINT never CHECK ({never}),")
    suited(project, ", phases=('cases',), kinds=('stored_value', 'foreign_key')")
    done = run(project, "-rs", *KEPT)
    assert done.returncode == 0, done.stdout
    assert "SKIPPED" in done.stdout
    assert "unproven: " in done.stdout


def test_a_system_that_cannot_be_built_is_a_readable_error(project: Copy) -> None:
    project.replace(TABLES, "ON DELETE CASCADE", "ON DELETE CASCADDE")
    done = run(suited(project), "-q", *KEPT)
    assert done.returncode == 2
    assert "CASCADDE" in done.stdout
    assert "0001" in done.stdout
    for word in ("pytest_items.py", "stand.py", "Traceback"):
        assert word not in done.stdout, done.stdout


def test_a_system_that_is_not_configured_gets_a_suggestion(project: Copy) -> None:
    (project.root / "test_derived.py").write_text(SUITE.format(more="").replace("shop", "shpo"))
    done = run(project, "-q", *KEPT)
    assert done.returncode == 2
    assert 'did you mean "shop"?' in done.stdout
    assert "pytest_items.py" not in done.stdout


def test_a_phase_that_there_is_none_of_is_refused_when_the_suite_is_made(project: Copy) -> None:
    done = run(suited(project, ", phases=('case',)"), "-q", *KEPT)
    assert done.returncode == 2
    assert "no phase is called 'case'" in done.stdout


def test_every_option_is_documented_under_the_prefix(adopted: Copy) -> None:
    done = run(adopted, "--help")
    for option in ("server", "postgres", "seed", "thorough", "today", "profile", "keep"):
        assert f"--pgassay-{option}" in done.stdout


def test_what_decides_the_run_stands_in_the_header(adopted: Copy) -> None:
    done = run(adopted, "--pgassay-today", "2026-11-21", "-k", "drift", *KEPT)
    assert done.returncode == 0, done.stdout
    assert "pgassay: server: embedded, today: 2026-11-21" in done.stdout


def test_a_session_without_a_suite_imports_nothing_heavy(project: Copy) -> None:
    heavy = ("sqlalchemy", "alembic", "psycopg", "hypothesis", "testcontainers", "pgassay.run",
             "pgassay.cases")  # fmt: skip
    (project.root / "test_plain.py").write_text(
        "import json, sys\n"
        "def test_plain():\n"
        f"    heavy = {heavy!r}\n"
        "    found = [m for m in sys.modules if m.split('.')[0] in heavy or '.'.join("
        "m.split('.')[:2]) in heavy]\n"
        "    assert 'pgassay.pytest_plugin' in sys.modules\n"
        "    assert found == []\n",
        encoding="utf-8",
    )
    alone = ("-p", "no:pytest_alembic", "-p", "no:hypothesispytest", "-p", "no:pytest-alembic")
    done = run(project, "-q", *alone, *KEPT)
    assert done.returncode == 0, done.stdout


def test_a_test_of_the_users_own_stands_beside_a_suite(adopted: Copy, tmp_path: Path) -> None:
    project = copied(tmp_path / "shop", adopted.cache)
    suite = SUITE.format(more=", phases=('drift',)")
    own = "\n\ndef test_of_my_own() -> None:\n    assert derived.system == 'shop'\n"
    (project.root / "test_derived.py").write_text(suite + own, encoding="utf-8")
    done = run(project, "-v", *KEPT)
    assert done.returncode == 0, done.stdout
    assert "test_derived.py::test_of_my_own PASSED" in done.stdout
    assert json.dumps("3 passed")[1:-1] in done.stdout
