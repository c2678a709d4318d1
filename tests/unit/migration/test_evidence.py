"""How a lock is told: what was seen here, and what it comes to in production."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.core.catalog import Catalog, Partition, Table
from pgassay.core.finding import Severity
from pgassay.core.names import QualifiedName
from pgassay.core.route import Revision
from pgassay.core.trace import LockMode, LockTaken, RelationSize, RevisionTrace, StatementTrace
from pgassay.history.evidence import Evidence, effective

ORDERS, PART = QualifiedName("public", "orders"), QualifiedName("public", "orders_2025")
LOCK = LockTaken(relation=ORDERS, mode=LockMode.ACCESS_EXCLUSIVE, held=0.5)
STATEMENT = StatementTrace(
    number=1, text="alter table orders …", tag="ALTER TABLE", seconds=0.5, locks=(LOCK,)
)
CATALOG = Catalog(
    major=18,
    tables=(
        Table(name=ORDERS, columns=()),
        Table(name=PART, columns=(), partition=Partition(parent=ORDERS, bound="DEFAULT")),
    ),
)


def evidence(rows: int, production: int = 0) -> Evidence:
    revision = Revision(id="0002", parents=(), message="", path="0002.py")
    sizes = (RelationSize(relation=ORDERS, rows=rows, bytes=0),)
    return Evidence(
        trace=RevisionTrace(revision=revision, statements=(STATEMENT,), sizes=sizes),
        before=CATALOG,
        after=CATALOG,
        production=(
            {ORDERS: RelationSize(relation=ORDERS, rows=production, bytes=0)} if production else {}
        ),
    )


def test_a_lock_is_told_with_the_rows_and_how_long_it_was_held() -> None:
    assert evidence(4_000).held(STATEMENT, ORDERS) == (
        "ACCESS EXCLUSIVE on orders (4,000 rows), held for 0.5 s"
    )


def test_it_is_projected_in_proportion_to_productions_rows() -> None:
    assert evidence(4_000, production=4_800_000).held(STATEMENT, ORDERS) == (
        "ACCESS EXCLUSIVE on orders (4,000 rows), held for 0.5 s; about 10 min at 4,800,000 rows"
    )


def test_so_few_rows_that_their_time_says_nothing_are_told_as_such() -> None:
    assert (
        evidence(7, production=4_800_000)
        .held(STATEMENT, ORDERS)
        .endswith("held for 0.5 s; 7 rows are too few to project to 4,800,000 rows")
    )


def test_a_smaller_production_projects_nothing() -> None:
    assert "about" not in evidence(4_000, production=10).held(STATEMENT, ORDERS)


def test_a_lock_of_an_earlier_statement_is_told_as_such() -> None:
    later = replace(STATEMENT, locks=(), held=(LOCK,))

    assert "held already, for 0.5 s in all" in evidence(4_000).held(later, ORDERS)
    assert effective(later, ORDERS) == LOCK


@pytest.mark.parametrize(
    ("rows", "production", "busy", "severity"),
    [
        (0, 0, False, Severity.WARNING),
        (99, 0, False, Severity.WARNING),
        (100, 0, True, Severity.WARNING),
        (1_000, 0, True, Severity.ERROR),
        (5, 1_000, True, Severity.ERROR),
    ],
)
def test_few_rows_are_nothing_and_many_are_an_error(
    rows: int, production: int, busy: bool, severity: Severity
) -> None:
    seen = evidence(rows, production)

    assert (seen.busy(ORDERS), seen.severity(ORDERS)) == (busy, severity)


def test_a_partition_is_told_as_its_root() -> None:
    assert evidence(1).root(PART) == evidence(1).root(ORDERS) == ORDERS


def test_a_finding_is_the_same_on_every_run() -> None:
    finding = evidence(4_000).finding("renamed", STATEMENT, ORDERS, "t", part="id")

    assert finding.fingerprint == "renamed:orders.id:0002"


def test_for_how_long_production_would_stand_still_is_told_once_for_what_waits_alike() -> None:
    seen = evidence(4_000, production=4_800_000)
    users = QualifiedName("public", "users")
    other = replace(LOCK, relation=users)
    trace = replace(
        seen.trace,
        statements=(replace(STATEMENT, locks=(LOCK, other)),),
        sizes=(*seen.trace.sizes, RelationSize(relation=users, rows=500, bytes=0)),
    )

    assert list(replace(seen, trace=trace).standstills()) == [
        "reads and writes of orders, users wait about 10 min instead of 0.5 s"
    ]
    assert list(evidence(4_000).standstills()) == []
