"""When a constraint is checked: at once, when asked, or at the end of the transaction.

Shared by the kinds whose constraints can be deferrable (SET CONSTRAINTS).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.case import Accepted, Case, Refused, Step, Subject
from pgassay.core.names import quote
from pgassay.core.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog, Constraint, Table

_WHY = (
    "a transaction that counts on a check at its end fails half-way if the check comes at once,"
    " and one that counts on a check at once works on with rows that are wrong"
)


def set_constraint(table: Table, constraint: Constraint, when: str) -> Statement:
    """Return SET CONSTRAINTS for one constraint; `when` is `deferred` or `immediate`."""
    name = f"{quote(table.name.schema)}.{quote(constraint.name)}"
    return Statement(f"set constraints {name} {when}")


def violation(constraint: Constraint, table: Table, expect: Refused) -> tuple[Step, ...] | None:
    """Return what proves a violation right after the statement that was accepted.

    None where the statement itself is refused.
    """
    if not constraint.initially_deferred:
        return None
    return (Step(statement=set_constraint(table, constraint, "immediate"), expect=expect),)


def violated(
    table: Table, constraint: Constraint, steps: tuple[Step, ...], expect: Refused
) -> tuple[Step, ...]:
    """Return `steps`, whose last one violates the constraint, with what must happen to it."""
    after = violation(constraint, table, expect)
    last = steps[-1].statement
    if after is None:
        return (*steps[:-1], Step(statement=last, expect=expect))
    return (*steps[:-1], Step(statement=last, expect=Accepted()), *after)


def timings(
    catalog: Catalog,
    kind: str,
    table: Table,
    constraint: Constraint,
    *,
    violating: Case | None,
    expect: Refused,
) -> Iterator[Case]:
    """Yield the cases of a constraint's timing.

    `violating` is a case whose last INSERT or UPDATE violates it, as `violated` made it; None
    where there is no such statement.
    """
    subject = Subject(object=str(table.name), part=constraint.name)
    promise = constraint.definition
    if not constraint.deferrable:
        if _is_alone(catalog, table, constraint):
            refused = Refused(sqlstate="42809")
            asked = set_constraint(table, constraint, "deferred")
            yield Case(
                kind=kind,
                subject=subject,
                title="cannot be deferred",
                steps=(Step(statement=asked, expect=refused),),
                why=_WHY,
                promise=promise,
            )
        return
    if violating is None or not _is_alone(catalog, table, constraint):
        return
    made = [s for s in violating.steps if not s.statement.sql.startswith("set constraints")]
    statements = [step.statement for step in made]
    accepted = tuple(Step(statement=s, expect=Accepted()) for s in statements)
    deferred, immediate = (
        set_constraint(table, constraint, when) for when in ("deferred", "immediate")
    )
    yield Case(
        kind=kind,
        subject=subject,
        title="deferred: accepted until it is asked for",
        needs=violating.needs,
        steps=(
            Step(statement=deferred, expect=Accepted()),
            *accepted,
            Step(statement=immediate, expect=expect),
        ),
        why=_WHY,
        promise=promise,
    )
    if constraint.initially_deferred:
        yield Case(
            kind=kind,
            subject=subject,
            title="immediate: refused at once",
            needs=violating.needs,
            steps=(
                Step(statement=immediate, expect=Accepted()),
                *accepted[:-1],
                Step(statement=statements[-1], expect=expect),
            ),
            why=_WHY,
            promise=promise,
        )


def _is_alone(catalog: Catalog, table: Table, constraint: Constraint) -> bool:
    """Whether SET CONSTRAINTS would find no other: names are unique per table only."""
    return not any(
        other.name == constraint.name
        for there in catalog.tables
        if there.name.schema == table.name.schema and there.name != table.name
        for other in there.constraints
        if not other.inherited
    )
