"""Ways out: what would mend a plan, where its conditions tell. Nothing is guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.catalog import TableKind
from pgassay.core.names import QualifiedName, quote, quote_all
from pgassay.plans.condition import Term, TermKind, terms
from pgassay.plans.measure import rows_of, rows_read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgassay.core.catalog import Table
    from pgassay.core.plan import Node, Plan
    from pgassay.plans.places import Places, Size

_PASSING = frozenset(("Limit", "Sort", "Incremental Sort", "Append", "Merge Append", "Gather",
                      "Gather Merge", "LockRows", "Result", "Subquery Scan"))  # fmt: skip
_SORTS = frozenset(("Sort", "Incremental Sort"))
_CONDITIONS = ("Filter", "Index Cond", "Recheck Cond")
_STALE = 2.0  # so many times the rows that ANALYZE has counted
_SORT_KEY = re.compile(
    r"(?:(?P<of>[^.]+)\.)?(?P<name>\"(?:[^\"]|\"\")+\"|[\w$]+)"
    r"(?P<down> DESC)?(?P<nulls> NULLS \w+)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An index that is not there and might serve: `keys` as they stand in CREATE INDEX."""

    table: QualifiedName
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    method: str = "btree"
    partitioned: bool = False

    @property
    def sql(self) -> str:
        """The statement that makes it, as it would be run on a table in use."""
        online = "" if self.partitioned else " concurrently"
        return f"create index{online} on {self._what};"

    @property
    def plain_sql(self) -> str:
        """The statement that makes it within a transaction."""
        return f"create index on {self._what}"

    @property
    def _what(self) -> str:
        using = "" if self.method == "btree" else f" using {self.method}"
        return f"{self.table.sql}{using} ({', '.join(self.keys)})"


class Remedy:
    """Finds what would mend a node of one plan."""

    def __init__(self, plan: Plan, places: Places, sizes: Mapping[QualifiedName, Size]) -> None:
        self._plan, self._places, self._sizes = plan, places, sizes
        self._above = {c.number: node for node in plan.nodes() for c in node.children}

    def of_access(self, node: Node) -> str:
        """Return what would let a node find its rows without reading so many; may be empty."""
        table = self._table(node)
        if table is None:
            return ""
        found = self._terms(node, table)
        for term in found:
            if term.kind is TermKind.WRAPPED:
                return self._unwrapped(term, table)
            if term.kind is TermKind.EITHER and len(term.columns) > 1:
                sides = " and one for ".join(quote(c) for c in term.columns)
                return f"two queries with UNION, one for {sides}: an OR over columns needs as many"
        candidate = self.candidate(node)
        if candidate is None:
            return ""
        served = self._led_by(table, candidate)
        if served is None:
            return candidate.sql
        return (
            f"{quote(served)} leads with these columns and is not taken: "
            f"analyze {table.name.sql}; and see whether the query wants so many rows"
        )

    def of_choice(self, node: Node) -> str:
        """Return what would let the planner choose better: an index that fits, or statistics."""
        table, candidate = self._table(node), self.candidate(node)
        if table is not None and candidate is not None and not self._led_by(table, candidate):
            return candidate.sql
        return self.of_estimate(node)

    def candidate(self, node: Node) -> Candidate | None:
        """Return the index that would serve a scan: equality columns first, then sort or range."""
        table = self._table(node)
        if table is None:
            return None
        found = self._terms(node, table)
        contained = [t.columns[0] for t in found if t.kind is TermKind.CONTAINS and t.columns]
        equal = self._columns(found, TermKind.EQUALITY)
        if contained and not equal:
            return self._candidate(table, (contained[0],), (quote(contained[0]),), "gin")
        ranged = [c for c in self._columns(found, TermKind.RANGE) if c not in equal]
        order = [key for key in self._order(node, table) if key[0] not in equal]
        fits = order and (not ranged or ranged[0] == order[0][0])
        # All keys downward is the same index read backward.
        same_way = len({sql.removeprefix(quote(name)) for name, sql in order}) == 1
        tail = [(n, quote(n) if same_way else sql) for n, sql in order] if fits else []
        tail = tail or [(name, quote(name)) for name in ranged[:1]]
        columns = (*equal, *(name for name, _ in tail))
        if not columns:
            return None
        keys = (*map(quote, equal), *(sql for _, sql in tail))
        return self._candidate(table, columns, keys, "btree")

    def of_estimate(self, node: Node) -> str:  # noqa: PLR0911 - one return per cause
        """Return what would let the planner guess the rows of a node better."""
        scans = [inner for inner in node.walk() if inner.relation is not None]
        table = self._table(scans[0]) if scans else None
        if table is None:
            return ""
        scan = scans[0]
        assert scan.relation is not None
        size = self._sizes.get(scan.relation)
        if size is not None and size.rows < 0:
            return f"analyze {scan.relation.sql}; -- its rows were never counted"
        whole = rows_read(scan) if scan.type == "Seq Scan" and rows_of(scan) else 0.0
        if size is not None and whole > _STALE * max(size.rows, 1.0):
            return (
                f"analyze {scan.relation.sql}; -- it counted {size.rows:,.0f} rows, "
                f"{whole:,.0f} are there"
            )
        found = self._terms(scan, table)
        for term in found:
            if term.kind is TermKind.WRAPPED:
                return self._unwrapped(term, table)
        columns = self._columns(found, TermKind.EQUALITY, TermKind.RANGE)
        untold = [c.name for c in table.columns if c.name in columns and c.statistics_target == 0]
        if untold:
            return (
                f"alter table {table.name.sql} alter column {quote(untold[0])} "
                f"set statistics 100; analyze {table.name.sql};"
            )
        if len(columns) > 1:
            return (
                f"analyze {table.name.sql}; if that is not enough: create statistics on "
                f"{quote_all(tuple(sorted(columns)))} from {table.name.sql}; and analyze again"
            )
        if len(columns) == 1:
            return (
                f"analyze {table.name.sql}; if that is not enough: alter table {table.name.sql} "
                f"alter column {quote(columns[0])} set statistics 1000; and analyze again"
            )
        return ""

    def of_partitions(self, node: Node, root: QualifiedName) -> str:
        """Return what would let partitions be pruned."""
        table = self._places.tables.get(root)
        if table is None or table.partition_key is None:
            return ""
        keys = [column for column in table.partition_key.columns if column]
        for term in self._terms(node, table):
            if term.kind is TermKind.WRAPPED and set(term.columns) & set(keys):
                return self._unwrapped(term, table)
        return f"compare {quote_all(tuple(keys))} itself with constants or parameters"

    def _table(self, node: Node) -> Table | None:
        if node.relation is None:
            return None
        return self._places.tables.get(self._places.root(node.relation))

    def _terms(self, node: Node, table: Table) -> list[Term]:
        types = {c.name: c.type.base if not c.type.array else c.type.sql for c in table.columns}
        texts = [node.conditions[label] for label in _CONDITIONS if label in node.conditions]
        found = [term for text in texts for term in terms(text, node.alias, types)]
        return list(dict.fromkeys(found))

    def _columns(self, found: Sequence[Term], *kinds: TermKind) -> list[str]:
        named = (t.columns[0] for t in found if t.kind in kinds and len(t.columns) == 1)
        return list(dict.fromkeys(named))

    def _order(self, node: Node, table: Table) -> list[tuple[str, str]]:
        """Return the columns of the sort above a node, with their direction, if all are its own."""
        above = self._above.get(node.number)
        while above is not None and above.type in _PASSING:
            if above.type in _SORTS and above.sorting is not None:
                keys = [self._sort_key(key, table) for key in above.sorting.key]
                return [key for key in keys if key] if all(keys) else []
            if above.type == "Limit":
                return self._order_of_index(node, table)
            above = self._above.get(above.number)
        return []

    @staticmethod
    def _order_of_index(node: Node, table: Table) -> list[tuple[str, str]]:
        """Return the columns by which an index gives order where no node sorts."""
        if node.type not in ("Index Scan", "Index Only Scan"):
            return []
        keys = next((i.keys for i in table.indexes if i.name == node.index), ())
        plain = [key for key in keys if key.column is not None]
        return (
            [(k.column, quote(k.column)) for k in plain if k.column]
            if len(plain) == len(keys)
            else []
        )

    @staticmethod
    def _sort_key(text: str, table: Table) -> tuple[str, str] | None:
        found = _SORT_KEY.fullmatch(text)
        if found is None:
            return None
        name = found["name"]
        name = name[1:-1].replace('""', '"') if name.startswith('"') else name
        if name not in {column.name for column in table.columns}:
            return None
        tail = f"{found['down'] or ''}{found['nulls'] or ''}".lower()
        return name, quote(name) + tail

    def _candidate(
        self, table: Table, columns: tuple[str, ...], keys: tuple[str, ...], method: str
    ) -> Candidate:
        partitioned = table.kind is TableKind.PARTITIONED
        return Candidate(
            table=table.name, columns=columns, keys=keys, method=method, partitioned=partitioned
        )

    @staticmethod
    def _led_by(table: Table, candidate: Candidate) -> str | None:
        """Return an index of the table that begins with a candidate's columns."""
        wanted = list(candidate.columns)
        for index in table.indexes:
            leading = [key.column for key in index.keys[: len(wanted)]]
            whole = index.predicate is None and index.valid
            if whole and index.method == candidate.method and leading == wanted:
                return index.name
        return None

    def _unwrapped(self, term: Term, table: Table) -> str:
        column = quote(term.columns[0])
        types = {c.name: c.type.sql for c in table.columns}
        if term.is_cast:
            return (
                f"compare {column} as the {types[term.columns[0]]} that it is, without a cast to "
                f"{term.wrapper}: cast the other side instead"
            )
        if term.wrapper in ("date_trunc", "extract", "date_part", "date"):
            return (
                f"a range instead of {term.wrapper}: {column} >= … and {column} < …, "
                "so that an index or a partition bound on the column can be used"
            )
        shown = f"{term.wrapper}({column})" if term.wrapper else f"an expression over {column}"
        index = f"create index on {table.name.sql} ({term.wrapper}({column}));"
        tail = f", or {index}" if term.wrapper.isidentifier() else ""
        return f"compare {column} itself instead of {shown}{tail}"
