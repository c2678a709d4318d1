"""The cases of one change of one row: what it takes along, and each key that refuses it.

Shared by `cascade` (a delete) and `key_update` (a new value in a referenced key). What must
happen is foretold from the contract's foreign keys; afterwards every row is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pgassay.cases.referential import Edge, Effect, Model
from pgassay.cases.survey import survey, where
from pgassay.cases.timing import set_constraint
from pgassay.core.case import Accepted, Case, Refused, Step, Subject, Unproven
from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pgassay.cases.family import Defaults, Family, Obstacle
    from pgassay.cases.population import Population
    from pgassay.core.catalog import Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Value
    from pgassay.rows.row import Row

ORDER = (
    "two keys disagree about one row, and which of them PostgreSQL obeys depends on the order in"
    " which they were created"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of one row: a delete where `values` is None, or new values in its key.

    `kind` is the slug of the cases, `name` how the change is called in titles, `column` the key
    column that is updated, `opening` what must be done before.
    """

    kind: str
    table: Table
    name: str
    column: str | None = None
    values: Mapping[str, Value] | None = None
    opening: tuple[Statement, ...] = ()
    why: str
    promise: str

    def statement(self, row: Row) -> Statement:
        """Return the statement that makes the change."""
        values: list[Value] = []
        if self.values is None:
            found = where(self.table, row.values, values)
            return Statement(f"delete from {self.table.name.sql} where {found}", tuple(values))
        sets = []
        for column, value in self.values.items():
            values.append(value)
            sets.append(f"{quote(column)} = ${len(values)}")
        found = where(self.table, row.values, values)
        sql = f"update {self.table.name.sql} set {', '.join(sets)} where {found}"
        return Statement(sql, tuple(values))

    @property
    def subject(self) -> Subject:
        """What its cases speak of."""
        return Subject(object=str(self.table.name), part=self.column)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A change, and the family of the row that it is made to."""

    change: Change
    population: Population
    family: Family


class Consequences:
    """Makes the cases of changes, and remembers which keys were seen to act."""

    def __init__(self, known: Sequence[Edge], defaults: Defaults) -> None:
        self._known = tuple(known)
        self._defaults = defaults
        self.fired: set[tuple[QualifiedName, str]] = set()

    def cases(
        self,
        scene: Scene,
        *,
        toward: Callable[[Edge], Scene],
    ) -> Iterator[Case | Unproven]:
        """Yield the case of a change nothing refuses, then one for each key that refuses it.

        `toward` makes the change of another row, for a key whose child fits beneath no row of the
        family.
        """
        change, population, family = scene.change, scene.population, scene.family
        title = f"{change.name} reaches what the keys say and nothing else"
        accepted = self._accepted(change, population, family.root, title)
        yield accepted
        if isinstance(accepted, Unproven) and not accepted.fails:
            return
        for obstacle in family.obstacles:
            title = f"{change.name} refused by {obstacle.edge}"
            try:
                case = self._refused(change, population, family.root, obstacle, title)
            except Unsatisfiable as failure:
                reason = str(failure)
                case = self._elsewhere(change, obstacle.edge, title, reason, toward)
            if case is not None:
                yield case
        for edge, reason in family.barren:
            title = f"{change.name} acts on {edge}"
            case = self._elsewhere(change, edge, title, reason, toward)
            if case is not None:
                yield case

    def _elsewhere(
        self,
        change: Change,
        edge: Edge,
        title: str,
        reason: str,
        toward: Callable[[Edge], Scene],
    ) -> Case | Unproven | None:
        """Return the case of a key whose child did not fit, with a row that it fits beneath.

        Further down it is not repeated: the change of that key's own parent shows it.
        """
        if edge.parent != change.table.name:
            return replace(_unproven(change, title, reason), fails=False)
        try:
            scene = toward(edge)
            root = scene.family.root
            for obstacle in scene.family.obstacles:
                if obstacle.edge is edge:
                    return self._refused(scene.change, scene.population, root, obstacle, title)
        except Unsatisfiable:
            return _unproven(change, title, reason)
        return self._accepted(scene.change, scene.population, root, title)

    def _accepted(
        self, change: Change, population: Population, root: int, title: str
    ) -> Case | Unproven:
        effect, dropped = self._cleared(change, population, root, keep=None)
        if effect is None:
            return _unproven(change, title, ORDER)
        if effect.stop:
            by = effect.stop.constraint or effect.stop.column
            reason = f"rows that refer to each other leave no room for a new value: {by} is broken"
            return replace(_unproven(change, title, reason), fails=False)
        self.fired |= effect.fired
        steps = (
            *self._opening(change, dropped),
            Step(statement=change.statement(population.rows[root]), expect=Accepted(count=1)),
            *self._closing(),
            survey(population.rows, effect),
        )
        return _case(change, title, population.needs(), steps)

    def _refused(
        self,
        change: Change,
        population: Population,
        root: int,
        obstacle: Obstacle,
        title: str,
    ) -> Case | Unproven | None:
        """Return the case of one refusal; None where only the changed row itself could refuse.

        It does in no other case either: a unique key lets no second row refer to that parent.
        """
        fork = population.fork()
        planted = fork.add(obstacle.edge.child, parents={obstacle.edge.key.name: obstacle.parent})
        if planted is fork.rows[root]:
            return None
        needs, steps = fork.added()
        effect, dropped = self._cleared(change, fork, root, keep=obstacle.edge)
        statement = change.statement(population.rows[root])
        if obstacle.refusal:
            expect, late = obstacle.refusal, False
        elif effect is None or effect.stop is None or effect.stop.edge is not obstacle.edge:
            return _unproven(change, title, ORDER)
        else:
            stop = effect.stop
            # A key to a partitioned table has a copy for each partition, named by the server.
            copied = change.table.partition_key is not None
            expect = Refused(
                sqlstate=stop.sqlstate,
                by_major=stop.by_major,
                constraint=None if copied else obstacle.edge.key.name,
                table=obstacle.edge.child.name.name if copied else None,
            )
            late = stop.late
        self.fired.add(obstacle.edge.id)
        steps += self._opening(change, dropped)
        if late:
            steps += (
                Step(statement=statement, expect=Accepted(count=1)),
                Step(
                    statement=set_constraint(obstacle.edge.child, obstacle.edge.key, "immediate"),
                    expect=expect,
                ),
            )
        else:
            steps += (Step(statement=statement, expect=expect),)
        return _case(change, title, needs, steps)

    def _cleared(
        self, change: Change, population: Population, root: int, *, keep: Edge | None
    ) -> tuple[Effect | None, list[Edge]]:
        """Return the effect once every key but `keep` that would refuse it is out of the way.

        Keys that share columns force such rows into being: a project of a user has a workbench
        of that user, whose own key may refuse first.
        """
        rows = population.rows
        dropped: list[Edge] = []
        while True:
            left = [edge for edge in self._known if edge not in dropped]
            model = Model(rows, left, self._defaults)
            in_the_way = [e for e in model.refusing(root, change.values) if e is not keep]
            if not in_the_way:
                return model.effect(root, change.values), dropped
            dropped += in_the_way

    def _opening(self, change: Change, dropped: Sequence[Edge]) -> tuple[Step, ...]:
        statements = list(change.opening)
        if dropped or change.opening:
            statements[:0] = self._settled()
        for edge in dropped:
            name = f"{edge.child.name.sql} drop constraint if exists {quote(edge.key.name)}"
            statements.append(Statement(f"alter table {name}"))
        return tuple(Step(statement=s, expect=Accepted()) for s in statements)

    def _closing(self) -> tuple[Step, ...]:
        return tuple(Step(statement=s, expect=Accepted()) for s in self._settled())

    def _settled(self) -> list[Statement]:
        late = any(edge.key.initially_deferred for edge in self._known)
        return [Statement("set constraints all immediate")] if late else []


def _case(
    change: Change, title: str, needs: tuple[Statement, ...], steps: tuple[Step, ...]
) -> Case:
    return Case(
        kind=change.kind,
        subject=change.subject,
        title=title,
        needs=needs,
        steps=steps,
        why=change.why,
        promise=change.promise,
    )


def _unproven(change: Change, title: str, reason: str) -> Unproven:
    return Unproven(
        kind=change.kind, subject=change.subject, title=title, reason=reason, fails=True
    )
