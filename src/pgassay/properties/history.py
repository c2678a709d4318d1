"""A property of any history: inserts, updates and deletes over related tables.

A history is drawn as bare numbers, played against a small model of keys, references, actions and
NULLs, and then sent to the server in one round trip: each statement, and after it a comparison of
every row that should stand. What the model cannot foretell (two keys that disagree, whose triggers
fire in an order that no catalog promises) is not played.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from pgassay.cases.judgement import described, difference
from pgassay.cases.referential import Edge, Effect, Model
from pgassay.cases.survey import survey, where
from pgassay.core.case import Accepted, Refused
from pgassay.core.catalog import Catalog, Constraint, ConstraintKind, Table, TableKind
from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.properties.falsified import Falsified
from pgassay.rows.insertion import inserts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgassay.core.case import Step
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Reply, Session, Value
    from pgassay.rows.maker import RowMaker
    from pgassay.rows.row import Row

_TABLES = 6  # related tables in one history: enough for a diamond, few enough to read
_KEYS = 4  # different keys of one table, so that histories collide
_FAMILIES = 2
_LENGTH = 12  # statements in one history


class Act(StrEnum):
    """What one statement of a history does."""

    INSERT = "insert"
    REFER = "refer"  # give a reference another parent, none, or one that does not exist
    REKEY = "rekey"  # give a referenced key another value
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One drawn statement: an act, a table, and numbers that pick its rows and keys."""

    act: Act
    table: int
    number: int
    picks: tuple[int, ...]


def moves(tables: int) -> st.SearchStrategy[list[Move]]:
    """Return a strategy for histories over so many tables."""
    pick = st.integers(0, 7)
    move = st.builds(
        Move,
        act=st.sampled_from((Act.INSERT, Act.INSERT, Act.REFER, Act.REKEY, Act.DELETE)),
        table=st.integers(0, tables - 1),
        number=st.integers(1, _KEYS),
        picks=st.tuples(pick, pick, pick, pick),
    )
    return st.lists(move, min_size=2, max_size=_LENGTH)


def related_tables(catalog: Catalog, known: Sequence[Edge]) -> list[Table]:
    """Return the tables for histories: related, and with keys that the model understands."""
    eligible = {t.name: t for t in catalog.roots() if _understood(t)}
    needed = {t.name: _ancestors(t, eligible) for t in eligible.values()}
    closed = {name: group for name, group in needed.items() if group is not None}
    chosen: set[QualifiedName] = set()
    while True:
        best, gain = None, 0
        for name, group in sorted(closed.items()):
            grown = chosen | group
            if name in chosen or len(grown) > _TABLES:
                continue
            edges = sum(e.child.name in grown and e.parent in grown for e in known)
            if edges > gain:
                best, gain = grown, edges
        before = sum(e.child.name in chosen and e.parent in chosen for e in known)
        if best is None or gain <= before:
            break
        chosen = best
    return [eligible[name] for name in sorted(eligible) if name in chosen]


def _understood(table: Table) -> bool:
    """Whether the model knows every rule that the history's statements can meet."""
    if table.kind is not TableKind.ORDINARY or table.primary_key is None:
        return False
    references = {c for fk in table.foreign_keys for c in fk.columns}
    keyed = references | {c for key in _keys(table) for c in key.columns}
    checks = {c for k in table.of_kind(ConstraintKind.CHECK) for c in k.columns}
    special = any(
        i.unique and (i.predicate or any(k.expression for k in i.keys)) for i in table.indexes
    )
    return not (
        checks & keyed
        or table.of_kind(ConstraintKind.EXCLUSION)
        or (special and references)
        or any(c.identity or c.generated for c in table.columns if c.name in keyed)
        or any(key.nulls_not_distinct or key.deferrable for key in _keys(table))
    )


def _keys(table: Table) -> tuple[Constraint, ...]:
    return table.of_kind(ConstraintKind.PRIMARY_KEY) + table.of_kind(ConstraintKind.UNIQUE)


def _ancestors(table: Table, eligible: Mapping[QualifiedName, Table]) -> set[QualifiedName] | None:
    """Return the table and all that a row of it needs; None if one of them is not eligible."""
    found: set[QualifiedName] = set()
    queue = [table]
    while queue:
        current = queue.pop()
        if current.name in found:
            continue
        found.add(current.name)
        for fk in current.foreign_keys:
            if all(current.column(c).not_null for c in fk.columns):
                if fk.references is None or fk.references not in eligible:
                    return None
                queue.append(eligible[fk.references])
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Played:
    """One statement, what must become of it, and the comparison after it."""

    statement: Statement
    refused: tuple[Refused, ...] = ()
    survey: Step | None = None


class History:
    """Plays drawn moves on the model, and holds the server to the outcome.

    Args:
        catalog: the contract.
        tables: those of `related_tables`.
        known: every enforced foreign key.
        rows: makes the rows.
        session: a session on what the migrations built.
        major: its major version.
    """

    def __init__(
        self,
        *,
        tables: Sequence[Table],
        known: Sequence[Edge],
        rows: RowMaker,
        session: Session,
        major: int,
    ) -> None:
        self._tables = tables
        names = {table.name for table in tables}
        self._known = [e for e in known if e.child.name in names]
        self._maker = rows
        self._session = session
        self._major = major
        self._start = self._populate()
        self._needs = inserts(self._start)

    def _populate(self) -> list[Row]:
        """Return the rows that every history starts with: two families of each table."""
        found: dict[tuple[object, ...], Row] = {}
        for number in range(1, _FAMILIES + 1):
            for table in self._tables:
                for row in self._maker.graph(table, number):
                    key = row.table.primary_key
                    columns = key.columns if key else ()
                    mark = (row.table.name, *(row.values[c] for c in columns))
                    found.setdefault(mark, row)
        return list(found.values())

    def prove(self, drawn: Sequence[Move]) -> None:
        """Play a history. Raises Falsified where the server and the model part."""
        standing = list(self._start)
        played = list(self._play(standing, drawn))
        opening = [Statement("begin"), *self._needs, Statement("set constraints all immediate")]
        queue = list(opening)
        for act in played:
            after = act.survey.statement if act.survey else _RESTORE
            queue += (_SAVEPOINT, act.statement, after)
        queue.append(Statement("rollback"))
        replies = self._session.run_all(queue)[len(opening) : -1]
        for number, act in enumerate(played):
            reply, seen = replies[3 * number + 1 : 3 * number + 3]
            told = self._difference(act, reply, seen)
            if told:
                script = opening + [a.statement for a in played[:number] if a.survey]
                found, expected = told
                raise Falsified(found, expected, (*script, act.statement))

    def _difference(self, act: _Played, reply: Reply, seen: Reply) -> tuple[str, str] | None:
        if act.survey is None:
            told = [difference(refused, reply, major=self._major) for refused in act.refused]
            if all(told):
                return told[0].split("; expected")[0], told[0].rpartition("expected ")[2]
            return None
        if reply.refusal:
            return f"refused: {described(reply.refusal)}", "accepted"
        off = difference(act.survey.expect, seen, major=self._major)
        if not off:
            return None
        expect = act.survey.expect
        assert isinstance(expect, Accepted)
        pairs = zip(seen.rows, expect.returns or (), strict=False)
        rows = [f"{got[0]}: {got[1]} (expected {want[1]})" for got, want in pairs if got != want]
        return "; ".join(rows) or off, "every row as the keys and references say"

    def _play(self, standing: list[Row], drawn: Sequence[Move]) -> Iterator[_Played]:
        for move in drawn:
            table = self._tables[move.table % len(self._tables)]
            if move.act is Act.INSERT:
                yield from self._insert(standing, table, move)
            else:
                own = [i for i, row in enumerate(standing) if row.table.name == table.name]
                if own:
                    yield from self._change(standing, own[move.picks[0] % len(own)], move)

    def _insert(self, standing: list[Row], table: Table, move: Move) -> Iterator[_Played]:
        row = self._maker.graph(table, move.number)[-1]
        changes: dict[str, Value] = {}
        for place, fk in enumerate(self._references(table)):
            for column, value in self._parent(standing, fk, move.picks[place % 4]).items():
                changes.setdefault(column, value)
        row = row.with_values(changes)
        if any(row.values.get(c) is None for c in changes if table.column(c).not_null):
            return
        refused = tuple(self._collisions([*standing, row], len(standing)))
        if not refused:
            refused = tuple(
                Refused(sqlstate="23503", constraint=fk.name)
                for fk in table.foreign_keys
                if fk.enforced and not self._met([*standing, row], row, fk)
            )
        if refused:
            yield _Played(statement=row.insert(), refused=refused)
            return
        standing.append(row)
        yield _Played(statement=row.insert(), survey=survey(standing, Effect()))

    def _change(self, standing: list[Row], at: int, move: Move) -> Iterator[_Played]:
        row = standing[at]
        values: dict[str, Value] | None = None
        if move.act is Act.REFER:
            references = self._references(row.table)
            if not references:
                return
            fk = references[move.picks[1] % len(references)]
            values = self._parent(standing, fk, move.picks[2])
        elif move.act is Act.REKEY:
            values = self._other_key(row, move)
            if values is None:
                return
        effect = Model(standing, self._known).effect(at, values)
        if effect is None:
            return
        statement = _statement(row, values)
        if effect.stop:
            stop = effect.stop
            yield _Played(
                statement=statement,
                refused=(
                    Refused(
                        sqlstate=stop.sqlstate,
                        by_major=stop.by_major,
                        constraint=stop.edge.key.name if stop.edge else None,
                        column=stop.column,
                    ),
                ),
            )
            return
        after = [
            row.with_values(effect.now[i]) if i in effect.now else row
            for i, row in enumerate(standing)
        ]
        left = [r for i, r in enumerate(after) if i not in effect.gone]
        if any(True for i in range(len(left)) for _ in self._collisions(left, i)):
            return  # whether the key or an action is met first is not the model's to say
        yield _Played(statement=statement, survey=survey(standing, effect))
        standing[:] = left

    def _references(self, table: Table) -> list[Constraint]:
        """Return the enforced foreign keys to tables of the history, wide ones first."""
        names = {t.name for t in self._tables}
        found = [fk for fk in table.foreign_keys if fk.references in names and fk.enforced]
        return sorted(found, key=lambda fk: (-len(fk.columns), fk.name))

    def _parent(self, standing: list[Row], fk: Constraint, pick: int) -> dict[str, Value]:
        """Return values for a reference: a row that stands, none that exists, or NULL."""
        parents = [row for row in standing if row.table.name == fk.references]
        if pick < len(parents):
            source = parents[pick]
        elif pick % 2:
            assert fk.references is not None
            source = self._maker.graph(self._maker.table(fk.references), _KEYS + 5)[-1]
        else:
            return dict.fromkeys(fk.columns)
        pairs = zip(fk.columns, fk.referenced_columns, strict=True)
        return {here: source.values[there] for here, there in pairs}

    def _other_key(self, row: Row, move: Move) -> dict[str, Value] | None:
        """Return another value for a key of the row that no reference of its own fills."""
        own = {c for fk in row.table.foreign_keys for c in fk.columns}
        keys = [key.columns for key in _keys(row.table) if not own & set(key.columns)]
        if not keys:
            return None
        columns = keys[move.picks[1] % len(keys)]
        source = self._maker.graph(row.table, _KEYS + 1 + move.number)[-1]
        return {c: source.values.get(c) for c in columns}

    @staticmethod
    def _met(standing: Sequence[Row], row: Row, fk: Constraint) -> bool:
        wanted = [row.values.get(c) for c in fk.columns]
        if None in wanted:
            return True
        return any(
            other.table.name == fk.references
            and [other.values.get(c) for c in fk.referenced_columns] == wanted
            for other in standing
        )

    @staticmethod
    def _collisions(standing: Sequence[Row], at: int) -> Iterator[Refused]:
        """Yield a refusal for each key of one row that another row has already."""
        row = standing[at]
        for key in _keys(row.table):
            mine = [row.values.get(c) for c in key.columns]
            if None in mine:
                continue
            for i, other in enumerate(standing):
                same_table = other.table.name == row.table.name
                if i != at and same_table and [other.values.get(c) for c in key.columns] == mine:
                    yield Refused(sqlstate="23505", constraint=key.name)
                    break


_SAVEPOINT = Statement("savepoint pgassay_history")
_RESTORE = Statement("rollback to savepoint pgassay_history")


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
