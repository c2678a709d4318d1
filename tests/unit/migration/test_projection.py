"""What was seen here, at production's size: by what each statement did, and on which table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.core.catalog import Catalog, Index, IndexKey, Table
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
from pgassay.history.projection import Projection

LOG, OTHER = QualifiedName("public", "log"), QualifiedName("public", "other")
INDEX = QualifiedName("public", "log_at")
LOCK = LockTaken(relation=LOG, mode=LockMode.ACCESS_EXCLUSIVE, held=1.0)
AFTER = Catalog(
    major=18,
    tables=(
        Table(
            name=LOG,
            columns=(),
            indexes=(
                Index(name="log_at", method="btree", keys=(IndexKey(column="at"),), definition="…"),
            ),
        ),
    ),
)
HERE = (
    RelationSize(relation=LOG, rows=1_024, bytes=1_000, heap=500),
    RelationSize(relation=OTHER, rows=7, bytes=10, heap=5),
)
# A thousand times the rows, each twice as wide.
THERE = {
    LOG: RelationSize(relation=LOG, rows=1_024_000, bytes=3_000_000, heap=1_000_000),
    OTHER: RelationSize(relation=OTHER, rows=7_000_000, bytes=0),
}


def statement(number: int = 1, seconds: float = 0.004, **seen: object) -> StatementTrace:
    plain = StatementTrace(number=number, text="…", tag="ALTER TABLE", seconds=seconds)
    return replace(plain, **seen)  # type: ignore[arg-type]  # as each test sees it


def projection(*statements: StatementTrace) -> Projection:
    revision = Revision(id="2", parents=(), message="", path="2.py")
    trace = RevisionTrace(revision=revision, statements=statements, sizes=HERE)
    return Projection(trace=trace, there=THERE, after=AFTER)


@pytest.mark.parametrize(
    ("seen", "times"),
    [
        ({"scans": (Scan(relation=LOG, scans=1, rows=1_024),)}, 2_000),
        ({"rewrites": (Rewrite(relation=LOG),)}, 2_000),
        ({"rewrites": (Rewrite(relation=LOG, emptied=True),)}, 1),
        ({"written": (RowsWritten(relation=LOG, updated=9),)}, 1_000),
        # log2(1,024,000) is 19.97, that of 1,024 is 10
        ({"builds": (IndexBuild(index=INDEX, table=LOG),)}, 1_996.6),
        ({"objects": ("index public.log_at",)}, 1_996.6),
        ({"objects": ("index public.of_another_table",)}, 1),
        ({}, 1),
        ({"scans": (Scan(relation=OTHER, scans=1, rows=7),)}, 1),
        ({"tag": "ANALYZE", "scans": (Scan(relation=LOG, scans=1, rows=1_024),)}, 1),
    ],
)
def test_a_statement_takes_longer_by_what_it_was_seen_doing(
    seen: dict[str, object], times: float
) -> None:
    one = statement(**seen)  # type: ignore[arg-type]  # as the case has it

    assert projection(one).seconds(one) == pytest.approx(0.004 * times, rel=1e-4)


def test_what_took_long_and_was_not_seen_working_is_taken_to_work_on_what_it_locks() -> None:
    quick, slow = statement(locks=(LOCK,)), statement(seconds=0.5, locks=(LOCK,))

    assert projection(quick).seconds(quick) == quick.seconds
    assert projection(slow).seconds(slow) == pytest.approx(0.5 * 2_000)


def test_a_lock_lasts_as_long_as_the_work_behind_it_in_its_transaction() -> None:
    scan = (Scan(relation=LOG, scans=1, rows=1_024),)
    taken = statement(1, locks=(LOCK,))
    work = statement(2, 0.01, held=(LOCK,), scans=scan)
    alone = statement(3, 0.01, scans=scan, transaction=2)
    earlier = statement(0, 0.01, scans=scan)
    found = projection(earlier, taken, work, alone)

    assert found.held(LOCK, taken) == pytest.approx(1.0 + 0.01 * 1_999)
    assert found.held(LOCK, work) == found.held(LOCK, taken)
