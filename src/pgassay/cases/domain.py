"""A domain lets in what its CHECKs allow, and refuses what lies just outside.

What it finds: a domain whose CHECK, NOT NULL or base type differs from the contract's.

Why it hurts: a domain stands in many tables at once; a loosened one lets bad values into all of
them, a tightened one makes correct inserts fail everywhere.

Bad::

    create domain percent as numeric check (value >= 0);

Good::

    create domain percent as numeric check (value >= 0 and value <= 100);

How to fix: `alter domain percent drop constraint …;` and add the right one NOT VALID, then
`alter domain percent validate constraint …;`

When to ignore: never; change the contract instead.

Reference: https://www.postgresql.org/docs/current/sql-createdomain.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases.boundary import boundary, gaps
from pgassay.cases.confirmation import confirmed
from pgassay.cases.ground import accepted, refused, shown
from pgassay.core.case import Case, Subject, Unproven
from pgassay.core.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.cases.derivation import Source
    from pgassay.core.case import Step
    from pgassay.core.catalog import Domain

KIND = "domain"
_WHY = "a domain stands in many tables: what it lets in, all of them hold"


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield values inside and outside of each CHECK of each domain, and NULL."""
    for domain in source.contract.domains:
        yield from confirmed(source, _of_domain(source, domain))


def _of_domain(source: Source, domain: Domain) -> Iterator[Case | Unproven]:
    types = source.rows.types
    not_null = domain.not_null or any(d.not_null for d in types.domains(domain.type))
    null = _cast(domain, None)
    if not_null:
        yield _case(domain, None, "NULL refused", refused(null, "23502"))
    else:
        yield _case(domain, None, "NULL accepted", accepted(null, None))
    hints = [c for d in source.built.domains if d.name == domain.name for c in d.constraints]
    for rule, trials in source.rows.domain_trials(domain, hints):
        taken = [t for t in boundary(trials, frozenset()) if t.values["value"] is not None]
        for trial in taken:
            value = trial.values["value"]
            if trial.verdict.passes:
                step = accepted(_cast(domain, value))
                yield _case(domain, rule.name, f"{shown(value)} accepted", step)
            else:
                step = refused(_cast(domain, value), "23514", constraint=rule.name)
                yield _case(domain, rule.name, f"{shown(value)} refused", step)
        subject = Subject(object=str(domain.name), part=rule.name)
        yield from gaps(KIND, subject, rule, trials, taken)


def _cast(domain: Domain, value: str | None) -> Statement:
    return Statement(f"select $1::{domain.name.sql}", (value,))


def _case(domain: Domain, part: str | None, title: str, step: Step) -> Case:
    checks = " ".join(c.definition for c in domain.constraints)
    return Case(
        kind=KIND,
        subject=Subject(object=str(domain.name), part=part),
        title=title,
        steps=(step,),
        why=_WHY,
        promise=f"{domain.name} as {domain.type.sql} {checks}".strip(),
    )
