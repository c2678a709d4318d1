"""A CHECK lets in every value that it allows, and refuses what lies just outside.

What it finds: a CHECK that is missing, not enforced, loosened, tightened or moved by one: a label
added to an IN list, `>` for `>=`, a bound shifted, one side of "exactly one of two" forgotten.

Why it hurts: a loosened CHECK lets in rows that every reader must then expect; a tightened one
makes correct inserts fail in production. NULL passes any CHECK that it makes unknown, which is
how `status in ('a', 'b')` lets NULL in.

Bad::

    check (rating > 1 and rating <= 5)

Good::

    check (rating >= 1 and rating <= 5)

How to fix: add the right one `not valid`, mend the rows that break it, `validate constraint`,
drop the wrong one.

When to ignore: never; change the contract instead.

Reference: https://www.postgresql.org/docs/current/ddl-constraints.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases.boundary import boundary, gaps
from pgassay.cases.confirmation import over_tables
from pgassay.cases.ground import Ground, accepted, refused, shown
from pgassay.core.case import Case, Unproven
from pgassay.core.catalog import ConstraintKind
from pgassay.core.names import quote
from pgassay.rows.solution import TableRules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Constraint
    from pgassay.rows.rules import Rule
    from pgassay.rows.solution import Trial

KIND = "check"
_WHY = "what a CHECK lets in, every reader must expect; what it refuses, no writer can store"


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield values inside and outside of each CHECK, as the contract's own server judges them.

    Literals of the CHECKs that were built are tried as well: a value that only they allow is the
    one that shows a list grown too long.
    """
    return over_tables(KIND, source, _of_table)


def _of_table(ground: Ground) -> Iterator[Case | Unproven]:
    source, table = ground.source, ground.table
    if not table.of_kind(ConstraintKind.CHECK):
        return
    rules = TableRules(table, source.rows.types, source.ask, hints=_as_built(ground))
    wish = source.rows.wish(table, 0, {}, optional=False, references=ground.choices)
    known = {rule.name for rule in rules.rules if rule.domain is None}
    for constraint in table.of_kind(ConstraintKind.CHECK):
        if constraint.enforced and constraint.name not in known:
            yield _unread(ground, constraint)
    for rule, trials in rules.trials(wish, ground.row.values):
        if rule.domain is not None:
            continue
        named = frozenset[str]().union(*(rules.listed(name) for name in rule.columns))
        placed = [t for t in trials if not _moves(ground, t)]
        taken = boundary(placed, named)
        yield from (_case(ground, rule, trial) for trial in taken)
        yield from gaps(KIND, ground.subject(rule.name), rule, placed, taken)


def _as_built(ground: Ground) -> list[Constraint]:
    """Return the CHECKs of the built table that read otherwise."""
    promised = {c.expression for c in ground.table.constraints}
    return [
        constraint
        for table in ground.source.built.tables
        if table.name == ground.table.name
        for constraint in table.of_kind(ConstraintKind.CHECK)
        if constraint.expression not in promised
    ]


def _moves(ground: Ground, trial: Trial) -> bool:
    """Whether a trial would lead the row to a partition that may not be there."""
    return bool(ground.unplaced & trial.values.keys())


def _case(ground: Ground, rule: Rule, trial: Trial) -> Case:
    row = ground.having(trial.values)
    values = ", ".join(f"{quote(name)} {shown(value)}" for name, value in trial.values.items())
    if trial.verdict.passes:
        title, step = f"{values} accepted", accepted(row.insert())
    else:
        title = f"{values} refused"
        step = refused(row.insert(), "23514", constraint=rule.name)
    return Case(
        kind=KIND,
        subject=ground.subject(rule.name),
        title=title,
        needs=ground.needs,
        steps=(step,),
        why=_WHY,
        promise=rule.constraint.definition,
    )


def _unread(ground: Ground, constraint: Constraint) -> Unproven:
    return Unproven(
        kind=KIND,
        subject=ground.subject(constraint.name),
        title="any row",
        reason=f"it names no column that can be written: {constraint.expression}",
    )
