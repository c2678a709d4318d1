"""Statistics into the catalogs: `pg_class`, `pg_statistic`, `pg_statistic_ext_data`.

Written directly, as the superuser of a throwaway: the same on 16, 17 and 18, of which only the last
has functions for it. The server reads every value as the type of its column, so what is no such
value is refused.
"""

from __future__ import annotations

import json
import re
import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psycopg

from pgassay.core.errors import ConfigError
from pgassay.core.snapshot import Held
from pgassay.postgres.stage import inventory

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pgassay.core.snapshot import TogetherSeen
    from pgassay.core.statistics import ColumnStatistics
    from pgassay.postgres.stage.inventory import Attribute
    from pgassay.postgres.stage.matching import Match

Row = dict[str, Any]
_SLOTS = 5
_FLOAT8, _FLOAT8_LESS = 701, 672
_MOST = 2**31 - 1
_SLOT = "k{0} int2, o{0} oid, c{0} oid, n{0} text, v{0} text, t{0} oid"
_INSERT = f"""
insert into pg_catalog.pg_statistic
select r.relid, r.attnum, r.inherited, r.nulls, r.width, r.kinds,
  {", ".join(f"coalesce(r.k{n}, 0::int2)" for n in range(1, _SLOTS + 1))},
  {", ".join(f"coalesce(r.o{n}, 0::oid)" for n in range(1, _SLOTS + 1))},
  {", ".join(f"coalesce(r.c{n}, 0::oid)" for n in range(1, _SLOTS + 1))},
  {", ".join(f"r.n{n}::float4[]" for n in range(1, _SLOTS + 1))},
  {", ".join(f"array_in(textout(r.v{n}), r.t{n}, -1)" for n in range(1, _SLOTS + 1))}
from json_to_recordset(%s::json) as r(
  relid oid, attnum int2, inherited bool, nulls float4, width int4, kinds float4,
  {", ".join(_SLOT.format(n) for n in range(1, _SLOTS + 1))})
"""
_SIZES = """
update pg_catalog.pg_class c
set reltuples = r.rows, relpages = r.pages, relallvisible = r.visible
from json_to_recordset(%s::json) as r(relid oid, rows float4, pages int4, visible int4)
where c.oid = r.relid
"""
_EXTENDED = """
select e.oid, n.nspname, e.stxname, e.stxrelid,
  array(select a.attname from pg_attribute a
        where a.attrelid = e.stxrelid and a.attnum = any (e.stxkeys) order by a.attnum)::text[],
  array(select a.attnum from pg_attribute a
        where a.attrelid = e.stxrelid and a.attnum = any (e.stxkeys) order by a.attnum)
from pg_statistic_ext e join pg_namespace n on n.oid = e.stxnamespace
"""
_DISTINCT, _DEPENDENCIES = 0xA352BFA4, 0xB4549A2C  # STATS_NDISTINCT_MAGIC, STATS_DEPS_MAGIC
_MCV = 0xE1A651C2
_FIRST_OWN_OID = 16384
_CASTS = ("pg_ndistinct", "pg_dependencies", "pg_mcv_list")


def restore(
    connection: psycopg.Connection[Any], match: Match, *, statistics: bool, where: str
) -> None:
    """Write sizes and, if wanted, statistics of what the two have in common.

    Raises:
        ConfigError: a value is not one of its column's type.
    """
    sizes = [
        {"relid": one.oid, "rows": s.rows, "pages": _signed(s.pages), "visible": _signed(s.visible)}
        for s, one in match.tables
        if s.kind is not Held.PARTITIONED
    ]
    sizes += [
        {"relid": one.oid, "rows": s.rows, "pages": _signed(s.pages), "visible": 0}
        for s, one in match.indexes
        if not one.divided
    ]
    connection.execute(_SIZES.encode(), [json.dumps(sizes)])
    if not statistics:
        return
    tables = [one.oid for _, one in match.tables]
    indexes = [one.oid for seen, one in match.indexes if seen.expressions]
    known = inventory.attributes(connection, tables + indexes)
    connection.execute(
        "delete from pg_catalog.pg_statistic where starelid = any (%s)", [tables + indexes]
    )
    by_name = {(a.relation, a.name): a for a in known.values()}
    rows: list[tuple[str, Row]] = []
    for relation, one in match.tables:
        for column in relation.columns:
            attribute = by_name.get((one.oid, column.name))
            if attribute is not None:
                place = f"{relation.name}.{column.name}"
                rows += [(place, _row(attribute, s)) for s in column.statistics]
    rows += _expressions(connection, match, known)
    _insert(connection, rows, where)


def restore_together(connection: psycopg.Connection[Any], match: Match) -> list[str]:
    """Write extended statistics; return what could not be written."""
    there = {
        (schema, name): (oid, relation, tuple(columns), tuple(numbers))
        for oid, schema, name, relation, columns, numbers in connection.execute(_EXTENDED)
    }
    wanted = [(seen, one) for seen, _ in match.tables for one in seen.together if one.readable]
    if not wanted:
        return []
    _make_casts(connection)
    problems = []
    for _relation, one in wanted:
        found = there.get((one.name.schema, one.name.name))
        if found is None or found[2] != one.columns:
            problems.append(
                f"extended statistics {one.name}: not in the schema, or of other columns"
            )
            continue
        oid, _, _, numbers = found
        renumbered = dict(zip(one.numbers, numbers, strict=False))
        common = bytes.fromhex(one.common) if one.common else None
        if common is not None and not _plain_types(common, len(one.columns)):
            problems.append(f"extended statistics {one.name}: common combinations of own types")
            common = None
        connection.execute(
            "delete from pg_catalog.pg_statistic_ext_data where stxoid = %s and stxdinherit = %s",
            [oid, one.inherited],
        )
        connection.execute(
            "insert into pg_catalog.pg_statistic_ext_data"
            " (stxoid, stxdinherit, stxdndistinct, stxddependencies, stxdmcv)"
            " values (%s, %s, %s::bytea::pg_ndistinct, %s::bytea::pg_dependencies,"
            " %s::bytea::pg_mcv_list)",
            [
                oid,
                one.inherited,
                _distinct(one, renumbered),
                _dependencies(one, renumbered),
                common,
            ],
        )
    return problems


def _make_casts(connection: psycopg.Connection[Any]) -> None:
    """Make the casts from bytes that the types of extended statistics do not have."""
    made = connection.execute(
        "select casttarget::regtype::text from pg_catalog.pg_cast"
        " where castsource = 'bytea'::regtype"
    ).fetchall()
    for name in _CASTS:
        if (name,) not in made:
            connection.execute(f"create cast (bytea as {name}) without function".encode())


def _row(attribute: Attribute, found: ColumnStatistics) -> Row:
    row: Row = {
        "relid": attribute.relation,
        "attnum": attribute.number,
        "inherited": found.inherited,
        "nulls": found.null,
        "width": found.width,
        "kinds": found.distinct,
    }
    for number, slot in enumerate(_slots(attribute, found), 1):
        kind, operator, collation, numbers, values, type_ = slot
        row |= {f"k{number}": kind, f"o{number}": operator, f"c{number}": collation}
        row |= {f"n{number}": numbers, f"v{number}": values, f"t{number}": type_}
    return row


Slot = tuple[int, int, int, str | None, str | None, int | None]


def _slots(a: Attribute, found: ColumnStatistics) -> list[Slot]:
    """Return the slots of a row of pg_statistic (`catalog/pg_statistic.h`), five at most."""
    slots: list[Slot] = []
    if found.common and found.values and a.equal:
        numbers = _numbers(found.common)
        slots.append((1, a.equal, a.collation, numbers, _array(found.values), a.type))
    if found.bounds and a.less:
        slots.append((2, a.less, a.collation, None, _array(found.bounds), a.type))
    if found.correlation is not None and a.less:
        slots.append((3, a.less, a.collation, _numbers((found.correlation,)), None, None))
    if found.elements and a.element and a.element_equal:
        numbers, values = _numbers(found.element_shares), _array(found.elements)
        slots.append((4, a.element_equal, a.element_collation, numbers, values, a.element))
    if found.element_counts and a.element_equal:
        numbers = _numbers(found.element_counts)
        slots.append((5, a.element_equal, a.element_collation, numbers, None, None))
    if found.range_bounds and a.range:
        slots.append((7, 0, 0, None, _array(found.range_bounds), a.range))
        lengths = _array([repr(length) for length in found.lengths])
        empty = _numbers((found.empty or 0.0,))
        slots.append((6, _FLOAT8_LESS, 0, empty, lengths, _FLOAT8))
    return slots[:_SLOTS]


def _insert(
    connection: psycopg.Connection[Any], rows: Sequence[tuple[str, Row]], where: str
) -> None:
    statement = _INSERT.encode()
    try:
        with connection.transaction():
            connection.execute(statement, [json.dumps([row for _, row in rows])])
    except psycopg.DataError:
        for place, row in rows:
            try:
                with connection.transaction(force_rollback=True):
                    connection.execute(statement, [json.dumps([row])])
            except psycopg.DataError as refused:
                raise ConfigError(
                    f"statistics of {place}: {refused.diag.message_primary}",
                    where=where,
                    expected="values of the column's type",
                    fix="take the snapshot again; where the type was changed since, without values",
                ) from refused
        raise


def _expressions(
    connection: psycopg.Connection[Any],
    match: Match,
    known: dict[tuple[int, int], Attribute],
) -> Iterable[tuple[str, Row]]:
    """Yield the statistics of expressions that are indexed, which stand under the index."""
    for seen, one in match.indexes:
        for key in seen.expressions:
            attribute = known.get((one.oid, key.number))
            if attribute is None or key.number > len(one.keys) or one.columns[key.number - 1]:
                continue
            (table,) = connection.execute(
                "select pg_catalog.format('%%I.%%I', n.nspname, c.relname)"
                " from pg_catalog.pg_class c"
                " join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.oid = %s",
                [one.table],
            ).fetchone() or ("",)
            # A GIN index keeps other types than those of its expressions; the server knows them.
            described = connection.execute(
                f"select ({one.keys[key.number - 1]}) from only {table} limit 0".encode()
            ).description
            if described and described[0].type_code != attribute.type:
                attribute = _of_type(connection, attribute, described[0].type_code)
            yield f"{one.name}.{key.number}", _row(attribute, key.statistics)


def _of_type(connection: psycopg.Connection[Any], attribute: Attribute, type_: int) -> Attribute:
    """Return what statistics of a type are written with, under an index's column."""
    with connection.transaction(force_rollback=True):
        name = connection.execute("select %s::oid::regtype::text", [type_]).fetchone()
        assert name is not None
        connection.execute(f"create temporary table described (value {name[0]})".encode())
        oid = connection.execute("select 'described'::regclass::oid").fetchone()
        assert oid is not None
        (found,) = inventory.attributes(connection, [oid[0]]).values()
    return replace(found, relation=attribute.relation, number=attribute.number)


def _distinct(one: TogetherSeen, renumbered: dict[int, int]) -> bytes | None:
    items = _by_columns(one.distinct, renumbered)
    if not items:
        return None
    body = b"".join(
        struct.pack(f"=di{len(columns)}h", value, len(columns), *columns)
        for columns, value in items
    )
    return struct.pack("=III", _DISTINCT, 1, len(items)) + body


def _dependencies(one: TogetherSeen, renumbered: dict[int, int]) -> bytes | None:
    items = _by_columns(one.dependencies, renumbered)
    if not items:
        return None
    body = b"".join(
        struct.pack(f"=dh{len(columns)}h", value, len(columns), *columns)
        for columns, value in items
    )
    return struct.pack("=III", _DEPENDENCIES, 1, len(items)) + body


def _by_columns(text: str | None, renumbered: dict[int, int]) -> list[tuple[list[int], float]]:
    """Return the items of `{"1, 2": 33}`, columns numbered as here; expressions are negative."""
    found = []
    for key, value in json.loads(text or "{}").items():
        numbers = [int(number) for number in re.findall(r"-?\d+", key)]
        if all(number < 0 or number in renumbered for number in numbers):
            found.append(([renumbered.get(n, n) for n in numbers], float(value)))
    return found


def _plain_types(common: bytes, dimensions: int) -> bool:
    """Whether a list of common combinations holds built-in types alone: others have other numbers.

    Its head: magic, type, items, dimensions, then the types (`statistics/mcv.c`).
    """
    head = struct.Struct("=IIIh")
    if len(common) < head.size + 4 * dimensions:
        return False
    magic, _, _, here = head.unpack_from(common)
    if magic != _MCV or here != dimensions:
        return False
    types = struct.unpack_from(f"={dimensions}I", common, head.size)
    return all(0 < one < _FIRST_OWN_OID for one in types)


def _numbers(numbers: Sequence[float]) -> str:
    return "{" + ",".join(map(repr, numbers)) + "}"


def _array(values: Sequence[str]) -> str:
    """Return an array's text, each element quoted (PostgreSQL documentation, Array Input)."""
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"


def _signed(pages: int) -> int:
    """Return a number of pages as an int4 holds it."""
    return pages if pages <= _MOST else pages - 2**32
