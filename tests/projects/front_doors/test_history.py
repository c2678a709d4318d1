"""The history of a project through its front doors: the gate, the lock of revisions, pytest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.projects.front_doors.sessions import KEPT, run, suited

if TYPE_CHECKING:
    from tests.projects.front_doors.copies import Copy

pytestmark = pytest.mark.slow  # half a minute; tests/postgres/history has each case by itself

LONGEST = "migrations/versions/0002_the_longest_name.py"


def test_a_locked_revision_that_is_edited_turns_the_gate_red_and_the_rest_is_green(
    project: Copy,
) -> None:
    project.replace(
        "pyproject.toml",
        'lock = "contract.lock"',
        'lock = "contract.lock"\nrevisions = "migrations/revisions.lock"',
    )
    assert project.run("lock", "--revisions").returncode == 1
    assert project.run("lock", "--revisions", "--accept").returncode == 0
    assert project.run("lock", "--revisions").stdout == "revisions.lock holds\n"

    project.replace(LONGEST, '"by order"', '"by time"')
    document = project.root / "gate.json"
    done = project.run("gate", "--phase", "history", "--json", str(document))
    assert done.returncode == 1, done.stdout + done.stderr
    data = json.loads(document.read_text(encoding="utf-8"))
    bad = [f for f in data["systems"][0]["findings"] if "severity" not in f]  # error: the default
    assert [(f["slug"], f["subject"]["object"]) for f in bad] == [("history_edited", "0002")]


def test_revisions_are_locked_only_where_a_file_is_named(project: Copy) -> None:
    done = project.run("lock", "--revisions")
    assert done.returncode == 2
    assert 'revisions = "migrations/revisions.lock"' in done.stderr


def test_a_suite_has_an_item_for_each_revision_and_case_where_it_names_the_phase(
    project: Copy,
) -> None:
    suited(project, ", phases=('history',)")
    done = run(project, "-q", "--collect-only", *KEPT)
    assert done.returncode == 0, done.stdout
    items = [line.rpartition("::")[2] for line in done.stdout.splitlines() if "::" in line]
    assert (
        "shop: 0002: history_round_trip: down leads back to where it came from, and up again"
        in (items)
    )
    assert len([item for item in items if ": 0001: " in item]) == 3
    done = run(project, "-q", "-k", "0002", *KEPT)
    assert "3 passed" in done.stdout, done.stdout
