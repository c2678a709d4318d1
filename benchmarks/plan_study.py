"""Plants one plan fault after the other and asks the hot queries; see `benchmarks.plan_faults`.

Nothing here knows a system: a study needs volumes, the queries and their files.
"""

from __future__ import annotations

import tempfile
import tomllib
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psycopg

from pgassay.core.errors import ConfigError
from pgassay.core.finding import Severity
from pgassay.core.names import literal, quote
from pgassay.plans.baseline import compare, entry_of
from pgassay.plans.growth import Point, judge_growth
from pgassay.plans.judgement import judge
from pgassay.plans.measure import total_buffers
from pgassay.plans.places import Places
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.explain import QueryRefusedError
from pgassay.postgres.session import PipelineSession
from pgassay.run.bench import compiler
from pgassay.run.bench_growth import point_of
from pgassay.run.query_bench import QueryBench, refused
from pgassay.run.query_files import check_names, read_query

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pgassay.core.catalog import Catalog
    from pgassay.core.finding import Finding
    from pgassay.core.names import QualifiedName
    from pgassay.plans.baseline import Entry
    from pgassay.plans.ground import Measured
    from pgassay.plans.query import HotQuery
    from pgassay.postgres.servers import Server
    from pgassay.run.populated import PopulatedStand
    from pgassay.run.query_bench import Question

_KEYS = frozenset(("kind", "query", "sql", "settings", "find", "put", "equivalent"))
_DIFFERENT = 1.05  # cost or buffers that differ by less are the same
_JUDGED = 1  # the second volume: where expectations and baseline are judged
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFault:
    """One thing that makes plans worse.

    Args:
        kind: what sort of mistake it is.
        query: the hot query that it is aimed at.
        sql: what plants it in a database.
        settings: what it sets for the database.
        find, put: what it puts in place of what in the query's file.
        equivalent: why it costs nothing, where it is known to.
    """

    kind: str
    query: str
    sql: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    find: str = ""
    put: str = ""
    equivalent: str = ""

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.kind}: {self.query}"


def read_faults(path: Path) -> tuple[PlanFault, ...]:
    """Return the faults of a file.

    Raises:
        ConfigError: an entry is unknown, or a fault plants nothing.
    """
    found = []
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["fault"]:
        if unknown := set(entry) - _KEYS:
            raise ConfigError(f"unknown entry {min(unknown)}", where=str(path))
        fault = PlanFault(**entry)
        if not (fault.sql or fault.settings or fault.find):
            raise ConfigError(f"{fault.name} plants nothing", where=str(path))
        found.append(fault)
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Who saw a fault.

    Args:
        fault: the fault.
        real: what became of the cost of some plan, in words; empty if nothing did.
        expectation, baseline, growth: the titles of the errors of each.
        other: what the baseline only warns of.
        refused: what the server says against the fault itself: a defect of its description.
    """

    fault: PlanFault
    real: str = ""
    expectation: tuple[str, ...] = ()
    baseline: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    growth: tuple[str, ...] = ()
    refused: str = ""

    @property
    def ways(self) -> tuple[str, ...]:
        """What turns the bench red."""
        return tuple(n for n in ("expectation", "baseline", "growth") if getattr(self, n))

    @property
    def survives(self) -> bool:
        """Whether a plan became worse and nobody tells."""
        return bool(self.real) and not self.ways and not self.other


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A populated database that is copied for each fault."""

    server: Server
    database: str
    books: frozenset[QualifiedName] = frozenset()
    kept: Collection[str] = ()

    @classmethod
    def of(cls, stand: PopulatedStand) -> Volume:
        """Return the volume of a stand that is filled."""
        return cls(
            server=stand.server,
            database=stand.volume,
            books=stand.bookkeeping,
            kept=tuple(stand.request.system.settings),
        )

    @contextmanager
    def copy(self, fault: PlanFault | None = None) -> Iterator[QueryBench]:
        """Lend a bench on a copy in which a fault is planted."""
        name = self.server.create_database(f"faulty_{next(_NUMBERS)}", template=self.database)
        try:
            if fault is not None:
                self._plant(fault, name)
            with self.server.connect(name) as connection:
                places = Places(self._read(name))
                yield QueryBench(PipelineSession(connection), places, kept=self.kept)
        finally:
            self.server.drop_database(name)

    def _plant(self, fault: PlanFault, database: str) -> None:
        with self.server.connect(database) as connection:
            connection.execute("set session_replication_role = replica")
            if fault.sql:
                for statement in fault.sql.split(";\n"):
                    connection.execute(statement.encode())
            for setting, value in fault.settings.items():
                change = f"alter database {quote(database)} set {setting} = {literal(value)}"
                connection.execute(change.encode())

    def _read(self, database: str) -> Catalog:
        with self.server.connect(database) as connection:
            return read_catalog(connection, exclude=self.books)


@dataclass(slots=True)
class Asked:
    """What some queries came to on one database."""

    plans: dict[tuple[str, str], tuple[Question, Measured, Entry]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    points: dict[tuple[str, str], Point] = field(default_factory=dict)

    @property
    def told(self) -> frozenset[str]:
        """The fingerprints of what was found."""
        return frozenset(finding.fingerprint for finding in self.findings)


def ask(bench: QueryBench, queries: Iterable[HotQuery], *, judged: bool) -> Asked:
    """Ask queries on one database; hold the plans against their headers where asked to."""
    found = Asked()
    known = []
    for query in queries:
        try:
            check_names(query, bench.places)
        except ConfigError as error:
            found.findings.append(_unknown(query, error))
            query = replace(query, expectations=())  # noqa: PLW2901 - asked without what it names
        known.append(query)
    for question in bench.questions(known):
        try:
            measured = bench.measured(question)
        except QueryRefusedError as error:
            found.findings.append(refused(question, error))
            continue
        key = (question.query.name, question.asked)
        entry = entry_of(question.query, measured, bench.places)
        found.plans[key] = (question, measured, entry)
        found.points[key] = point_of(measured, bench)
        if judged:
            verdict = judge(question.query, measured, bench.places, bench.sizes)
            found.findings += verdict.findings
    return found


def _unknown(query: HotQuery, error: ConfigError) -> Finding:
    from pgassay.core.case import Subject  # noqa: PLC0415 - beside its only use
    from pgassay.core.finding import Finding  # noqa: PLC0415 - as above

    return Finding(
        slug="plan",
        subject=Subject(object=query.name),
        title=error.found,
        found=str(error),
        expected="what the header names",
        why=query.why,
    )


class Study:
    """Examines faults on copies of a system's volumes.

    Args:
        volumes: from the smallest to the largest; expectations are judged at the second.
        queries: the hot queries.
        folder: where their files are.
        root: the project's folder.
    """

    def __init__(
        self, volumes: Sequence[Volume], queries: Sequence[HotQuery], folder: Path, root: Path
    ) -> None:
        self._volumes, self._folder, self._root = volumes, folder, root
        self._queries = {query.name: query for query in queries}
        self._right: list[Asked] = []
        for number, volume in enumerate(volumes):
            with volume.copy() as bench:
                self._right.append(ask(bench, queries, judged=number == _JUDGED))
        self._tables = self._read_tables()

    @property
    def told(self) -> list[Finding]:
        """What is told where nothing was planted."""
        growth = [f for query in self._queries.values() for f in self._growth(query, self._right)]
        return [*self._right[_JUDGED].findings, *growth]

    def examine(self, fault: PlanFault) -> Result:
        """Plant one fault and return who sees it."""
        try:
            return self._examine(fault)
        except psycopg.Error as error:
            return Result(fault=fault, refused=str(error).splitlines()[0])

    def _examine(self, fault: PlanFault) -> Result:
        if fault.query not in self._queries:
            raise ConfigError(f"{fault.name}: there is no such query")
        planted = fault if fault.sql or fault.settings else None
        aim = self._rewritten(fault) if fault.find else self._queries[fault.query]
        around = [aim]
        if planted:
            around = [aim if q.name == aim.name else q for q in self._beside(fault.query)]
        asked: list[Asked] = []
        result = Result(fault=fault)
        for number, volume in enumerate(self._volumes):
            judged = number == _JUDGED
            with volume.copy(planted) as bench:
                found = ask(bench, around if judged else [aim], judged=judged)
                asked.append(found)
                if judged:
                    result = self._judged(result, found)
        if not result.real and (largest := self._largest(asked[-1], -1)):
            result = replace(result, real=f"at the largest volume {largest}")
        titles = tuple(f.title for f in self._growth(aim, asked))
        usual = {f.title for f in self._growth(self._queries[aim.name], self._right)}
        return replace(result, growth=tuple(t for t in titles if t not in usual))

    def _judged(self, result: Result, found: Asked) -> Result:
        right = self._right[_JUDGED]
        new = [f for f in found.findings if f.fingerprint not in right.told]
        errors, warnings = [], []
        for key, (question, measured, entry) in found.plans.items():
            if key not in right.plans:
                continue
            _, _, then = right.plans[key]
            for finding in compare(then, entry, question.query, measured):
                bad = finding.severity is Severity.ERROR
                (errors if bad else warnings).append(f"{key[0]}: {finding.title}: {finding.found}")
        real = self._largest(found, _JUDGED)
        if not real and (gone := next((f for f in new if "cancelled" in f.title), None)):
            real = f"{gone.subject}: {gone.title}"
        return replace(
            result,
            real=real,
            expectation=tuple(f"{f.subject}: {f.title}" for f in new),
            baseline=tuple(errors),
            other=tuple(warnings),
        )

    def _largest(self, found: Asked, volume: int) -> str:
        """Return in words the largest change of a plan at a volume; empty if there is none."""
        changes = [
            _change(self._right[volume].plans[key][1], measured, f"{key[0]} ({key[1]})")
            for key, (_, measured, _) in found.plans.items()
            if key in self._right[volume].plans
        ]
        largest = max(changes, default=_Change())
        return f"{largest.of}: {largest.told}" if largest.factor > _DIFFERENT else ""

    def _growth(self, query: HotQuery, asked: Sequence[Asked]) -> Iterator[Finding]:
        keys = [key for key in asked[0].points if key[0] == query.name]
        for key in keys:
            points = [some.points[key] for some in asked if key in some.points]
            if len({point.rows for point in points}) == len(self._volumes):
                run = key[1].split(",")[0]
                yield from judge_growth(query, run, points, asked=key[1])

    def _beside(self, name: str) -> list[HotQuery]:
        tables = self._tables.get(name, frozenset())
        return [q for q in self._queries.values() if self._tables[q.name] & tables]

    def _read_tables(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {name: set() for name in self._queries}
        with self._volumes[_JUDGED].copy() as bench:
            for (name, _), (_, measured, _) in self._right[_JUDGED].plans.items():
                for node in measured.plan.nodes():
                    if node.relation:
                        found[name].add(str(bench.places.root(node.relation)))
        return {name: frozenset(tables) for name, tables in found.items()}

    def _rewritten(self, fault: PlanFault) -> HotQuery:
        path = self._folder / f"{fault.query}.sql"
        text = path.read_text(encoding="utf-8")
        if text.count(fault.find) != 1:
            raise ConfigError(f"{fault.name}: {fault.find!r} is not in the file just once")
        with tempfile.TemporaryDirectory(prefix="pgassay-") as folder:
            copy = Path(folder) / path.name
            copy.write_text(text.replace(fault.find, fault.put), encoding="utf-8")
            return read_query(copy, self._root, compiler(self._root))


class _Change(NamedTuple):
    """How one plan differs from what it was; the largest is the one that costs most.

    Buffers are counted, costs are the planner's guess: any change of buffers comes before them,
    and what became worse before what became better.
    """

    worse: bool = False
    counted: bool = False
    factor: float = 1.0
    told: str = ""
    of: str = ""


def _change(before: Measured, now: Measured, of: str) -> _Change:
    buffers = (total_buffers(before.plan).shared, total_buffers(now.plan).shared)
    costs = (_cost(before), _cost(now))
    for counted, pair, told in (
        (True, buffers, f"{buffers[0]:,} → {buffers[1]:,} buffers"),
        (False, costs, f"cost {costs[0]:,.0f} → {costs[1]:,.0f}"),
    ):
        factor = max(*pair, 1.0) / max(min(pair), 1.0)
        if factor > _DIFFERENT:
            return _Change(pair[1] > pair[0], counted, factor, told, of)
    return _Change()


def _cost(measured: Measured) -> float:
    estimate = measured.plan.root.estimate
    return estimate.total_cost if estimate else 0.0
