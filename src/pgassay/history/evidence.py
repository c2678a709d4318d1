"""The evidence: what a revision did, and the catalogs before and after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from pgassay.core.case import Subject
from pgassay.core.finding import Finding, Severity
from pgassay.history import words
from pgassay.history.aftermath import Aftermath
from pgassay.history.projection import TOO_FEW, Projection
from pgassay.history.safe_way import Step, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgassay.core.catalog import Catalog, Constraint, Index, Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.trace import (
        IndexBuild,
        LockMode,
        LockTaken,
        RelationSize,
        RevisionTrace,
        StatementTrace,
    )

FEW = 100  # rows below which whatever is done to a table takes no time worth waiting for
MANY = 1_000  # from here on, work under a lock that others wait for is an error


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What hazards are judged from.

    Args:
        trace: what was seen.
        before: the catalog before the revision.
        after: the one behind it; where it failed, what that left.
        production: how large tables are in production, where a snapshot or a profile says so.
        aftermath: what the server says of the database behind it.
    """

    trace: RevisionTrace
    before: Catalog
    after: Catalog
    production: Mapping[QualifiedName, RelationSize] = field(default_factory=dict)
    aftermath: Aftermath = field(default_factory=Aftermath)

    @cached_property
    def projection(self) -> Projection:
        """What the trace comes to at production's size."""
        return Projection(trace=self.trace, there=self.production, after=self.after)

    @property
    def statements(self) -> tuple[StatementTrace, ...]:
        """The statements, in order."""
        return self.trace.statements

    @cached_property
    def old(self) -> Mapping[QualifiedName, Table]:
        """The tables before, by name."""
        return {table.name: table for table in self.before.tables}

    @cached_property
    def new(self) -> Mapping[QualifiedName, Table]:
        """The tables after, by name; those that were renamed by their earlier name, too."""
        there = {table.name: table for table in self.after.tables}
        return {**{was: there[now] for was, (now, _) in self.renamed.items()}, **there}

    @cached_property
    def renamed(self) -> Mapping[QualifiedName, tuple[QualifiedName, StatementTrace]]:
        """What tables of before are called now, and the statement that did it."""
        there = {table.name: table for table in self.after.tables}
        fresh = [table for table in self.after.tables if table.name not in self.old]
        found: dict[QualifiedName, tuple[QualifiedName, StatementTrace]] = {}
        for table in self.before.tables:
            if table.name in there or table.partition is not None:
                continue
            columns = {column.name for column in table.columns}
            for statement in self.statements:
                now = next(
                    (
                        one.name
                        for one in fresh
                        if statement.tag == "ALTER TABLE"
                        and f"table {one.name.sql}" in statement.objects
                        and columns & {column.name for column in one.columns}
                    ),
                    None,
                )
                if now is not None and f"dropped table {table.name.sql}" not in self._objects:
                    found[table.name] = now, statement
                    break
        return found

    @cached_property
    def _objects(self) -> frozenset[str]:
        return frozenset(one for statement in self.statements for one in statement.objects)

    def kept(self) -> Iterator[tuple[Table, Table]]:
        """Yield the tables that are there before and after."""
        for name, table in self.old.items():
            if name in self.new:
                yield table, self.new[name]

    def rows(self, relation: QualifiedName) -> int:
        """Return how many rows a relation has, here or in production, whichever is more."""
        there = self.production.get(relation)
        return max(self.trace.rows_of(relation), there.rows if there else 0)

    def busy(self, relation: QualifiedName) -> bool:
        """Whether somebody could be made to wait: it was there, and it has more than a few rows."""
        return self.rows(relation) >= FEW

    def root(self, relation: QualifiedName) -> QualifiedName:
        """Return the topmost parent of a partition, or the table itself."""
        table = self.old.get(relation)
        while table is not None and table.partition is not None:
            relation = table.partition.parent
            table = self.old.get(relation)
        return relation

    def written_anew(self, statement: StatementTrace, reason: str) -> list[QualifiedName]:
        """Return tables in use that a statement wrote anew for a reason: roots of partitions."""
        roots = dict.fromkeys(
            self.root(one.relation) for one in statement.rewrites if reason in one.reason
        )
        return [root for root in roots if self.busy(root) and self.stays(root)]

    def stays(self, relation: QualifiedName) -> bool:
        """Whether it is a table of the schema, before and after, by the same name."""
        return relation in self.old and relation in self.new

    def severity(self, relation: QualifiedName) -> Severity:
        """Return how bad work under a lock on that relation is."""
        return Severity.ERROR if self.rows(relation) >= MANY else Severity.WARNING

    def fresh_constraints(self, table: QualifiedName) -> list[Constraint]:
        """Return the constraints of a table that are new, or were not validated before."""
        if table not in self.new:
            return []
        known = {c.name: c for c in self.old[table].constraints} if table in self.old else {}
        return [
            c
            for c in self.new[table].constraints
            if c.name not in known or (c.validated and not known[c.name].validated)
        ]

    def constraint_of(self, build: IndexBuild) -> Constraint | None:
        """Return the constraint that a new index belongs to, if it does."""
        index = self.index_of(build)
        if index is None or index.constraint is None:
            return None
        found = self.new[build.table].constraints
        return next((c for c in found if c.name == index.constraint), None)

    def index_of(self, build: IndexBuild) -> Index | None:
        """Return the index as it stands after the revision."""
        table = self.new.get(build.table)
        found = table.indexes if table else ()
        return next((i for i in found if i.name == build.index.name), None)

    def finding(
        self,
        slug: str,
        statement: StatementTrace | None,
        relation: QualifiedName | None,
        title: str,
        *,
        part: str | None = None,
        found: str = "",
        expected: str = "",
        why: str = "",
        way: Sequence[Step] = (),
        fix: str = "",
        severity: Severity = Severity.WARNING,
    ) -> Finding:
        """Return a finding about one relation, with the statement as its evidence.

        Without `found`, the strongest lock on the relation is told: how long it was held here,
        and how long it would be in production.
        """
        revision = self.trace.revision
        if not found and statement is not None and relation is not None:
            found = self.held(statement, relation)
        return Finding(
            slug=slug,
            subject=Subject(object=str(relation) if relation else revision.id, part=part),
            title=title,
            found=found,
            expected=expected,
            why=why,
            fix=told(way) if way else fix,
            evidence=(f"{words.brief(statement.text)};",) if statement is not None else (),
            severity=severity,
            source=statement.source if statement is not None else revision.path,
            discriminator=revision.id,
        )

    def held(self, statement: StatementTrace, relation: QualifiedName) -> str:
        """Return in words how a statement locks a relation: mode, seconds, rows."""
        size = words.rows(self.trace.rows_of(relation))
        lock = effective(statement, relation)
        if lock is None:
            return f"{size}, {self.took(statement)}"
        if lock in statement.locks:
            held = f"held for {words.seconds(lock.held)}"
        else:
            held = f"held already, for {words.seconds(lock.held)} in all"
        there, here = self.production.get(relation), self.trace.rows_of(relation)
        projected = words.projected(lock.held, self.projection.held(lock, statement), there)
        if there and not projected and here < TOO_FEW <= there.rows:
            projected = f"; {words.rows(here)} are too few to project to {words.rows(there.rows)}"
        return f"{lock.mode.sql} on {relation} ({size}), {held}{projected}"

    def standstills(self) -> Iterator[str]:
        """Yield in words for how long each table would stand still, where that is longer there."""
        longest: dict[QualifiedName, tuple[float, float, LockMode]] = {}
        for statement, lock in self.trace.locks():
            relation = self.root(lock.relation)
            if not lock.mode.blocks_writes or lock.index_of is not None or not self.busy(relation):
                continue
            found = self.projection.held(lock, statement), lock.held, lock.mode
            if relation not in longest or found > longest[relation]:
                longest[relation] = found
        together: dict[tuple[str, str], list[QualifiedName]] = {}
        for relation, (there, here, mode) in longest.items():
            if told := words.projected(here, there):
                who = "reads and writes" if mode.blocks_reads else "writes"
                about = told.removeprefix("; ").removesuffix(" at production's size")
                wait = f"wait {about} instead of {words.seconds(here)}"
                together.setdefault((who, wait), []).append(relation)
        for (who, wait), relations in together.items():
            yield f"{who} of {words.listed(relations)} {wait}"

    def took(self, statement: StatementTrace) -> str:
        """Return in words how long a statement took, and would take in production."""
        projected = words.projected(statement.seconds, self.projection.seconds(statement))
        return f"{words.seconds(statement.seconds)}{projected}"


def effective(statement: StatementTrace, relation: QualifiedName) -> LockTaken | None:
    """Return the strongest lock on a relation while a statement runs, whoever took it."""
    found = [lock for lock in (*statement.locks, *statement.held) if lock.relation == relation]
    return max(found, key=lambda lock: lock.mode.rank, default=None)


def takes(statement: StatementTrace, relation: QualifiedName, least: LockMode) -> bool:
    """Whether a statement itself takes a lock of that strength or more on a relation."""
    return any(
        lock.relation == relation and lock.mode.rank >= least.rank for lock in statement.locks
    )


def has(statement: StatementTrace, relation: QualifiedName, least: LockMode) -> bool:
    """Whether such a lock is held while a statement runs."""
    lock = effective(statement, relation)
    return lock is not None and lock.mode.rank >= least.rank


def strong_locks(statement: StatementTrace) -> list[LockTaken]:
    """Return the new locks on tables that writers, or readers as well, wait for."""
    return [
        lock
        for lock in statement.strongest().values()
        if lock.mode.blocks_writes and lock.index_of is None
    ]


def scanned(statement: StatementTrace, relation: QualifiedName) -> int:
    """Return how many rows of a relation a statement read one after the other."""
    return sum(scan.rows for scan in statement.scans if scan.relation == relation)


def rewrites(statement: StatementTrace, relation: QualifiedName) -> bool:
    """Whether a statement writes a table anew."""
    return any(one.relation == relation for one in statement.rewrites)
