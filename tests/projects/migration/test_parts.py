"""The parts beside the trace, on a project's own server and rows, as the command runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.cli.program import program
from tests.projects.migration.test_front_door import project

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow  # half a minute; each part has tests of its own

__all__ = ["project"]  # the fixture


def run(revision: str, *parts: str) -> int:
    named = [word for part in parts for word in ("--part", part)]
    return program(["migration", revision, "--profile", "smoke", *named])


@pytest.mark.usefixtures("project")
def test_a_column_that_is_required_stops_each_part_with_its_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("three", "data", "adversaries", "killed") == 1
    told = capsys.readouterr().out
    assert "the upgrade fails on these rows" in told
    assert "warning orders.note  adversarial_data: the upgrade fails on any row" in told
    assert "select count(*) from public.orders;" in told
    assert "it fails undisturbed, on these rows" in told


def test_an_index_is_killed_in_every_way_and_its_downgrade_is_found_to_do_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("two", "data", "adversaries", "killed") == 0
    told = capsys.readouterr().out
    assert "2 statements, 0 outside a transaction; ended at 1 of them" in told
    assert "3 passed" in told  # the session, the client and the server

    assert run("two", "history") == 1
    assert "table orders, index orders_token is new" in capsys.readouterr().out
    path = project / "migrations" / "versions" / "two.py"
    path.write_text(
        path.read_text().replace("    pass", '    op.execute("drop index orders_token")')
    )
    assert run("two", "history") == 0
