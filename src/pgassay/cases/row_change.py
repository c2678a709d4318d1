"""A stored row can be changed and taken away, as on the contract's own database.

What it finds: what makes an UPDATE or a DELETE touch no row without a word: a rewrite rule
(`DO INSTEAD NOTHING`), a trigger that returns NULL, a trigger that refuses; and a table that the
contract closes to changes and the migrations leave open. What must happen is what happens on the
contract's own database, so an audit log that refuses both is held to just that.

Why it hurts: the application is told that all went well, 0 rows, and the old value stays; or
what was meant to be kept for ever can be deleted.

Bad::

    create rule keep as on delete to orders do instead nothing;  -- left from a migration of data

Good::

    drop rule keep on orders;

How to fix: drop the rule or the trigger that the models do not have, or create the one they have.

When to ignore: never; change the contract instead.

Reference: https://www.postgresql.org/docs/current/rules-update.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases.confirmation import over_tables
from pgassay.cases.oracle import observed, steps_like
from pgassay.cases.survey import where
from pgassay.core.case import Case, Unproven
from pgassay.core.names import quote
from pgassay.core.statement import Statement, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.cases.derivation import Source
    from pgassay.cases.ground import Ground
    from pgassay.core.catalog import Column

KIND = "row_change"
_WHY = "a change that touches no row is told to the application as a success"


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield for every table the update and the delete of one row."""
    yield from over_tables(KIND, source, _of_table)


def _of_table(ground: Ground) -> Iterator[Case | Unproven]:
    column = next(filter(_is_writable, ground.table.columns), None)
    if column is None:
        return
    name, own = ground.table.name.sql, quote(column.name)
    changes = {"changed": f"update {name} set {own} = {own}", "deleted": f"delete from {name}"}
    for title, change in changes.items():
        values: list[Value] = []
        found = where(ground.table, ground.row.values, values)
        statements = (ground.row.insert(), Statement(f"{change} where {found}", tuple(values)))
        answers = observed(ground.source.ask, ground.needs, [statements])
        if answers is None or len(answers[0]) < len(statements):
            reason = "the contract's own database does not take the row"
            subject = ground.subject()
            yield Unproven(kind=KIND, subject=subject, title=title, reason=reason)
            continue
        yield Case(
            kind=KIND,
            subject=ground.subject(),
            title=title,
            needs=ground.needs,
            steps=steps_like(statements, answers[0]),
            why=_WHY,
            promise=f"{change}: as on the contract's own database",
        )


def _is_writable(column: Column) -> bool:
    return column.generated is None and column.identity != "ALWAYS"
