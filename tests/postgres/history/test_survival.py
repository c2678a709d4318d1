"""Data survives: what is lost is found, and what a revision means to do is told, not blamed."""

from collections.abc import Callable
from contextlib import ExitStack

import pytest

from pgassay.core.finding import Finding, Severity
from pgassay.postgres.servers import Server
from pgassay.run.migration.survival import data
from tests.postgres.history.conftest import Project
from tests.postgres.history.ground import findings_of, ground_of

BEFORE = (
    'CREATE TABLE "T" (id int PRIMARY KEY, "Name" text, amount numeric(10,2), old text);'
    " CREATE TABLE other (id int PRIMARY KEY, note varchar(20))"
)
ROWS = """
insert into "T" select n, 'name ' || n, n + 0.25, 'x' from generate_series(1, 10) n;
insert into other select n, 'note ' || n from generate_series(1, 5) n
"""

Survive = Callable[[str, str], list[Finding]]


@pytest.fixture
def survive(project: Project, server: Server, exit_stack: ExitStack) -> Survive:
    project.sql("0001", BEFORE, 'DROP TABLE "T", other')

    def run(upgrade: str, downgrade: str) -> list[Finding]:
        project.sql("0002", upgrade, downgrade)
        return findings_of(data, ground_of(project, server, exit_stack, "0002", ROWS))

    return run


def told(findings: list[Finding]) -> list[tuple[str, str, Severity]]:
    return [(str(f.subject), f.title, f.severity) for f in findings]


def test_a_revision_that_touches_no_row_is_silent(survive: Survive):
    """The near misses: a rename, a wider type, a new column, a new key, another order of rows."""
    found = survive(
        """ALTER TABLE "T" RENAME COLUMN "Name" TO title;
           ALTER TABLE other RENAME TO notes;
           ALTER TABLE notes ALTER note TYPE text;
           ALTER TABLE "T" ALTER id TYPE bigint;
           ALTER TABLE "T" ADD COLUMN extra int;
           CREATE UNIQUE INDEX t_title ON "T" (title);
           CLUSTER "T" USING t_title;""",
        """DROP INDEX t_title; ALTER TABLE "T" DROP COLUMN extra;
           ALTER TABLE "T" ALTER id TYPE int; ALTER TABLE notes ALTER note TYPE varchar(20);
           ALTER TABLE notes RENAME TO other; ALTER TABLE "T" RENAME COLUMN title TO "Name";""",
    )
    assert told(found) == []


def test_rows_that_get_lost_on_the_way_to_another_table_are_found(survive: Survive):
    found = survive(
        """ALTER TABLE "T" RENAME TO "T_old";
           CREATE TABLE "T" (id int, "Name" text, amount numeric(10,2), old text)
             PARTITION BY RANGE (id);
           CREATE TABLE t_some PARTITION OF "T" FOR VALUES FROM (0) TO (100);
           INSERT INTO "T" SELECT * FROM "T_old" WHERE id > 1;
           DROP TABLE "T_old";""",
        "",
    )
    assert told(found) == [
        ('"T"', "rows are lost on the way over", Severity.ERROR),
        ('"T"', "there and back changes the number of rows", Severity.ERROR),
    ]
    assert found[0].found == "9 rows after the upgrade"


def test_a_copy_that_keeps_every_row_is_silent_and_one_that_mixes_them_is_not(
    project: Project, server: Server, exit_stack: ExitStack
):
    project.sql("0001", BEFORE, 'DROP TABLE "T", other')
    copy = """ALTER TABLE "T" RENAME TO "T_old"; CREATE TABLE "T" (LIKE "T_old" INCLUDING ALL);
        INSERT INTO "T" SELECT id, {name}, amount, old FROM "T_old"; DROP TABLE "T_old";"""
    path = project.sql("0002", copy.format(name='"Name"'), "SELECT 1")
    assert findings_of(data, ground_of(project, server, exit_stack, "0002", ROWS)) == []
    # Each value is still there, but in another row.
    mixed = "lag(\"Name\", 1, ''name 10'') OVER (ORDER BY id)".replace("''", "\\'")
    path.write_text(path.read_text().replace('"Name", amount', f"{mixed}, amount"))
    found = findings_of(data, ground_of(project, server, exit_stack, "0002", ROWS))
    assert ('"T"', "values have changed places between rows", Severity.ERROR) in told(found)


def test_values_that_a_new_type_cuts_short_are_found_and_rounded_ones_told(survive: Survive):
    found = survive(
        """ALTER TABLE other ALTER note TYPE varchar(3) USING left(note, 3);
           ALTER TABLE "T" ALTER amount TYPE int;""",
        """ALTER TABLE other ALTER note TYPE varchar(20);
           ALTER TABLE "T" ALTER amount TYPE numeric(10,2);""",
    )
    assert told(found) == [
        ('"T".amount', "values are converted with the type", Severity.INFO),
        ("other.note", "values are others than before", Severity.ERROR),
        ('"T".amount', "the downgrade does not bring back what was there", Severity.INFO),
        ("other.note", "the downgrade does not bring back what was there", Severity.INFO),
    ]


def test_what_the_revision_does_itself_is_told_with_numbers(survive: Survive):
    found = survive(
        """ALTER TABLE "T" ADD COLUMN fresh text;
           UPDATE "T" SET fresh = "Name" WHERE id <= 7;
           UPDATE other SET note = upper(note);
           DELETE FROM "T" WHERE id > 8;
           ALTER TABLE "T" DROP COLUMN old;""",
        """ALTER TABLE "T" DROP COLUMN fresh; ALTER TABLE "T" ADD COLUMN old text;""",
    )
    up = {(subject, title): severity for subject, title, severity in told(found)}
    assert up[('"T"', "the revision deletes rows")] is Severity.WARNING
    assert up[('"T".old', "the column and its values are dropped")] is Severity.INFO
    assert up[("other.note", "the revision changes values")] is Severity.INFO
    back = {f.subject.object: f for f in found if f.title.startswith("there and back")}
    assert back['"T"'].found == "8 rows after the downgrade"


def test_a_backfill_that_leaves_rows_out_is_told(survive: Survive):
    found = survive(
        'ALTER TABLE "T" ADD COLUMN fresh text; UPDATE "T" SET fresh = "Name" WHERE id <= 7;',
        'ALTER TABLE "T" DROP COLUMN fresh;',
    )
    assert told(found) == [('"T".fresh', "a backfill leaves rows without a value", Severity.INFO)]
    assert found[0].found == "7 rows were filled in, 3 of 10 have none"


def test_a_downgrade_that_fails_on_rows_is_found_and_a_table_that_is_dropped_is_told(
    survive: Survive,
):
    found = survive(
        "DROP TABLE other", 'CREATE TABLE other (id int); ALTER TABLE "T" ADD x int NOT NULL'
    )
    assert [(f.title, f.severity) for f in found] == [
        ("the table and its rows are dropped", Severity.INFO),
        ("the downgrade fails on these rows", Severity.ERROR),
    ]
    assert "23502" in found[1].found


def test_an_upgrade_that_fails_on_rows_is_found(survive: Survive):
    found = survive('ALTER TABLE "T" ADD COLUMN x int NOT NULL', "SELECT 1")
    assert "the upgrade fails on these rows" in found[0].found
    assert found[0].severity is Severity.ERROR
