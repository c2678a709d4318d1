"""The CHECKs that a row must pass, and the server that judges candidates against them.

A rule is one CHECK of a table, or of a domain that one of its columns has. Its SQL stands over a
subquery with the table's columns, each cast from text, so that a hundred candidates cost one
statement; a candidate on which evaluation fails makes the batch fall apart into single ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pgassay.core.catalog import ConstraintKind
from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.rows.expression import names
from pgassay.rows.values import array

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgassay.core.catalog import Column, Constraint, Table
    from pgassay.core.statement import Reply, Session, Value
    from pgassay.rows.values import TypeValues


class Verdict(StrEnum):
    """What the server says of a row and a rule. A CHECK passes unless it is false."""

    TRUE = "true"
    UNKNOWN = "unknown"
    FALSE = "false"
    ERROR = "error"

    @property
    def passes(self) -> bool:
        """Whether a row is let through."""
        return self in (Verdict.TRUE, Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One CHECK over columns of one table.

    `text` is the expression as deparsed, `sql` what is evaluated, `columns` the writable columns
    that decide it. `domain` names the column whose domain the CHECK belongs to.
    """

    constraint: Constraint
    text: str
    sql: str
    columns: tuple[str, ...]
    domain: str | None = None

    @property
    def name(self) -> str:
        """The constraint's name."""
        return self.constraint.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Rows of some columns, to be judged by some rules."""

    table: Table
    rules: tuple[Rule, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def rules_of(table: Table, types: TypeValues) -> tuple[Rule, ...]:
    """Return the enforced CHECKs of a table and of its columns' domains."""
    found = [
        _table_rule(table, constraint)
        for constraint in table.of_kind(ConstraintKind.CHECK)
        if constraint.enforced and constraint.expression
    ]
    for column in table.columns:
        if column.generated is None:
            found += _domain_rules(column, types)
    return tuple(rule for rule in found if rule.columns)


def _table_rule(table: Table, constraint: Constraint) -> Rule:
    text = constraint.expression or "true"
    mentioned = set(constraint.columns) or names(text)
    return Rule(
        constraint=constraint, text=text, sql=f"({text})", columns=_writable(table, mentioned)
    )


def _writable(table: Table, mentioned: set[str] | frozenset[str]) -> tuple[str, ...]:
    """Return the columns a person writes; for a generated one, those it is made of."""
    found = set(mentioned)
    for column in table.columns:
        if column.name in mentioned and column.generated is not None:
            found |= names(column.generated)
    return tuple(c.name for c in table.columns if c.name in found and c.generated is None)


def _domain_rules(column: Column, types: TypeValues) -> list[Rule]:
    return [
        Rule(
            constraint=constraint,
            text=constraint.expression,
            # VALUE is a column reference like any other outside of a domain's own CHECK.
            sql=f"(select ({constraint.expression}) from"
            f" (select pgassay_row.{quote(column.name)} as value) as pgassay_domain)",
            columns=(column.name,),
            domain=column.name,
        )
        for domain in types.domains(column.type)
        for constraint in domain.constraints
        if constraint.kind is ConstraintKind.CHECK and constraint.expression
    ]


class Judge:
    """Lets the server decide which rows pass which rules."""

    def __init__(self, ask: Session, types: TypeValues) -> None:
        self._ask = ask
        self._types = types

    def verdicts(self, questions: Sequence[Question]) -> list[list[tuple[Verdict, ...]]]:
        """Return for each question, for each row, the verdict of each rule: one round trip."""
        replies = self._ask.run_all([self._statement(q, q.rows) for q in questions])
        return [
            self._one_by_one(question) if reply.refusal else _verdicts(reply)
            for question, reply in zip(questions, replies, strict=True)
        ]

    def _one_by_one(self, question: Question) -> list[tuple[Verdict, ...]]:
        replies = self._ask.run_all([self._statement(question, (row,)) for row in question.rows])
        broken = (Verdict.ERROR,) * len(question.rules)
        return [broken if r.refusal or not r.rows else _verdicts(r)[0] for r in replies]

    def _statement(self, question: Question, rows: Sequence[tuple[Value, ...]]) -> Statement:
        table, columns = question.table, question.columns
        expressions = ", ".join(rule.sql for rule in question.rules)
        arrays = ", ".join(f"${i}::text[]" for i in range(1, len(columns) + 1))
        casts = ", ".join(
            f"v{i}::{self._types.base_type(table.column(name).type).sql} as {quote(name)}"
            for i, name in enumerate(columns, 1)
        )
        marks = ", ".join(f"v{i}" for i in range(1, len(columns) + 1))
        source = f"select {casts} from unnest({arrays}) as pgassay_values ({marks})"
        generated = _generated(table, question.rules, columns)
        if generated:
            source = f"select pgassay_plain.*, {generated} from ({source}) as pgassay_plain"
        return Statement(
            f"select {expressions} from ({source}) as pgassay_row",
            tuple(array(tuple(row[i] for row in rows)) for i in range(len(columns))),
        )


def _generated(table: Table, rules: Sequence[Rule], columns: Sequence[str]) -> str:
    mentioned = frozenset[str]().union(*(rule.constraint.columns for rule in rules))
    return ", ".join(
        f"({column.generated}) as {quote(column.name)}"
        for column in table.columns
        if column.generated is not None
        and column.name in mentioned
        and set(_writable(table, {column.name})) <= set(columns)
    )


_WORDS: Mapping[Value, Verdict] = {"t": Verdict.TRUE, "f": Verdict.FALSE, None: Verdict.UNKNOWN}


def _verdicts(reply: Reply) -> list[tuple[Verdict, ...]]:
    return [tuple(_WORDS[cell] for cell in row) for row in reply.rows]
