"""A family: a row that is about to change, and the rows that each foreign key lets it reach.

One child for every key that reacts, and the tree goes on from the first child that changes
itself. A key that refuses the change gets no child here: its case adds one on top.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgassay.cases.referential import RESTRICTING, Edge
from pgassay.core.case import Refused
from pgassay.core.catalog import Action
from pgassay.core.statement import Statement
from pgassay.rows.insertion import points_to
from pgassay.rows.rules import Judge, Question, Verdict
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.cases.derivation import Source
    from pgassay.cases.population import Population
    from pgassay.core.catalog import Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Value
    from pgassay.rows.row import Row

Defaults = dict[tuple["QualifiedName", str], "Value"]
_DELETED = frozenset(["*"])  # of a row that goes altogether: no column can be called so alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """A key whose child refuses the change: which row the child must refer to, and how it ends.

    `refusal` is None where the key's own action refuses, which the model foretells.
    """

    edge: Edge
    parent: Row
    refusal: Refused | None = None


@dataclass(slots=True, kw_only=True)
class Family:
    """What grew around one row, which is number `root` of its population."""

    root: int
    obstacles: list[Obstacle] = field(default_factory=list)
    barren: list[tuple[Edge, str]] = field(default_factory=list)


class Grower:
    """Grows families.

    Args:
        source: the contract and its row maker.
        known: every enforced foreign key.
        defaults: values of column defaults, where a key has SET DEFAULT.
    """

    def __init__(self, source: Source, known: Sequence[Edge], defaults: Defaults) -> None:
        self._source = source
        self._defaults = defaults
        self._judge = Judge(source.ask, source.rows.types)
        self._into: dict[QualifiedName, list[Edge]] = {}
        for edge in known:
            self._into.setdefault(edge.parent, []).append(edge)

    def grow(
        self,
        population: Population,
        table: Table,
        *,
        changes: frozenset[str] | None = None,
        toward: Edge | None = None,
    ) -> Family:
        """Add a row of the table and what its delete reaches, or an update of `changes`.

        With `toward` it is a row that this key's child may refer to, where not every one will do
        (a CHECK of the child says of which kind it has to be).
        """
        root = population.add(table) if toward is None else fitting_parent(population, toward)
        family = Family(root=next(i for i, row in enumerate(population.rows) if row is root))
        start = _DELETED if changes is None else changes
        queue = deque([(root, start)])
        seen = {(root.table.name, start)}
        while queue:
            parent, change = queue.popleft()
            for edge, action in self._reacting(parent, change):
                onward = self._child(population, family, edge, action, parent=parent, change=change)
                if onward and (edge.child.name, onward[1]) not in seen:
                    seen.add((edge.child.name, onward[1]))
                    queue.append(onward)
        return family

    def _reacting(self, parent: Row, change: frozenset[str]) -> Iterator[tuple[Edge, Action]]:
        for edge in self._into.get(parent.table.name, ()):
            if change == _DELETED:
                yield edge, edge.key.on_delete
            elif change & set(edge.key.referenced_columns):
                yield edge, edge.key.on_update

    def _child(
        self,
        population: Population,
        family: Family,
        edge: Edge,
        action: Action,
        *,
        parent: Row,
        change: frozenset[str],
    ) -> tuple[Row, frozenset[str]] | None:
        if action in RESTRICTING:
            family.obstacles.append(Obstacle(edge=edge, parent=parent))
            return None
        before = population.snapshot()
        try:
            child = population.add(edge.child, parents={edge.key.name: parent})
            changed = self._changed(edge, action, change)
            refusal = self._refusal(edge, action, child, changed)
            if refusal:
                population.revert(before)
                family.obstacles.append(Obstacle(edge=edge, parent=parent, refusal=refusal))
                return None
            if action is Action.SET_DEFAULT:
                self._parent_by_default(population, edge)
        except Unsatisfiable as failure:
            population.revert(before)
            family.barren.append((edge, str(failure)))
            return None
        return child, changed

    @staticmethod
    def _changed(edge: Edge, action: Action, change: frozenset[str]) -> frozenset[str]:
        if action is not Action.CASCADE:
            deleted = change == _DELETED
            return frozenset(edge.key.set_columns if deleted else ()) or frozenset(edge.key.columns)
        if change == _DELETED:
            return _DELETED
        pairs = zip(edge.key.columns, edge.key.referenced_columns, strict=True)
        return frozenset(here for here, there in pairs if there in change)

    def _refusal(
        self, edge: Edge, action: Action, child: Row, changed: frozenset[str]
    ) -> Refused | None:
        """Return how the child's own constraints refuse what the action does to it."""
        if action is Action.CASCADE:
            return None
        name = edge.child.name
        is_default = action is Action.SET_DEFAULT
        new = {c: self._defaults.get((name, c)) if is_default else None for c in changed}
        for column, value in new.items():
            if value is None and edge.child.column(column).not_null:
                return Refused(sqlstate="23502", column=column)
        rules = tuple(
            rule
            for rule in self._source.rows.rules(edge.child).rules
            if changed & set(rule.columns) and rule.domain is None
        )
        if not rules:
            return None
        after = child.with_values(new)
        columns = tuple(sorted({column for rule in rules for column in rule.columns}))
        row = tuple(after.values.get(column) for column in columns)
        question = Question(table=edge.child, rules=rules, columns=columns, rows=(row,))
        for rule, verdict in zip(rules, self._judge.verdicts([question])[0][0], strict=True):
            if verdict is Verdict.FALSE:
                return Refused(sqlstate="23514", constraint=rule.name)
        return None

    def _parent_by_default(self, population: Population, edge: Edge) -> None:
        want = {
            there: self._defaults.get((edge.child.name, here))
            for here, there in zip(edge.key.columns, edge.key.referenced_columns, strict=True)
        }
        if None in want.values() or any(
            row.table.name == edge.parent and want.items() <= dict(row.values).items()
            for row in population.rows
        ):
            return
        population.add(self._source.contract.table(edge.parent), values=want)


def fitting_parent(population: Population, edge: Edge) -> Row:
    """Add a child, and return the parent that it was given.

    Raises `Unsatisfiable` where it was given none.
    """
    child = population.add(edge.child)
    for row in population.rows:
        if row is not child and points_to(child, edge.key, row):
            return row
    raise Unsatisfiable(edge.key.name, "a parent", where=str(edge.child.name))


def set_defaults(source: Source, known: Sequence[Edge]) -> Defaults:
    """Ask the contract what the defaults are that SET DEFAULT would store, in text."""
    wanted = {
        (edge.child.name, column): default
        for edge in known
        if Action.SET_DEFAULT in (edge.key.on_delete, edge.key.on_update)
        for column in edge.key.columns
        if (default := edge.child.column(column).default) is not None
    }
    replies = source.ask.run_all([Statement(f"select ({d})::text") for d in wanted.values()])
    return {
        mark: reply.rows[0][0]
        for mark, reply in zip(wanted, replies, strict=True)
        if not reply.refusal
    }
