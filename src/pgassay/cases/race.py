"""Races: what two sessions may do to each other's rows, derived from keys and references.

One representative for each way in which PostgreSQL makes sessions meet: two inserts of one unique
key, and a child's insert against its parent's delete, for each referential action that the
contract uses. The expected courses follow from row locks (Explicit Locking, Row-Level Locks): an
insert of a child takes FOR KEY SHARE on its parent, a delete takes FOR UPDATE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.case import Subject
from pgassay.core.catalog import Action, ConstraintKind, TableKind
from pgassay.core.names import quote
from pgassay.core.schedule import Ending, Schedule
from pgassay.core.statement import Statement
from pgassay.rows.insertion import inserts
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Constraint, Table
    from pgassay.rows.row import Row

    Race = Callable[[Source, Table, Constraint], Schedule | None]

_COMMIT = Statement("commit")
_RESTRICT_IS_23001_SINCE = 18
_REFERENCE_ACTIONS = (Action.NO_ACTION, Action.RESTRICT, Action.CASCADE, Action.SET_NULL)


def races(source: Source) -> Iterator[Schedule]:
    """Yield the representative schedules of a contract."""
    for kind in (ConstraintKind.UNIQUE, ConstraintKind.PRIMARY_KEY):
        found = _first(source, _key_race, kind)
        if found:
            yield found
            break
    for action in _REFERENCE_ACTIONS:
        found = _first(source, _reference_race, ConstraintKind.FOREIGN_KEY, action)
        if found:
            yield found


def _first(
    source: Source, race: Race, kind: ConstraintKind, action: Action | None = None
) -> Schedule | None:
    for table in source.contract.roots():
        if table.kind is not TableKind.ORDINARY:
            continue
        for constraint in table.of_kind(kind):
            usable = not constraint.deferrable and constraint.enforced
            if not usable or action not in (None, constraint.on_delete):
                continue
            try:
                found = race(source, table, constraint)
            except Unsatisfiable:
                continue
            if found:
                return found
    return None


def _key_race(source: Source, table: Table, key: Constraint) -> Schedule | None:
    first = source.rows.graph(table, 1)
    second = source.rows.graph(table, 2)
    a, b = first[-1], second[-1]
    if any(a.values.get(column) is None for column in key.columns):
        return None
    b = b.with_values({column: a.values[column] for column in key.columns})
    if any(set(fk.columns) & set(key.columns) for fk in table.foreign_keys):
        return None  # the other row's parents would not be b's
    kept = tuple(c for c in _key_columns(table) if c not in key.columns)
    if not kept:
        return None
    return Schedule(
        kind="race",
        subject=Subject(object=str(table.name), part=key.name),
        title="of two inserts of one key the first to commit stays",
        why="a check in the application cannot see a row that is not committed yet",
        setup=inserts((*first[:-1], *second[:-1])),
        a=(a.insert(), _COMMIT),
        b=(b.insert(), _COMMIT),
        final=_content(table, kept, a, key.columns),
        endings=tuple(
            ending
            for one, other, stays in (("a", "b", a), ("b", "a", b))
            for ending in _key_endings(one, other, tuple(stays.values[c] for c in kept))
        ),
    )


def _key_endings(one: str, other: str, stays: tuple[str | None, ...]) -> tuple[Ending, ...]:
    """Return what happens where session `one` inserts first."""
    refused = {f"{other}1": "23505"}
    return (
        Ending(
            when=((f"{one}1", f"{other}1"), (f"{other}1", f"{one}2")),
            waits=frozenset({f"{other}1"}),
            refused=refused,
            final=(stays,),
        ),
        Ending(when=((f"{one}2", f"{other}1"),), refused=refused, final=(stays,)),
    )


def _reference_race(source: Source, table: Table, reference: Constraint) -> Schedule | None:
    target = reference.references
    if target is None or target == table.name or len(reference.columns) != 1:
        return None
    parent_table = source.contract.table(target)
    if parent_table.kind is not TableKind.ORDINARY or parent_table.primary_key is None:
        return None
    family = source.rows.graph(parent_table, 1)
    parent = family[-1]
    other = source.rows.graph(table, 2)
    if _touches(parent, other):
        return None
    child = source.rows.row(
        table, 3, parents={reference.name: parent, **_parents(table, reference, other)}
    )
    column = reference.columns[0]
    if child.values.get(column) != parent.values[reference.referenced_columns[0]]:
        return None
    keys = _key_columns(parent_table)
    where, values = _matches(keys, parent, 1)
    delete = Statement(f"delete from {parent_table.name.sql} where {where}", values)
    own, own_values = _matches(_key_columns(table), child, 1)
    if not own:
        return None
    final = Statement(
        f"select (select count(*) from {parent_table.name.sql} where "
        f"{_matches(keys, parent, len(own_values) + 1)[0]}), count(*), count({quote(column)}) "
        f"from {table.name.sql} where {own}",
        own_values + values,
    )
    return Schedule(
        kind="race",
        subject=Subject(object=str(table.name), part=reference.name),
        title="a child's insert and its parent's delete never leave an orphan",
        why="a reference that is checked before the other session commits protects nothing",
        # Not the other child itself: it may own the only row of a parent that both refer to.
        setup=inserts((*family, *other[:-1])),
        a=(child.insert(), _COMMIT),
        b=(delete, _COMMIT),
        final=final,
        endings=_reference_endings(reference.on_delete, source.major),
    )


def _reference_endings(action: Action, major: int) -> tuple[Ending, ...]:
    """Return the endings; `final` counts the parent, the child, and the child's references."""
    sqlstate = "23503"
    if action is Action.RESTRICT and major >= _RESTRICT_IS_23001_SINCE:
        sqlstate = "23001"
    refused = {} if action in (Action.CASCADE, Action.SET_NULL) else {"b1": sqlstate}
    after = {
        Action.CASCADE: ("0", "0", "0"),
        Action.SET_NULL: ("0", "1", "0"),
    }.get(action, ("1", "1", "1"))
    return (
        Ending(
            when=(("a1", "b1"), ("b1", "a2")),
            waits=frozenset({"b1"}),
            refused=refused,
            final=(after,),
        ),
        Ending(when=(("a2", "b1"),), refused=refused, final=(after,)),
        Ending(
            when=(("b1", "a1"), ("a1", "b2")),
            waits=frozenset({"a1"}),
            refused={"a1": "23503"},
            final=(("0", "0", "0"),),
        ),
        Ending(when=(("b2", "a1"),), refused={"a1": "23503"}, final=(("0", "0", "0"),)),
    )


def _touches(parent: Row, rows: tuple[Row, ...]) -> bool:
    """Whether a row of the child's own family refers to the parent that will be deleted."""
    return any(
        fk.references == parent.table.name
        and all(
            row.values.get(c) == parent.values.get(r)
            for c, r in zip(fk.columns, fk.referenced_columns, strict=True)
        )
        for row in rows
        for fk in row.table.foreign_keys
    )


def _parents(table: Table, reference: Constraint, family: tuple[Row, ...]) -> dict[str, Row]:
    """Return the parents of the other references, taken from another graph of the table."""
    own = family[-1]
    found: dict[str, Row] = {}
    for fk in table.foreign_keys:
        if fk.name == reference.name:
            continue
        for row in family[:-1]:
            if row.table.name == fk.references and all(
                own.values.get(c) is not None and own.values.get(c) == row.values.get(r)
                for c, r in zip(fk.columns, fk.referenced_columns, strict=True)
            ):
                found[fk.name] = row
    return found


def _key_columns(table: Table) -> tuple[str, ...]:
    return table.primary_key.columns if table.primary_key else ()


def _matches(columns: tuple[str, ...], row: Row, first: int) -> tuple[str, tuple[str | None, ...]]:
    """Return a condition that finds the row, with placeholders from `$first` on."""
    parts = [f"{quote(c)} = ${i}" for i, c in enumerate(columns, first)]
    return " and ".join(parts), tuple(row.values[c] for c in columns)


def _content(table: Table, shown: tuple[str, ...], row: Row, key: tuple[str, ...]) -> Statement:
    where, values = _matches(key, row, 1)
    names = ", ".join(quote(c) for c in shown)
    return Statement(f"select {names} from {table.name.sql} where {where}", values)
