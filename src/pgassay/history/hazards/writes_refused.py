"""A new rule refuses what is written so far.

A constraint holds for the release that still runs from the moment it commits, NOT VALID or not.
Two things show that it does not go with what is written today: the column's own default breaks it,
so that an INSERT which leaves the column out is refused; or rows that are there have a value that
it refuses, so that any UPDATE of such a row is, whichever column it sets.

    alter table orders add check (status in ('paid', 'open')) not valid;    -- the default is 'new'

First the code, and the rows, then the rule. Silent for what asks for a value where there is none:
CHECK (… IS NOT NULL) NOT VALID is how NOT NULL is begun. What the statements of the running release
meet is tried by `pgassay migration --part rolling`. Source: PostgreSQL, ALTER TABLE, NOT VALID.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.finding import Severity
from pgassay.core.names import quote
from pgassay.history import words
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Constraint
    from pgassay.core.finding import Finding
    from pgassay.history.aftermath import RefusedWrites
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield rules that refuse a default, or rows that are there."""
    for one in evidence.aftermath.refused:
        rule = next(c for c in evidence.new[one.table].constraints if c.name == one.rule)
        named = (s for s in evidence.statements if one.rule in s.text)
        told = f"table {one.table.sql}"  # where the server made the name up
        touching = (s for s in evidence.statements if told in s.objects)
        # A CHECK and its default do not go together anywhere; rows, and parents, are those of here.
        certain = one.default is not None and rule.references is None
        yield evidence.finding(
            "writes_refused",
            next(named, None) or next(touching, None),
            one.table,
            "INSERTs that leave the column out are refused"
            if one.default
            else "UPDATEs of rows that are there are refused",
            part=one.rule,
            found="; ".join(_found(evidence, one, rule)),
            expected="a rule that goes with what the running release writes",
            why="an error for users from the moment it commits until the new release is everywhere",
            way=tuple(_way(one, rule)),
            severity=Severity.ERROR if certain else Severity.WARNING,
        )


def _found(evidence: Evidence, one: RefusedWrites, rule: Constraint) -> Iterator[str]:
    if one.default and rule.references is not None:
        yield f"{one.rule}: no row of {rule.references} has what {one.default} gives"
    elif one.default:
        yield f"{one.rule} refuses {one.default}"
    if one.rows:
        total = evidence.trace.rows_of(one.table)
        yield f"{one.rule} refuses what {words.rows(one.rows)} of {total:,} have"
        yield f"in production: {one.query}"


def _way(one: RefusedWrites, rule: Constraint) -> Iterator[Step]:
    alter = f"ALTER TABLE {one.table.sql}"
    for column in rule.columns if one.default else ():
        yield Step(sql=f"{alter} ALTER COLUMN {quote(column)} SET DEFAULT …", locks=True)
    if one.rows:
        mended = f"SET {quote(rule.columns[0])} = … WHERE NOT ({rule.expression})"
        yield Step(sql=f"UPDATE {one.table.sql} {mended}", apart=True)
    definition = rule.definition.removesuffix(" NOT VALID")
    yield Step(
        sql=f"{alter} ADD CONSTRAINT {quote(one.rule)} {definition} NOT VALID",
        apart=True,
        locks=True,
    )
