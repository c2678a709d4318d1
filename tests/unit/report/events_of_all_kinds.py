"""A run with an event of every kind that reports draw, and one that is large."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.case import Case, Outcome, Status, Subject, Unproven
from pgassay.core.event import (
    CaseFinished,
    Event,
    FindingMade,
    PhaseFinished,
    QueryMeasured,
    RevisionTraced,
    RunFinished,
    RunStarted,
    StallSeen,
    StandstillTold,
    StatementTraced,
    StatisticsCompared,
    TablePopulated,
    Told,
    TrafficSeen,
)
from pgassay.core.exhibit import (
    DeleteReaches,
    GrowthFitted,
    IndexTried,
    NightBefore,
    PartitionSeen,
    PlanSeen,
    PlanStep,
    QueryWithout,
    Reached,
    TableSeen,
    VolumePoint,
)
from pgassay.core.finding import Finding, Severity
from pgassay.core.names import QualifiedName
from pgassay.core.nearness import ColumnNearness, Measure
from pgassay.core.route import Revision
from pgassay.core.trace import LockMode, LockTaken, RevisionTrace, Rewrite, StatementTrace
from pgassay.core.traffic import Moment, Rate, Scene, Traffic

if TYPE_CHECKING:
    from collections.abc import Iterator


def started(system: str = "shop", command: str = "gate") -> RunStarted:
    return RunStarted(
        command=command, system=system, server="embedded", postgres="18.6", seed=0, version="0"
    )


def passed(system: str, table: str, kind: str, title: str = "kept") -> CaseFinished:
    case = Case(kind=kind, subject=Subject(object=table, part="c"), title=title, steps=())
    return CaseFinished(system=system, outcome=Outcome(case=case, status=Status.PASSED))


def exhibits(name: str = "orders", system: str = "shop") -> Iterator[Event]:
    """Everything that is drawn, about a table, a query and an index of this name."""
    yield TableSeen(system=system, table=name, kind="partitioned", columns=3, partition_key="RANGE")
    yield TableSeen(system=system, table="users", columns=2)
    for month in range(1, 4):
        yield PartitionSeen(
            system=system, table=name, partition=f"{name}_{month}", bound="FOR VALUES …",
            since=f"2026-0{month}-01T00:00:00", until=f"2026-0{month + 1}-01T00:00:00",
            rows=month * 100,
        )  # fmt: skip
    yield PartitionSeen(system=system, table=name, partition=f"{name}_default", bound="DEFAULT")
    reached = Reached(table=name, fate="deleted", columns=("user_id",), key="fk", via="users")
    kept = Reached(table="notes", fate="set null", columns=("by",), key="fk2", via=name)
    yield DeleteReaches(system=system, table="users", reaches=(reached, kept))
    scan = PlanStep(text=f"Seq Scan on {name}", estimated=10, rows=500, read=900, buffers=70,
                    hot=True, details=("Filter: (x > 1)",))  # fmt: skip
    yield PlanSeen(system=system, query=name, asked="typical",
                   root=PlanStep(text="Limit", estimated=10, rows=10, steps=(scan,)))  # fmt: skip
    yield QueryMeasured(
        system=system, query=name, asked="typical",
        figures={"rows": 10.0, "buffers": 70.0, "rows_read": 900.0, "cost": 1.0, "ms": 0.5},
    )  # fmt: skip
    loss = QueryWithout(query=name, asked="typical", buffers=4, without=400, matters=True)
    yield IndexTried(system=system, table=name, index=f"{name}_idx", size=8192, losses=(loss,))
    yield IndexTried(system=system, table=name, index="spare", size=8192)
    points = tuple(VolumePoint(rows=n, returned=1, buffers=n / 10, read=n) for n in (1e3, 1e4, 1e5))
    yield GrowthFitted(system=system, query=name, asked="typical", growth="linear", a=0.0, b=0.1,
                       error=0.01, points=points)  # fmt: skip
    for night, pages in (("2026-11-01T00:00:00", 20.0), ("2026-11-02T00:00:00", 40.0)):
        yield NightBefore(system=system, query=name, asked="typical", at=night, buffers=pages)
    yield TablePopulated(system=system, table=name, rows=9, asked=10, size=8192, index_size=0)
    measures = (Measure("distinct", 10.0, 5.0, 1.0),)
    yield StatisticsCompared(
        system=system, nearness=ColumnNearness(table=name, column="c", measures=measures)
    )
    yield Told(system=system, text=f"told of {name}")


def a_full_run(name: str = "orders") -> list[Event]:
    unproven = Unproven(kind="check", subject=Subject(object=name), title="t", reason="no value")
    partition = Subject(object=f"{name}_1", part="p")
    bad = Case(kind="unique", subject=partition, title="duplicate refused", steps=())
    finding = Finding(
        slug="unique", subject=partition, title="duplicate refused", found="accepted",
        expected="refused", why="w", fix="alter table t add unique (p)", evidence=("insert …;",),
        source="models/shop.py:12", discriminator="duplicate refused", system="shop",
    )  # fmt: skip
    return [
        started(),
        *exhibits(name),
        passed("shop", name, "not_null"),
        passed("shop", "users", "not_null"),
        CaseFinished(
            system="shop",
            outcome=Outcome(case=unproven, status=Status.UNPROVEN, reason="no value"),
        ),
        CaseFinished(
            system="shop", outcome=Outcome(case=bad, status=Status.FAILED, reason="accepted")
        ),
        FindingMade(system="shop", finding=finding),
        PhaseFinished(system="shop", phase="cases", seconds=1.5, counts={"passed": 2}),
        RunFinished(system="shop", passed=False, seconds=2.0),
    ]


def a_migration(name: str = "orders", *, more: int = 0) -> list[Event]:
    relation = QualifiedName("public", name)
    lock = LockTaken(relation=relation, mode=LockMode.ACCESS_EXCLUSIVE, held=1.5)
    weak = LockTaken(relation=QualifiedName("public", "users"), mode=LockMode.ROW_SHARE, held=0.2)
    first = StatementTrace(
        number=1, text=f"alter table {name} …", tag="ALTER TABLE", seconds=1.2, locks=(lock,),
        rewrites=(Rewrite(relation=relation),),
    )  # fmt: skip
    second = StatementTrace(number=2, text="select …", tag="SELECT", begun=1.3, locks=(weak,))
    others = (StatementTrace(number=n + 3, text="…", tag="COMMENT") for n in range(more))
    revision = Revision(id="0002", parents=("0001",), message=f"widen {name}", path="0002.py")
    stall = StallSeen(
        system="shop", revision="0002", scene="short transactions", relation=name,
        mode="AccessExclusiveLock", began=0.1, ended=1.4, longest=1.3, waits=4,
    )  # fmt: skip
    traffic = Traffic(
        scene=Scene.SHORT, seconds=1.5, clients=4, units=8,
        rates={Moment.BEFORE: Rate(seconds=1.0, finished=200)},
    )  # fmt: skip
    return [
        started(command="migration"),
        StatementTraced(system="shop", revision="0002", statement=first),
        RevisionTraced(
            system="shop",
            trace=RevisionTrace(
                revision=revision, statements=(first, second, *others), seconds=1.5
            ),
        ),
        TrafficSeen(system="shop", revision="0002", traffic=traffic),
        stall,
        StandstillTold(system="shop", revision="0002", headline=f"{name} stands still for 1.3 s"),
        RunFinished(system="shop", passed=True, seconds=2.0),
    ]


def a_large_run(cases: int = 5_000, findings: int = 200) -> Iterator[Event]:
    """As many cases and findings as a page has to stand."""
    yield started("large")
    tables = [f"table_{number:03}" for number in range(150)]
    for table in tables:
        yield TableSeen(system="large", table=table, columns=12)
    for number in range(cases):
        table, kind = tables[number % 150], f"kind_{number // 150 % 20:02}"
        yield passed("large", table, kind, f"value {number} is kept as it was written")
    for number in range(findings):
        yield FindingMade(
            system="large",
            finding=Finding(
                slug=f"slug_{number % 7}",
                subject=Subject(object=tables[number % 150], part=f"column_{number}"),
                title=f"value {number} was accepted",
                found="accepted, although the contract forbids it",
                expected="refused with 23514 by a check",
                why="what is written wrong is read wrong",
                fix=f"alter table {tables[number % 150]} add check (column_{number} > 0);",
                evidence=("begin;", *(f"insert into t values ({n});" for n in range(20))),
                severity=list(Severity)[number % 3],
                discriminator=str(number),
            ),
        )
    yield RunFinished(system="large", passed=False, seconds=9.0)
