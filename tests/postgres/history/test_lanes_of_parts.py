"""Parts side by side on a real ground: the same outcomes, and one by one where roles are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.core.case import Status
from pgassay.core.event import CaseFinished, PhaseStarted
from pgassay.run.migration.lanes import side_by_side
from pgassay.run.migration.tracing import trace
from tests.postgres.history.conftest import LOCKED, Project
from tests.postgres.history.ground import ground_of

if TYPE_CHECKING:
    from contextlib import ExitStack

    from pgassay.postgres.servers import Server

ROWS = "insert into t select n, n % 7 from generate_series(1, 500) n"
PARTS = ("trace", "history", "data", "adversaries", "rolling", "killed")


def test_what_is_found_side_by_side_is_what_is_found_one_by_one(
    project: Project, server: Server, exit_stack: ExitStack
) -> None:
    project.env(LOCKED)
    project.sql("0001", "CREATE TABLE t (a int PRIMARY KEY, b int)", "DROP TABLE t")
    project.sql(
        "0002",
        "ALTER TABLE t ADD COLUMN c int; ALTER TABLE t ADD CHECK (b < 9) NOT VALID",
        "ALTER TABLE t DROP CONSTRAINT t_b_check; ALTER TABLE t DROP COLUMN c",
    )
    told: list[list[tuple[str, ...]]] = []
    for lanes in (1, 3):
        ground = ground_of(project, server, exit_stack, "0002", ROWS)
        phases: list[str] = []
        outcomes: list[tuple[str, ...]] = []
        for event in side_by_side(ground, PARTS, lanes=lanes):
            if isinstance(event, PhaseStarted):
                phases.append(event.phase)
            elif isinstance(event, CaseFinished):
                case, status = event.outcome.case, event.outcome.status
                outcomes.append((phases[-1], str(case.subject), case.title, status.value))
                outcomes += [(f.title, f.found) for f in event.outcome.findings]
        assert tuple(phases) == PARTS
        assert ground.keeps_to_its_database
        told.append(outcomes)
    assert told[0] == told[1]
    assert len(told[0]) > len(PARTS)
    assert told[0][-1][2].startswith("server ended")
    statuses = {one[3] for one in told[0] if len(one) == len(told[0][-1])}
    assert statuses == {Status.PASSED.value, Status.FAILED.value}


@pytest.mark.parametrize(
    ("statement", "keeps"),
    [
        ("CREATE ROLE lanes_reader; GRANT SELECT ON t TO lanes_reader", False),
        ("GRANT SELECT ON t TO public", True),
    ],
)
def test_a_revision_that_makes_a_role_is_seen_to_reach_beyond_its_database(
    project: Project, server: Server, exit_stack: ExitStack, statement: str, *, keeps: bool
) -> None:
    project.sql("0001", "CREATE TABLE t (a int PRIMARY KEY, b int)", "DROP TABLE t")
    project.sql("0002", statement, "SELECT 1")
    ground = ground_of(project, server, exit_stack, "0002", ROWS)
    assert not ground.keeps_to_its_database  # until it has been seen
    try:
        assert [e.outcome.status for e in trace(ground) if isinstance(e, CaseFinished)]
        assert ground.keeps_to_its_database is keeps
        assert ground.has_room
    finally:
        exit_stack.callback(_without_role, server, [ground.upgraded])


def _without_role(server: Server, databases: list[str]) -> None:
    for database in databases:
        server.drop_database(database)
    with server.connect("postgres") as connection:
        connection.execute("drop role if exists lanes_reader")
