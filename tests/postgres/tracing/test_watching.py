"""What is seen of a statement, whatever way it comes; and that looking changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest

from pgassay.core.names import QualifiedName
from pgassay.core.route import Revision
from pgassay.core.trace import LockMode
from pgassay.postgres.servers import Profile, ServerDeclaration, open_server
from pgassay.postgres.tracing.probe import install, remove
from pgassay.postgres.tracing.session import run_watched
from pgassay.postgres.tracing.watcher import Watcher
from pgassay.run.migration.script import watch_script

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgassay.core.trace import RevisionTrace, StatementTrace
    from pgassay.postgres.servers import Server

    Watch = Callable[..., tuple[StatementTrace, ...]]

SETUP = """
create table parent (id integer primary key, name text);
create table "T" (id integer primary key, p integer, v varchar(50), n text);
create index "T_p" on "T" (p);
insert into parent select n, 'x' from generate_series(1, 100) n;
insert into "T" select n, 1 + n % 100, 'v' || n, 'n' from generate_series(1, 500) n;
create view shown as select id from "T";
"""
T, PARENT = QualifiedName("public", "T"), QualifiedName("public", "parent")
NAMED = Revision(id="one", parents=(), message="", path="one.sql")
LOCKS = """
select c.relname, l.mode from pg_locks l join pg_class c on c.oid = l.relation
where l.pid = %s and l.locktype = 'relation' and c.relnamespace = 'public'::regnamespace
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with open_server("embedded", ServerDeclaration(profile=Profile.FAITHFUL)) as server:
        server.create_database("bare")
        with server.connect("bare") as connection:
            connection.execute(SETUP)
        server.create_database("probed", "bare")
        with server.connect("probed") as connection:
            assert install(connection)
        yield server


@pytest.fixture
def clone(server: Server, request: pytest.FixtureRequest) -> Iterator[str]:
    name = server.create_database(f"clone_{abs(hash(request.node.name))}", "probed")
    yield name
    server.drop_database(name)


@pytest.fixture
def whole(server: Server, clone: str) -> Callable[..., RevisionTrace]:
    def watch(*statements: str, alone: bool = False) -> RevisionTrace:
        return watch_script(server, clone, NAMED, statements, alone=alone)

    return watch


@pytest.fixture
def watch(whole: Callable[..., RevisionTrace]) -> Watch:
    return lambda *statements, alone=False: whole(*statements, alone=alone).statements


def mode(statement: StatementTrace, relation: QualifiedName) -> LockMode | None:
    lock = statement.strongest().get(relation)
    return lock.mode if lock else None


def test_a_foreign_key_locks_and_reads_both_tables(watch: Watch) -> None:
    (one,) = watch('alter table "T" add foreign key (p) references parent')

    assert mode(one, T) is mode(one, PARENT) is LockMode.SHARE_ROW_EXCLUSIVE
    assert {(scan.relation, scan.rows) for scan in one.scans} == {(T, 500), (PARENT, 100)}
    assert one.wal > 0


def test_a_volatile_default_writes_the_table_and_its_indexes_anew(watch: Watch) -> None:
    (one,) = watch('alter table "T" add column c uuid default gen_random_uuid()')

    assert {str(rewrite.relation) for rewrite in one.rewrites} == {'"T"', '"T_pkey"', '"T_p"'}
    assert [r.reason for r in one.rewrites if r.relation == T] == ["column default"]


@pytest.mark.parametrize(
    "statement",
    [
        'alter table "T" add column c integer default 1',
        'alter table "T" alter column v type varchar(80)',
        'alter table "T" alter column v type text',
    ],
)
def test_what_rewrites_nothing_is_seen_to_rewrite_nothing(watch: Watch, statement: str) -> None:
    (one,) = watch(statement)

    assert (one.rewrites, one.scans, one.builds) == ((), (), ())
    assert mode(one, T) is LockMode.ACCESS_EXCLUSIVE


def test_a_lock_is_new_once_and_held_afterwards(watch: Watch) -> None:
    first, second = watch(
        'alter table "T" add column c integer', 'alter table "T" add column d integer'
    )

    assert mode(first, T) is LockMode.ACCESS_EXCLUSIVE
    assert mode(second, T) is None
    assert LockMode.ACCESS_EXCLUSIVE in {lock.mode for lock in second.held if lock.relation == T}
    assert next(lock for lock in first.locks if lock.relation == T).held >= second.seconds


def test_a_transaction_that_ends_lets_go(watch: Watch) -> None:
    statements = watch(
        'alter table "T" add column c integer', "update parent set name = 'y'", alone=True
    )

    assert [one.transaction for one in statements] == [1, 2]
    assert statements[1].held == ()


def test_commands_of_a_do_block_are_statements_of_their_own(watch: Watch) -> None:
    one, two = watch(
        'do $$ begin alter table "T" add column c integer; '
        "create index named on parent (name); end $$"
    )

    assert (one.tag, two.tag) == ("ALTER TABLE", "CREATE INDEX")
    assert mode(one, T) is LockMode.ACCESS_EXCLUSIVE
    assert [str(build.index) for build in two.builds] == ["named"]


def test_statements_of_one_string_are_statements_of_their_own(watch: Watch) -> None:
    found = watch(
        'alter table "T" add check (id > 0) not valid; '
        "update parent set name = 'z'; create table fresh (id integer)"
    )

    assert [one.tag for one in found] == ["ALTER TABLE", "UPDATE", "CREATE TABLE"]
    assert [written.updated for written in found[1].written] == [100]


def test_what_the_revision_made_itself_is_nobodys_victim(watch: Watch) -> None:
    found = watch(
        "create table fresh (id integer)",
        "insert into fresh values (1)",
        "create index on fresh (id)",
        "alter table fresh add column c text",
    )

    assert [(one.locks, one.builds, one.written) for one in found] == [((), (), ())] * 4


def test_an_index_that_is_built_concurrently_is_parked_and_looked_at(watch: Watch) -> None:
    (one,) = watch('create index concurrently named on "T" (n)', alone=True)

    assert mode(one, T) is LockMode.SHARE_UPDATE_EXCLUSIVE
    assert [(b.concurrently, b.valid) for b in one.builds] == [(True, True)]
    assert "waiting for old snapshots" in one.builds[0].phases


def test_a_build_that_fails_leaves_an_invalid_index_and_that_is_seen(
    whole: Callable[..., RevisionTrace],
) -> None:
    trace = whole('create unique index concurrently named on "T" (p)', alone=True)

    (one,) = trace.statements
    assert one.refusal is not None
    assert one.refusal.sqlstate == "23505"
    assert [(str(build.index), build.valid) for build in one.builds] == [("named", False)]


@pytest.mark.parametrize("statement", ['vacuum full "T"', 'cluster "T" using "T_pkey"'])
def test_a_copy_outside_a_transaction_is_seen_with_its_lock(watch: Watch, statement: str) -> None:
    (one,) = watch(statement, alone=True)

    assert mode(one, T) is LockMode.ACCESS_EXCLUSIVE
    assert T in {rewrite.relation for rewrite in one.rewrites}


def test_truncate_empties(watch: Watch) -> None:
    (one,) = watch('truncate "T"')

    assert [r.emptied for r in one.rewrites if r.relation == T] == [True]


def test_rows_are_counted_wherever_the_server_keeps_them(watch: Watch) -> None:
    first, second = watch(
        'update "T" set n = n where id <= 10', 'delete from "T" where id <= 3', alone=True
    )

    assert [(w.updated, w.deleted) for w in (*first.written, *second.written)] == [(10, 0), (0, 3)]
    assert (first.rows, second.rows) == (10, 3)


def test_what_was_rolled_back_is_not_carried_on(server: Server, clone: str) -> None:
    with (
        server.connect(clone, autocommit=False) as connection,
        Watcher(server.conninfo(clone)) as watcher,
    ):
        run_watched(connection, watcher, 'alter table "T" alter column p type bigint')
        connection.rollback()
        watcher.transaction_ended("rollback")
        run_watched(connection, watcher, 'alter table "T" alter column p type bigint')
        connection.commit()
        watcher.transaction_ended("commit")
        statements, seconds = watcher.traces()

    assert [T in {r.relation for r in one.rewrites} for one in statements] == [True, True]
    assert len(seconds) == 2


def test_two_sessions_have_transactions_of_their_own(server: Server, clone: str) -> None:
    with (
        server.connect(clone, autocommit=False) as one,
        server.connect(clone, autocommit=False) as other,
        Watcher(server.conninfo(clone)) as watcher,
    ):
        run_watched(one, watcher, 'alter table "T" add column c integer')
        run_watched(other, watcher, "alter table parent add column c integer")
        other.commit()
        watcher.transaction_ended("commit", other.info.backend_pid)
        run_watched(one, watcher, "select 1")
        one.commit()
        watcher.transaction_ended("commit", one.info.backend_pid)
        statements, seconds = watcher.traces()

    assert [mode(s, T) or mode(s, PARENT) for s in statements[:2]] == [
        LockMode.ACCESS_EXCLUSIVE,
        LockMode.ACCESS_EXCLUSIVE,
    ]
    assert [s.transaction for s in statements] == [1, 2, 1]
    assert {lock.relation for lock in statements[2].held} >= {T}
    assert PARENT not in {lock.relation for lock in statements[2].held}
    assert len(seconds) == 2


def test_a_statement_that_waits_for_its_own_side_is_ended_and_told(
    server: Server, clone: str
) -> None:
    with server.connect(clone, autocommit=False) as other, server.connect(clone) as connection:
        other.execute('lock table "T" in access share mode')
        with Watcher(server.conninfo(clone), patience=0.3) as watcher:
            with pytest.raises(psycopg.errors.QueryCanceled):
                run_watched(connection, watcher, 'alter table "T" add column c integer')
            ((one,), _) = watcher.traces()

    assert one.waited_for is not None
    assert "lock table" in one.waited_for


@pytest.mark.parametrize(
    "statement",
    [
        'alter table "T" add column c uuid default gen_random_uuid()',
        'alter table "T" add foreign key (p) references parent',
        'create index on "T" (n)',
        "drop view shown",
        'do $$ begin alter table "T" add column c integer; drop table parent; end $$',
    ],
)
def test_the_locks_are_the_same_with_nobody_looking(
    server: Server, clone: str, statement: str
) -> None:
    bare = server.create_database(f"{clone}_bare", "bare")
    seen = []
    for database in (bare, clone):
        with (
            server.connect(database, autocommit=False) as connection,
            server.connect(database) as eye,
        ):
            if database == clone:
                with Watcher(server.conninfo(database)) as watcher:
                    run_watched(connection, watcher, statement)
            else:
                connection.execute(statement)
            pid = connection.info.backend_pid
            seen.append(sorted(eye.execute(LOCKS, [pid]).fetchall()))
            connection.rollback()
    server.drop_database(bare)

    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    "statement",
    [
        'alter table "T" add column c uuid default gen_random_uuid()',
        'alter table "T" alter column v type varchar(90)',
        'alter table "T" add foreign key (p) references parent',
        'create unique index on "T" (n, id)',
        'drop table parent, "T" cascade',
        "comment on table parent is 'a table;'",
        "create table made as select indexed()",
        'alter table "T" add column d integer default indexed()',
    ],
)
def test_a_glance_shows_what_looks_do(server: Server, clone: str, statement: str) -> None:
    """A remark in front is enough for a command to be looked at before and behind."""
    other = server.create_database(f"{clone}_other", "probed")
    seen = []
    for database, remark in ((clone, ""), (other, "/* */ ")):
        indexed = (
            "create function indexed() returns integer language plpgsql as "
            "'begin create index if not exists made_by_it on parent (name); return 1; end'"
        )
        traced = watch_script(server, database, NAMED, [indexed, f"{remark}{statement}"])
        assert traced.error is None
        seen.append([_untimed(one, remark) for one in traced.statements])
    server.drop_database(other)

    assert seen[0] == seen[1]
    assert len(seen[0]) > 1


def _untimed(statement: StatementTrace, remark: str) -> StatementTrace:
    """A statement without what is another number each time."""
    return replace(
        statement,
        text=statement.text.removeprefix(remark),
        seconds=0.0,
        begun=0.0,
        wal=0,
        locks=tuple(replace(one, held=0.0) for one in statement.locks),
        held=tuple(replace(one, held=0.0) for one in statement.held),
    )


def test_the_probe_can_be_taken_out_again(server: Server, clone: str) -> None:
    with server.connect(clone) as connection:
        remove(connection)
        left = "select count(*) from pg_event_trigger union all select count(*) from pg_namespace"
        where = " where nspname = 'pgassay_trace'"

        assert connection.execute(left + where).fetchall() == [(0,), (0,)]
