"""A snapshot: what the planner sees of a database, so that one without rows can show it the same.

Sizes of files, `pg_class`, statistics, the heights of indexes, the ends of columns, settings. The
file is JSON; it is data from elsewhere and judged when it is read: a number that no server could
have written, a bound that is no bound, another format are errors that name the place.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pgassay.core.codec import decode, encode
from pgassay.core.errors import ConfigError
from pgassay.core.names import QualifiedName  # noqa: TC001 - dataclass fields
from pgassay.core.statistics import ColumnStatistics  # noqa: TC001 - dataclass fields

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = "pgassay snapshot 1"
MOST_BLOCKS = 2**32 - 2
"""A relation has no more blocks (PostgreSQL documentation, appendix K: Limits)."""
_FAMILY = "pgassay snapshot "
_LARGEST = 1e18
_LONGEST_NAME = 63  # bytes (Lexical Structure, Identifiers)
_MOST_BINS = 10_001  # default_statistics_target is 10,000 at most
_TALLEST = 32
_LITERAL = (
    r"(?:'(?:[^'\\]|'')*'|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|NULL|MINVALUE|MAXVALUE)"
)
_LITERALS = rf"\({_LITERAL}(?:, {_LITERAL})*\)"
_BOUND = re.compile(
    rf"DEFAULT|FOR VALUES (?:IN {_LITERALS}|FROM {_LITERALS} TO {_LITERALS}"
    r"|WITH \(modulus \d+, remainder \d+\))"
)
_SETTING = re.compile(r"[a-z_][a-z0-9_]*")
_BYTES = re.compile(r"(?:[0-9a-f]{2})*")


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


def parse_snapshot(text: str, where: str) -> Snapshot:
    """Return the snapshot that a file or the script's output holds.

    Raises:
        ConfigError: it is truncated, of another format, or says what no server could have said.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as damage:
        raise _damaged(where, f"not valid JSON: {damage}") from damage
    form = data.get("format") if isinstance(data, dict) else None
    if form != FORMAT:
        raise _other_format(where, form)
    try:
        snapshot = decode(Snapshot, data)
    except ValueError as damage:
        raise _damaged(where, str(damage)) from damage
    for problem in _problems(snapshot):
        raise _damaged(where, problem)
    return snapshot


def _other_format(where: str, form: object) -> ConfigError:
    if isinstance(form, str) and form.startswith(_FAMILY):
        return ConfigError(
            f'the snapshot has the format "{form}"',
            where=where,
            expected=f'"{FORMAT}"',
            why="another version of pgassay has written it",
            fix="take it again with this version: pgassay snapshot URL",
        )
    return _damaged(where, f'there is no "format": "{FORMAT}" in it')


def _damaged(where: str, found: str) -> ConfigError:
    return ConfigError(
        found,
        where=where,
        expected="what pgassay snapshot, or the script that it prints, has written",
        fix="take it again: pgassay snapshot URL > prod.json",
    )


def _problems(snapshot: Snapshot) -> Iterator[str]:
    """Yield what no server could have said."""
    if snapshot.block_size not in {1 << power for power in range(10, 16)}:
        yield f"block_size: {snapshot.block_size} is no block size"
    for setting in snapshot.settings:
        if not _SETTING.fullmatch(setting.name) or "\0" in setting.value:
            yield f"settings: {setting.name!r} is no name of a setting"
    seen: set[QualifiedName] = set()
    for relation in snapshot.relations:
        where = f"relation {relation.name}"
        yield from _names(where, relation.name)
        if relation.name in seen:
            yield f"{where}: it is there twice"
        seen.add(relation.name)
        yield from _of_relation(where, relation)
        for index in relation.indexes:
            yield from _of_index(f"index {index.name}", index)
    for relation in snapshot.relations:
        if relation.parent is not None and relation.parent not in seen:
            yield f"relation {relation.name}: its parent {relation.parent} is not in the snapshot"


def _of_relation(where: str, relation: RelationSeen) -> Iterator[str]:
    counts = {
        "pages": relation.pages,
        "blocks": relation.blocks,
        "visible": relation.visible,
        "frozen": relation.frozen,
    }
    yield from _counts(where, counts)
    if not -1 <= relation.rows <= _LARGEST:
        yield f"{where}: rows: {relation.rows} is no number of rows"
    if (relation.parent is None) != (relation.bound is None):
        yield f"{where}: a partition has a parent and a bound, or neither"
    if relation.bound is not None and not _BOUND.fullmatch(relation.bound):
        yield f"{where}: bound: {relation.bound[:80]!r} is no bound of a partition"
    for column in relation.columns:
        yield from _names(f"{where}: column", column.name)
        for statistics in column.statistics:
            yield from _of_statistics(f"{where}: column {column.name}", statistics)
        for end in (column.low, column.high):
            if end is not None and "\0" in end:
                yield f"{where}: column {column.name}: a value with a zero byte"
    yield from _of_together(where, relation.together)


def _of_together(where: str, together: tuple[TogetherSeen, ...]) -> Iterator[str]:
    for one in together:
        yield from _names(where, one.name)
        if one.common is not None and not _BYTES.fullmatch(one.common):
            yield f"{where}: statistics {one.name}: common: not hexadecimal"
        for text in (one.distinct, one.dependencies):
            yield from _by_numbers(f"{where}: statistics {one.name}", text)


def _by_numbers(where: str, text: str | None) -> Iterator[str]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        yield f"{where}: {text!r} is not what pg_stats_ext shows"
        return
    numbers = found.values() if isinstance(found, dict) else [None]
    if not all(isinstance(n, int | float) and math.isfinite(n) for n in numbers):
        yield f"{where}: {text!r} is not what pg_stats_ext shows"


def _of_index(where: str, index: IndexSeen) -> Iterator[str]:
    yield from _names(where, index.name)
    gin = index.gin
    counts = {"pages": index.pages, "blocks": index.blocks, "last_map": index.last_map or 0}
    if gin is not None:
        counts |= {"gin.total": gin.total, "gin.entry": gin.entry, "gin.data": gin.data}
        counts |= {"gin.pending": gin.pending}
        if not 0 <= gin.entries <= _LARGEST:
            yield f"{where}: gin.entries: {gin.entries} is no number of entries"
    yield from _counts(where, counts)
    if not -1 <= index.rows <= _LARGEST:
        yield f"{where}: rows: {index.rows} is no number of rows"
    if index.height is not None and not 0 <= index.height <= _TALLEST:
        yield f"{where}: height: {index.height} is no height of a B-tree"
    for key in index.expressions:
        if not 1 <= key.number <= 32:  # noqa: PLR2004 - INDEX_MAX_KEYS
            yield f"{where}: {key.number} is no number of a column"
        yield from _of_statistics(f"{where}: column {key.number}", key.statistics)


def _of_statistics(where: str, found: ColumnStatistics) -> Iterator[str]:
    shares = (found.null, *found.common, found.empty or 0.0)
    if not all(0 <= share <= 1 for share in shares):
        yield f"{where}: a share that is not between 0 and 1"
    if found.distinct < -1 or not found.distinct <= _LARGEST:
        yield f"{where}: distinct: {found.distinct} is no number of values"
    if found.correlation is not None and not -1 <= found.correlation <= 1:
        yield f"{where}: correlation: {found.correlation} is not between -1 and 1"
    if not 0 <= found.width < 2**31 or not 0 <= found.bins <= _MOST_BINS:
        yield f"{where}: width: {found.width} or bins: {found.bins} cannot be"
    if len(found.common) > _MOST_BINS or len(found.bounds) > _MOST_BINS:
        yield f"{where}: more values than a server keeps"
    if found.values and len(found.values) != len(found.common):
        yield f"{where}: {len(found.values)} values and {len(found.common)} shares"
    if found.elements and not 2 <= len(found.element_shares) - len(found.elements) <= 3:  # noqa: PLR2004 - least, most, null
        yield f"{where}: {len(found.elements)} elements, {len(found.element_shares)} shares"
    numbers = (*found.element_shares, *found.element_counts, *found.lengths)
    if not all(map(math.isfinite, numbers[: -len(found.lengths)] if found.lengths else numbers)):
        yield f"{where}: a number that is none"
    texts = (*found.values, *found.bounds, *found.elements, *found.range_bounds)
    if any("\0" in text for text in texts):
        yield f"{where}: a value with a zero byte"


def _counts(where: str, counts: dict[str, int]) -> Iterator[str]:
    for name, number in counts.items():
        if not 0 <= number <= MOST_BLOCKS:
            yield f"{where}: {name}: {number} is no number of pages"


def _names(where: str, name: QualifiedName | str) -> Iterator[str]:
    parts = (name,) if isinstance(name, str) else (name.schema, name.name)
    for part in parts:
        if not part or "\0" in part or len(part.encode()) > _LONGEST_NAME:
            yield f"{where}: {part[:80]!r} is no name"
