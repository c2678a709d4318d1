"""What a snapshot reads, what it does not touch, and what is said of what may not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.core.errors import MachineError
from pgassay.core.names import QualifiedName
from pgassay.postgres.servers.local import LocalServer
from pgassay.postgres.statistics import read_snapshot, snapshot_from, snapshot_script
from pgassay.run.snapshotting import missing_in
from tests.postgres.profiling.conftest import MARKER

if TYPE_CHECKING:
    from tests.postgres.staging.conftest import Theatre

_TOUCHED = """
    select relname, coalesce(seq_scan, 0) + coalesce(idx_scan, 0)
    from pg_stat_user_tables order by 1
"""
ORDERS = QualifiedName("public", "orders")


def touched(theatre: Theatre) -> list[tuple[object, ...]]:
    theatre.connection.execute("select pg_stat_force_next_flush()")
    return theatre.connection.execute(_TOUCHED.encode()).fetchall()


def test_no_table_is_read_unless_the_ends_are_asked_for(theatre: Theatre) -> None:
    before = touched(theatre)
    theatre.snapshot(values=True, ends=False)
    assert touched(theatre) == before
    theatre.snapshot(values=False, ends=True)
    assert touched(theatre) != before


def test_the_log_has_the_script_and_no_other_statement(theatre: Theatre) -> None:
    assert isinstance(theatre.loaded, LocalServer)
    log = theatre.loaded.data.parent / "server.log"
    start = log.stat().st_size
    snapshot_from(theatre.loaded.conninfo("market"))
    statements = log.read_text(encoding="utf-8")[start:].split("LOG:  statement: ")[1:]
    assert len(statements) == 1
    assert snapshot_script() in statements[0].replace("\n\t", "\n")


def test_it_does_not_write_a_value_unasked(theatre: Theatre) -> None:
    plain = theatre.snapshot(values=False, ends=False)
    assert MARKER not in plain.text()
    labels = plain.relation(ORDERS)
    assert labels is not None
    status = labels.column("status")
    assert status is not None
    assert "paid" in status.statistics[0].values
    assert MARKER in theatre.snapshot(values=True, ends=False).text()
    assert MARKER in theatre.snapshot(values=False, ends=True).text()


WORDS = """
create table settled (id int, state text check (state in ('on', 'it''s off')),
                      "Mode" varchar(9) constraint "Mode" check ("Mode" in ('dark', 'light')));
create table free_text (id int, state text check (state <> ''));
create table by_two (id int, state text check (state in ('on', 'off') or id > 0));
create table unproven (id int, state text);
create table before (id int, state text);
insert into settled select i, case when i % 3 = 0 then 'on' else 'it''s off' end, 'dark'
    from generate_series(1, 90) i;
insert into free_text select i, 'qqmarker' from generate_series(1, 90) i;
insert into by_two select i, 'qqmarker' from generate_series(1, 90) i;
insert into unproven select i, 'qqmarker' from generate_series(1, 90) i;
insert into before select i, 'qqmarker' from generate_series(1, 90) i;
analyze;
alter table unproven add check (state in ('on', 'off')) not valid;
update before set state = 'on';
alter table before add check (state in ('on', 'off'));
"""


def test_words_that_a_check_lists_are_the_schemas_own(theatre: Theatre) -> None:
    theatre.loaded.create_database("words")
    with theatre.loaded.connect("words") as connection:
        connection.autocommit = True
        connection.execute(WORDS.encode())
        taken = read_snapshot(connection)
    assert MARKER not in taken.text()
    values = {
        (relation.name.name, column.name): column.statistics[0].values
        for relation in taken.relations
        for column in relation.columns
        if column.name != "id"
    }
    assert values == {
        ("settled", "state"): ("it's off", "on"),
        ("settled", "Mode"): ("dark",),
        ("free_text", "state"): (),
        ("by_two", "state"): (),
        ("unproven", "state"): (),
        ("before", "state"): (),
    }


def test_a_role_without_rights_gets_sizes_and_is_told_the_rest(theatre: Theatre) -> None:
    theatre.connection.execute("create role nobody_special login")
    with theatre.loaded.connect("market") as reader:
        reader.autocommit = True
        reader.execute("set session authorization nobody_special")
        taken = read_snapshot(reader, values=True, ends=True)
        orders = taken.relation(ORDERS)
        assert orders is not None
        assert orders.rows == 6000
        assert all(column.statistics == () for column in orders.columns)
        assert all(column.low is None for column in orders.columns)
        told = " ".join(missing_in(taken))
        assert "nobody_special may not SELECT" in told
        assert "heights of indexes (a superuser" in told
        assert "extended statistics of others' tables (mcv_place, orders_place)" in told
    # Where all is given, nothing is said.
    assert list(missing_in(theatre.snapshot())) == []
    theatre.connection.execute("grant pg_read_all_data to nobody_special")
    with theatre.loaded.connect("market") as reader:
        reader.autocommit = True
        reader.execute("set session authorization nobody_special")
        orders = read_snapshot(reader, values=True, ends=True).relation(ORDERS)
        assert orders is not None
        assert orders.columns[0].high == "6000"
    theatre.connection.execute("drop owned by nobody_special; drop role nobody_special")


def test_it_does_not_write(theatre: Theatre) -> None:
    def moved() -> bool:
        before = theatre.connection.execute("select pg_current_wal_insert_lsn()").fetchone()
        theatre.snapshot()
        return theatre.connection.execute("select pg_current_wal_insert_lsn()").fetchone() != before

    # The background writer notes the running transactions every 15 s at most, whoever does what.
    assert not all(moved() for _ in range(3))


def test_it_does_not_wait_for_a_table_that_is_locked(theatre: Theatre) -> None:
    with theatre.loaded.connect("market") as holder:
        holder.autocommit = False
        holder.execute("lock table orders in access exclusive mode")
        with pytest.raises(MachineError, match="lock timeout") as told:
            snapshot_from(theatre.loaded.conninfo("market"))
        assert "longer than a second" in str(told.value)
        holder.rollback()
