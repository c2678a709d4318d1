"""Writes worth timing, derived from a table: insert one, insert a thousand, update, delete.

What is inserted are rows that were there a moment ago: taken out in the same transaction with
triggers and references at rest, and put in again with all of them awake. So they are valid
whatever the table promises, and nothing has to be made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.catalog import Action, TableKind
from pgassay.core.names import QualifiedName, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog, Column, Table

MANY = 1000
"""Rows of the large insert."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One write to be timed, each round in a transaction that is rolled back.

    Args:
        name: what it does, in words.
        table: what it writes.
        once: what is run once and stays: tables that rows are taken into.
        before: what is run before each round, in its transaction, and not timed.
        sql: what is timed.
        touched: every table that it writes, partitions through their root.
    """

    name: str
    table: QualifiedName
    once: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    sql: str
    touched: tuple[QualifiedName, ...]


def writes_of(catalog: Catalog, table: Table) -> Iterator[Write]:
    """Yield the writes of a table; none where it has no primary key to find rows by."""
    key = table.primary_key.columns if table.primary_key else ()
    if not key:
        return
    for rows in (1, MANY):
        yield _insert(table, key, rows)
    if (column := _plain(table, key)) is not None:
        name = quote(column.name)
        once, where = _picked(table, key, "middle", _middle(table, key))
        yield Write(
            name="update one",
            table=table.name,
            once=once,
            sql=f"update {table.name.sql} set {name} = {name} where {where}",
            touched=(table.name,),
        )
    yield _delete(catalog, table, key)


def _insert(table: Table, key: tuple[str, ...], rows: int) -> Write:
    taken = QualifiedName("pgassay", f"{table.name.name[:40]}_{rows}")
    names = ", ".join(quote(c.name) for c in table.columns if not c.generated)
    always = any(column.identity == "ALWAYS" for column in table.columns)
    overriding = " overriding system value" if always else ""
    rows_taken = f"select * from {table.name.sql} order by {_columns(key)} limit {rows}"
    same = " and ".join(f"t.{quote(c)} = n.{quote(c)}" for c in key)
    return Write(
        name=f"insert {rows:,}",
        table=table.name,
        once=(
            "create schema if not exists pgassay",
            f"create table {taken.sql} as {rows_taken}",
            f"analyze {taken.sql}",
        ),
        before=(
            "set local session_replication_role = replica",
            f"delete from {table.name.sql} as t using {taken.sql} as n where {same}",
            "set local session_replication_role = origin",
            "set constraints all immediate",
        ),
        sql=f"insert into {table.name.sql} ({names}){overriding} select {names} from {taken.sql}",
        touched=(table.name,),
    )


def _delete(catalog: Catalog, table: Table, key: tuple[str, ...]) -> Write:
    """Return the delete of the row that most rows refer to, with all that goes with it."""
    single = key[0] if len(key) == 1 else None
    heavy = [
        f"select {quote(column)} as k from {child.name.sql} where {quote(column)} is not null"
        for child in catalog.roots()
        for reference in child.foreign_keys
        if reference.references == table.name and child.name != table.name
        for column, referred in zip(reference.columns, reference.referenced_columns, strict=True)
        if referred == single
    ]
    heaviest = (
        f"select k from ({' union all '.join(heavy)}) as r "
        "group by k order by count(*) desc, k::text limit 1"
    )
    once, where = _picked(table, key, "victim", heaviest if heavy else _middle(table, key))
    return Write(
        name="delete the heaviest and all beneath" if heavy else "delete one",
        table=table.name,
        once=once,
        before=("set constraints all immediate",),
        sql=f"delete from {table.name.sql} where {where}",
        touched=tuple(_beneath(catalog, table.name)),
    )


def _picked(
    table: Table, key: tuple[str, ...], name: str, query: str
) -> tuple[tuple[str, ...], str]:
    """Return what keeps the key of a row in a table of its own, and the condition to find it by."""
    kept, columns = QualifiedName("pgassay", f"{table.name.name[:40]}_{name}"), _columns(key)
    row = f"select {columns} from {table.name.sql} where ({columns}) = ({query})"
    once = (
        "create schema if not exists pgassay",
        f"create table {kept.sql} as {row}",
        f"analyze {kept.sql}",
    )
    return once, f"({columns}) in (select {columns} from {kept.sql})"


def _beneath(catalog: Catalog, name: QualifiedName) -> dict[QualifiedName, None]:
    """Return the tables that a delete may write, in the order in which they are met."""
    found: dict[QualifiedName, None] = {name: None}
    ahead = [name]
    while ahead:
        parent = ahead.pop(0)
        for child in catalog.roots():
            for reference in child.foreign_keys:
                writes = reference.on_delete not in (Action.NO_ACTION, Action.RESTRICT)
                if reference.references == parent and writes and child.name not in found:
                    found[child.name] = None
                    if reference.on_delete is Action.CASCADE:
                        ahead.append(child.name)
    return found


def _plain(table: Table, key: tuple[str, ...]) -> Column | None:
    """Return a column that no key and no index holds, so that an update is a plain one."""
    held = {*key, *(k.column for index in table.indexes for k in index.keys)}
    held |= {column for reference in table.foreign_keys for column in reference.columns}
    plain = [c for c in table.columns if c.name not in held and not c.generated]
    return plain[0] if plain and table.kind is not TableKind.FOREIGN else None


def _middle(table: Table, key: tuple[str, ...]) -> str:
    """Return a query for the key of a row in the middle of a table."""
    name = table.name.sql
    columns = _columns(key)
    half = f"(select count(*) / 2 from {name})"
    return f"select {columns} from {name} order by {columns} offset {half} limit 1"


def _columns(key: tuple[str, ...]) -> str:
    return ", ".join(quote(column) for column in key)
