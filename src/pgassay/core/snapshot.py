"""A snapshot: what the planner sees of a database, so that one without rows can show it the same.

Sizes of files, `pg_class`, statistics, the heights of indexes, the ends of columns, settings.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from pgassay.core.codec import encode
from pgassay.core.names import QualifiedName  # noqa: TC001 - dataclass fields
from pgassay.core.statistics import ColumnStatistics  # noqa: TC001 - dataclass fields

FORMAT = "pgassay snapshot 1"
MOST_BLOCKS = 2**32 - 2
"""A relation has no more blocks (PostgreSQL documentation, appendix K: Limits)."""


class Held(StrEnum):
    """`pg_class.relkind` of what holds rows."""

    TABLE = "r"
    PARTITIONED = "p"
    VIEW = "m"
    FOREIGN = "f"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannerSetting:
    """A setting that is not the built-in one, with its unit: `work_mem`, `64MB`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSeen:
    """A column.

    Args:
        type: as `format_type` says it.
        base: what a domain is over, likewise.
        readable: whether the role may SELECT it, without which `pg_stats` does not show it.
        statistics: one for the table alone, one for it with its children.
        low: the smallest value there is, as text; only of what leads a B-tree, and where asked for.
        high: the largest.
    """

    name: str
    type: str
    base: str | None = None
    readable: bool = True
    statistics: tuple[ColumnStatistics, ...] = ()
    low: str | None = None
    high: str | None = None

    def of(self, *, inherited: bool) -> ColumnStatistics | None:
        """Return the statistics of the table alone, or with its children."""
        return next((s for s in self.statistics if s.inherited == inherited), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySeen:
    """An index column that is an expression: its number from 1, and what is known of it."""

    number: int
    statistics: ColumnStatistics


@dataclass(frozen=True, slots=True, kw_only=True)
class GinPages:
    """What the metapage of a GIN index counts (pageinspect, `gin_metapage_info`)."""

    total: int
    entry: int
    data: int
    entries: int
    pending: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSeen:
    """An index.

    Args:
        keys: its key columns and expressions as the server writes them; to know it again by.
        predicate: of a partial one.
        parent: the partitioned index that it is a part of.
        height: `fastlevel` of a B-tree's metapage; None where it could not be read.
        gin: of a GIN index, likewise.
        last_map: of a BRIN index the last page of the range map, likewise.
    """

    name: QualifiedName
    method: str
    keys: tuple[str, ...] = ()
    predicate: str | None = None
    parent: QualifiedName | None = None
    rows: float = 0.0
    pages: int = 0
    blocks: int = 0
    height: int | None = None
    gin: GinPages | None = None
    last_map: int | None = None
    expressions: tuple[KeySeen, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TogetherSeen:
    """Extended statistics, as `pg_stats_ext` shows them.

    Args:
        distinct: `{"1, 2": 33}` by column numbers.
        dependencies: `{"1 => 2": 0.9}`.
        numbers: the columns, in the order of `columns`, by their numbers in that database.
        common: the list of common combinations, hexadecimal; values are in it.
        readable: whether the role could see what was gathered.
    """

    name: QualifiedName
    columns: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    distinct: str | None = None
    dependencies: str | None = None
    common: str | None = None
    inherited: bool = False
    readable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationSeen:
    """A table, a partition, a partitioned table or a materialised view.

    Args:
        rows: `reltuples`; -1 where it was never analysed.
        pages: `relpages`, as the last VACUUM or ANALYZE found it.
        blocks: how many it really has.
        visible: `relallvisible`, frozen: `relallfrozen` (18 and later).
        parent: the partitioned table that it is a partition of.
        bound: which rows it takes, in the server's words.
        secured: whether row security hides its statistics from the role.
    """

    name: QualifiedName
    kind: Held = Held.TABLE
    rows: float = -1.0
    pages: int = 0
    blocks: int = 0
    visible: int = 0
    frozen: int = 0
    parent: QualifiedName | None = None
    bound: str | None = None
    secured: bool = False
    columns: tuple[ColumnSeen, ...] = ()
    indexes: tuple[IndexSeen, ...] = ()
    together: tuple[TogetherSeen, ...] = ()

    def column(self, name: str) -> ColumnSeen | None:
        """Return the column of that name; None if there is none."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything that was read.

    Args:
        version: of the server, as a number (`server_version_num`).
        collation: by which the database sorts text (`datcollate`).
        values: whether common values and histograms were asked for.
        ends: whether the ends of indexes were.
        heights: whether metapages of indexes could be read.
    """

    format: str = FORMAT
    database: str
    role: str
    version: int
    taken: str
    block_size: int = 8192
    collation: str = ""
    values: bool = False
    ends: bool = False
    heights: bool = False
    settings: tuple[PlannerSetting, ...] = ()
    relations: tuple[RelationSeen, ...] = ()

    def relation(self, name: QualifiedName) -> RelationSeen | None:
        """Return the relation of that name; None if there is none."""
        return next((one for one in self.relations if one.name == name), None)

    @property
    def rows(self) -> float:
        """Rows of all tables together, partitions counted once."""
        return sum(max(r.rows, 0.0) for r in self.relations if r.kind is not Held.PARTITIONED)

    @property
    def size(self) -> int:
        """Bytes of all tables and indexes together."""
        blocks = sum(r.blocks + sum(i.blocks for i in r.indexes) for r in self.relations)
        return blocks * self.block_size

    def text(self) -> str:
        """Return it as the text of a file: one relation a line."""
        data = encode(self)
        assert isinstance(data, dict)
        relations = data.pop("relations", [])
        assert isinstance(relations, list)
        head = json.dumps({"format": self.format, **data}, ensure_ascii=False)[:-1]
        lines = ",\n".join(json.dumps(r, ensure_ascii=False) for r in relations)
        return f'{head}, "relations": [\n{lines}\n]}}\n'
