"""Two sessions at the same rows: every order of their steps ends as the schedule says."""

from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from pgassay.core.schedule import Schedule, differences
from pgassay.postgres.two_sessions import TwoSessions
from pgassay.run.written import read_schedules
from tests.postgres.creativeflow.throwaway import ROOT, NewDatabase, Server

SCHEDULES = read_schedules(ROOT / "suites/creativeflow/schedules")
EMPTIED = "TRUNCATE users, workbenches, projects, brand_kits, asset_versions CASCADE"


@pytest.fixture
def database(new_database: NewDatabase, head: str) -> str:
    return new_database(template=head)


def play(server: Server, database: str, schedule: Schedule) -> dict[str, list[str]]:
    """Return what went otherwise than the schedule says, by the order of the steps."""
    told = {}
    with (
        psycopg.connect(server.url(database), autocommit=True) as connection,
        TwoSessions(server.running.conninfo(database)) as two,
    ):
        for order in schedule.orders():
            found = differences(schedule.ending(order), two.perform(schedule, order))
            if found:
                told[" ".join(order)] = found
            connection.execute(EMPTIED)
    return told


def schedule(name: str) -> Schedule:
    return next(one for one in SCHEDULES if one.subject.object == name)


def test_there_is_a_schedule_for_each_promise():
    assert [one.subject.object for one in SCHEDULES] == sorted(
        path.stem for path in Path(ROOT, "suites/creativeflow/schedules").glob("*.toml")
    )
    assert len(SCHEDULES) == 8


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda one: one.subject.object)
def test_every_order_ends_as_promised(server: Server, database: str, schedule: Schedule):
    assert play(server, database, schedule) == {}


@pytest.mark.parametrize(
    ("name", "fault", "told"),
    [
        (
            "new_project_while_its_workbench_changes_hands",
            """ALTER TABLE projects DROP CONSTRAINT fk_projects_workbench_id_user_id;
               ALTER TABLE projects ADD FOREIGN KEY (workbench_id) REFERENCES workbenches (id)""",
            "b1 was accepted; expected 23503",
        ),
        (
            "two_owners_take_one_workbench",
            "ALTER TABLE projects DROP CONSTRAINT fk_projects_workbench_id_user_id",
            "at the end (('c@example.org', 'a@example.org', '3'),)",
        ),
        (
            "balance_is_not_spent_twice",
            "ALTER TABLE users DROP CONSTRAINT ck_users_credit_balance",
            "b1 was accepted; expected 23514",
        ),
        (
            "two_default_brand_kits_of_one_user",
            "DROP INDEX idx_brandkit_userid_default_unique",
            "b1 was accepted; expected 23505",
        ),
        (
            "two_versions_of_one_number",
            "DROP INDEX idx_assetversion_projectid_version",
            "b1 was accepted; expected 23505",
        ),
    ],
)
def test_without_what_keeps_the_promise_the_schedule_tells(
    server: Server, database: str, name: str, fault: str, told: str
):
    with psycopg.connect(server.url(database)) as connection:
        connection.execute(fault)
    found = play(server, database, schedule(name))
    assert any(line.startswith(told) for line in found["a1 a2 b1 b2"])


def test_read_committed_would_lose_the_balance_that_the_application_computed(
    server: Server, database: str
):
    """The isolation level is what the schedule is about: one step down nobody is refused."""
    weaker = replace(schedule("balance_computed_by_the_application"), isolation="read committed")
    found = play(server, database, weaker)
    assert "b2 was accepted; expected 40001" in found["a1 b1 a2 b2 a3 b3"]
