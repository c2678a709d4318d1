"""Rows that only the old schema allows: each demand is met by one, a revision that mends it too."""

from collections.abc import Callable
from contextlib import ExitStack

import pytest

from pgassay.core.finding import Finding, Severity
from pgassay.postgres.servers import Server
from pgassay.run.migration.adversaries import adversaries
from tests.postgres.history.conftest import Project
from tests.postgres.history.ground import findings_of, ground_of, tried

BEFORE = """
CREATE TABLE owners (id int PRIMARY KEY);
CREATE TABLE "Items" (
  id int PRIMARY KEY, "ownerId" int, email text, size int, code varchar(20), price numeric(10,2),
  mood text
);
"""

Meet = Callable[[str], list[Finding]]


@pytest.fixture
def meet(project: Project, server: Server, exit_stack: ExitStack) -> Meet:
    project.sql("0001", BEFORE, 'DROP TABLE "Items", owners')

    def run(upgrade: str) -> list[Finding]:
        project.sql("0002", upgrade, "SELECT 1")
        return findings_of(adversaries, ground_of(project, server, exit_stack, "0002"))

    return run


def test_every_demand_is_met_by_a_row_that_breaks_it_with_the_query_for_production(meet: Meet):
    found = meet(
        """ALTER TABLE "Items" ALTER email SET NOT NULL;
           ALTER TABLE "Items" ADD CONSTRAINT one_code UNIQUE ("ownerId", code);
           ALTER TABLE "Items" ADD CONSTRAINT owned FOREIGN KEY ("ownerId") REFERENCES owners;
           ALTER TABLE "Items" ADD CONSTRAINT sized CHECK (size BETWEEN 1 AND 9);
           ALTER TABLE "Items" ALTER code TYPE varchar(5);
           ALTER TABLE "Items" ALTER price TYPE numeric(5,2);
           ALTER TABLE "Items" ADD COLUMN fresh int NOT NULL;"""
    )
    assert {str(f.subject) for f in found} == {
        '"Items".email', '"Items".one_code', '"Items".owned', '"Items".sized', '"Items".code',
        '"Items".price', '"Items".fresh',
    }  # fmt: skip
    assert {f.severity for f in found} == {Severity.WARNING}
    by = {str(f.subject): f for f in found}
    for subject, sqlstate in (
        ('"Items".email', "23502"),
        ('"Items".one_code', "23505"),
        ('"Items".owned', "23503"),
        ('"Items".sized', "23514"),
        ('"Items".code', "22001"),
        ('"Items".price', "22003"),
        ('"Items".fresh', "23502"),
    ):
        assert sqlstate in by[subject].found, subject
    assert by['"Items".owned'].fix.endswith(
        'select c.* from public."Items" c where c."ownerId" is not null and not exists '
        '(select from public.owners p where p.id = c."ownerId") limit 20;'
    )


def test_a_revision_that_mends_its_rows_first_is_silent(meet: Meet):
    found = meet(
        """UPDATE "Items" SET email = '' WHERE email IS NULL;
           ALTER TABLE "Items" ALTER email SET NOT NULL;
           DELETE FROM "Items" a USING "Items" b WHERE a.code = b.code AND a.id > b.id;
           ALTER TABLE "Items" ADD CONSTRAINT one_code UNIQUE (code);
           UPDATE "Items" SET "ownerId" = NULL WHERE "ownerId" NOT IN (SELECT id FROM owners);
           ALTER TABLE "Items" ADD CONSTRAINT owned FOREIGN KEY ("ownerId") REFERENCES owners;
           ALTER TABLE "Items" ALTER code TYPE varchar(5) USING left(code, 5);"""
    )
    assert found == []


def test_what_demands_nothing_of_old_rows_has_no_case(
    project: Project, server: Server, exit_stack: ExitStack
):
    """The near misses: NOT VALID, a wider type, a default, a key that another one implies."""
    project.sql("0001", BEFORE, 'DROP TABLE "Items", owners')
    project.sql(
        "0002",
        """ALTER TABLE "Items" ADD CONSTRAINT owned FOREIGN KEY ("ownerId") REFERENCES owners
             NOT VALID;
           ALTER TABLE "Items" ADD CONSTRAINT sized CHECK (size > 0) NOT VALID;
           ALTER TABLE "Items" ALTER code TYPE varchar(30);
           ALTER TABLE "Items" ADD COLUMN fresh int NOT NULL DEFAULT 1;
           CREATE UNIQUE INDEX implied ON "Items" (id, code);""",
        "SELECT 1",
    )
    assert tried(adversaries, ground_of(project, server, exit_stack, "0002")) == 0


def test_rows_older_than_a_constraint_that_is_not_valid_meet_its_validation(
    project: Project, server: Server, exit_stack: ExitStack
):
    project.sql("0001", BEFORE, 'DROP TABLE "Items", owners')
    project.sql(
        "0002",
        """ALTER TABLE "Items" ADD CONSTRAINT owned FOREIGN KEY ("ownerId") REFERENCES owners
             NOT VALID;
           ALTER TABLE "Items" ADD CONSTRAINT sized CHECK (size > 0) NOT VALID;""",
    )
    project.sql(
        "0003",
        'ALTER TABLE "Items" VALIDATE CONSTRAINT owned;'
        ' ALTER TABLE "Items" VALIDATE CONSTRAINT sized',
    )
    found = findings_of(adversaries, ground_of(project, server, exit_stack, "0003"))
    assert {str(f.subject) for f in found} == {'"Items".owned', '"Items".sized'}
    assert {f.severity for f in found} == {Severity.WARNING}  # they were met, and not just missed


def test_a_label_that_goes_is_met_by_a_row_that_has_it(
    project: Project, server: Server, exit_stack: ExitStack
):
    project.sql(
        "0001", "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (id int PRIMARY KEY, m mood)"
    )
    project.sql(
        "0002",
        "CREATE TYPE mood2 AS ENUM ('a');"
        " ALTER TABLE t ALTER m TYPE mood2 USING m::text::mood2;"
        " DROP TYPE mood; ALTER TYPE mood2 RENAME TO mood",
    )
    [found] = findings_of(adversaries, ground_of(project, server, exit_stack, "0002"))
    assert found.title == "the upgrade fails on a row whose m is b"
    assert "22P02" in found.found


@pytest.mark.parametrize("held", ["", ', FOREIGN KEY ("ownerId") REFERENCES owners'])
def test_a_pair_that_points_nowhere_keeps_what_each_half_points_to(
    held: str, project: Project, server: Server, exit_stack: ExitStack
):
    project.sql(
        "0001",
        f"""CREATE TABLE owners (id int PRIMARY KEY);
            CREATE TABLE benches (
              id int PRIMARY KEY, "ownerId" int NOT NULL REFERENCES owners,
              UNIQUE (id, "ownerId"));
            CREATE TABLE works (
              id int PRIMARY KEY, bench int NOT NULL REFERENCES benches, "ownerId" int{held});""",
    )
    project.sql(
        "0002",
        'ALTER TABLE works ADD CONSTRAINT pair FOREIGN KEY (bench, "ownerId")'
        ' REFERENCES benches (id, "ownerId")',
    )
    [found] = findings_of(adversaries, ground_of(project, server, exit_stack, "0002"))
    assert found.severity is Severity.WARNING
    assert "23503" in found.found
    assert '"pair"' in found.found
