"""Killed in the middle: what a second run cannot finish is found, what it can is told."""

from contextlib import ExitStack

from pgassay.core.finding import Severity
from pgassay.postgres.servers import Server
from pgassay.run.migration.killing import killed
from tests.postgres.history.conftest import LOCKED, Project
from tests.postgres.history.ground import findings_of, ground_of

BLOCK = "with op.get_context().autocommit_block():\n"
ROWS = "insert into t select generate_series(1, 50)"


def test_an_index_that_is_left_invalid_stands_in_the_way_unless_it_is_dropped_first(
    project: Project, server: Server, exit_stack: ExitStack
):
    project.env(LOCKED)
    project.sql("0001", "CREATE TABLE t (a int)", "DROP TABLE t")
    build = '    op.execute("CREATE INDEX CONCURRENTLY t_a ON t (a)")'
    path = project.revision("0002", BLOCK + build)
    found = findings_of(killed, ground_of(project, server, exit_stack, "0002", ROWS))
    assert {f.severity for f in found} == {Severity.ERROR}
    assert {f.discriminator for f in found} == {"session", "client", "server"}
    by = {f.discriminator: f for f in found}
    assert "42P07" in by["session"].found
    assert by["session"].evidence[0] == "-- ended while it waited for other writers:"
    assert any("index t_a is new" in line for line in by["server"].evidence)

    drop = '    op.execute("DROP INDEX CONCURRENTLY IF EXISTS t_a")\n'
    path.write_text(path.read_text().replace(f"    {build}", f"    {drop}    {build}".rstrip()))
    found = findings_of(killed, ground_of(project, server, exit_stack, "0002", ROWS))
    assert {f.severity for f in found} == {Severity.INFO}


def test_one_transaction_leaves_nothing_and_half_a_backfill_stays(
    project: Project, server: Server, exit_stack: ExitStack
):
    project.sql("0001", "CREATE TABLE t (a int); CREATE TABLE log (a int)", "DROP TABLE t, log")
    insert = 'op.execute("INSERT INTO log SELECT a FROM t WHERE a {}")'
    two = f"{insert.format('<= 25')}\n{insert.format('> 25')}"
    path = project.revision("0002", two)
    assert findings_of(killed, ground_of(project, server, exit_stack, "0002", ROWS)) == []

    alone = BLOCK + "\n".join(f"    {line}" for line in two.splitlines())
    indented = "\n".join(f"    {line}" for line in alone.splitlines())
    plain = "\n".join(f"    {line}" for line in two.splitlines())
    path.write_text(path.read_text().replace(plain, indented))
    found = findings_of(killed, ground_of(project, server, exit_stack, "0002", ROWS))
    assert {f.severity for f in found} == {Severity.ERROR}
    assert "table log had 50 rows, and has 75" in {f.found for f in found}


def test_what_no_transaction_takes_back_is_met_by_a_second_run(
    project: Project, server: Server, exit_stack: ExitStack
):
    project.sql(
        "0001",
        "CREATE SEQUENCE s; CREATE TABLE first (a int CHECK (a = 1)); CREATE TABLE t (a int)",
        "DROP TABLE first, t; DROP SEQUENCE s",
    )
    before, after = 'op.execute("ANALYZE t")', 'op.execute("ANALYZE first")'
    insert = 'op.execute("INSERT INTO first SELECT {} FROM t WHERE a = 1")'
    path = project.revision("0002", "\n".join([before, insert.format("nextval('s')"), after]))
    found = findings_of(killed, ground_of(project, server, exit_stack, "0002", ROWS))
    # A crash loses what no commit has flushed, and with it, as a rule, that the sequence went on.
    assert {"session", "client"} <= {f.discriminator for f in found}
    assert all(f.severity is Severity.ERROR and "23514" in f.found for f in found)
    assert {f.subject.part for f in found} == {"statement 3"}

    path.write_text(path.read_text().replace("nextval('s')", "a"))
    assert findings_of(killed, ground_of(project, server, exit_stack, "0002", ROWS)) == []
