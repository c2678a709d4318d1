"""The mutation study: every fault that can be generated, and who sees it.

    python -m benchmarks.faults --system creativeflow
    python -m benchmarks.faults --system creativeflow --sample 200 --seed 1 --operator index-
    python -m benchmarks.faults --system pulse --sample 2000 --seed 1 --markdown study.md
    python -m benchmarks.faults --system creativeflow --repeat 10

Each fault is planted on a fresh copy of what the migrations built. PostgreSQL may refuse it; drift
reads the catalog; the derived cases run, those of the same object first, until one is not passed.
A fault whose explanation says that no behaviour can change meets the cases of its object alone.
A sample takes from every operator in turn, and from every part of the models (a module is one).
With `--repeat` nothing is planted: drift and all cases, in random order, must be silent.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import random
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from pgassay.cases.derivation import kinds
from pgassay.cases.second_opinion import second_opinion
from pgassay.core.case import Case, Status
from pgassay.core.config import load_config
from pgassay.core.finding import Severity
from pgassay.core.statement import Statement
from pgassay.drift.compare import compare
from pgassay.faults.fault import Fault, generate
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.catalog.fixpoint import ServerFixpoint
from pgassay.postgres.session import PipelineSession
from pgassay.rows.maker import RowMaker
from pgassay.run.drift import BUILDERS, drift_policy
from pgassay.run.routes import CONTRACT
from pgassay.run.stand import Request, Stand
from pgassay.sqla.modules import table_modules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from psycopg import Connection

    from pgassay.core.case import Outcome, Unproven
    from pgassay.core.catalog import Catalog
    from pgassay.core.statement import Refusal

_BEGIN, _COMMIT, _ROLLBACK = Statement("begin"), Statement("commit"), Statement("rollback")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one fault.

    Args:
        name, operator, sql, explained: the fault's.
        part: the part of the models that its object belongs to.
        refused: what PostgreSQL said, SQLSTATE first, if it did not take the fault.
        drift: the title of the first finding of drift; empty where it saw none.
        case: the first case that was not passed, and why; empty where all were.
        broken: an exception of the harness itself: a defect of it.
        seconds: how long it took.
    """

    name: str
    operator: str
    sql: str
    explained: str
    part: str = ""
    refused: str = ""
    drift: str = ""
    case: str = ""
    broken: str = ""
    seconds: float = 0.0

    @property
    def planted(self) -> bool:
        """Whether PostgreSQL took it."""
        return not self.refused

    @property
    def survives_drift(self) -> bool:
        """Whether drift did not see it."""
        return self.planted and not self.drift

    @property
    def survives_cases(self) -> bool:
        """Whether behaviour must have changed and no case told."""
        return self.planted and not self.case and not self.explained

    @property
    def unexplained(self) -> bool:
        """Whether it tells of a gap: of drift, of the cases, or a defect."""
        unseen = self.survives_drift and not self.explained
        return bool(self.broken) or unseen or self.survives_cases


class Study:
    """Plants faults on copies of one system's database."""

    def __init__(self, stand: Stand) -> None:
        """Derive the cases once."""
        self._stand = stand
        self._built = stand.catalogs[stand.proven]
        self._cases = [c for c in stand.cases() if isinstance(c, Case)]
        self._shape = _shape(self._built)
        self._trial = stand.session(stand.clone())
        self._books = stand.bookkeeping
        self._builder = BUILDERS[stand.proven]
        self._policy = drift_policy(stand, self._builder)
        # one connection for all faults: the server remembers the tables that it has looked at
        self._contract = stand.connect(stand.lent(CONTRACT))
        self._tables = {table.name: table for table in stand.contract.tables}
        self.parts = parts_of(stand)
        # what is there by now stays, and need not be looked through for garbage again
        gc.freeze()

    @property
    def faults(self) -> list[Fault]:
        """Every fault of what the migrations built, siblings among partitions left out."""
        return representative(list(generate(self._built)), self._built)

    def examine(self, fault: Fault) -> Result:
        """Plant one fault and return who saw it."""
        started = perf_counter()
        result = Result(
            name=fault.name,
            operator=fault.operator,
            sql=" ".join(statement.script() for statement in fault.statements),
            explained=fault.explained,
            part=self.parts.get(fault.subject.object, _NO_PART),
        )
        refusal = self.refusal(fault)
        if refusal is not None:
            result = replace(result, refused=f"{refusal.sqlstate} {refusal.message}")
        else:
            try:
                with self._copy() as database:
                    result = self._seen(fault, database, result)
            except Exception as error:  # noqa: BLE001 - any is a defect to be told with its fault
                result = replace(result, broken=f"{type(error).__name__}: {error}")
        return replace(result, seconds=perf_counter() - started)

    def refusal(self, fault: Fault) -> Refusal | None:
        """Plant a fault in a transaction that is taken back; return why PostgreSQL refuses it."""
        replies = self._trial.run_all([_BEGIN, *fault.statements, _ROLLBACK])
        return next((reply.refusal for reply in replies if reply.refusal), None)

    def silent(self, order: random.Random) -> list[str]:
        """Return what is told where nothing was planted, cases in random order."""
        with self._copy() as database:
            cases = list(self._cases)
            order.shuffle(cases)
            with self._stand.server.connect(database) as connection:
                told = self._drift(self._read(connection))
                for outcome in PipelineSession(connection).run_cases(cases):
                    if outcome.status is not Status.PASSED:
                        told.append(f"{outcome.case.name}: {outcome.reason}")
        return told

    @contextmanager
    def _copy(self) -> Iterator[str]:
        database = self._stand.clone()
        try:
            yield database
        finally:
            self._stand.server.drop_database(database)

    def _seen(self, fault: Fault, database: str, result: Result) -> Result:
        with self._stand.server.connect(database) as connection:
            session = PipelineSession(connection)
            replies = session.run_all([_BEGIN, *fault.statements, _COMMIT])
            refusal = next((reply.refusal for reply in replies if reply.refusal), None)
            if refusal is not None:  # at COMMIT
                return replace(result, refused=f"{refusal.sqlstate} {refusal.message}")
            faulty = self._read(connection)
            told = self._drift(faulty)
            result = replace(result, drift=told[0] if told else "")
            return replace(result, case=self._behaviour(fault, faulty, session))

    def _read(self, connection: Connection[Any]) -> Catalog:
        """Read a catalog; what is as promised is the promised object itself, equal at a glance."""
        found = read_catalog(connection, exclude=self._books)
        tables = tuple(t if self._tables.get(t.name) != t else self._tables[t.name]
                       for t in found.tables)  # fmt: skip
        return replace(found, tables=tables)

    def _drift(self, faulty: Catalog) -> list[str]:
        with self._contract.transaction(force_rollback=True):
            findings = compare(
                self._stand.contract,
                faulty,
                fixpoint=ServerFixpoint(self._contract),
                promised_by=BUILDERS[CONTRACT],
                built_by=self._builder,
                policy=self._policy,
            )
        return [f"{f.subject}: {f.title}" for f in findings if f.severity is Severity.ERROR]

    def _behaviour(self, fault: Fault, faulty: Catalog, session: PipelineSession) -> str:
        """Return the first case that was not passed.

        Cases depend on the database they run against, a little: which partitions there are, which
        literals its CHECKs name. So a fault that changes what partitions there are, and one that
        the cases of the right database let pass, gets cases of its own.
        """
        subject = fault.subject.object
        own = [c for c in self._cases if c.subject.object == subject]
        same = _shape(faulty) == self._shape
        if fault.explained:
            return self._first(session, own) if same else ""
        if same:
            rest = [c for c in self._cases if c.subject.object != subject]
            found = self._first(session, own) or self._first(session, rest)
            if found:
                return found
        cases = sorted(self._derived(faulty), key=lambda case: case.subject.object != subject)
        failing = next((c for c in cases if not isinstance(c, Case) and c.fails), None)
        if failing is not None:
            return f"{failing.name}: {failing.reason}"
        return self._first(session, [c for c in cases if isinstance(c, Case)])

    def _derived(self, faulty: Catalog) -> list[Case | Unproven]:
        source = self._stand.source
        rows = RowMaker(source.contract, ask=source.ask, built=faulty)
        source = replace(source, rows=rows, built=faulty)
        return [case for kind in kinds().values() for case in kind.derive(source)]

    def _first(self, session: PipelineSession, cases: Iterable[Case]) -> str:
        for outcome in session.run_cases(cases):
            if outcome.status is Status.PASSED:
                continue
            judged: Outcome = second_opinion(self._stand.source.ask, outcome)
            red = judged.status is not Status.UNPROVEN or getattr(judged.case, "fails", False)
            if red:
                return f"{judged.case.name}: {judged.reason}"
        return ""


def _shape(catalog: Catalog) -> list[object]:
    """Return what cases know of partitions: which there are, and the names of what they have."""
    return [
        (t.name, t.partition, [i.name for i in t.indexes], [c.name for c in t.constraints])
        for t in catalog.tables
        if t.partition
    ]


def representative(faults: Sequence[Fault], catalog: Catalog) -> list[Fault]:
    """Leave out what is planted on one month after another: one of each table stands for them.

    Faults of which partitions there are and where their bounds lie are kept for all of them.
    """
    alike: set[str] = set()
    for table in catalog.tables:
        parts = [
            p
            for p in catalog.partitions_of(table.name)
            if p.partition and not p.partition.is_default
        ]
        alike |= {str(p.name) for p in parts[:1] + parts[2:]}
    return [
        f for f in faults if f.subject.object not in alike or f.operator.startswith("partition")
    ]


_NO_PART = "(none)"


def parts_of(stand: Stand) -> dict[str, str]:
    """Return which part of the models each table and each enum type belongs to.

    A part is a module that describes tables; an enum type belongs to the first that uses it.
    """
    request, contract = stand.request, stand.contract
    root = request.system.root or request.config.root
    modules = table_modules(request.system.metadata, root) if request.system.metadata else []
    titles = {table: module.title for module in modules for table in module.tables}
    found: dict[str, str] = {}
    for table in contract.tables:
        own = table.partition.parent.name if table.partition else table.name.name
        title = titles.get(own, _NO_PART)
        found[str(table.name)] = title
        for column in table.columns:
            found.setdefault(str(column.type.name), title)
    return found


def chosen(
    faults: Sequence[Fault],
    *,
    operator: str = "",
    sample: int | None = None,
    seed: int = 0,
    parts: Mapping[str, str] | None = None,
) -> list[int]:
    """Return the positions of the faults to examine.

    A sample takes from every operator in turn; of its faults, one of the part of the models that
    was taken from least.
    """
    wanted = [n for n, fault in enumerate(faults) if fault.operator.startswith(operator)]
    if sample is None or sample >= len(wanted):
        return wanted
    random.Random(seed).shuffle(wanted)  # noqa: S311 - a sample, no secret
    left: dict[str, list[int]] = {}
    for n in wanted:
        left.setdefault(faults[n].operator, []).append(n)
    taken: Counter[str] = Counter()
    found: list[int] = []
    while len(found) < sample:
        for own in left.values():
            if own and len(found) < sample:
                titles = [(parts or {}).get(faults[n].subject.object, _NO_PART) for n in own]
                at = min(range(len(own)), key=lambda n: taken[titles[n]])
                taken[titles[at]] += 1
                found.append(own.pop(at))
    return found


def table(results: Sequence[Result], *, by: str = "operator") -> list[str]:
    """Return the table as Markdown, a line for each operator, or for each `part`."""
    heads = ("generated", "refused", "drift", "case", "explained", "not drift", "not case")
    lines = [f"| {by} | {' | '.join(heads)} |", f"|---|{'--:|' * len(heads)}"]
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(getattr(result, by), []).append(result)
    for title, group in [*sorted(groups.items()), ("**all**", list(results))]:
        cells = (
            len(group),
            sum(bool(r.refused) for r in group),
            sum(bool(r.drift) for r in group),
            sum(bool(r.case) for r in group),
            sum(r.planted and bool(r.explained) and not r.case for r in group),
            sum(r.survives_drift for r in group),
            sum(r.survives_cases for r in group),
        )
        lines.append(f"| {title} | {' | '.join(map(str, cells))} |")
    return lines


def survivors(results: Sequence[Result]) -> list[str]:
    """Return every fault that somebody should have seen, in words."""
    lines = []
    for result in results:
        if result.broken:
            lines.append(f"BROKEN   {result.name}: {result.broken}")
        if result.survives_drift:
            lines.append(f"NO DRIFT {result.name} ({result.explained or 'UNEXPLAINED'})")
        if result.survives_cases:
            lines.append(f"NO CASE  {result.name}")
    return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    system: str
    config: Path
    operator: str
    sample: int | None
    seed: int
    workers: int
    server: str | None
    postgres: int | None

    def stand(self) -> Stand:
        config = load_config(self.config)
        return Stand(
            Request(
                config=config,
                system=config.systems[self.system],
                today=datetime.now(UTC).date(),
                server=self.server,
                postgres=self.postgres,
            )
        )


def _work(order: _Order, number: int, results: multiprocessing.Queue[Result | None]) -> None:
    """Examine every n-th of the chosen faults and put what became of them in the queue."""
    try:
        with order.stand() as stand:
            study = Study(stand)
            faults = study.faults
            positions = chosen(
                faults,
                operator=order.operator,
                sample=order.sample,
                seed=order.seed,
                parts=study.parts,
            )
            for position in positions[number :: order.workers]:
                results.put(study.examine(faults[position]))
    finally:
        results.put(None)


def _collect(order: _Order) -> list[Result]:
    context = multiprocessing.get_context("spawn")
    queue: multiprocessing.Queue[Result | None] = context.Queue()
    workers = [
        context.Process(target=_work, args=(order, number, queue))
        for number in range(order.workers)
    ]
    for worker in workers:
        worker.start()
    found: list[Result] = []
    open_ends, started = len(workers), perf_counter()
    while open_ends:
        result = queue.get()
        if result is None:
            open_ends -= 1
            continue
        found.append(result)
        for line in survivors([result]):
            print(line, flush=True)
        if len(found) % 100 == 0:
            seconds = perf_counter() - started
            print(f"{len(found)} faults, {seconds:.0f} s", file=sys.stderr, flush=True)
    for worker in workers:
        worker.join()
    return sorted(found, key=lambda result: result.name)


def _repeat(order: _Order, times: int) -> int:
    told: list[str] = []
    with order.stand() as stand:
        study = Study(stand)
        for time in range(times):
            now = study.silent(random.Random(order.seed + time))  # noqa: S311 - no secret
            print(f"{time + 1}: {len(now)} told", flush=True)
            told += now
    print(*told, sep="\n")
    return 1 if told else 0


def main() -> int:
    """Run the study; 1 where a fault survives unexplained, or one is told without a fault."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--system", default="creativeflow")
    parser.add_argument("--config", type=Path, default=Path())
    parser.add_argument("--operator", default="", help="faults whose operator begins so")
    parser.add_argument("--sample", type=int, help="as many, in turns from every operator")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--server", help="auto, container, embedded, system or a URL")
    parser.add_argument("--postgres", type=int, help="the major version")
    parser.add_argument("--json", type=Path, help="write every result")
    parser.add_argument("--markdown", type=Path, help="write the table and the survivors")
    parser.add_argument("--repeat", type=int, metavar="TIMES", help="plant nothing, so often")
    given = vars(parser.parse_args())
    json_file, markdown, repeat = (given.pop(n) for n in ("json", "markdown", "repeat"))
    order = _Order(**given)
    if repeat:
        return _repeat(order, repeat)
    started = perf_counter()
    results = _collect(order)
    lines = [*table(results), "", *table(results, by="part"), ""]
    left = survivors(results)
    told = f"{len(results)} faults, {perf_counter() - started:.0f} s, {len(left)} told below"
    print(*lines, told, sep="\n")
    if json_file:
        json_file.write_text(json.dumps([asdict(r) for r in results], indent=1))
    if markdown:
        markdown.write_text("\n".join([*lines, told, "", *(f"- {line}" for line in left), ""]))
    return 1 if any(r.unexplained for r in results) else 0


if __name__ == "__main__":
    sys.exit(main())
