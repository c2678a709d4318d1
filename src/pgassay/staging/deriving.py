"""A snapshot of one schema as that of another: what a revision would make of production's sizes.

Relations, columns and indexes are followed by their numbers, and by their names where something has
taken another's place. What stays keeps what was measured. A table that is divided gives its rows to
its partitions as the key is spread, one that is put together has all of them; an index that is new
is left to the stage, which estimates it. What nobody can know from here is taken from the database
of this run, and told: a *doubt*, by table. Nothing is guessed without a word.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from pgassay.core.snapshot import ColumnSeen, Held, IndexSeen, RelationSeen, Snapshot
from pgassay.staging.dividing import Share, both, divided, empty, first, part_of, united

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgassay.core.layout import ColumnLaid, IndexLaid, Layout, RelationLaid
    from pgassay.core.names import QualifiedName
    from pgassay.core.snapshot import TogetherSeen
    from pgassay.core.statistics import ColumnStatistics

_TUPLE = 28  # header and item pointer (Database Page Layout)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What this run's database has of something that is new.

    Args:
        rows: how many; blocks: pages of it.
        columns: what is in its columns, by name.
        certain: columns of which that holds whatever the number of rows: all NULL, or one value.
    """

    rows: int = 0
    blocks: int = 0
    columns: Mapping[str, ColumnStatistics] = field(default_factory=dict)
    certain: frozenset[str] = frozenset()


class Answers(Protocol):
    """What a database has to be asked."""

    def spread(
        self, table: RelationLaid, key: str, known: ColumnStatistics
    ) -> Mapping[QualifiedName, Share] | None:
        """Return what each partition of a table gets, by name; None if it cannot be said."""
        ...

    def made(self, relation: RelationLaid, columns: Sequence[ColumnLaid]) -> Made:
        """Return what this run's database has of a relation, and of some of its columns."""
        ...

    def retyped(self, found: ColumnStatistics, type_: str) -> ColumnStatistics | None:
        """Return statistics with their values as another type has them; None if it cannot."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """The snapshot of the other schema, and by table what is not certain of it."""

    snapshot: Snapshot
    doubts: Mapping[QualifiedName, tuple[str, ...]]


def derived(snapshot: Snapshot, before: Layout, behind: Layout, answers: Answers) -> Derived:
    """Return a snapshot of `before` as one of `behind`.

    Args:
        snapshot: of the schema `before`, every statistic with values.
        before: the layout that its names are of.
        behind: what became of that; the same layout, to fit a snapshot to a schema that differs.
        answers: what only a server can say.
    """
    return _Deriving(snapshot, before, behind, answers).result()


class _Deriving:
    def __init__(
        self, snapshot: Snapshot, before: Layout, behind: Layout, answers: Answers
    ) -> None:
        self._snapshot, self._before, self._behind = snapshot, before, behind
        self._answers = answers
        self._seen = {relation.name: relation for relation in snapshot.relations}
        self._numbers = before.by_number()
        self._doubts: dict[QualifiedName, list[str]] = {}

    def result(self) -> Derived:
        relations: list[RelationSeen] = []
        for there in self._behind.relations.values():
            if there.parent is None:
                relations += self._of_root(there)
        known = {relation.name: relation.kind for relation in relations}
        # What neither schema has stays, to be told as a difference.
        relations += [
            one
            for one in self._snapshot.relations
            if one.name not in known
            and one.name not in self._before.relations
            and (one.parent is None or known.get(one.parent) is Held.PARTITIONED)
        ]
        return Derived(
            snapshot=replace(self._snapshot, relations=tuple(relations)),
            doubts={name: tuple(told) for name, told in self._doubts.items()},
        )

    def _doubt(self, there: RelationLaid, told: str) -> None:
        self._doubts.setdefault(self._behind.root(there.name), []).append(told)

    def _of_root(self, there: RelationLaid) -> Iterator[RelationSeen]:
        origin = self._origin(there)
        seen = self._seen.get(origin.name) if origin else None
        if origin is None:
            yield from self._new(there)
        elif seen is None:
            return  # unknown in production: the stage tells it
        elif there.kind is Held.PARTITIONED and seen.kind is not Held.PARTITIONED:
            yield from self._divided(seen, origin, there)
        elif seen.kind is Held.PARTITIONED and there.kind is not Held.PARTITIONED:
            yield self._carried(united(seen, there, list(self._leaves(seen.name))), origin, there)
        else:
            yield self._carried(seen, origin, there)
            if there.kind is Held.PARTITIONED:
                yield from self._partitions(origin, there)

    def _origin(self, there: RelationLaid) -> RelationLaid | None:
        """Return what a relation was before; None if it is new."""
        same = self._numbers.get(there.oid)
        if same is not None:
            return same
        replaced = self._before.relations.get(there.name)
        if replaced is None or there.parent is not None:
            return None
        mine = {column.name for column in there.columns}
        if not mine & {column.name for column in replaced.columns}:
            return None
        # It stands in another's place: with its rows, if the revision has moved them.
        return replaced if self._answers.made(there, ()).rows else None

    def _new(self, there: RelationLaid) -> Iterator[RelationSeen]:
        for one in (there, *self._behind.below(there.name)):
            old = self._numbers.get(one.oid)
            if old is not None and old.name in self._seen:
                yield self._carried(self._seen[old.name], old, one)
                continue
            made = self._answers.made(one, one.columns)
            if made.rows and one.kind is not Held.PARTITIONED:
                self._doubt(
                    one,
                    f"{one.name} is new, and the revision fills it: it has the {made.rows:,} rows "
                    "of this run, not production's",
                )
            filled = bool(made.rows)
            yield RelationSeen(
                name=one.name,
                kind=one.kind,
                rows=made.rows if filled else -1,
                pages=made.blocks if filled else 0,
                blocks=made.blocks if filled else 0,
                visible=made.blocks if filled else 0,
                parent=one.parent,
                bound=one.bound,
                columns=tuple(
                    ColumnSeen(
                        name=column.name,
                        type=column.type,
                        statistics=both(made.columns.get(column.name), one),
                    )
                    for column in one.columns
                ),
            )

    def _carried(
        self, seen: RelationSeen, origin: RelationLaid, there: RelationLaid
    ) -> RelationSeen:
        """Return a relation with what its columns and indexes are now."""
        names = _columns_from(origin, there)
        columns, wider = self._columns(seen, origin, there, names)
        kinds = {column.name: names.get(column.name, column.name) for column in there.columns}
        found = replace(
            seen,
            name=there.name,
            kind=there.kind,
            parent=there.parent,
            bound=there.bound,
            columns=columns,
            indexes=tuple(self._indexes(seen, origin, there)),
            together=tuple(_renamed(seen.together, {old: new for new, old in kinds.items()})),
        )
        if wider == 1:
            return found
        return replace(
            found,
            pages=math.ceil(found.pages * wider),
            blocks=math.ceil(found.blocks * wider),
            visible=math.ceil(found.visible * wider),
        )

    def _columns(
        self,
        seen: RelationSeen,
        origin: RelationLaid,
        there: RelationLaid,
        names: Mapping[str, str],
    ) -> tuple[tuple[ColumnSeen, ...], float]:
        """Return the columns, and how many times wider a row is where a type has changed."""
        types = {column.name: column.type for column in origin.columns}
        fresh = [c for c in there.columns if c.name not in names]
        made = self._answers.made(there, fresh) if fresh and seen.parent is None else Made()
        found: list[ColumnSeen] = []
        was = now = 0.0
        for column in there.columns:
            old = names.get(column.name)
            known = seen.column(old) if old else None
            if old is None:
                found.append(self._fresh(column, there, made))
            elif known is None:
                continue
            elif types[old] == column.type or seen.parent is not None:
                found.append(replace(known, name=column.name, type=column.type))
            else:
                changed = self._retyped(known, column, there)
                found.append(changed)
                was += sum(s.width for s in known.statistics[:1])
                now += sum(s.width for s in changed.statistics[:1])
        if was == now:
            return tuple(found), 1.0
        rest = sum(s.width for c in seen.columns for s in c.statistics[:1]) + _TUPLE
        return tuple(found), max((rest - was + now) / rest, 0.1)

    def _fresh(self, column: ColumnLaid, there: RelationLaid, made: Made) -> ColumnSeen:
        known = made.columns.get(column.name)
        if known is not None and column.name not in made.certain:
            self._doubt(
                there,
                f"{there.name}.{column.name} is new, and has values: how they are spread is taken "
                "from this run's rows",
            )
        return ColumnSeen(name=column.name, type=column.type, statistics=both(known, there))

    def _retyped(self, known: ColumnSeen, column: ColumnLaid, there: RelationLaid) -> ColumnSeen:
        found = [self._answers.retyped(one, column.type) for one in known.statistics]
        if any(one is None for one in found):
            self._doubt(
                there,
                f"{there.name}.{column.name} is now {column.type}: production's values are not "
                "known as that",
            )
        statistics = tuple(one for one in found if one is not None)
        # Its ends would have to be values of the new type as well.
        return ColumnSeen(name=column.name, type=column.type, statistics=statistics)

    def _indexes(
        self, seen: RelationSeen, origin: RelationLaid, there: RelationLaid
    ) -> Iterator[IndexSeen]:
        """Yield the indexes that were measured; the stage estimates the rest."""
        left = {index.name: index for index in seen.indexes}
        before = {index.oid: index for index in origin.indexes}
        pending: list[IndexLaid] = []
        for index in there.indexes:
            old = before.get(index.oid)
            known = _measured(left, old) if old else None
            if known is None:
                pending.append(index)
            else:
                yield _as(left.pop(known.name), index)
        for index in pending:
            same = next((s for s in left.values() if _definition(s) == index.definition), None)
            if same is not None:
                yield _as(left.pop(same.name), index)

    def _partitions(self, origin: RelationLaid, there: RelationLaid) -> Iterator[RelationSeen]:
        """Yield the partitions of a table that was partitioned before."""
        # Of an attached table all that is known is that it was one of its own.
        for part in self._behind.below(there.name):
            old = self._numbers.get(part.oid)
            known = self._seen.get(old.name) if old else self._seen.get(part.name)
            if known is not None and known.kind is part.kind:
                yield self._carried(known, old or part, part)
            else:
                yield empty(part)
        for relation in self._snapshot.relations:
            if relation.parent != origin.name or relation.name in self._before.relations:
                continue
            # Production's own: as the stage will make it.
            yield replace(relation, parent=there.name)

    def _leaves(self, parent: QualifiedName) -> Iterator[RelationSeen]:
        for one in self._snapshot.relations:
            if one.parent == parent:
                if one.kind is Held.PARTITIONED:
                    yield from self._leaves(one.name)
                else:
                    yield one

    def _divided(
        self, seen: RelationSeen, origin: RelationLaid, there: RelationLaid
    ) -> Iterator[RelationSeen]:
        """Yield a partitioned table, and its partitions with their shares of the rows."""
        whole = self._carried(seen, origin, replace(there, kind=seen.kind))
        yield divided(whole, there)
        below = tuple(self._behind.below(there.name))
        leaves = [one for one in below if one.kind is not Held.PARTITIONED]
        keys = {key for one in (there, *below) for key in one.key}
        shares = self._shares(whole, there, keys, leaves)
        for one in below:
            if one.kind is Held.PARTITIONED:
                yield empty(one)
            else:
                key = next(iter(keys)) if len(keys) == 1 else None
                yield part_of(whole, one, shares.get(one.name, Share(rows=0.0)), key)

    def _shares(
        self,
        whole: RelationSeen,
        there: RelationLaid,
        keys: set[str | None],
        leaves: Sequence[RelationLaid],
    ) -> Mapping[QualifiedName, Share]:
        column = whole.column(next(iter(keys)) or "") if len(keys) == 1 else None
        known = first(column) if column else None
        found = None
        if column is not None and known is not None:
            found = self._answers.spread(there, column.name, known)
        if found is None:
            self._doubt(
                there,
                f"{there.name} is divided now, and how its key is spread is not known: each "
                "partition has as many rows",
            )
            return {leaf.name: Share(rows=1 / len(leaves)) for leaf in leaves}
        lost = 1 - sum(share.rows for share in found.values())
        if lost > _LOST:
            self._doubt(
                there, f"{lost:.0%} of production's rows are of no partition of {there.name}"
            )
        return found


_LOST = 0.01


def _columns_from(origin: RelationLaid, there: RelationLaid) -> Mapping[str, str]:
    """Return what columns were called before: by number in the same relation, else by name."""
    if origin.oid == there.oid:
        numbers = {column.number: column.name for column in origin.columns}
        return {c.name: numbers[c.number] for c in there.columns if c.number in numbers}
    names = {column.name for column in origin.columns}
    return {column.name: column.name for column in there.columns if column.name in names}


def _measured(left: Mapping[QualifiedName, IndexSeen], old: IndexLaid) -> IndexSeen | None:
    """Return what was measured of an index of the schema before: by name, as a part, by keys."""
    found = left.get(old.name)
    if found is None and old.parent is not None:
        found = next((index for index in left.values() if index.parent == old.parent), None)
    if found is None:
        found = next((one for one in left.values() if _definition(one) == old.definition), None)
    return found if found is not None and found.method == old.method else None


def _definition(seen: IndexSeen) -> tuple[str, tuple[str, ...], str | None]:
    return seen.method, seen.keys, seen.predicate


def _as(seen: IndexSeen, there: IndexLaid) -> IndexSeen:
    return replace(
        seen, name=there.name, keys=there.keys, predicate=there.predicate, parent=there.parent
    )


def _renamed(together: Sequence[TogetherSeen], names: Mapping[str, str]) -> Iterator[TogetherSeen]:
    for one in together:
        if all(column in names for column in one.columns):
            yield replace(one, columns=tuple(names[column] for column in one.columns))
