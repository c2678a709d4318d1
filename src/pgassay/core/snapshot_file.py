"""The file of a snapshot, read and judged: it is data from elsewhere.

A number that no server could have written, a bound that is no bound, a name that is none, another
format are errors that name the place. What is left goes into statements as values or as quoted
names; a partition's bound, which is neither, has to have the form of one.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING

from pgassay.core.codec import decode
from pgassay.core.errors import ConfigError
from pgassay.core.snapshot import FORMAT, MOST_BLOCKS, Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.names import QualifiedName
    from pgassay.core.snapshot import IndexSeen, RelationSeen, TogetherSeen
    from pgassay.core.statistics import ColumnStatistics

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
