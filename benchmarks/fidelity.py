"""Fidelity: are plans on the stage those of the loaded database?

    python -m benchmarks.fidelity                          # both systems at small, PostgreSQL 18
    python -m benchmarks.fidelity creativeflow --volume medium
    python -m benchmarks.fidelity creativeflow --postgres 17
    python -m benchmarks.fidelity creativeflow --volume smoke --scale 10 --against small
    python -m benchmarks.fidelity --markdown reports/fidelity.md

A system is loaded. All its hot queries, and generated ones (points, ranges up to and beyond the
ends, lists, joins, orders with a limit, groups), are explained there and, with the same values, on
the stage that its snapshot makes. A plan has the same shape, or the same rows in every node, or the
same costs, rows and widths in every node. Then each ingredient is left out, and the values; without
those, hot queries are also asked with stand-ins of the same role, as `pgassay bench --at` does it.

With --scale, the snapshot of one volume is multiplied and held against another that is really
loaded. Their rows are others, so only hot queries are asked, each with the values that have the
same role (typical, heaviest, absent) where it is asked.
"""

from __future__ import annotations

import argparse
import random
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks.plan_faults import SYSTEMS, request_of
from pgassay.core.names import literal, quote
from pgassay.core.snapshot import Held, Snapshot
from pgassay.core.statement import Statement
from pgassay.plans.places import Places
from pgassay.postgres.explain import Asked, Explainer, QueryRefusedError
from pgassay.postgres.stage import Ingredient
from pgassay.postgres.statistics import read_snapshot
from pgassay.run.bench import queries_of
from pgassay.run.populated import PopulatedStand
from pgassay.run.production import ProductionStand
from pgassay.run.query_bench import QueryBench
from pgassay.run.snapshotting import snapshot_of_volume
from pgassay.run.volume_order import order_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgassay.core.plan import Node, Plan
    from pgassay.core.snapshot import RelationSeen
    from pgassay.plans.query import HotQuery
    from pgassay.run.stand import Request

_KINDS = ("point", "range", "beyond", "list", "order", "group", "null", "either")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One statement and how it is explained."""

    name: str
    statement: Statement
    how: Asked


@dataclass(slots=True, kw_only=True)
class Score:
    """How many plans are alike, and which are not."""

    name: str
    asked: int = 0
    shape: int = 0
    rows: int = 0
    costs: int = 0
    seconds: float = 0.0
    worst: float = 1.0
    others: list[str]

    def row(self) -> str:
        """Return the line of a table."""
        return (
            f"| {self.name} | {self.asked} | {self.shape} | {self.rows} | {self.costs} "
            f"| {self.worst:,.3g} | {self.seconds:.2f} |"
        )


HEAD = (
    "| stage | plans | same shape | and rows | identical | worst cost ratio | s |",
    "|---|---:|---:|---:|---:|---:|---:|",
)


def generated(snapshot: Snapshot, number: int, seed: int) -> Iterator[Asking]:
    """Yield statements about tables and columns that have statistics, from a seed."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    tables = [r for r in snapshot.relations if r.parent is None and r.kind is not Held.FOREIGN]
    tables = [r for r in tables if _known(r)]
    how = Asked(analyze=False, parallel=True)
    for count in range(number):
        table = draw.choice(tables)
        kind = _KINDS[count % len(_KINDS)]
        sql = _one(table, kind, draw)
        if draw.random() < 0.4:  # noqa: PLR2004 - some of them
            other = draw.choice(tables)
            mine, theirs = draw.choice(_known(table)), None
            theirs = next((c for c in _known(other) if c[1] == mine[1] and other != table), None)
            if theirs is not None and kind in ("point", "range", "list"):
                joined = (
                    f" join {other.name.sql} o on o.{quote(theirs[0])} = t.{quote(mine[0])} where "
                )
                sql = sql.replace(" where ", joined, 1).replace("select *", "select t.*, o.*")
        yield Asking(name=f"{kind} {count} on {table.name}", statement=Statement(sql), how=how)


def _known(table: RelationSeen) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    """Return name, type, common values and bounds of columns that have any."""
    found = []
    for column in table.columns:
        statistics = column.of(inherited=table.kind is Held.PARTITIONED)
        if statistics is not None and (statistics.bounds or statistics.values):
            found.append((column.name, column.type, statistics.values, statistics.bounds))
    return found


def _one(table: RelationSeen, kind: str, draw: random.Random) -> str:
    name, type_, values, bounds = draw.choice(_known(table))
    some = [*values, *bounds]

    def value() -> str:
        return f"{literal(draw.choice(some))}::{type_}"

    column, of = f"t.{quote(name)}", f"from {table.name.sql} t"
    ends = bounds or values
    low, high = literal(ends[0]), literal(ends[-1])
    statements: Mapping[str, str] = {
        "point": f"select * {of} where {column} = {value()}",
        "range": f"select * {of} where {column} between least({value()}, {value()}) and {value()}",
        "beyond": f"select count(*) {of} where {column} > {high}::{type_}"
        f" or {column} < {low}::{type_}",
        "list": f"select * {of} where {column} in ({value()}, {value()}, {value()})",
        "order": f"select * {of} where {column} >= {value()} order by {column} limit 20",
        "group": f"select {column}, count(*) {of} group by 1 order by 2 desc limit 10",
        "null": f"select count(*) {of} where {column} is not null and {column} <> {value()}",
        "either": f"select * {of} where {column} = {value()} or {column} > {value()} limit 100",
    }
    return statements[kind]


def plans(explainer: Explainer, askings: Sequence[Asking]) -> dict[str, Plan]:
    """Return the plan of each statement that is not refused."""
    found = {}
    for asking in askings:
        try:
            found[asking.name] = explainer.plan(asking.statement, asking.how)
        except QueryRefusedError:
            continue  # a type without the operator: refused on both
    return found


def compared(name: str, truth: Mapping[str, Plan], got: Mapping[str, Plan]) -> Score:
    """Return how many plans are alike."""
    score = Score(name=name, others=[])
    for key, plan in truth.items():
        score.asked += 1
        other = got.get(key)
        if other is None:
            score.others.append(f"{key}: not asked on the stage")
            continue
        ours, theirs = list(plan.nodes()), list(other.nodes())
        same = list(map(_what, ours)) == list(map(_what, theirs))
        rows = same and all(_rows(a) == _rows(b) for a, b in zip(ours, theirs, strict=True))
        costs = same and all(a.estimate == b.estimate for a, b in zip(ours, theirs, strict=True))
        score.shape += same
        score.rows += rows
        score.costs += costs
        pair = sorted((max(_cost(plan), 0.01), max(_cost(other), 0.01)))
        score.worst = max(score.worst, pair[1] / pair[0])
        if not costs:
            what = "another plan" if not same else "other costs" if rows else "other rows"
            score.others.append(f"{key}: {what}, cost {_cost(plan):,.2f} and {_cost(other):,.2f}")
    return score


def _what(node: Node) -> tuple[object, ...]:
    return node.type, node.index, node.relation, node.join_type, node.strategy


def _rows(node: Node) -> float | None:
    return node.estimate.rows if node.estimate else None


def _cost(plan: Plan) -> float:
    return plan.root.estimate.total_cost if plan.root.estimate else 0.0


def examined(
    request: Request, *, volume: str, against: str, scale: float, number: int
) -> tuple[str, list[Score]]:
    """Return what was loaded, and the scores of every way to make a stage of it."""
    queries = queries_of(request)
    plain, snapshot = _snapshots(request, volume)
    with PopulatedStand(request, order_of(request, profile=against)) as stand:
        for _ in stand.fill():
            pass
        session = stand.session(stand.clone())
        places = Places(stand.catalogs[stand.proven])
        bench = QueryBench(session, places, kept=request.system.settings)
        hot = _asked(bench, queries)
        same = volume == against and scale == 1
        full = snapshot if volume == against else snapshot_of_volume(stand)
        made = list(generated(full, number, request.seed)) if same else []
        values = {
            (q.query.name, q.run, p.name): value
            for q in bench.questions(queries)
            for p, value in zip(q.query.parameters, q.values, strict=True)
        }
        truth_hot, truth_made = (plans(bench.explainer, some) for some in (hot, made))
        again = stand.clone()
        stand.session(again).run(Statement("analyze"))
        noise = plans(Explainer(stand.session(again)), [*hot, *made])
        server = f"PostgreSQL {stand.server.version}"
    scores = [compared("the loaded one after another ANALYZE", truth_hot | truth_made, noise)]
    ways: list[tuple[str, Snapshot, tuple[Ingredient, ...]]] = [
        ("all", snapshot, ()),
        *((f"without {one}", snapshot, (one,)) for one in Ingredient if same),
        ("without values and ends", plain, (Ingredient.ENDS,)),
    ]
    for name, shown, without in ways:
        started = perf_counter()
        with ProductionStand(request, shown, scale=scale, without=without) as stage:
            explainer = stage.production.explainer(kept=request.system.settings)
            asked = hot if same else _asked(stage.bench(values), queries)
            got_hot, got_made = plans(explainer, asked), plans(explainer, made)
            seconds = perf_counter() - started
            pairs = [("hot", truth_hot, got_hot), ("generated", truth_made, got_made)]
            for kind, truth, got in pairs[: 2 if same else 1]:
                score = compared(f"{name}: {kind}", truth, got)
                score.seconds = seconds
                scores.append(score)
            if shown is plain and same:
                by_role = plans(explainer, _asked(stage.bench(values), queries))
                scores.append(compared(f"{name}, values by role: hot", truth_hot, by_role))
    rows = f"{full.rows:,.0f} rows, {full.size / 2**20:,.0f} MiB"
    times = "" if same else f", staged from {volume}, {scale:g} times"
    return f"{request.system.name} at {against} ({rows}) on {server}{times}", scores


def _asked(bench: QueryBench, queries: Sequence[HotQuery]) -> list[Asking]:
    return [
        Asking(
            name=f"{q.query.name} ({q.asked})",
            statement=q.statement,
            how=replace(q.how, analyze=False, parallel=True),
        )
        for q in bench.questions(queries)
    ]


def _snapshots(request: Request, volume: str) -> tuple[Snapshot, Snapshot]:
    """Return the snapshots of a volume without values, and with everything."""
    with PopulatedStand(request, order_of(request, profile=volume)) as stand:
        for _ in stand.fill():
            pass
        full = snapshot_of_volume(stand)
        with stand.server.connect(stand.clone()) as connection:
            connection.execute("create extension if not exists pageinspect")
            return read_snapshot(connection), full


def main() -> int:
    """Run it; 1 if a hot query's plan has another shape with everything given."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("systems", nargs="*", default=[])
    parser.add_argument("--volume", default="small", help="what the snapshot is taken of")
    parser.add_argument("--against", default="", help="what is loaded (the same)")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--postgres", type=int)
    parser.add_argument("--generated", type=int, default=120)
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true", help="each plan that differs")
    given = parser.parse_args()
    lines: list[str] = []
    bad = 0
    for system in given.systems or SYSTEMS:
        request = replace(request_of(system), postgres=given.postgres)
        head, scores = examined(
            request,
            volume=given.volume,
            against=given.against or given.volume,
            scale=given.scale,
            number=given.generated,
        )
        lines += [head, "", *HEAD, *(score.row() for score in scores), ""]
        print("\n".join(lines[-len(scores) - 5 :]), flush=True)
        for score in scores:
            if given.verbose:
                print("\n".join(f"  {score.name}: {text}" for text in score.others), flush=True)
            if score.name == "all: hot" and given.scale == 1:
                bad += score.asked - score.shape
    if given.markdown:
        given.markdown.parent.mkdir(parents=True, exist_ok=True)
        given.markdown.write_text("\n".join(lines), encoding="utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
