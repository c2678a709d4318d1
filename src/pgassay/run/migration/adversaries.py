"""The part `adversaries`: rows that break a new demand are planted, and the revision is run."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pgassay.core.case import Trial
from pgassay.core.errors import SchemaError, TrialError
from pgassay.core.finding import Finding, Severity
from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.history.adversary import KIND, Adversary
from pgassay.history.adversary import adversaries as derived
from pgassay.postgres.session import PipelineSession
from pgassay.rows.insertion import inserts
from pgassay.rows.maker import RowMaker
from pgassay.rows.rules import Verdict
from pgassay.rows.unsatisfiable import Unsatisfiable
from pgassay.rows.values import Place
from pgassay.run.migration.parts import framed
from pgassay.run.migration.performed import performed
from pgassay.run.trial import Runnable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgassay.core.catalog import Table
    from pgassay.core.event import Event
    from pgassay.core.statement import Value
    from pgassay.rows.row import Row
    from pgassay.run.migration.ground import Ground


def adversaries(ground: Ground) -> Iterator[Event]:
    """Try every new demand of the revisions with a row that breaks it."""
    yield from framed(ground, "adversaries", performed(ground, _trials(ground)))


def _trials(ground: Ground) -> Iterator[Runnable]:
    try:
        after = ground.after
    except SchemaError as error:
        yield _stuck(ground, error)
        return
    for adversary in derived(ground.before, after):
        yield Runnable(
            trial=Trial(
                kind=KIND,
                subject=adversary.subject,
                title=f"the upgrade meets {adversary.what}",
            ),
            perform=partial(_perform, ground, adversary),
        )


def _stuck(ground: Ground, error: SchemaError) -> Runnable:
    """Return the trial that tells why nothing can be tried."""

    def perform() -> Iterator[Finding]:
        raise TrialError(
            f"the upgrade fails without any row: {error.found}",
            where=error.where,
            why="what it demands of rows is not known",
        )

    subject = Subject(object=ground.selection.label)
    trial = Trial(kind=KIND, subject=subject, title="the upgrade runs without rows")
    return Runnable(trial=trial, perform=perform)


def _perform(ground: Ground, adversary: Adversary) -> Iterator[Finding]:
    database = ground.empty()
    try:
        planted = _plant(ground, adversary, database)
        with ground.open(database) as history:
            try:
                for _ in ground.upgrade(history):
                    pass
            except SchemaError as error:
                yield _finding(ground, adversary, planted, error)
    finally:
        ground.drop(database)


def _finding(
    ground: Ground, adversary: Adversary, planted: tuple[Statement, ...], error: SchemaError
) -> Finding:
    return Finding(
        slug=KIND,
        subject=adversary.subject,
        title=f"the upgrade fails on {adversary.what}",
        found=error.found,
        expected=f"no such row in production, or a revision that mends it: {adversary.promise}",
        why="it was allowed until now, and the first one stops the deployment",
        fix=f"-- look in production before the deployment:\n{adversary.query}",
        evidence=tuple(one.script() for one in planted),
        severity=Severity.WARNING,
        source=error.where or ground.selection.revisions[-1].path,
        discriminator=adversary.what,
    )


def _plant(ground: Ground, adversary: Adversary, database: str) -> tuple[Statement, ...]:
    """Put the rows in place, and see that the query for production finds them.

    Raises:
        TrialError: such a row cannot be made.
    """
    with ground.server.connect(database) as connection:
        session = PipelineSession(connection)
        try:
            rows = _rows(ground, adversary, session)
            statements = (*_lifted(adversary), *inserts(rows), *_put_back(adversary))
        except Unsatisfiable as failure:
            raise _unmade(adversary, str(failure)) from failure
        whole = (Statement("begin"), *statements, Statement("commit"))
        for statement, reply in zip(whole, session.run_all(whole), strict=True):
            if reply.refusal:
                session.run(Statement("rollback"))
                raise _unmade(adversary, f"{statement.script()}: {reply.refusal.message}")
        reply = session.run(Statement(adversary.query.rstrip(";")))
        if reply.refusal or not reply.rows:
            said = reply.refusal.message if reply.refusal else "the query does not find it"
            raise _unmade(adversary, said)
    return statements


def _unmade(adversary: Adversary, why: str) -> TrialError:
    return TrialError(
        f"{adversary.what} could not be put in place: {why}",
        why=f"whether the upgrade meets it is not known; look for it: {adversary.query}",
    )


def _rows(ground: Ground, adversary: Adversary, session: PipelineSession) -> tuple[Row, ...]:
    """Return valid rows but for what the adversary breaks, parents first."""
    maker = RowMaker(ground.before, ask=session)
    table = adversary.table
    if adversary.alike:
        return _alike(maker, table, adversary.alike)
    if adversary.check is not None:
        return _breaking(ground, maker, adversary)
    *parents, row = maker.graph(table)
    if adversary.away:
        there = row.table
        row = row.with_values(
            {
                name: maker.types.value(
                    there.column(name).type,
                    Place(
                        label=name,
                        position=there.column(name).position,
                        number=adversary.number_away,
                    ),
                )
                for name in adversary.away
            }
        )
        return (*parents, row)
    return (*parents, row.with_values(adversary.changes or {}))


def _alike(maker: RowMaker, table: Table, columns: tuple[str, ...]) -> tuple[Row, ...]:
    """Return two rows of a table that have these columns alike, and both with their parents."""
    first = maker.graph(table)
    shared = {name: first[-1].values[name] or _some(maker, table, name) for name in columns}
    one = first[-1].with_values(shared)
    second = maker.graph(table, 1, values=shared)
    known = {(row.table.name, tuple(sorted(row.values.items()))) for row in first}
    more = [
        row for row in second if (row.table.name, tuple(sorted(row.values.items()))) not in known
    ]
    return (*first[:-1], one, *more)


def _some(maker: RowMaker, table: Table, name: str) -> Value:
    return maker.value(table, table.column(name))


def _breaking(ground: Ground, maker: RowMaker, adversary: Adversary) -> tuple[Row, ...]:
    """Return a row for which a CHECK of the new schema is false, as the server says."""
    assert adversary.check is not None
    database = ground.empty()
    try:
        with ground.open(database) as history:
            for _ in ground.upgrade(history):
                pass
        with ground.server.connect(database) as connection:
            later = RowMaker(ground.after, ask=PipelineSession(connection))
            there = ground.after.table(adversary.table.name)
            rules = later.rules(there)
            wish = later.wish(there, 0, {}, optional=True)
            found: Mapping[str, Value] | None = None
            for rule, trials in rules.trials(wish, wish.base):
                if rule.name == adversary.check.name and rule.domain is None:
                    found = next((t.values for t in trials if t.verdict is Verdict.FALSE), None)
    finally:
        ground.drop(database)
    if found is None:
        raise _unmade(adversary, "no value was found for which it is false")
    *parents, row = maker.graph(adversary.table)
    return (*parents, row.with_values(found))


def _lifted(adversary: Adversary) -> tuple[Statement, ...]:
    if adversary.lifted is None:
        return ()
    table, name = adversary.table.name.sql, quote(adversary.lifted.name)
    return (Statement(f"alter table {table} drop constraint {name}"),)


def _put_back(adversary: Adversary) -> tuple[Statement, ...]:
    """Return what puts a constraint back as it stood: NOT VALID, so that it spares the row."""
    if adversary.lifted is None:
        return ()
    table, name = adversary.table.name.sql, quote(adversary.lifted.name)
    definition = adversary.lifted.definition
    tail = "" if definition.rstrip().endswith("NOT VALID") else " not valid"
    return (Statement(f"alter table {table} add constraint {name} {definition}{tail}"),)
