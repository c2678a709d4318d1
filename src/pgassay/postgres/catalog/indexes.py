"""Indexes of tables and materialised views (`pg_index`).

What a key leaves unsaid is what CREATE INDEX would choose: the access method's default operator
class for the type (`GetDefaultOpClass`) and the column's collation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.catalog import Index, IndexKey
from pgassay.core.names import QualifiedName, quote
from pgassay.postgres.catalog.deparsed import clause, listed
from pgassay.postgres.catalog.scope import FIRST_USER_OID, USER_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pgassay.postgres.catalog.scope import Row, Scope

_DESCENDING, _NULLS_FIRST = 1, 2  # bits of indoption (pg_index.h)

INDEXES = f"""
select i.indexrelid, i.indrelid, am.amname, i.indkey::int2[], i.indnkeyatts,
  i.indclass::oid[], i.indcollation::oid[], i.indoption::int2[],
  pg_catalog.pg_get_expr(i.indexprs, i.indrelid),
  case when i.indexprs is not null then array(
    select a.atttypid from pg_catalog.pg_attribute a
    where a.attrelid = i.indexrelid and a.attnum > 0
    order by a.attnum) end,
  pg_catalog.pg_get_expr(i.indpred, i.indrelid), i.indisunique, i.indnullsnotdistinct,
  i.indisvalid and i.indisready and i.indislive, i.indisclustered, i.indisreplident,
  c.reloptions, case c.relkind when 'I' then pg_catalog.quote_ident(c.relname) end,
  pg_catalog.pg_get_indexdef(i.indexrelid)
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indexrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_am am on am.oid = c.relam
where {USER_SCHEMA}
order by i.indrelid, c.relname
"""

# Only what differs from the default: most indexes have no such row.
KEY_OPTIONS = f"""
select a.attrelid, a.attnum, a.attoptions, nullif(a.attstattarget, -1)
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
where c.relkind in ('i', 'I') and c.oid >= {FIRST_USER_OID} and a.attnum > 0
  and (a.attoptions is not null or nullif(a.attstattarget, -1) is not null)
order by a.attrelid, a.attnum
"""

OPERATOR_CLASSES = """
select o.oid, n.nspname, o.opcname, o.opcmethod, o.opcdefault, o.opcintype
from pg_catalog.pg_opclass o
join pg_catalog.pg_namespace n on n.oid = o.opcnamespace
order by o.oid
"""


class OperatorClasses:
    """The operator classes of a database, and which of them need not be written."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._names: dict[int, str] = {}
        self._default: dict[int, tuple[int, int]] = {}
        self._exact: set[tuple[int, int]] = set()
        for oid, schema, name, method, default, input_type in rows:
            plain = schema == "pg_catalog"
            self._names[oid] = quote(name) if plain else QualifiedName(schema, name).sql
            if default:
                self._default[oid] = (method, input_type)
                self._exact.add((method, input_type))

    def stated(self, oid: int, type_oid: int) -> str | None:
        """Return the class as SQL, or None where it is the default one for that base type.

        A default class of another type (text_ops for varchar) counts as the default unless the
        type has one of its own (citext has citext_ops).
        """
        default = self._default.get(oid)
        if default is None:
            return self._names[oid]
        method, input_type = default
        own = (method, type_oid)
        return self._names[oid] if input_type != type_oid and own in self._exact else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexes:
    """The indexes by the oid of their relation, and which of them is a replica identity."""

    of_relations: dict[int, list[Index]]
    replica_identities: dict[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexLookups:
    """What an index is read against. `constraints` are the names of its owners, by its oid."""

    classes: OperatorClasses
    options: Mapping[tuple[int, int], tuple[list[str] | None, int | None]]
    constraints: Mapping[int, str]


def key_options(rows: Iterable[Row]) -> dict[tuple[int, int], tuple[list[str] | None, int | None]]:
    """Return options and statistics target by index and position of the key."""
    return {(index, position): (options, target) for index, position, options, target in rows}


def indexes(rows: Iterable[Row], scope: Scope, lookups: IndexLookups) -> Indexes:
    """Return all indexes in scope."""
    found = Indexes(of_relations={}, replica_identities={})
    for row in rows:
        index = _index(row, scope, lookups)
        found.of_relations.setdefault(row[1], []).append(index)
        if row[15]:
            found.replica_identities[row[1]] = index.name
    return found


def _index(row: Row, scope: Scope, lookups: IndexLookups) -> Index:
    oid, relation, method, numbers, key_count = row[:5]
    predicate, unique, not_distinct, valid, clustered, _, options, partitioned, text = row[10:]
    # A partitioned index is deparsed as ON ONLY, which would build an invalid one.
    if partitioned:
        text = text.replace(f" {partitioned} ON ONLY ", f" {partitioned} ON ", 1)
    parents = scope.parents.get(oid)
    return Index(
        name=scope.relations[oid].name.name,
        method=method,
        keys=tuple(_keys(row, scope, lookups)),
        include=scope.columns(relation, numbers[key_count:]),
        predicate=predicate,
        unique=unique,
        nulls_not_distinct=not_distinct,
        valid=valid,
        constraint=lookups.constraints.get(oid),
        parent=scope.relations[parents[0]].name if parents else None,
        options=tuple(sorted(options or ())),
        clustered=clustered,
        definition=text,
        comment=scope.comment("pg_class", oid),
    )


def _keys(row: Row, scope: Scope, lookups: IndexLookups) -> Iterator[IndexKey]:
    oid, relation, method, numbers, count, classes, collations, bits, expressions, types = row[:10]
    texts = iter(listed(expressions) if expressions else ())
    written = listed(clause(row[-1], f"USING {method}") or "") if expressions else []
    for at, number in enumerate(numbers[:count]):
        options, target = lookups.options.get((oid, at + 1), (None, None))
        if number:
            attribute = scope.attributes[relation][number]
            type_oid, column, expression = attribute.type, attribute.name, None
            collation = scope.collation(collations[at], attribute.collation)
        else:
            type_oid, column, expression = types[at], None, next(texts)
            # The expression's own collation is not stored: a deparsed key says where it differs.
            stated = written[at].startswith((f"{expression} COLLATE ", f"({expression}) COLLATE "))
            collation = scope.collations[collations[at]] if stated else None
        yield IndexKey(
            column=column,
            expression=expression,
            opclass=lookups.classes.stated(classes[at], scope.types.base(type_oid)),
            opclass_options=tuple(sorted(options or ())),
            collation=collation,
            descending=bool(bits[at] & _DESCENDING),
            nulls_first=bool(bits[at] & _NULLS_FIRST),
            statistics_target=target,
        )
