"""Two properties of any row, proven on drawn ones.

What the contract accepts is stored and read back equal, and what is broken in one chosen way is
refused for that reason. The contract's own scratch database says which rows are acceptable, so no
CHECK is interpreted here; equality is the server's (`IS NOT DISTINCT FROM`, the column's type).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from pgassay.cases.judgement import described
from pgassay.core.catalog import ConstraintKind
from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.properties.falsified import Falsified
from pgassay.properties.values import AnyValue

if TYPE_CHECKING:
    from pgassay.core.catalog import Catalog, Column, Table
    from pgassay.core.statement import Reply, Session
    from pgassay.rows.row import Row

_CHANGED = 4  # columns that one example changes
_BEGIN, _ROLLBACK = Statement("begin"), Statement("rollback")
_SAVEPOINT = Statement("savepoint pgassay_row")
_RESTORE = Statement("rollback to savepoint pgassay_row")


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

    @property
    def is_partitioned(self) -> bool:
        """Whether a refusal names a partition's constraint, and which depends on the months."""
        return self.table.partition_key is not None

    def open(self) -> None:
        """Begin a transaction with the parents in both databases."""
        for session in (self.promised, self.built):
            session.run_all((_BEGIN, *self.needs, _SAVEPOINT))

    def close(self) -> None:
        """Leave nothing behind."""
        for session in (self.promised, self.built):
            session.run(_ROLLBACK)


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


def stored_as_promised(ground: Ground, values: dict[str, str | None]) -> None:
    """Insert one row in both databases and compare what became of it. Raises Falsified."""
    row = ground.base.with_values(values)
    insert = row.insert(returning=_read_back(row))
    promised = ground.promised.run_all((insert, _RESTORE))[0]
    built = ground.built.run_all((insert, _RESTORE))[0]
    script = (_BEGIN, *ground.needs, insert, _ROLLBACK)
    if promised.refusal:
        if _reason(promised) != _reason(built):
            raise Falsified(_said(built), f"as the models do: {_said(promised)}", script)
        return
    if built.refusal:
        raise Falsified(_said(built), "accepted, as the models do", script)
    rewritten = any(t.for_each_row and "INSERT" in t.events for t in ground.table.triggers)
    if built.rows != promised.rows or ("f" in built.rows[0] and not rewritten):
        names = list(row.values)
        changed = [n for n, v in zip(names, built.rows[0], strict=True) if v != "t"]
        raise Falsified(
            f"{', '.join(changed)} not read back equal", "every value as it was", script
        )


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One way to break a row, and why it must then be refused."""

    way: str
    changes: tuple[tuple[str, str | None], ...]
    sqlstate: str
    constraint: str | None = None
    column: str | None = None
    twice: bool = False


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


def refused_for_that_reason(ground: Ground, values: dict[str, str | None], breach: Breach) -> None:
    """Break a row that the contract accepts and compare the reason. Raises Falsified."""
    whole = ground.base.with_values(values)
    broken = whole.with_values(dict(breach.changes))
    steps = ((whole.insert(),) if breach.twice else ()) + (broken.insert(),)
    promised = ground.promised.run_all((whole.insert(), _RESTORE, *steps, _RESTORE))
    if promised[0].refusal:
        return  # the row was no acceptable one to begin with
    reply = ground.built.run_all((*steps, _RESTORE))[len(steps) - 1]
    want = promised[1 + len(steps)].refusal
    script = (_BEGIN, *ground.needs, *steps, _ROLLBACK)
    if want is None or want.sqlstate != breach.sqlstate:
        return  # another promise forbids this breach first; its own breach proves it
    refusal = reply.refusal
    same = refusal is not None and (
        refusal.sqlstate == breach.sqlstate
        and breach.constraint in (None, refusal.constraint)
        and breach.column in (None, refusal.column)
        and (not breach.twice or ground.is_partitioned or refusal.constraint == want.constraint)
    )
    if not same:
        reason = f"{breach.sqlstate} {breach.constraint or breach.column or ''}".strip()
        raise Falsified(_said(reply), f"refused with {reason}: {breach.way}", script)


def _reason(reply: Reply) -> tuple[str | None, ...]:
    refusal = reply.refusal
    if refusal is None:
        return ()
    return (refusal.sqlstate, refusal.constraint, refusal.column)


def _said(reply: Reply) -> str:
    return f"refused: {described(reply.refusal)}" if reply.refusal else "accepted"
