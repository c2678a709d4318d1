"""A trace as people read it."""

from __future__ import annotations

from pgassay.core.names import QualifiedName
from pgassay.core.route import Revision
from pgassay.core.trace import (
    IndexBuild,
    LockMode,
    LockTaken,
    RelationSize,
    RevisionTrace,
    Rewrite,
    RowsWritten,
    Scan,
    StatementTrace,
)
from pgassay.report.trace import trace_lines

ORDERS = QualifiedName("public", "orders")
INDEX = QualifiedName("public", "orders_pkey")
REVISION = Revision(id="0002", parents=("0001",), message="widen", path="versions/0002.py")


def told(*statements: StatementTrace, verbose: bool = False) -> list[str]:
    trace = RevisionTrace(
        revision=REVISION,
        statements=statements,
        seconds=1.5,
        transactions=(1.5,),
        wal=2048,
        sizes=(RelationSize(relation=ORDERS, rows=4_000, bytes=1),),
    )
    return [line for line, _ in trace_lines(trace, verbose=verbose)]


def test_a_statement_is_told_with_what_it_did() -> None:
    statement = StatementTrace(
        number=1,
        text="alter table orders\n  alter id type bigint",
        tag="ALTER TABLE",
        seconds=1.2,
        wal=1_500_000,
        locks=(
            LockTaken(relation=ORDERS, mode=LockMode.SHARE, held=1.4),
            LockTaken(relation=ORDERS, mode=LockMode.ACCESS_EXCLUSIVE, held=1.4),
            LockTaken(relation=INDEX, mode=LockMode.ACCESS_EXCLUSIVE, held=1.4, index_of=ORDERS),
        ),
        rewrites=(
            Rewrite(relation=ORDERS, reason="column type"),
            Rewrite(relation=INDEX, index_of=ORDERS),
        ),
        scans=(Scan(relation=ORDERS, scans=2, rows=8_000),),
    )

    assert told(statement) == [
        "",
        '  0002 "widen"',
        "  1 statement in 1 transaction, 1.50 s, WAL 2.0 kB",
        f"    1  {'alter table orders alter id type bigint':<58}   1.20 s{'1.4 MB':>25}",
        "         ACCESS EXCLUSIVE on orders, 1.40 s: reads and writes wait",
        "         writes anew orders, 4,000 rows (column type)",
    ]


def test_statements_that_touch_nothing_of_before_are_counted() -> None:
    quiet = StatementTrace(number=1, text="create table a (id integer)", tag="CREATE TABLE")

    assert told(quiet, quiet)[-1] == "       2 statements that nobody waits for"
    assert len(told(quiet, quiet, verbose=True)) == 5


def test_a_failure_is_told_in_the_servers_words() -> None:
    bad = StatementTrace(number=1, text="x", tag="x", error="no (SQLSTATE 42601)", waited_for="y")

    assert told(bad)[-2:] == [
        "         failed: no (SQLSTATE 42601)",
        "         was cancelled: it waited for y",
    ]


def test_builds_and_rows_are_told() -> None:
    statement = StatementTrace(
        number=1,
        text="do",
        tag="DO",
        builds=(IndexBuild(index=INDEX, table=ORDERS, concurrently=True, valid=False),),
        scans=(Scan(relation=ORDERS, scans=1, rows=4_000),),
        written=(RowsWritten(relation=ORDERS, inserted=1, updated=2, deleted=3),),
    )

    assert told(statement)[-3:] == [
        "         builds orders_pkey on orders (4,000 rows) concurrently, INVALID",
        "         reads orders: 4,000 rows",
        "         writes orders: 6 rows",
    ]
