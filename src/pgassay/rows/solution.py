"""The search for values that pass the CHECKs of a table, bounded and judged by the server.

Columns that share a rule are searched together, and only those. Rules over one column thin out
its candidates first; the combinations that are left are tried simplest first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice, product
from typing import TYPE_CHECKING

from pgassay.core.catalog import TypeKind
from pgassay.rows.candidates import Candidates, candidates
from pgassay.rows.expression import names
from pgassay.rows.facts import Facts, facts
from pgassay.rows.rules import Judge, Question, Rule, Verdict, rules_of
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pgassay.core.catalog import Column, ColumnType, Constraint, Table
    from pgassay.core.statement import Session, Value
    from pgassay.rows.values import TypeValues

_COMBINATIONS = 3000  # one statement of that many rows takes the server some ten milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a solution must keep to.

    Args:
        number: the row's number.
        base: a value by type for every writable column.
        fixed: values that are not to be changed.
        nullable: columns that may be NULL.
        sparse: columns that are better NULL (optional references).
        references: what referencing columns may hold beside NULL.
    """

    number: int
    base: Mapping[str, Value]
    fixed: Mapping[str, Value]
    nullable: frozenset[str]
    sparse: frozenset[str] = frozenset()
    references: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Group:
    """Columns that rules bind together."""

    columns: tuple[str, ...]
    single: tuple[Rule, ...]
    shared: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Candidates for the columns of a rule, and what the server says.

    `before` names the rule that refuses the row before this one is looked at, or as well as this
    one lets it through; None if what becomes of the row is this rule's doing.
    """

    values: Mapping[str, Value]
    verdict: Verdict
    before: str | None = None


class TableRules:
    """The rules of one table, grouped, with what they say of each column.

    `hints` are CHECKs of the same table elsewhere (as it was built): their literals are worth
    trying too, for a value that only they allow is the one that tells them apart.
    """

    def __init__(
        self,
        table: Table,
        types: TypeValues,
        ask: Session | None,
        *,
        hints: Iterable[Constraint] = (),
    ) -> None:
        self.table = table
        self.rules = rules_of(table, types)
        self.columns = frozenset(name for rule in self.rules for name in rule.columns)
        self._types = types
        self._judge = Judge(ask, types) if ask else None
        self._facts: dict[str, Facts] = {name: Facts() for name in self.columns}
        for rule in self.rules:
            self._learn(rule)
        for hint in hints:
            for name, known in facts(hint.expression or "", self.columns).items():
                self._facts[name].add(known)
        self._groups = _grouped(self.rules)

    def solve(self, wish: Wish) -> dict[str, Value]:
        """Return values for the columns that rules mention; raises `Unsatisfiable`."""
        if not self.rules:
            return {}
        judge = self._judge
        if judge is None:
            rule = self.rules[0]
            raise self._failure(rule, "no server was given that could judge the CHECK")
        options = self._options(judge, wish)
        solved: dict[str, Value] = {}
        open_groups: list[_Group] = []
        for group in self._groups:
            if group.shared:
                open_groups.append(group)
            else:
                solved |= {name: options[name][0] for name in group.columns}
        if open_groups:
            solved |= self._combined(judge, open_groups, options)
        return solved

    def trials(self, wish: Wish, row: Mapping[str, Value]) -> list[tuple[Rule, list[Trial]]]:
        """Return for each rule what the server says of candidates for its columns.

        All in one round trip. `row` is a valid row: what the other columns hold meanwhile.
        """
        if self._judge is None:
            return []
        asked = [(rule, self._changes(wish, rule), self._touching(rule)) for rule in self.rules]
        questions = []
        for _, changes, rules in asked:
            columns = tuple(dict.fromkeys(c for r in rules for c in r.columns))
            rows = [tuple({**row, **change}[c] for c in columns) for change in changes]
            questions.append(self._question(rules, columns, rows))
        return [
            (rule, [_trial(rule, rules, c, v) for c, v in zip(changes, verdicts, strict=True)])
            for (rule, changes, rules), verdicts in zip(
                asked, self._judge.verdicts(questions), strict=True
            )
        ]

    def listed(self, column: str) -> frozenset[str]:
        """Return the literals that the rules compare a column with."""
        return frozenset(self._facts[column].values)

    def _changes(self, wish: Wish, rule: Rule) -> list[dict[str, Value]]:
        lists = [self._candidates(wish, name, border=True) for name in rule.columns]
        rows = islice(_simplest_first(lists), _COMBINATIONS)
        return [dict(zip(rule.columns, row, strict=True)) for row in rows]

    def _touching(self, rule: Rule) -> tuple[Rule, ...]:
        return tuple(other for other in self.rules if set(other.columns) & set(rule.columns))

    def _learn(self, rule: Rule) -> None:
        if rule.domain is not None:
            self._facts[rule.domain].add(facts(rule.text, ("value",))["value"])
            return
        for name, known in facts(rule.text, rule.columns).items():
            self._facts[name].add(known)
        for column in self.table.columns:
            if column.generated is not None and column.name in rule.constraint.columns:
                self._learn_computed(rule, column, column.generated)

    def _learn_computed(self, rule: Rule, column: Column, expression: str) -> None:
        """Note for what a generated column is made of what is said of that column."""
        known = facts(rule.text, (column.name,))[column.name]
        for name, own in facts(expression, rule.columns).items():
            if name in names(expression):
                self._facts[name].add(own)
                self._facts[name].add(known)

    def _candidates(self, wish: Wish, name: str, *, border: bool = False) -> list[Value]:
        if name in wish.fixed:
            return [wish.fixed[name]]
        known = wish.references.get(name)
        if known is not None:
            values = list(known)
        else:
            found = self._found(wish, name)
            values = found.for_a_border if border else found.for_a_row
        if name in wish.nullable and None not in values:
            values.insert(0 if name in wish.sparse else len(values), None)
        return values

    def _found(self, wish: Wish, name: str) -> Candidates:
        kind = self._types.base_type(self.table.column(name).type)
        labels = self._types.labels(kind.name) if kind.kind is TypeKind.ENUM else ()
        known = Facts()
        known.add(self._facts[name])
        known.add(Facts(values=self._compared(wish, name, kind)))
        return candidates(kind, known, number=wish.number, base=wish.base[name], labels=labels)

    def _compared(self, wish: Wish, name: str, kind: ColumnType) -> list[str]:
        """Return the values of the columns of the same type that a rule mentions beside it."""
        others = dict.fromkeys(c for r in self.rules if name in r.columns for c in r.columns)
        values = [
            {**wish.base, **wish.fixed}.get(other)
            for other in others
            if other != name and self.table.column(other).type.base == kind.base
        ]
        return [value for value in values if value is not None]

    def _options(self, judge: Judge, wish: Wish) -> dict[str, list[Value]]:
        """Return per column the candidates that pass the rules over it alone: one round trip."""
        values = {name: self._candidates(wish, name) for name in sorted(self.columns)}
        asked = [(name, self._single(name)) for name in values]
        questions = [
            self._question(own, (name,), [(value,) for value in values[name]])
            for name, own in asked
            if own
        ]
        answers = iter(judge.verdicts(questions) if questions else [])
        for name, own in asked:
            if own:
                values[name] = self._passing(name, values[name], own, next(answers), wish)
        return values

    def _passing(
        self,
        name: str,
        values: Sequence[Value],
        own: Sequence[Rule],
        verdicts: Sequence[Sequence[Verdict]],
        wish: Wish,
    ) -> list[Value]:
        good = [
            value
            for value, row in zip(values, verdicts, strict=True)
            if all(verdict.passes for verdict in row)
        ]
        if not good:
            worst = min(own, key=lambda r: sum(row[own.index(r)].passes for row in verdicts))
            raise self._failure(worst, f"{len(values)} values were tried for {name}")
        return self._rotated(name, good, wish)

    def _rotated(self, name: str, good: list[Value], wish: Wish) -> list[Value]:
        """Put first a value that no other number has, if there is one.

        That is the plain value, or one made for the number; otherwise each number takes another
        one of the values that the rules list.
        """
        if good[0] == wish.base.get(name) or name in wish.fixed or good[0] is None:
            return good
        listed = [value for value in self._facts[name].values if value in good]
        made = self._found(wish, name) if name not in wish.references else None
        own = {*made.numbered, *made.common} - {*listed} if made else set()
        first = next((value for value in good if value in own), None)
        if first is None and listed:
            first = listed[wish.number % len(listed)]
        return good if first is None else [first, *(v for v in good if v != first)]

    def _single(self, name: str) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.columns == (name,))

    def _combined(
        self,
        judge: Judge,
        groups: Sequence[_Group],
        options: Mapping[str, list[Value]],
    ) -> dict[str, Value]:
        questions = [
            self._question(
                group.shared,
                group.columns,
                list(islice(_simplest_first([options[n] for n in group.columns]), _COMBINATIONS)),
            )
            for group in groups
        ]
        solved: dict[str, Value] = {}
        for question, verdicts in zip(questions, judge.verdicts(questions), strict=True):
            found = _passing_row(question, verdicts)
            if found is None:
                coarse = self._coarse(question, options)
                found = _passing_row(coarse, judge.verdicts([coarse])[0])
            if found is not None:
                solved |= found
            else:
                counts = [sum(v[i].passes for v in verdicts) for i in range(len(question.rules))]
                worst = question.rules[counts.index(min(counts))]
                raise self._failure(worst, f"{len(verdicts)} combinations were tried")
        return solved

    def _coarse(self, question: Question, options: Mapping[str, list[Value]]) -> Question:
        """Return the question with few values for each column, so that many columns are reached.

        The values that rules list, or else one; and NULL.
        """
        few = []
        for name in question.columns:
            values = options[name]
            listed = [v for v in values if v in self._facts[name].values]
            plain = [v for v in values if v is not None][:1]
            few.append([v for v in values if v is None or v in (listed or plain)])
        rows = list(islice(_simplest_first(few), _COMBINATIONS))
        return self._question(question.rules, question.columns, rows)

    def _question(
        self, rules: Sequence[Rule], columns: Sequence[str], rows: Sequence[tuple[Value, ...]]
    ) -> Question:
        return Question(
            table=self.table, rules=tuple(rules), columns=tuple(columns), rows=tuple(rows)
        )

    def _failure(self, rule: Rule, why: str) -> Unsatisfiable:
        return Unsatisfiable(rule.name, rule.text, where=str(self.table.name), why=why)


def _passing_row(
    question: Question, verdicts: Sequence[Sequence[Verdict]]
) -> dict[str, Value] | None:
    for row, verdict in zip(question.rows, verdicts, strict=True):
        if all(v.passes for v in verdict):
            return dict(zip(question.columns, row, strict=True))
    return None


def _trial(
    rule: Rule, rules: Sequence[Rule], change: Mapping[str, Value], verdicts: Sequence[Verdict]
) -> Trial:
    verdict = verdicts[rules.index(rule)]
    failing = [r for r, v in zip(rules, verdicts, strict=True) if r is not rule and not v.passes]
    if verdict is Verdict.FALSE and rule.domain is None:
        # A table's CHECKs are looked at by name (ExecRelCheck; relcache sorts them).
        failing = [r for r in failing if r.domain or r.name.encode() < rule.name.encode()]
    return Trial(values=change, verdict=verdict, before=failing[0].name if failing else None)


def nullable_columns(columns: Iterable[Column], types: TypeValues) -> frozenset[str]:
    """Return the columns that take NULL, domains considered."""
    return frozenset(
        c.name
        for c in columns
        if not c.not_null and not any(domain.not_null for domain in types.domains(c.type))
    )


def _grouped(rules: Sequence[Rule]) -> tuple[_Group, ...]:
    groups: list[set[str]] = []
    for rule in rules:
        columns = set(rule.columns)
        for other in [g for g in groups if g & columns]:
            groups.remove(other)
            columns |= other
        groups.append(columns)
    return tuple(
        _Group(
            tuple(sorted(columns)),
            tuple(r for r in rules if set(r.columns) <= columns and len(r.columns) == 1),
            tuple(r for r in rules if set(r.columns) <= columns and len(r.columns) != 1),
        )
        for columns in groups
    )


def _simplest_first(lists: Sequence[Sequence[Value]]) -> Iterator[tuple[Value, ...]]:
    """Yield combinations: the first of each, then those that differ in one, in two, in all."""
    seen: set[tuple[Value, ...]] = set()
    first = tuple(values[0] for values in lists)
    for row in _near(first, lists):
        if row not in seen:
            seen.add(row)
            yield row
    for row in product(*lists):
        if row not in seen:
            seen.add(row)
            yield row


def _near(
    first: tuple[Value, ...], lists: Sequence[Sequence[Value]]
) -> Iterator[tuple[Value, ...]]:
    yield first
    for i, values in enumerate(lists):
        for value in values[1:]:
            yield (*first[:i], value, *first[i + 1 :])
    for i, left in enumerate(lists):
        for j in range(i + 1, len(lists)):
            for a, b in product(left, lists[j]):
                row = list(first)
                row[i], row[j] = a, b
                yield tuple(row)
