"""Row-level security: each role sees, changes and adds the rows that the policies let it.

What it finds
    A policy that is missing, speaks of another command or role, or has another condition; row
    security that is not enabled on a table that has policies. Two rows are put in place, one
    that the policies show and one that they hide where such a pair can be found, and every
    command is tried on both. What must happen is what happens on the contract's own database.

Why it hurts
    One tenant reads another's rows, and nothing fails: no test without the role sees it.

Bad example
    CREATE POLICY ... and no ALTER TABLE ... ENABLE ROW LEVEL SECURITY: it is stored and ignored.

Good example
    ALTER TABLE documents ENABLE ROW LEVEL SECURITY, and a policy for each role and command.

How to fix
    CREATE POLICY ..., ALTER POLICY ..., ALTER TABLE ... ENABLE ROW LEVEL SECURITY

When to ignore
    Never: if the policy is not wanted, the models are wrong.

Reference
    PostgreSQL documentation: Row Security Policies; CREATE POLICY.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgassay.cases.oracle import observed, steps_like
from pgassay.cases.population import Population
from pgassay.cases.predicate import mentioned, values_where
from pgassay.cases.privilege import roles
from pgassay.cases.survey import where
from pgassay.core.case import Case, Subject, Unproven
from pgassay.core.names import literal, quote
from pgassay.core.statement import Statement
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Policy, Table
    from pgassay.core.statement import Reply, Value
    from pgassay.rows.row import Row

_KIND = "row_security"
_WHY = "one tenant reads or changes another's rows, and nothing fails"
_SETTING = re.compile(r"current_setting\('((?:[^']|'')+)'(?:::text)?(?:, (?:true|false))?\)")
_SELF = re.compile(r"\b(CURRENT_USER|SESSION_USER|current_user|session_user)\b(\(\))?")


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield what each role may see and do in every table with policies."""
    for table in source.contract.roots():
        if not table.policies:
            continue
        concerned = _roles(source, table)
        if not concerned:
            yield _unproven(table, None, "no role is named that the policies could restrict")
        for role in concerned:
            try:
                yield from _Restricted(source, table, role).cases()
            except Unsatisfiable as failure:
                yield _unproven(table, role, str(failure))


def _roles(source: Source, table: Table) -> tuple[str, ...]:
    """Return the roles whose rows differ: those of policies, for PUBLIC every one with a grant."""
    named = {role for policy in table.policies for role in policy.roles}
    if "PUBLIC" in named:
        granted = {p.grantee for p in table.privileges}
        granted |= {p.grantee for column in table.columns for p in column.privileges}
        named |= granted & set(roles(source.contract))
    return tuple(sorted(named - {"PUBLIC"}))


class _Restricted:
    """One role and one table: two rows, and the commands that are tried on them."""

    def __init__(self, source: Source, table: Table, role: str) -> None:
        self._source, self._table, self._role = source, table, role
        self._mine = [p for p in table.policies if role in p.roles or "PUBLIC" in p.roles]
        self._population = Population(source.rows)
        first = self._population.add(table)
        self._settings = self._chosen(first)
        self._shown = self._placed(first, holds=True)
        self._hidden = self._placed(None, holds=False)

    def cases(self) -> Iterator[Case | Unproven]:
        become = Statement(f"set local role {quote(self._role)}")
        opening = [
            Statement("select pg_catalog.set_config($1, $2, true)", (name, value))
            for name, value in self._settings.items()
        ]
        tried = {name: (*opening, become, statement) for name, statement in self._statements()}
        ask, needs = self._source.ask, self._population.needs()
        answered = observed(ask, needs, list(tried.values()))
        off = Statement(f"alter table {self._table.name.sql} disable row level security")
        unrestricted = observed(ask, (*needs, off), list(tried.values()))
        if answered is None or unrestricted is None:
            reason = "the contract's own database refuses the rows that it needs"
            yield _unproven(self._table, self._role, reason)
            return
        if answered == unrestricted:
            reason = "no row was found on which the policies make a difference"
            yield _unproven(self._table, self._role, reason)
        for (name, statements), answers in zip(tried.items(), answered, strict=True):
            yield Case(
                kind=_KIND,
                subject=Subject(object=str(self._table.name)),
                title=f"{quote(self._role)}: {name}: {_worded(answers)}",
                needs=needs,
                steps=steps_like(statements, answers),
                why=_WHY,
                promise="; ".join(_described(policy) for policy in self._mine),
            )

    def _statements(self) -> Iterator[tuple[str, Statement]]:
        name = self._table.name.sql
        column = next(c.name for c in self._table.columns if c.generated is None)
        for word, row in (("one row", self._shown), ("another row", self._hidden)):
            values: list[Value] = []
            found = where(self._table, row.values, values)
            given = tuple(values)
            yield f"SELECT of {word}", Statement(f"select 1 from {name} where {found}", given)
            new = f"${len(given) + 1}"
            sql = f"update {name} set {quote(column)} = {new} where {found}"
            yield f"UPDATE of {word}", Statement(sql, (*given, row.values[column]))
            yield f"DELETE of {word}", Statement(f"delete from {name} where {found}", given)
        for word, row in (("one row", self._shown), ("another row", self._hidden)):
            fork = self._population.fork()
            same = {c: row.values.get(c) for c in self._deciding()}
            fork.add(self._table, values=same, twin=True)
            yield f"INSERT like {word}", fork.rows[-1].insert()

    def _deciding(self) -> list[str]:
        """Return the columns that the policies look at."""
        text = " ".join(f"{policy.using or ''} {policy.check or ''}" for policy in self._mine)
        keys = {c for key in self._table.constraints if key.index for c in key.columns}
        referring = {c for key in self._table.foreign_keys for c in key.columns}
        found = mentioned(self._table, text)
        return [c for c in found if c not in keys or c in referring]

    def _placed(self, row: Row | None, *, holds: bool) -> Row:
        """Return a row that the policies show, or hide, added to the population if need be."""
        condition = self._condition()
        if row is not None and (not condition or self._holds(condition, row.values)):
            return row
        table = self._table
        fixed: dict[str, Value] = {}
        if condition:
            try:
                number = self._population.number(table)
                fixed = values_where(self._source, table, condition, holds=holds, number=number)
            except Unsatisfiable:
                fixed = {}
        parents = {} if fixed else self._other_parents()
        return self._population.add(table, values=fixed, parents=parents)

    def _other_parents(self) -> dict[str, Row]:
        return {
            key.name: self._population.add(self._source.rows.table(key.references))
            for key in self._table.foreign_keys
            if not self._source.rows.optional(self._table, key)
        }

    def _chosen(self, row: Row) -> dict[str, str]:
        """Return values for the settings the policies read: such that the row is shown, if any."""
        text = " ".join(f"{p.using or ''} {p.check or ''}" for p in self._mine)
        named = dict.fromkeys(name.replace("''", "'") for name in _SETTING.findall(text))
        columns = mentioned(self._table, text)
        tries = [v for c in columns if (v := row.values.get(c)) is not None]
        best: dict[str, str] = {}
        for value in (*tries, self._role):
            self._settings = dict.fromkeys(named, value)
            best = best or self._settings
            condition = self._condition()
            if named and condition and self._holds(condition, row.values):
                return self._settings
        return best

    def _condition(self) -> str:
        """Return what a row must satisfy to be seen, with the settings and the role written in."""
        reading = [p for p in self._mine if p.command in ("ALL", "SELECT") and p.using]
        permissive = [f"({p.using})" for p in reading if p.permissive]
        restrictive = [f"({p.using})" for p in reading if not p.permissive]
        if not permissive:
            return ""
        text = " and ".join([f"({' or '.join(permissive)})", *restrictive])
        text = _SETTING.sub(
            lambda found: f"({literal(self._settings.get(found[1], ''))}::text)", text
        )
        return _SELF.sub(f"({literal(self._role)}::name)", text)

    def _holds(self, condition: str, values: Mapping[str, Value]) -> bool:
        columns = mentioned(self._table, condition)
        shown = ", ".join(
            f"${at}::{self._table.column(c).type.sql} as {quote(c)}"
            for at, c in enumerate(columns, 1)
        )
        source = f" from (select {shown}) as one_row" if shown else ""
        statement = Statement(
            f"select coalesce({condition}, false){source}",
            tuple(values.get(c) for c in columns),
        )
        rows = self._source.ask.run(statement).rows
        return bool(rows) and rows[0][0] == "t"


def _worded(answers: Sequence[Reply]) -> str:
    last = answers[-1]
    if last.refusal:
        return "refused"
    return f"{last.count} row{'' if last.count == 1 else 's'}"


def _described(policy: Policy) -> str:
    parts = [f"policy {quote(policy.name)} for {policy.command} to {', '.join(policy.roles)}"]
    parts += [f"using ({policy.using})"] if policy.using else []
    parts += [f"with check ({policy.check})"] if policy.check else []
    return " ".join(parts)


def _unproven(table: Table, role: str | None, reason: str) -> Unproven:
    title = f"{quote(role)} is restricted" if role else "roles are restricted"
    return Unproven(kind=_KIND, subject=Subject(object=str(table.name)), title=title, reason=reason)
