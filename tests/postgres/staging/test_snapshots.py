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
    before = theatre.connection.execute("select pg_current_wal_insert_lsn()").fetchone()
    theatre.snapshot()
    after = theatre.connection.execute("select pg_current_wal_insert_lsn()").fetchone()
    assert before == after


def test_it_does_not_wait_for_a_table_that_is_locked(theatre: Theatre) -> None:
    with theatre.loaded.connect("market") as holder:
        holder.autocommit = False
        holder.execute("lock table orders in access exclusive mode")
        with pytest.raises(MachineError, match="lock timeout") as told:
            snapshot_from(theatre.loaded.conninfo("market"))
        assert "longer than a second" in str(told.value)
        holder.rollback()
