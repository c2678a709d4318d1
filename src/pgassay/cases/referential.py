"""What a delete or a key update does to related rows: a model of PostgreSQL's referential actions.

Pure: rows and foreign keys in, effect out (CREATE TABLE, REFERENCES; Constraints, Foreign Keys).
The order in which PostgreSQL fires the triggers of two keys follows their OIDs, which no catalog
promises, so an effect is foretold under several orders, and is only one if they all agree.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pgassay.core.catalog import Action, Catalog, Constraint, ConstraintKind, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Value
    from pgassay.rows.row import Row

RESTRICTING = (Action.NO_ACTION, Action.RESTRICT)
_RESTRICT_IS_23001_SINCE = 18
_KEYS = (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE)


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """A foreign key that is enforced, and the table that has it; compared by identity."""

    child: Table
    key: Constraint

    @property
    def parent(self) -> QualifiedName:
        """The table that it refers to."""
        assert self.key.references is not None
        return self.key.references

    @property
    def id(self) -> tuple[QualifiedName, str]:
        """What tells it from every other."""
        return self.child.name, self.key.name

    def __str__(self) -> str:
        """Read as `orders.orders_user_id_fkey`."""
        return f"{self.child.name}.{self.key.name}"


def edges(catalog: Catalog) -> tuple[Edge, ...]:
    """Return every enforced foreign key of the tables that are not partitions."""
    return tuple(
        Edge(table, key)
        for table in catalog.roots()
        for key in table.foreign_keys
        if key.enforced and key.references is not None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Why a statement is refused: by which key's action, or by which column or unique constraint.

    `late` is true where the refusal waits for the end of the transaction (INITIALLY DEFERRED).
    """

    sqlstate: str
    by_major: Mapping[int, str] = field(default_factory=dict)
    edge: Edge | None = None
    column: str | None = None
    constraint: str | None = None
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What becomes of rows, by their index: `gone`, or `now` with other values, or a `stop`.

    `fired` are the keys whose action met at least one row.
    """

    gone: frozenset[int] = frozenset()
    now: Mapping[int, Mapping[str, Value]] = field(default_factory=dict)
    stop: Stop | None = None
    fired: frozenset[tuple[QualifiedName, str]] = frozenset()


class Model:
    """Foretells effects on one set of rows.

    Args:
        rows: all rows, with the values of their keys.
        known: every enforced foreign key.
        defaults: the values of column defaults in text, by table and column, where a key has
            SET DEFAULT; a column that is absent has the default NULL.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        known: Sequence[Edge],
        defaults: Mapping[tuple[QualifiedName, str], Value] | None = None,
    ) -> None:
        self._rows = rows
        self._known = tuple(known)
        self._defaults = defaults or {}

    def effect(self, row: int, values: Mapping[str, Value] | None = None) -> Effect | None:
        """Return the effect of deleting a row, or of giving it other values in its keys.

        None if it depends on the order of triggers.
        """
        first, second = self._runs(row, values)
        fired = first.fired & second.fired
        one, two = (replace(effect, fired=fired) for effect in (first, second))
        return one if one == two else None

    def refusing(self, row: int, values: Mapping[str, Value] | None = None) -> list[Edge]:
        """Return the keys that refuse it, under one order of triggers or another."""
        stops = [effect.stop for effect in self._runs(row, values)]
        found = {stop.edge.id: stop.edge for stop in stops if stop and stop.edge}
        return list(found.values())

    def _runs(self, row: int, values: Mapping[str, Value] | None) -> tuple[Effect, Effect]:
        orders = (self._known, self._known[::-1])
        first, second = (
            _Run(self._rows, order, self._defaults).effect(row, values) for order in orders
        )
        return first, second


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    """An after-trigger that waits: of `edge`, for `row`, which had `old` values in its key.

    A `check` is of the row's own reference, in its `version`.
    """

    edge: Edge
    row: int
    old: tuple[Value, ...] | None = None
    deleted: bool = False
    check: bool = False
    version: int = 0


class _Stopped(Exception):  # noqa: N818 - not an error: how a run ends early
    def __init__(self, stop: Stop) -> None:
        self.stop = stop


class _Run:
    """One statement under one order of triggers."""

    def __init__(
        self,
        rows: Sequence[Row],
        known: Sequence[Edge],
        defaults: Mapping[tuple[QualifiedName, str], Value],
    ) -> None:
        self._tables = [row.table for row in rows]
        self._values: list[Mapping[str, Value]] = [row.values for row in rows]
        self._into: dict[QualifiedName, list[Edge]] = {}
        self._from: dict[QualifiedName, list[Edge]] = {}
        for edge in known:
            self._into.setdefault(edge.parent, []).append(edge)
            self._from.setdefault(edge.child.name, []).append(edge)
        self._of: dict[QualifiedName, list[int]] = {}
        for i, table in enumerate(self._tables):
            self._of.setdefault(table.name, []).append(i)
        self._defaults = defaults
        self._gone: set[int] = set()
        self._versions: dict[int, int] = {}
        self._fired: set[tuple[QualifiedName, str]] = set()
        self._late: list[_Event] = []
        self._queue: deque[_Event] = deque()

    def effect(self, row: int, values: Mapping[str, Value] | None) -> Effect:
        try:
            if values is None:
                self._delete(row)
            else:
                self._update(row, values)
            while self._queue:
                self._fire(self._queue.popleft())
            for event in self._late:
                self._at_the_end(event)
        except _Stopped as stopped:
            # Nothing of a refused statement stays; its key is the only one that is seen to act.
            edge = stopped.stop.edge
            return Effect(stop=stopped.stop, fired=frozenset([edge.id] if edge else []))
        return Effect(
            gone=frozenset(self._gone),
            now={i: self._values[i] for i in self._versions if i not in self._gone},
            fired=frozenset(self._fired),
        )

    def _delete(self, row: int) -> None:
        if row in self._gone:
            return
        self._gone.add(row)
        for edge in self._into.get(self._tables[row].name, ()):
            old = self._key(row, edge)
            self._queue.append(_Event(edge=edge, row=row, old=old, deleted=True))

    def _update(self, row: int, changes: Mapping[str, Value]) -> None:
        table, before = self._tables[row], self._values[row]
        changed = {name for name, value in changes.items() if before.get(name) != value}
        if not changed:
            return
        nulls = [c.name for c in table.columns if c.name in changed and changes[c.name] is None]
        broken = [name for name in nulls if table.column(name).not_null]
        if broken:
            # The server names the first by position, which is no part of the contract.
            only = broken[0] if len(broken) == 1 else None
            raise _Stopped(Stop(sqlstate="23502", column=only))
        self._keep_unique(row, changed, {**before, **changes})
        olds = {e.id: self._key(row, e) for e in self._into.get(table.name, ())}
        self._values[row] = {**before, **changes}
        self._versions[row] = self._versions.get(row, 0) + 1
        # Triggers fire by name: RI_ConstraintTrigger_a_..., the actions, before ..._c_..., checks.
        for edge in self._into.get(table.name, ()):
            if changed & set(edge.key.referenced_columns):
                self._queue.append(_Event(edge=edge, row=row, old=olds[edge.id]))
        # Of a row that the transaction itself inserted every reference is checked again, changed
        # or not (RI_FKey_fk_upd_check_required), and the rows of a case are of that sort.
        for edge in self._from.get(table.name, ()):
            event = _Event(edge=edge, row=row, check=True, version=self._versions[row])
            self._queue.append(event)

    def _keep_unique(self, row: int, changed: set[str], after: Mapping[str, Value]) -> None:
        table = self._tables[row]
        for key in table.constraints:
            if key.kind not in _KEYS or key.deferrable or not changed & set(key.columns):
                continue
            wanted = tuple(after.get(c) for c in key.columns)
            for i in self._of[table.name]:
                if i == row or i in self._gone or None in wanted:
                    continue
                if tuple(self._values[i].get(c) for c in key.columns) == wanted:
                    raise _Stopped(Stop(sqlstate="23505", constraint=key.name))

    def _fire(self, event: _Event) -> None:
        edge = event.edge
        if event.check:
            self._check(event)
            return
        action = edge.key.on_delete if event.deleted else edge.key.on_update
        met = list(self._referring(event))
        if not met:
            return
        if action in RESTRICTING:
            if action is Action.NO_ACTION and edge.key.initially_deferred:
                self._late.append(event)
            else:
                self._refuse_if_met(event)
            return
        self._fired.add(edge.id)
        for child in met:
            self._act(child, event, action)

    def _act(self, child: int, event: _Event, action: Action) -> None:
        edge = event.edge
        if action is Action.CASCADE and event.deleted:
            self._delete(child)
        elif action is Action.CASCADE:
            new = self._key(event.row, edge)
            self._update(child, dict(zip(edge.key.columns, new, strict=True)))
        else:
            subset = edge.key.set_columns if event.deleted else ()
            columns = subset or edge.key.columns
            name = edge.child.name
            is_default = action is Action.SET_DEFAULT
            self._update(
                child,
                {c: self._defaults.get((name, c)) if is_default else None for c in columns},
            )

    def _check(self, event: _Event) -> None:
        """A reference that changed must be met (Foreign Keys; a NULL in it asks nothing)."""
        if self._is_met(event):
            return
        if event.edge.key.initially_deferred:
            self._late.append(event)
        else:
            raise _Stopped(Stop(sqlstate="23503", edge=event.edge))

    def _is_met(self, event: _Event) -> bool:
        edge, row = event.edge, event.row
        wanted = tuple(self._values[row].get(c) for c in edge.key.columns)
        superseded = row in self._gone or event.version != self._versions.get(row, 0)
        if superseded or None in wanted:
            return True
        return any(
            self._key(i, edge) == wanted
            for i in self._of.get(edge.parent, ())
            if i not in self._gone
        )

    def _at_the_end(self, event: _Event) -> None:
        if event.check and not self._is_met(event):
            raise _Stopped(Stop(sqlstate="23503", edge=event.edge, late=True))
        if not event.check:
            self._refuse_if_met(event, late=True)

    def _refuse_if_met(self, event: _Event, *, late: bool = False) -> None:
        edge = event.edge
        if not any(True for _ in self._referring(event)):
            return
        self._fired.add(edge.id)
        action = edge.key.on_delete if event.deleted else edge.key.on_update
        newer = {_RESTRICT_IS_23001_SINCE: "23001"} if action is Action.RESTRICT else {}
        raise _Stopped(Stop(sqlstate="23503", by_major=newer, edge=edge, late=late))

    def _referring(self, event: _Event) -> Iterator[int]:
        """Yield the rows that stand and refer to what the event's row was."""
        old = event.old
        if old is None or None in old:
            return
        for i in self._of.get(event.edge.child.name, ()):
            if i not in self._gone:
                values = self._values[i]
                if tuple(values.get(c) for c in event.edge.key.columns) == old:
                    yield i

    def _key(self, row: int, edge: Edge) -> tuple[Value, ...]:
        return tuple(self._values[row].get(c) for c in edge.key.referenced_columns)
