"""Each history case fires on its fault, and is silent on the repaired history and the near miss."""

from pgassay.core.finding import Severity
from pgassay.core.route import Revision
from tests.postgres.history.conftest import ENV, LOCKED, Project

AUTOCOMMIT = "with op.get_context().autocommit_block():\n    "
INDEX = "CREATE INDEX CONCURRENTLY t_a ON t (a)"


def test_a_sound_history_is_silent_in_every_case(project: Project):
    """What it holds are the near misses: names of its own in another schema, rows that it writes
    and takes back, a column that comes back at the end, an index outside a transaction that can
    be built again, an advisory lock.
    """
    project.env(LOCKED)
    project.sql(
        "0001",
        'CREATE SCHEMA "Odd"; CREATE TABLE "Odd"."T" ("A" int, b text, c text DEFAULT 1 + 1);'
        " CREATE TABLE t (a int)",
        'DROP TABLE t; DROP SCHEMA "Odd" CASCADE',
    )
    project.sql("0002", 'INSERT INTO "Odd"."T" VALUES (1)', 'DELETE FROM "Odd"."T"')
    project.sql(
        "0003",
        'ALTER TABLE "Odd"."T" DROP COLUMN b',
        'ALTER TABLE "Odd"."T" ADD COLUMN b text',
    )
    project.revision(
        "0004",
        AUTOCOMMIT + 'op.execute("DROP INDEX CONCURRENTLY IF EXISTS t_a")\n'
        f'    op.execute("{INDEX}")',
        'op.execute("DROP INDEX t_a")',
    )
    found = project.findings()
    assert [f"{f.subject} {f.title}" for f in found if f.severity is not Severity.INFO] == []
    assert [(str(f.subject), f.title) for f in found] == [
        ("0004", "a failure leaves something behind, which a second run finishes")
    ]
    assert "index t_a is new" in found[0].found
    assert found[0].evidence[-1] == f"{INDEX};"


def test_two_heads_are_a_finding_and_a_merge_mends_it(project: Project):
    project.sql("0001", "CREATE TABLE t (a int)", "DROP TABLE t")
    project.revision("left", 'op.execute("CREATE TABLE l ()")', 'op.execute("DROP TABLE l")')
    project.revision(
        "right", 'op.execute("CREATE TABLE r ()")', 'op.execute("DROP TABLE r")', parent="0001"
    )
    assert project.told("history_heads") == {"tiny": "one head that every revision leads to"}
    both = project.versions / "both.py"
    both.write_text('revision = "both"\ndown_revision = ("left", "right")\n\n\n'
                    "def upgrade(): pass\n\n\ndef downgrade(): pass\n")  # fmt: skip
    project.revisions.append(
        Revision(id="both", parents=("left", "right"), message="", path="migrations/both.py")
    )
    assert project.told() == {"tiny": "nothing keeps two upgrades apart"}, (
        "there and back works for branches and their merge as well"
    )


def test_what_a_downgrade_forgets_or_makes_otherwise_is_named_with_its_repair(project: Project):
    project.sql("0001", "CREATE TABLE t (a int, b varchar(5) NOT NULL)", "DROP TABLE t")
    project.sql("0002", "CREATE INDEX t_b ON t (b); CREATE TYPE mood AS ENUM ('ok')", "")
    project.sql(
        "0003",
        "ALTER TABLE t ALTER b TYPE varchar(9)",
        "ALTER TABLE t ALTER b TYPE varchar(5); ALTER TABLE t ALTER b DROP NOT NULL",
    )
    project.sql("0004", "INSERT INTO t VALUES (1, 'x')", "")
    forgot, otherwise, rows = (
        f for f in project.findings("history_round_trip") if f.discriminator == "back"
    )
    assert [str(f.subject) for f in (forgot, otherwise, rows)] == ["0002", "0003", "0004"]
    assert "table t, index t_b is new" in forgot.found
    assert "enum mood is new" in forgot.found
    assert "drop index public.t_b" in forgot.fix.lower()
    assert "column b" in otherwise.found
    assert rows.found == "table t had 0 rows, and has 1"


def test_a_downgrade_that_has_no_way_back_is_said_and_one_that_fails_is_a_finding(
    project: Project,
):
    project.sql("0001", "CREATE TABLE t (a int)", "DROP TABLE t")
    project.revision("0002", 'op.execute("DROP TABLE t")', 'raise NotImplementedError("gone")')
    project.sql("0003", "CREATE TABLE u (a int)", "DROP TABLE absent")
    found = {str(f.subject): f for f in project.findings("history_round_trip", "history_base")}
    assert found["0002"].title == "irreversible"
    assert found["0002"].severity is Severity.WARNING
    assert found["0003"].title == "the downgrade fails"
    assert "42P01" in found["0003"].found
    assert found["tiny"].severity is Severity.ERROR


def test_what_cannot_be_run_again_after_a_failure_is_a_finding(project: Project):
    project.sql("0001", "CREATE TABLE t (a int)", "DROP TABLE t")
    project.revision("0002", AUTOCOMMIT + f'op.execute("{INDEX}")', 'op.execute("DROP INDEX t_a")')
    [found] = project.findings("history_failure")
    assert found.severity is Severity.ERROR
    assert str(found.subject) == "0002"
    assert "42P07" in found.found
    assert "index t_a is new" in found.found


def test_a_history_that_stops_says_where_and_what_it_did_not_reach(project: Project):
    project.sql("0001", "CREATE TABLE t (a int)", "DROP TABLE t")
    project.sql("0002", "CREATE TABLE u (a int REFERENCES absent)", "DROP TABLE u")
    project.sql("0003", "SELECT 1", "SELECT 1")
    found = project.findings("history_upgrade", "history_again")
    assert [(str(f.subject), f.title) for f in found] == [
        ("0002", "the upgrade fails on what the revisions before it built"),
        ("0003", "the upgrade runs"),
        ("tiny", "the upgrade can be run again"),
    ]
    assert "it was not reached: 0002" in found[1].found


def test_what_is_left_at_the_base_is_named(project: Project):
    project.sql("0001", "CREATE TABLE t (a int); CREATE SEQUENCE s", "DROP TABLE t")
    [found] = project.findings("history_base")
    assert found.found == "sequence s is new"


def test_an_env_that_does_something_each_time_is_not_harmless(project: Project):
    project.sql("0001", "CREATE TABLE t (a int)", "DROP TABLE t")
    seeding = (
        "        configure(connection=connection)\n"
        '        connection.exec_driver_sql("INSERT INTO t VALUES (1)")\n'
        "        connection.commit()"
    )
    project.env(ENV.replace("        configure(connection=connection)", seeding))
    [found] = project.findings("history_again")
    assert found.found == "table t had 1 rows, and has 2"


def test_sql_of_offline_mode_that_builds_something_else_is_named(project: Project):
    project.sql("0001", "CREATE TABLE t (a int)", "DROP TABLE t")
    project.revision(
        "0002",
        "from alembic import context\n"
        'op.execute("CREATE INDEX t_a ON t (a)")\n'
        "if not context.is_offline_mode():\n"
        '    op.execute("CREATE INDEX t_b ON t ((a + 1))")',
        'op.execute("DROP INDEX t_a; DROP INDEX t_b")',
    )
    [found] = project.findings("history_offline")
    assert found.found == "table t, index t_b is gone"
    assert "create index t_b" in found.fix.lower()


def test_sql_that_cannot_be_written_is_a_warning_and_sql_that_fails_a_finding(project: Project):
    project.sql("0001", "CREATE TABLE t (a int)", "DROP TABLE t")
    path = project.revision("0002", 'op.get_bind().execute(sa.text("SELECT 1")).scalar()', "pass")
    [found] = project.findings("history_offline")
    assert (found.title, found.severity) == ("the SQL cannot be written", Severity.WARNING)
    path.write_text(
        path.read_text().replace(
            'op.get_bind().execute(sa.text("SELECT 1")).scalar()',
            'op.execute("SELECT 1 / %s" % (0 if op.get_context().as_sql else 1))',
        )
    )
    [found] = project.findings("history_offline")
    assert found.title == "the SQL does not run"
    assert found.source is not None
    assert found.source.endswith("(upgrade 0001 -> 0002)")


def test_two_upgrades_that_do_damage_are_seen_and_a_lock_mends_it(project: Project):
    project.sql("0001", "CREATE TABLE t (a int)", "DROP TABLE t")
    project.revision(
        "0002",
        AUTOCOMMIT + 'op.execute("INSERT INTO t VALUES (1)")',
        'op.execute("DELETE FROM t")',
    )
    [found] = project.findings("history_together")
    assert (str(found.subject), found.title) == ("0002", "two upgrades at once do damage")
    assert found.found == "table t had 1 rows, and has 2"
    project.env(LOCKED)
    assert project.findings("history_together") == []
