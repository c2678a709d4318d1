"""Partitions: missing, detached, their bounds moved, the default lost or added.

PostgreSQL documentation: Table Partitioning; ALTER TABLE, ATTACH PARTITION.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pgassay.core.catalog import Catalog, PartitionStrategy, Table
from pgassay.core.names import QualifiedName
from pgassay.faults.fault import Fault, planted

if TYPE_CHECKING:
    from collections.abc import Iterator

_RANGE = re.compile(r"FOR VALUES FROM \((.*)\) TO \((.*)\)\Z")
_TIME = re.compile(r"FOR VALUES FROM \('\d{4,}-\d\d-\d\d")
_BY_TIME = "which partitions by time exist is kept by a rule, whose upkeep creates it again"
_MOVES = {"lower": (-1, 1), "upper": (-1, 1)}


def faults(catalog: Catalog) -> Iterator[Fault]:
    """Yield what can be wrong with the partitions of each partitioned table."""
    for table in catalog.tables:
        parts = catalog.partitions_of(table.name)
        for part in parts:
            yield from _of_partition(table, part)
        key = table.partition_key
        has_default = any(p.partition and p.partition.is_default for p in parts)
        if key and key.strategy is not PartitionStrategy.HASH and not has_default:
            name = QualifiedName(table.name.schema, "pgassay_added").sql
            added = f"CREATE TABLE {name} PARTITION OF {table.name.sql} DEFAULT"
            yield planted("partition-default-added", table.name, None, added)


def _of_partition(parent: Table, part: Table) -> Iterator[Fault]:
    assert part.partition is not None
    explained = _BY_TIME if _TIME.match(part.partition.bound) else ""
    kind = "partition-default" if part.partition.is_default else "partition"
    detach = f"ALTER TABLE {parent.name.sql} DETACH PARTITION {part.name.sql}"
    yield planted(
        f"{kind}-dropped", part.name, None, f"DROP TABLE {part.name.sql}", explained=explained
    )
    yield planted(f"{kind}-detached", part.name, None, detach)
    for change, bound in moved_bounds(part.partition.bound):
        attach = f"ALTER TABLE {parent.name.sql} ATTACH PARTITION {part.name.sql} {bound}"
        yield planted("partition-bound", part.name, None, detach, attach, change=change)


def moved_bounds(bound: str) -> Iterator[tuple[str, str]]:
    """Yield each bound that is one step away: by a day or by one, in its first key column."""
    found = _RANGE.match(bound)
    if found is None:
        return
    ends = {"lower": found[1], "upper": found[2]}
    for end, steps in _MOVES.items():
        for step in steps:
            other = _moved(ends[end], step)
            if other is not None:
                values = {**ends, end: other}
                text = f"FOR VALUES FROM ({values['lower']}) TO ({values['upper']})"
                yield f"{end} bound {'later' if step > 0 else 'earlier'}", text


def _moved(values: str, step: int) -> str | None:
    first, comma, rest = values.partition(",")
    text = first.strip().strip("'")
    if re.fullmatch(r"-?\d+", text):
        return f"{int(text) + step}{comma}{rest}"
    try:
        moved = datetime.fromisoformat(text) + timedelta(days=step)
    except ValueError:
        return None
    form = moved.isoformat(" ") if ":" in text else moved.date().isoformat()
    return f"'{form}'{comma}{rest}"
