"""Properties of rows as trials: two for each table, one for the history of related tables."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from hypothesis import strategies as st

from pgassay.cases.referential import Edge, edges
from pgassay.core.case import Subject, Trial
from pgassay.core.catalog import TableKind
from pgassay.core.finding import Finding, Severity
from pgassay.properties.falsified import Falsified, falsify
from pgassay.properties.history import History
from pgassay.properties.kinship import related_tables
from pgassay.properties.rows import (
    Ground,
    any_row,
    breaches,
    free_columns,
    refused_for_that_reason,
    stored_as_promised,
)
from pgassay.rows.unsatisfiable import Unsatisfiable
from pgassay.run.trial import Runnable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pgassay.core.catalog import Table
    from pgassay.core.statement import Session
    from pgassay.run.stand import Stand

T = TypeVar("T")
_SHORT, _LONG = 5, 300  # examples per table
_SHORT_HISTORIES, _LONG_HISTORIES = 20, 2_000  # over all groups of related tables
_FEW_HISTORIES = 4  # of one group
_STORED = "any accepted row is read back equal"
_BROKEN = "any row broken in one way is refused for it"
_HISTORY = "any history of inserts, updates and deletes ends as the keys say"


def property_trials(stand: Stand) -> Iterator[Runnable]:
    """Yield the trials of every table that rows can be put into."""
    # Also of a populated stand: any row that is drawn might have a key of one that is there.
    session = stand.session(stand.clone(stand.proven))
    for table in stand.source.contract.roots():
        if table.kind is TableKind.FOREIGN:
            continue
        subject = Subject(object=str(table.name))
        for title, prove in (
            (_STORED, _stored),
            (_BROKEN, _refused),
        ):
            yield Runnable(
                trial=Trial(kind="property", subject=subject, title=title),
                perform=partial(prove, stand, table, session),
            )
    known = edges(stand.source.contract)
    groups = related_tables(stand.source.contract, known)
    for number, tables in enumerate(groups, 1):
        subject = _related(tables, known, number)
        yield Runnable(
            trial=Trial(kind="property", subject=subject, title=_HISTORY),
            perform=partial(
                _history, stand, subject, tables, session, known=known, groups=len(groups)
            ),
        )


def _related(tables: Sequence[Table], known: Sequence[Edge], number: int) -> Subject:
    """Name a group by the table that is referred to most; the first of them without a number."""
    middle = max(tables, key=lambda table: sum(edge.parent == table.name for edge in known))
    again = f" ({number})" if number > 1 else ""
    return Subject(object=f"{middle.name} and {len(tables) - 1} related tables{again}")


def _history(
    stand: Stand,
    subject: Subject,
    tables: Sequence[Table],
    session: Session,
    *,
    known: Sequence[Edge],
    groups: int,
) -> Iterator[Finding]:
    history = History(
        tables=tables,
        known=known,
        rows=stand.source.rows,
        promised=stand.scratch,
        session=session,
        major=stand.server.major,
    )
    if not history.edges:
        return
    thorough = stand.request.thorough
    examples = _LONG_HISTORIES if thorough else _SHORT_HISTORIES
    try:
        history.open()
        counterexample = falsify(
            history.moves(),
            history.prove,
            examples=max(examples // groups, _FEW_HISTORIES),
            seed=stand.request.seed,
            thorough=thorough,
        )
        history.close()
    except Falsified as refused:  # of the rows that every history starts with
        counterexample = refused
    yield from _findings(subject, _HISTORY, counterexample, stand)


def _stored(stand: Stand, table: Table, session: Session) -> Iterator[Finding]:
    ground = _ground(stand, table, session)
    if isinstance(ground, Finding):
        yield ground
        return
    _, left_out = free_columns(ground.catalog, table)
    if left_out:
        yield Finding(
            slug="property",
            subject=Subject(object=str(table.name)),
            title="columns that no value is drawn for",
            found=", ".join(left_out),
            expected="a strategy for each type",
            severity=Severity.INFO,
        )
    ground.open()
    counterexample = _falsify(stand, any_row(ground), partial(stored_as_promised, ground))
    ground.close()
    yield from _findings(
        Subject(object=str(table.name)),
        "any accepted row is read back equal",
        counterexample,
        stand,
    )


def _refused(stand: Stand, table: Table, session: Session) -> Iterator[Finding]:
    ground = _ground(stand, table, session)
    if isinstance(ground, Finding):
        yield ground
        return
    ways = breaches(ground, stand.source.rows.graph(table, 7)[-1])
    if not ways:
        return
    ground.open()
    counterexample = _falsify(
        stand,
        st.tuples(any_row(ground), st.sampled_from(ways)),
        lambda drawn: refused_for_that_reason(ground, *drawn),
    )
    ground.close()
    yield from _findings(Subject(object=str(table.name)), _BROKEN, counterexample, stand)


def _falsify(
    stand: Stand, draw: st.SearchStrategy[T], prove: Callable[[T], None]
) -> Falsified | None:
    thorough = stand.request.thorough
    return falsify(
        draw,
        prove,
        examples=_LONG if thorough else _SHORT,
        seed=stand.request.seed,
        thorough=thorough,
    )


def _ground(stand: Stand, table: Table, session: Session) -> Ground | Finding:
    rows = stand.source.rows
    try:
        graph = rows.graph(table, 5)
    except Unsatisfiable as reason:
        return Finding(
            slug="property",
            subject=Subject(object=str(table.name)),
            title="no row could be made",
            found=reason.found,
            expected="one valid row",
            fix=reason.fix or "",
            severity=Severity.WARNING,
        )
    return Ground(
        catalog=stand.source.contract,
        table=table,
        needs=rows.needs(table, 5),
        base=graph[-1],
        promised=stand.scratch,
        built=session,
    )


def _findings(
    subject: Subject, title: str, counterexample: Falsified | None, stand: Stand
) -> Iterator[Finding]:
    if counterexample is None:
        return
    yield Finding(
        slug="property",
        subject=subject,
        title=title,
        found=counterexample.found,
        expected=counterexample.expected,
        why="code written against the models meets a database that behaves otherwise",
        evidence=(
            f"seed {stand.request.seed}",
            *(statement.script() for statement in counterexample.script),
        ),
        discriminator=title,
    )
