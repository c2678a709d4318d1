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

    from pgassay.core.finding import Finding
    from pgassay.history.aftermath import RefusedWrites
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield rules that refuse a default, or rows that are there."""
    for one in evidence.aftermath.refused:
        statement = next((s for s in evidence.statements if one.rule in s.text), None)
        if statement is None:  # a name that the server made up
            told = f"table {one.table.sql}"
            statement = next((s for s in evidence.statements if told in s.objects), None)
        yield evidence.finding(
            "writes_refused",
            statement,
            one.table,
            "INSERTs that leave the column out are refused"
            if one.default
            else "UPDATEs of rows that are there are refused",
            part=one.rule,
            found=_found(evidence, one),
            expected="a rule that goes with what the running release writes",
            why="an error for users from the moment it commits until the new release is everywhere",
            way=_way(evidence, one),
            severity=_severity(evidence, one),
        )


def _found(evidence: Evidence, one: RefusedWrites) -> str:
    told = [f"{one.rule} refuses {one.default}"] if one.default else []
    if one.rows:
        total = evidence.trace.rows_of(one.table)
        told.append(f"{one.rule} refuses what {words.rows(one.rows)} of {total:,} have; in "
                    f"production: {one.query}")  # fmt: skip
    return "; ".join(told)


def _way(evidence: Evidence, one: RefusedWrites) -> tuple[Step, ...]:
    alter = f"ALTER TABLE {one.table.sql}"
    rule = next(c for c in evidence.new[one.table].constraints if c.name == one.rule)
    definition = rule.definition.removesuffix(" NOT VALID")
    fixes = [
        Step(sql=f"{alter} ALTER COLUMN {quote(column)} SET DEFAULT …", locks=True)
        for column in rule.columns
        if one.default
    ]
    mends = [
        Step(sql=f"UPDATE {one.table.sql} SET {quote(rule.columns[0])} = … WHERE …", apart=True)
        for _ in (rule,)
        if one.rows
    ]
    add = f"{alter} ADD CONSTRAINT {quote(one.rule)} {definition} NOT VALID"
    return (*fixes, *mends, Step(sql=add, apart=True, locks=True))


def _severity(evidence: Evidence, one: RefusedWrites) -> Severity:
    """A CHECK and a default do not go together anywhere; rows, and parents, are those of here."""
    rule = next(c for c in evidence.new[one.table].constraints if c.name == one.rule)
    certain = one.default is not None and rule.references is None
    return Severity.ERROR if certain else Severity.WARNING
