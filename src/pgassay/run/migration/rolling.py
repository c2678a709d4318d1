"""Rolling deploy: what the code of before says is put to the schema behind, and the reverse."""

from __future__ import annotations

from contextlib import ExitStack
from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.core.case import Subject, Trial
from pgassay.core.event import Event, Told
from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.history.rolling import SLUG, Broken, judge
from pgassay.plans.places import Places
from pgassay.postgres.session import PipelineSession
from pgassay.rows.maker import RowMaker
from pgassay.run.migration.accepting import Judged, told
from pgassay.run.migration.live import hot_queries
from pgassay.run.migration.parts import framed
from pgassay.run.migration.traffic.application import Application
from pgassay.run.migration.traffic.crowd import asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog, Table, View
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Refusal, Session
    from pgassay.run.migration.ground import Ground
    from pgassay.run.migration.parts import PartEvents

_LIMIT = Statement("set local statement_timeout = '30s'")
_NUMBER = 600  # of the row that is inserted, far from those that are there
_TAKEN = "23505"


def rolling(ground: Ground) -> PartEvents:
    """Put the statements of old code to the new schema and tell which are refused."""
    yield from framed(ground, "rolling", _sides(ground))


def _sides(ground: Ground) -> Iterator[Event]:
    with ExitStack() as stack:

        def session(database: str) -> PipelineSession:
            return PipelineSession(stack.enter_context(ground.server.connect(database)))

        before, after = session(ground.populated(aside=True)), session(ground.upgraded)
        began = perf_counter()
        compared = Comparison(Side(ground.before, before), Side(ground.behind, after))
        broken = compared.broken()
        what = f"tables and views that changed ({len(compared.names)})"
        judged = [_judged(ground, what, broken, perf_counter() - began)]
        if compared.without_insert:
            names = ", ".join(str(name) for name in compared.without_insert)
            yield Told(system=ground.name, text=f"no row was found for an insert into {names}")
        began = perf_counter()
        queries = list(asked(hot_queries(ground), before, Places(ground.before)))
        lost = [
            Broken(
                subject=name, kinds=("query",), statement=statement, refusal=refusal, source=source
            )
            for name, statement, source in queries
            if tried_on(before, statement) is None
            and (refusal := tried_on(after, statement)) is not None
        ]
        if queries:
            what = f"hot queries ({len(queries)})"
            judged.append(_judged(ground, what, lost, perf_counter() - began))
        yield from told(ground, judged, (SLUG,))


def _judged(ground: Ground, what: str, broken: list[Broken], seconds: float) -> Judged:
    subject = Subject(object=ground.selection.label)
    return Judged(
        trial=Trial(kind=SLUG, subject=subject, title=f"old code, new schema: {what}"),
        findings=tuple(judge(broken, ground.selection.label)),
        seconds=seconds,
    )


class Side:
    """One side of a migration: its catalog, a database with rows, the code that knows it."""

    def __init__(self, catalog: Catalog, session: Session) -> None:
        self.catalog, self.session = catalog, session
        self.code = Application(catalog, session, RowMaker(catalog, ask=session))
        self.tables = {table.name: table for table in catalog.roots()}
        self.views = {view.name: view for view in catalog.views}


class Comparison:
    """Old code against the new schema, and new code against the old one where that refuses.

    Attributes:
        names: the tables and views that are tried: those that changed, or all.
        without_insert: tables for which no row was found that their own schema takes.
    """

    def __init__(self, before: Side, after: Side) -> None:
        self._before, self._after = before, after
        self.names = _changed(before.catalog, after.catalog)
        self.without_insert: list[QualifiedName] = []

    def broken(self) -> list[Broken]:
        """Return what old code cannot do any more."""
        found: list[Broken] = []
        for name in self.names:
            refused: dict[str, tuple[Statement, Refusal]] = {}
            for kind, statement in self._statements(self._before, name):
                refusal = tried_on(self._after.session, statement)
                if refusal is not None and refusal.sqlstate != _TAKEN:
                    refused[kind] = (statement, refusal)
            for sqlstate in dict.fromkeys(refusal.sqlstate for _, refusal in refused.values()):
                kinds = tuple(kind for kind, (_, r) in refused.items() if r.sqlstate == sqlstate)
                statement, refusal = refused[kinds[0]]
                found.append(
                    Broken(
                        subject=str(name),
                        kinds=kinds,
                        statement=statement,
                        refusal=refusal,
                        new_runs=self._new_runs(name),
                    )
                )
        return found

    def _statements(self, side: Side, name: QualifiedName) -> Iterator[tuple[str, Statement]]:
        """Yield what code says of a table or a view, as far as its own schema takes it."""
        table = side.tables.get(name)
        if table is None:
            columns = ", ".join(quote(column.name) for column in side.views[name].columns)
            found = [("read", Statement(f"select {columns} from {name.sql} limit 1"))]
        else:
            found = [("read", side.code.read(table))]
            update = side.code.update(table)
            found += [("update", update)] if update else []
            made = side.code.insertion(table, _NUMBER)
            found += [("insert", made.insert)] if made else []
            if made is None and side is self._before:
                self.without_insert.append(name)
        for kind, statement in found:
            if tried_on(side.session, statement) is None:
                yield kind, statement

    def _new_runs(self, name: QualifiedName) -> bool | None:
        """Whether what new code says of a table or a view runs on the old schema."""
        after, before = self._after, self._before
        if name not in after.tables and name not in after.views:
            new = [other for other in after.tables if other not in before.tables]
            return False if new else None
        statements = [s for _, s in self._statements(after, name)]
        refusals = [tried_on(before.session, statement) for statement in statements]
        return all(refusal is None or refusal.sqlstate == _TAKEN for refusal in refusals)


def tried_on(session: Session, *statements: Statement) -> Refusal | None:
    """Run statements, see to all constraints, undo it, and return the first refusal."""
    now = Statement("set constraints all immediate")
    whole = (Statement("begin"), _LIMIT, *statements, now, Statement("rollback"))
    return next((r.refusal for r in session.run_all(whole) if r.refusal), None)


def _changed(before: Catalog, after: Catalog) -> list[QualifiedName]:
    """Return the tables and views whose statements may meet another answer."""
    behind: tuple[Table | View, ...] = (*after.tables, *after.views)
    there = {relation.name: relation for relation in behind}
    mine: tuple[Table | View, ...] = (*before.roots(), *before.views)
    # A type, a function, a right: they may matter to any table.
    rest = any(
        getattr(before, part) != getattr(after, part)
        for part in ("enums", "domains", "composites", "functions")
    )
    return [relation.name for relation in mine if rest or there.get(relation.name) != relation]
