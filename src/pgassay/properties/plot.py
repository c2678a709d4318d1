"""What a drawn history says: its statements, and what the model foretells of each.

Drawn are bare numbers; which row or key a number means is decided by the rows that stand at that
moment, so every list of moves is a history, and a shorter one is one as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from pgassay.cases.referential import Edge, Effect, Model
from pgassay.cases.survey import where
from pgassay.core.case import Refused
from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.properties.kinship import is_open, is_tellable, keys_of, uncertain_columns
from pgassay.rows.insertion import inserts, points_to
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgassay.core.catalog import Constraint, Table
    from pgassay.core.statement import Session, Value
    from pgassay.rows.maker import RowMaker
    from pgassay.rows.row import Row

_KEYS = 5  # different keys of one table, so that histories collide
_FAMILIES = 2
_NULL, _NOWHERE = 6, 7  # picks of no parent, and of one that does not exist; the others stand
_ASIDE = 6
_CHAPTERS, _CHAPTER = 8, 5  # a list of lists is longer on average than a list, and shrinks as well


class Act(StrEnum):
    """What one statement of a history does."""

    INSERT = "insert"
    REFER = "refer"  # give a reference another parent, none, or one that does not exist
    REKEY = "rekey"  # give a referenced key another value
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One drawn statement: an act, the reference it is about, numbers that pick rows and keys."""

    act: Act
    edge: int
    number: int
    picks: tuple[int, int, int, int]

    @property
    def aside(self) -> bool:
        """Whether it is about the other table of the reference than such an act usually is."""
        return self.picks[3] >= _ASIDE


def moves(edges: int) -> st.SearchStrategy[list[Move]]:
    """Return a strategy for histories over so many references."""
    pick = st.integers(0, 7)
    often = (Act.INSERT, Act.REFER, Act.REKEY, Act.DELETE, Act.REKEY, Act.DELETE)
    move = st.builds(
        Move,
        act=st.sampled_from(often),
        edge=st.integers(0, edges - 1),
        number=st.integers(1, _KEYS),
        picks=st.tuples(pick, pick, pick, pick),
    )
    chapters = st.lists(st.lists(move, max_size=_CHAPTER), max_size=_CHAPTERS)
    return chapters.map(lambda found: [move for chapter in found for move in chapter])


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One statement: the rows before and after it, and its effect, or else how it is refused.

    Of several refusals any is right: which of two broken rules is met first is not promised.
    """

    statement: Statement
    before: tuple[Row, ...]
    after: tuple[Row, ...]
    effect: Effect | None = None
    refused: tuple[Refused, ...] = ()


class Plot:
    """Makes statements of moves, and foretells them.

    Args:
        tables: a group of `related_tables`.
        known: every enforced foreign key.
        rows: makes the rows.
        promised: a session on a database that holds the contract, to be asked which optional
            references of the first rows can be set.

    Attributes:
        tables: those that have rows.
        edges: the references between them.
        start: the rows that every history starts with: two families of each table, the first
            with its optional references set.
        needs: what puts them in place.
    """

    def __init__(
        self, *, tables: Sequence[Table], known: Sequence[Edge], rows: RowMaker, promised: Session
    ) -> None:
        self._maker = rows
        made = self._families(tables)
        self.tables = tuple({row.table.name: row.table for row in made}.values())
        names = {table.name for table in self.tables}
        self._known = [e for e in known if e.child.name in names]
        self.edges = [e for e in self._known if e.parent in names]
        self._uncertain = {table.name: uncertain_columns(table) for table in self.tables}
        self.needs: tuple[Statement, ...] = inserts(made)
        self.start = self._linked(made, promised)

    @property
    def opening(self) -> tuple[Statement, ...]:
        """What every history starts with; keys are judged at once from there on."""
        return (Statement("begin"), *self.needs, Statement("set constraints all immediate"))

    def play(self, drawn: Sequence[Move]) -> Iterator[Scene]:
        """Yield the scenes of a history; a move that cannot be played is left out."""
        standing = list(self.start)
        for move in drawn:
            edge = self.edges[move.edge % len(self.edges)]
            if move.act is Act.INSERT:
                parent = self._maker.table(edge.parent)
                scene = self._insert(standing, parent if move.aside else edge.child, move)
            else:
                scene = self._change(standing, edge, move)
            if scene:
                yield scene
                standing[:] = scene.after

    def _families(self, tables: Sequence[Table]) -> list[Row]:
        found: dict[tuple[object, ...], Row] = {}
        for number in range(1, _FAMILIES + 1):
            for table in tables:
                try:
                    graph = self._maker.graph(table, number)
                except Unsatisfiable:
                    continue  # the property of its rows tells it
                if not all(is_tellable(row.table) for row in graph):
                    continue
                for row in graph:
                    key = row.table.primary_key
                    columns = key.columns if key else ()
                    found.setdefault((row.table.name, *(row.values[c] for c in columns)), row)
        return list(found.values())

    def _linked(self, rows: list[Row], promised: Session) -> tuple[Row, ...]:
        """Set the optional references of the first family, as far as the contract accepts it."""
        for at, row in enumerate(rows):
            for values in self._links(rows, row):
                linked = rows[at].with_values(values)
                if any(self._collisions([*rows[:at], *rows[at + 1 :]], linked)):
                    continue
                statement = _statement(row, values)
                queue = [*self.opening, statement, Statement("rollback")]
                if promised.run_all(queue)[-2].refusal is None:
                    rows[at] = linked
                    self.needs = (*self.needs, statement)
        return tuple(rows)

    def _links(self, rows: Sequence[Row], row: Row) -> Iterator[Mapping[str, Value]]:
        """Yield values for each optional reference that names nobody: the first that it may."""
        for fk in self._references(row.table):
            unset = [c for c in fk.columns if row.values.get(c) is None]
            for parent in rows if unset else ():
                wanted = _pointing(fk, parent) if parent.table.name == fk.references else {}
                if wanted and all(row.values.get(c) in (None, v) for c, v in wanted.items()):
                    yield {c: wanted[c] for c in unset}
                    break

    def _insert(self, standing: list[Row], table: Table, move: Move) -> Scene | None:
        if not is_open(table):
            return None
        row = self._maker.graph(table, move.number)[-1]
        changes: dict[str, Value] = {}
        for place, fk in enumerate(self._references(table)):
            for column, value in self._parent(standing, row, fk, move.picks[place % 4]).items():
                changes.setdefault(column, value)
        row = row.with_values(changes)
        refused = tuple(self._collisions(standing, row)) or tuple(
            Refused(sqlstate="23503", constraint=fk.name)
            for fk in table.foreign_keys
            if fk.enforced and not _is_met([*standing, row], row, fk)
        )
        before = tuple(standing)
        if refused:
            return Scene(statement=row.insert(), before=before, after=before, refused=refused)
        after = (*before, row)
        return Scene(statement=row.insert(), before=after, after=after, effect=Effect())

    def _change(self, standing: list[Row], edge: Edge, move: Move) -> Scene | None:
        if move.act is Act.REFER or move.aside:
            own = [i for i, row in enumerate(standing) if row.table.name == edge.child.name]
        else:
            own = self._parents(standing, edge)
        if not own:
            return None
        at = own[move.picks[0] % len(own)]
        values: Mapping[str, Value] | None = None
        if move.act is Act.REFER:
            values = self._reference(standing, standing[at], edge.key, move)
        elif move.act is Act.REKEY:
            values = self._other_key(standing[at], edge.key, move)
        if values is None and move.act is not Act.DELETE:
            return None
        effect = Model(standing, self._known).effect(at, values)
        return self._scene(standing, at, values, effect) if effect else None

    def _scene(
        self,
        standing: list[Row],
        at: int,
        values: Mapping[str, Value] | None,
        effect: Effect,
    ) -> Scene | None:
        statement, before = _statement(standing[at], values), tuple(standing)
        if effect.stop:
            stop = effect.stop
            refused = Refused(
                sqlstate=stop.sqlstate,
                by_major=stop.by_major,
                constraint=stop.edge.key.name if stop.edge else stop.constraint,
                column=stop.column,
            )
            return Scene(statement=statement, before=before, after=before, refused=(refused,))
        left = [i for i in range(len(standing)) if i not in effect.gone]
        now = {i: standing[i].with_values(effect.now[i]) for i in effect.now}
        after = {i: now.get(i, standing[i]) for i in left}
        for i, row in now.items():
            changed = {c for c, v in row.values.items() if standing[i].values.get(c) != v}
            others = [after[j] for j in left if j != i]
            # Whether another rule or the action is met first is not the model's to say.
            if changed & self._uncertain[row.table.name] or any(self._collisions(others, row)):
                return None
        return Scene(statement=statement, before=before, after=tuple(after.values()), effect=effect)

    def _references(self, table: Table) -> list[Constraint]:
        """Return the references that may be changed, to tables with rows, wide ones first."""
        names = {t.name for t in self.tables}
        found = [
            fk
            for fk in table.foreign_keys
            if fk.references in names
            and fk.enforced
            and not self._uncertain[table.name] & set(fk.columns)
        ]
        return sorted(found, key=lambda fk: (-len(fk.columns), fk.name))

    def _parents(self, standing: Sequence[Row], edge: Edge) -> list[int]:
        """Return the rows that a reference may name, those that it does name first."""
        children = [row for row in standing if row.table.name == edge.child.name]
        own = [i for i, row in enumerate(standing) if row.table.name == edge.parent]
        return sorted(
            own, key=lambda i: not any(points_to(c, edge.key, standing[i]) for c in children)
        )

    def _parent(
        self, standing: Sequence[Row], row: Row, fk: Constraint, pick: int
    ) -> dict[str, Value]:
        """Return values for a reference: a row that stands, one that does not, or NULL."""
        parents = [other for other in standing if other.table.name == fk.references]
        if pick == _NOWHERE:
            assert fk.references is not None
            return _pointing(fk, self._maker.graph(self._maker.table(fk.references), 9)[-1])
        if parents and pick != _NULL:
            return _pointing(fk, parents[pick % len(parents)])
        optional = [c for c in fk.columns if not row.table.column(c).not_null]
        return dict.fromkeys(optional)

    def _reference(
        self, standing: Sequence[Row], row: Row, fk: Constraint, move: Move
    ) -> dict[str, Value] | None:
        if fk.name not in [known.name for known in self._references(row.table)]:
            return None
        return self._parent(standing, row, fk, move.picks[1]) or None

    def _other_key(self, row: Row, fk: Constraint, move: Move) -> dict[str, Value] | None:
        """Return another value for a key of the row, its own references aside."""
        own = {c for key in row.table.foreign_keys for c in key.columns}
        own |= self._uncertain[row.table.name]
        keys = [key.columns for key in keys_of(row.table)]
        usual = fk.referenced_columns if row.table.name == fk.references else keys[0]
        picked = keys[move.picks[1] % len(keys)] if move.picks[2] >= _ASIDE else usual
        columns = [c for c in picked if c not in own]
        if not columns:
            return None
        source = self._maker.graph(row.table, _KEYS + move.number)[-1]
        return {c: source.values.get(c) for c in columns}

    @staticmethod
    def _collisions(others: Sequence[Row], row: Row) -> Iterator[Refused]:
        """Yield a refusal for each key of a row that another row has already."""
        for key in keys_of(row.table):
            mine = [row.values.get(c) for c in key.columns]
            for other in others if None not in mine else ():
                same = other.table.name == row.table.name
                if same and [other.values.get(c) for c in key.columns] == mine:
                    yield Refused(sqlstate="23505", constraint=key.name)
                    break


def _pointing(fk: Constraint, parent: Row) -> dict[str, Value]:
    pairs = zip(fk.columns, fk.referenced_columns, strict=True)
    return {here: parent.values[there] for here, there in pairs}


def _is_met(standing: Sequence[Row], row: Row, fk: Constraint) -> bool:
    if None in [row.values.get(c) for c in fk.columns]:
        return True
    return any(points_to(row, fk, other) for other in standing)


def _statement(row: Row, values: Mapping[str, Value] | None) -> Statement:
    parameters: list[Value] = []
    if values is None:
        found = where(row.table, row.values, parameters)
        return Statement(f"delete from {row.table.name.sql} where {found}", tuple(parameters))
    sets = []
    for column, value in values.items():
        parameters.append(value)
        sets.append(f"{quote(column)} = ${len(parameters)}")
    found = where(row.table, row.values, parameters)
    sql = f"update {row.table.name.sql} set {', '.join(sets)} where {found}"
    return Statement(sql, tuple(parameters))
