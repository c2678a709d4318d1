"""Two properties of any row, proven on drawn ones.

What the contract accepts is stored and read back equal, and what is broken in one chosen way is
refused for that reason. The contract's own scratch database says which rows are acceptable, so no
CHECK is interpreted here; equality is the server's (`IS NOT DISTINCT FROM`, the column's type).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from pgassay.core.catalog import ConstraintKind
from pgassay.core.names import quote
from pgassay.properties.attempt import (
    BEGIN,
    RESTORE,
    ROLLBACK,
    SAVEPOINT,
    Breach,
    BrokenRow,
    StoredRow,
)
from pgassay.properties.values import AnyValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgassay.core.catalog import Catalog, Column, Table
    from pgassay.core.statement import Reply, Session, Statement
    from pgassay.properties.attempt import Attempt, Segment
    from pgassay.rows.row import Row

_CHANGED = 4  # columns that one example changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where the rows of one table are tried: its parents stand in both databases.

    Args:
        catalog: the contract.
        table: the table.
        needs: statements that insert the row's parents.
        base: a valid row, not inserted.
        promised: a session on the contract's scratch database.
        built: a session on what the migrations built.
    """

    catalog: Catalog
    table: Table
    needs: tuple[Statement, ...]
    base: Row
    promised: Session
    built: Session

    def open(self) -> None:
        """Begin a transaction with the parents in both databases."""
        for session in (self.promised, self.built):
            session.run_all((BEGIN, *self.needs, SAVEPOINT))

    def prove(self, attempt: Attempt) -> None:
        """Try one row in both databases, between `open` and `close`. Raises Falsified."""
        promised = _tried(self.promised, attempt.promised)
        told = attempt.judge(promised, _tried(self.built, attempt.built), self.needs)
        if told:
            raise told

    def close(self) -> None:
        """Leave nothing behind."""
        for session in (self.promised, self.built):
            session.run(ROLLBACK)


def _tried(session: Session, segments: Sequence[Segment]) -> list[Reply]:
    """Return the replies to segments, each played from the savepoint."""
    found = []
    for segment in segments:
        found += session.run_all((*segment, RESTORE))[:-1]
    return found


def free_columns(
    catalog: Catalog, table: Table
) -> tuple[dict[str, st.SearchStrategy[str]], list[str]]:
    """Return strategies for the columns that may vary, and the names of those that stay.

    Keys and references stay as the base row has them: what they do is the business of other
    cases, and a drawn one would only ever be refused.
    """
    values = AnyValue.of_catalog(catalog)
    fixed = {c for fk in table.foreign_keys for c in fk.columns}
    if table.partition_key:
        fixed |= {c for c in table.partition_key.columns if c}
    if table.primary_key:
        fixed |= set(table.primary_key.columns)
    free: dict[str, st.SearchStrategy[str]] = {}
    left_out: list[str] = []
    for column in table.columns:
        if column.generated or column.identity or column.name in fixed:
            continue
        strategy = values.of(column.type)
        if strategy is None:
            left_out.append(column.name)
        else:
            free[column.name] = strategy
    return free, left_out


def any_row(ground: Ground) -> st.SearchStrategy[dict[str, str | None]]:
    """Return a strategy for new values of a few free columns; the rest stay the base row's.

    A few at a time: a row of which everything is random is refused for one column and says
    nothing of the others.
    """
    free, _ = free_columns(ground.catalog, ground.table)
    options = {
        name: strategy if ground.table.column(name).not_null else strategy | st.none()
        for name, strategy in free.items()
    }
    names = sorted(options)

    @st.composite
    def changes(draw: st.DrawFn) -> dict[str, str | None]:
        chosen = draw(st.lists(st.sampled_from(names), max_size=_CHANGED, unique=True))
        return {name: draw(options[name]) for name in sorted(chosen)}

    return changes() if names else st.just({})


def stored_row(ground: Ground, values: dict[str, str | None]) -> StoredRow:
    """Return the attempt to store the base row with these values."""
    row = ground.base.with_values(values)
    return StoredRow(
        insert=row.insert(returning=_read_back(row)),
        columns=tuple(row.values),
        rewritten=any(t.for_each_row and "INSERT" in t.events for t in ground.table.triggers),
    )


def stored_as_promised(ground: Ground, values: dict[str, str | None]) -> None:
    """Insert one row in both databases and compare what became of it. Raises Falsified."""
    ground.prove(stored_row(ground, values))


def _read_back(row: Row) -> str:
    """Return expressions that tell, column by column, whether the stored value is the given one."""
    return ", ".join(
        f"{quote(name)} is not distinct from ${position}::{_comparable(row.table.column(name))}"
        if not _json(row.table.column(name))
        else f"{quote(name)}::jsonb is not distinct from ${position}::jsonb"
        for position, name in enumerate(row.values, 1)
    )


def _comparable(column: Column) -> str:
    return column.type.sql


def _json(column: Column) -> bool:
    return column.type.base == "json" and not column.type.array


def breaches(ground: Ground, stranger: Row) -> list[Breach]:
    """Return the ways in which a row of this table can be broken.

    `stranger` is another valid row of the table whose references were not inserted.
    """
    table = ground.table
    found = [
        Breach(way=f"{c.name} is NULL", changes=((c.name, None),), sqlstate="23502", column=c.name)
        for c in table.columns
        if c.not_null and not c.generated and not c.identity and c.name in ground.base.values
    ]
    found += [
        Breach(
            way=f"{c.name} is one character too long",
            changes=((c.name, "\N{LATIN SMALL LETTER E WITH ACUTE}" * (c.type.length + 1)),),
            sqlstate="22001",
        )
        for c in table.columns
        if c.type.length and c.type.base in ("varchar", "bpchar") and not c.type.array
        and c.name in ground.base.values and not c.generated
    ]  # fmt: skip
    for fk in table.foreign_keys:
        changes = tuple((c, stranger.values.get(c)) for c in fk.columns)
        different = all(v is not None and v != ground.base.values.get(c) for c, v in changes)
        if different and fk.enforced and not fk.initially_deferred:
            found.append(
                Breach(
                    way=f"{fk.name} refers to no row",
                    changes=changes,
                    sqlstate="23503",
                    constraint=fk.name,
                )
            )
    keys = (*table.of_kind(ConstraintKind.PRIMARY_KEY), *table.of_kind(ConstraintKind.UNIQUE))
    if any(not key.initially_deferred for key in keys):
        found.append(Breach(way="it is there already", changes=(), sqlstate="23505", twice=True))
    return found


def broken_row(ground: Ground, values: dict[str, str | None], breach: Breach) -> BrokenRow:
    """Return the attempt to store the base row with these values, broken in that way."""
    whole = ground.base.with_values(values)
    broken = whole.with_values(dict(breach.changes)).insert()
    return BrokenRow(
        whole=whole.insert(),
        steps=(whole.insert(), broken) if breach.twice else (broken,),
        breach=breach,
        is_partitioned=ground.table.partition_key is not None,
    )


def refused_for_that_reason(ground: Ground, values: dict[str, str | None], breach: Breach) -> None:
    """Break a row that the contract accepts and compare the reason. Raises Falsified."""
    ground.prove(broken_row(ground, values, breach))
