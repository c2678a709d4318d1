"""The queries an index is for, derived from its keys, operator classes and predicate.

Which operators an operator class serves is the server's own word (`pg_amop`), asked once for all
indexes of the contract, so that indexes of any extension are judged like any other. The right
side of a condition is a subquery without a row: it has the right type, and is no constant that
the planner could fold (Operator Classes and Operator Families).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.names import QualifiedName, quote, quote_all
from pgassay.core.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.core.catalog import Index, IndexKey
    from pgassay.core.statement import Session

_LESS, _EQUAL, _GREATER = 1, 3, 5  # strategies of btree, and of brin's minmax classes
_OPERATORS = """
select n.nspname, c.relname, k.place, ao.amopstrategy,
  'operator(' || pg_catalog.quote_ident(os.nspname) || '.' || o.oprname || ')',
  pg_catalog.format_type(ao.amoprighttype, -1), ao.amoprighttype = oc.opcintype,
  r.typtype = 'p'
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indexrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
cross join lateral unnest(i.indclass) with ordinality k (opclass, place)
join pg_catalog.pg_opclass oc on oc.oid = k.opclass
join pg_catalog.pg_am am on am.oid = oc.opcmethod
join pg_catalog.pg_amop ao on ao.amopfamily = oc.opcfamily and ao.amoplefttype = oc.opcintype
  and ao.amoppurpose = 's'
join pg_catalog.pg_operator o on o.oid = ao.amopopr
join pg_catalog.pg_namespace os on os.oid = o.oprnamespace
join pg_catalog.pg_type r on r.oid = ao.amoprighttype
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and not c.relispartition
  and k.place <= i.indnkeyatts
  and (am.amname not in ('btree', 'hash', 'brin') or ao.amoprighttype = oc.opcintype)
order by n.nspname, c.relname, k.place, ao.amopstrategy, ao.amoprighttype
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One operator that an index key serves, with its strategy number and its right side's type.

    `right` is None where that is the key's own type.
    """

    sql: str
    strategy: int
    right: str | None


Operators = dict[QualifiedName, list[list[Operator]]]


def operators(ask: Session) -> Operators:
    """Return per index and key the operators it serves, as the contract's database says."""
    found: Operators = {}
    for row in ask.run(Statement(_OPERATORS)).rows:
        schema, name, place, strategy, sql, right, own, pseudo = (cell or "" for cell in row)
        keys = found.setdefault(QualifiedName(schema, name), [])
        while len(keys) < int(place):
            keys.append([])
        if own == "f" and pseudo == "t":
            continue  # anyelement and the like: the type of the right side cannot be told
        operator = Operator(sql=sql, strategy=int(strategy), right=None if own == "t" else right)
        keys[int(place) - 1].append(operator)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One query, without EXPLAIN, and what its plan must show beside the index."""

    sql: str
    sorted: bool = False
    index_only: bool = False
    unused: bool = False


class Conditions:
    """The queries of one index of one relation, which is given as SQL (`only shop.orders`)."""

    def __init__(self, relation: str, index: Index, serves: Sequence[Sequence[Operator]]) -> None:
        self._relation, self._index, self._serves = relation, index, serves
        self._keys = [_key(key) for key in index.keys]

    def queries(self) -> Iterator[Query]:
        """Yield them, the plainest first."""
        if self._index.method == "btree":
            yield from self._btree()
        else:
            for at, served in enumerate(self._serves):
                for operator in served:
                    yield self._where(self._compared(at, operator))

    def _btree(self) -> Iterator[Query]:
        equal = [self._by(at, _EQUAL) for at in range(len(self._keys))]
        if None not in equal:
            yield self._where(*(term for term in equal if term))
        if len(equal) > 1 and equal[0]:
            yield self._where(equal[0])
        less = self._by(0, _LESS)
        if less:
            yield self._where(less)
        yield Query(sql=f"{self._select()} order by {self._order()} limit 1", sorted=True)
        if self._index.include and equal[0]:
            columns = quote_all(self._index.include)
            sql = self._select(columns, equal[0])
            yield Query(sql=sql, index_only=True)
        if self._index.predicate:
            yield Query(sql=f"select 1 from {self._relation}", unused=True)

    def _by(self, at: int, strategy: int) -> str | None:
        served = self._serves[at] if at < len(self._serves) else ()
        found = next((o for o in served if o.strategy == strategy), None)
        return self._compared(at, found) if found else None

    def _compared(self, at: int, operator: Operator) -> str:
        if operator.right is None:
            other = f"(select {self._keys[at]} from {self._relation} where false)"
        else:
            other = f"(select null::{operator.right})"
        return f"{self._keys[at]} {operator.sql} {other}"

    def _where(self, *terms: str) -> Query:
        return Query(sql=self._select("1", *terms))

    def _select(self, what: str = "1", *terms: str) -> str:
        held = [f"({self._index.predicate})"] if self._index.predicate else []
        condition = " and ".join([*held, *terms])
        tail = f" where {condition}" if condition else ""
        return f"select {what} from {self._relation}{tail}"

    def _order(self) -> str:
        parts = []
        for at, key in enumerate(self._index.keys):
            nulls = "first" if key.nulls_first else "last"
            strategy = _GREATER if key.descending else _LESS
            served = self._serves[at] if at < len(self._serves) else ()
            by = next((o.sql for o in served if o.strategy == strategy), None)
            # ORDER BY ... USING needs an operator of the class; a plain one takes the default's.
            own = f"using {by}" if key.opclass and by else "desc" if key.descending else "asc"
            parts.append(f"{self._keys[at]} {own} nulls {nulls}")
        return ", ".join(parts)


def explained(query: Query) -> Statement:
    """Return the EXPLAIN of a query."""
    return Statement(f"explain (format json) {query.sql}")


def _key(key: IndexKey) -> str:
    collate = f" collate {key.collation.sql}" if key.collation else ""
    shown = quote(key.column) if key.column is not None else f"({key.expression})"
    return f"({shown}{collate})" if collate else shown
