"""Reading the layout of a database, and asking what becomes of values and rows in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psycopg

from pgassay.core.layout import ColumnLaid, IndexLaid, Layout, RelationLaid
from pgassay.core.names import quote
from pgassay.core.snapshot import Held
from pgassay.core.statistics import ColumnStatistics
from pgassay.postgres.stage import inventory
from pgassay.staging.deriving import Made
from pgassay.staging.dividing import Share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgassay.core.names import QualifiedName

_COLUMNS = """
select a.attrelid, a.attnum, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)
from pg_catalog.pg_attribute a
where a.attnum > 0 and not a.attisdropped and a.attrelid = any (%s)
order by a.attrelid, a.attnum
"""
_BOUNDS = """
select c.oid, pg_catalog.pg_get_expr(c.relpartbound, c.oid),
  (select array_agg(a.attname::text order by k.place)
   from pg_catalog.pg_partitioned_table p
   cross join lateral unnest(p.partattrs::int2[]) with ordinality k(number, place)
   left join pg_catalog.pg_attribute a on a.attrelid = p.partrelid and a.attnum = k.number
   where p.partrelid = c.oid)
from pg_catalog.pg_class c where c.oid = any (%s)
"""
_CONSTRAINTS = """
select c.oid, pg_catalog.pg_get_partition_constraintdef(c.oid)
from pg_catalog.pg_class c where c.oid = any (%s)
"""
# What lies between two bounds of a histogram, where the type can say it.
_BETWEEN = {
    "date": "(v::timestamp + (w::timestamp - v::timestamp) * (n::float8 / {0}))::date",
    "timestamp without time zone": "v::timestamp + (w::timestamp - v::timestamp) * (n::float8/{0})",
    "timestamp with time zone": "v::timestamptz"
    " + (w::timestamptz - v::timestamptz) * (n::float8 / {0})",
    **dict.fromkeys(
        ("smallint", "integer", "bigint"),
        "trunc(v::numeric + (w::numeric - v::numeric) * n / {0})",
    ),
    "numeric": "v::numeric + (w::numeric - v::numeric) * n / {0}",
}
_FINE = 16  # so many steps between two bounds
_MOST_BOUNDS = 101


def read_layout(connection: psycopg.Connection[Any]) -> Layout:
    """Return the relations that hold rows, with what they consist of."""
    there = inventory.relations(connection)
    oids = [one.oid for one in there.values()]
    columns: dict[int, list[ColumnLaid]] = {}
    for oid, number, name, type_ in connection.execute(_COLUMNS, [oids]):
        columns.setdefault(oid, []).append(ColumnLaid(number=number, name=name, type=type_))
    indexes: dict[int, list[IndexLaid]] = {}
    for index in inventory.indexes(connection):
        laid = IndexLaid(
            oid=index.oid,
            name=index.name,
            method=index.method,
            keys=index.keys,
            predicate=index.predicate,
            parent=index.parent,
        )
        indexes.setdefault(index.table, []).append(laid)
    bounds = {oid: (bound, key) for oid, bound, key in connection.execute(_BOUNDS, [oids])}
    return Layout(
        {
            name: RelationLaid(
                oid=one.oid,
                name=name,
                kind=Held(one.kind),
                parent=one.parent,
                bound=bounds[one.oid][0],
                key=tuple(bounds[one.oid][1] or ()),
                columns=tuple(columns.get(one.oid, ())),
                indexes=tuple(indexes.get(one.oid, ())),
            )
            for name, one in there.items()
        }
    )


class Asked:
    """What two databases answer: a `staging.deriving.Answers`.

    Args:
        behind: one with the schema behind, without rows.
        layout: its layout.
        lived: one with this run's rows behind the revision.
    """

    def __init__(
        self,
        behind: psycopg.Connection[Any],
        layout: Layout,
        lived: psycopg.Connection[Any],
    ) -> None:
        self._behind, self._layout, self._lived = behind, layout, lived

    def spread(
        self, table: RelationLaid, key: str, known: ColumnStatistics
    ) -> Mapping[QualifiedName, Share] | None:
        """Return what each partition gets, by its constraint as the server has it.

        The values of the key are the common ones, the bounds of the histogram, and what lies
        between those.
        """
        leaves = [p for p in self._layout.below(table.name) if p.kind is not Held.PARTITIONED]
        type_ = next((column.type for column in table.columns if column.name == key), "")
        plain = type_.partition("(")[0] + type_.partition(")")[2]
        points = self._points(known, plain)
        if not points:
            return None
        rules = dict(self._behind.execute(_CONSTRAINTS, [[leaf.oid for leaf in leaves]]).fetchall())
        found: dict[QualifiedName, Share] = {}
        taken: set[int] = set()
        # The default partition takes what no other does; its own constraint says so at length.
        for leaf in sorted(leaves, key=lambda one: one.bound == "DEFAULT"):
            mine = self._within(points, key, type_, rules.get(leaf.oid)) - taken
            taken |= mine
            found[leaf.name] = _share(known, [points[number] for number in sorted(mine)])
        return found

    def made(self, relation: RelationLaid, columns: Sequence[ColumnLaid]) -> Made:
        """Return what this run has of a relation and of some of its columns."""
        asked = ["count(*)", "pg_catalog.pg_relation_size(%s::regclass) / 8192"]
        for column in columns:
            name = quote(column.name).replace("%", "%%")
            asked += [
                f"count({name})",
                f"count(distinct {name}::text)",
                f"min({name}::text)",
                f"coalesce(avg(pg_catalog.pg_column_size({name})), 0)::int",
            ]
        table = relation.name.sql.replace("%", "%%")
        try:
            with self._lived.transaction():
                row = self._lived.execute(
                    f"select {', '.join(asked)} from {table}".encode(),
                    [relation.name.sql],
                ).fetchone()
        except psycopg.Error:
            return Made()  # a partition that only production needs
        assert row is not None
        rows, blocks, *rest = row
        found: dict[str, ColumnStatistics] = {}
        certain = set()
        for number, column in enumerate(columns):
            filled, kinds, value, width = rest[4 * number : 4 * number + 4]
            if not rows:
                continue
            null = 1 - filled / rows
            one = kinds == 1 and filled == rows
            if one or not filled:
                certain.add(column.name)
            found[column.name] = ColumnStatistics(
                null=null,
                width=width,
                distinct=-(1 - null) if filled and kinds == filled else float(kinds),
                common=(1.0,) if one else (),
                values=(value,) if one else (),
            )
        return Made(rows=rows, blocks=blocks, columns=found, certain=frozenset(certain))

    def retyped(self, found: ColumnStatistics, type_: str) -> ColumnStatistics | None:
        """Return statistics with their values cast; None where a value is none of that type."""
        cast = f"v::{type_}"  # as format_type writes it
        asked = (
            f"select array(select ({cast})::text from unnest(%(values)s::text[])"
            " with ordinality o(v, n) order by n),"
            f" array(select ({cast})::text from unnest(%(bounds)s::text[]) o(v) order by {cast}),"
            f" (select avg(pg_catalog.pg_column_size({cast}))::int"
            " from unnest(%(values)s::text[] || %(bounds)s::text[]) o(v))"
        )
        try:
            with self._behind.transaction():
                row = self._behind.execute(
                    asked.encode(), {"values": list(found.values), "bounds": list(found.bounds)}
                ).fetchone()
        except psycopg.Error:
            return None
        assert row is not None
        values, bounds, width = row
        lists = bool(found.elements or found.range_bounds)
        return replace(
            found,
            values=tuple(values),
            bounds=tuple(bounds),
            width=width or found.width,
            elements=() if lists else found.elements,
            element_shares=() if lists else found.element_shares,
            element_counts=() if lists else found.element_counts,
            lengths=() if lists else found.lengths,
            range_bounds=() if lists else found.range_bounds,
        )

    def _points(self, known: ColumnStatistics, type_: str) -> list[tuple[str | None, float, bool]]:
        """Return values of a key in order, each with its share of the rows and whether common."""
        found: list[tuple[str | None, float, bool]] = []
        if known.null:
            found.append((None, known.null, True))
        found += [(v, s, True) for v, s in zip(known.values, known.common, strict=False)]
        rest = max(1 - known.null - sum(known.common), 0.0)
        bounds = list(known.bounds)
        if len(bounds) > 1 and (between := _BETWEEN.get(type_)):
            asked = (
                f"select ({between.format(_FINE)})::text"
                " from unnest(%s::text[], %s::text[]) with ordinality b(v, w, place)"
                f" cross join generate_series(0, {_FINE - 1}) n order by place, n"
            )
            rows = self._behind.execute(asked.encode(), [bounds[:-1], bounds[1:]]).fetchall()
            bounds = [value for (value,) in rows] + bounds[-1:]
        return found + [(value, rest / len(bounds), False) for value in bounds]

    def _within(
        self,
        points: Sequence[tuple[str | None, float, bool]],
        key: str,
        type_: str,
        rule: str | None,
    ) -> set[int]:
        """Return the numbers of the points that a partition's constraint lets in."""
        asked = (
            f"select o.number - 1 from unnest(%s::text[]) with ordinality o(value, number)"
            f" cross join lateral (select o.value::{type_} as {quote(key)}) as partition"
            f" where {rule or 'true'}"
        )
        values = [value for value, _, _ in points]
        text = asked.replace("%", "%%").replace("%%s", "%s", 1)
        return {number for (number,) in self._behind.execute(text.encode(), [values])}


def _share(known: ColumnStatistics, points: Sequence[tuple[str | None, float, bool]]) -> Share:
    """Return a partition's share of the rows, and the key's statistics among them."""
    rows = sum(share for _, share, _ in points)
    if not rows:
        return Share(rows=0.0)
    common = sorted(
        ((share / rows, value) for value, share, often in points if often and value is not None),
        reverse=True,
    )
    bounds = [value for value, _, often in points if not often and value is not None]
    step = max(len(bounds) / _MOST_BOUNDS, 1.0)
    some = [bounds[int(k * step)] for k in range(min(len(bounds), _MOST_BOUNDS))]
    if some and some[-1] != bounds[-1]:
        some[-1] = bounds[-1]
    unique = list(dict.fromkeys(some))
    kinds = known.distinct
    return Share(
        rows=rows,
        key=replace(
            known,
            null=sum(share for value, share, _ in points if value is None) / rows,
            distinct=kinds if kinds < 0 else max(1.0, kinds * rows),
            common=tuple(share for share, _ in common),
            values=tuple(value for _, value in common),
            bounds=tuple(unique) if len(unique) > 1 else (),
            bins=len(unique) if len(unique) > 1 else 0,
        ),
    )
