"""A CHECK depends on when or by whom it is asked.

What it finds: a CHECK that calls a function which is not immutable: now() and its relatives,
random(), current_user, current_setting(), nextval(), or a function of this database that is
declared stable or volatile.

Why it hurts: PostgreSQL takes a CHECK to stay true once it was. A row that was right can be wrong
tomorrow: then the dump does not restore, and the next UPDATE of the row fails.

Bad:
    create table voucher (expires timestamptz check (expires > now()));

Good:
    create table voucher (expires timestamptz, issued timestamptz default now(),
        check (expires > issued));

Fix: a rule between columns; or a trigger that asks only when the row is written. The statement
given drops the CHECK.

When to ignore: what is true once stays true, as `born <= current_date` does.

Reference: PostgreSQL documentation, CREATE TABLE, CHECK.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgassay.checks.changing import changing_call, without_words
from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.catalog import ConstraintKind
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Constraint

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the CHECKs that may change their mind, of tables and of domains."""
    mutable = [
        re.compile(rf"(?<![\w.\"]){re.escape(function.name.sql)}\(")
        for function in ground.catalog.functions
        if function.volatility != "immutable" and function.kind == "function"
    ]
    for table in ground.catalog.tables:
        for check in table.of_kind(ConstraintKind.CHECK):
            if not check.inherited and (called := _called(check, mutable)):
                yield _problem(str(table.name), f"table {table.name.sql}", check, called)
    for domain in ground.catalog.domains:
        for check in domain.constraints:
            if called := _called(check, mutable):
                yield _problem(str(domain.name), f"domain {domain.name.sql}", check, called)


def _called(check: Constraint, mutable: list[re.Pattern[str]]) -> str | None:
    text = check.expression or ""
    if called := changing_call(text):
        return called
    text = without_words(text)
    found = next((m for pattern in mutable if (m := pattern.search(text))), None)
    return f"{found[0]})" if found else None


def _problem(holder: str, sql: str, check: Constraint, called: str) -> Problem:
    return Problem(
        subject=Subject(object=holder, part=check.name),
        found=f"{quote(check.name)} calls {called}, which is not immutable",
        expected="a CHECK of the row alone",
        fix=f"alter {sql} drop constraint {quote(check.name)};",
        evidence=(check.definition,),
    )
