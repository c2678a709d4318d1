"""Where a row of a partitioned table may land: values for its key, from the bounds that exist.

A bound is the server's own text (`FOR VALUES FROM ('2025-01-01') TO ('2025-02-01')`). A lower
bound is inclusive (CREATE TABLE, PARTITION OF), so it is itself a value, and what is a little
greater is another one.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from pgassay.core.catalog import PartitionStrategy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgassay.core.catalog import Catalog, Partition, PartitionKey, Table
    from pgassay.core.statement import Value

_ITEM = re.compile(r"\s*(?:'((?:[^']|'')*)'(?:::[^,()]+(?:\([^)]*\))?)?|([^,]+?))\s*(?:,|\Z)")
_RANGE = re.compile(r"FOR VALUES FROM \((?P<low>.*)\) TO \((?P<high>.*)\)\Z", re.DOTALL)
_TIME = re.compile(r"\d{4,}-\d\d-\d\d")
_DATE = len("2025-01-01")
_LIST = re.compile(r"FOR VALUES IN \((?P<items>.*)\)\Z", re.DOTALL)


def key_values(table: Table, catalog: Catalog, number: int) -> Mapping[str, Value]:
    """Return values of the key columns that lead a row into a partition that exists.

    The first partition by name that is not the default is taken, all the way down. Empty where
    there is none (the default takes any row), or where the key is hashed or an expression.
    """
    values: dict[str, Value] = {}
    above: Table | None = table
    while above is not None and above.partition is not None:
        try:
            above = catalog.table(above.partition.parent)
        except KeyError:
            break
        assert table.partition is not None
        values |= _inside(table.partition, above.partition_key, number)
        table = above
    return values


def chosen(table: Table, catalog: Catalog, number: int) -> Mapping[str, Value]:
    """Return `key_values` of the partition that is chosen for a partitioned table."""
    values: dict[str, Value] = {}
    current: Table | None = table
    while current is not None and current.partition_key is not None:
        children = [
            c
            for c in catalog.partitions_of(current.name)
            if c.partition and not c.partition.is_default
        ]
        if not children:
            break
        child = children[0]
        assert child.partition is not None
        values = {**_inside(child.partition, current.partition_key, number), **values}
        current = child
    return values


def bounds(partition: Partition) -> tuple[tuple[Value, ...], tuple[Value, ...]] | None:
    """Return the lower and upper bound of a range partition; None in them is MINVALUE/MAXVALUE."""
    found = _RANGE.match(partition.bound)
    return (_items(found["low"]), _items(found["high"])) if found else None


def members(partition: Partition) -> tuple[Value, ...]:
    """Return the values of a list partition."""
    found = _LIST.match(partition.bound)
    return _items(found["items"]) if found else ()


def _inside(partition: Partition, key: PartitionKey | None, number: int) -> Mapping[str, Value]:
    if key is None or key.strategy is PartitionStrategy.HASH:
        return {}
    if key.strategy is PartitionStrategy.LIST:
        values = members(partition)
        column = key.columns[0]
        return {column: values[number % len(values)]} if values and column is not None else {}
    ends = bounds(partition)
    if ends is None:
        return {}
    made = {}
    for place, (column, low, high) in enumerate(zip(key.columns, *ends, strict=False)):
        if column is None:
            continue
        start = low if low is not None else _below(high)
        if start is None:
            continue
        made[column] = _after(start, high, number) if place == len(key.columns) - 1 else start
    return made


def _items(text: str) -> tuple[Value, ...]:
    found: list[Value] = []
    for match in _ITEM.finditer(text):
        if match[1] is not None:
            found.append(match[1].replace("''", "'"))
        elif match[2] is not None:
            word = match[2]
            found.append(None if word in ("MINVALUE", "MAXVALUE", "NULL") else word)
    return tuple(found)


def _after(start: str, end: str | None, number: int) -> str:
    """Return a value `number` seconds, days or ones above `start`, and below `end`."""
    moment = _moment(start)
    if moment is None:
        try:
            return str(Decimal(start) + number)
        except InvalidOperation:
            return start + str(number) if number else start
    if len(start) > _DATE:
        return str(moment + timedelta(seconds=number))
    last = _moment(end) if end else None
    span = (last - moment).days if last else number + 1
    return (moment + timedelta(days=number % max(span, 1))).date().isoformat()


def _below(end: str | None) -> str | None:
    if end is None:
        return None
    moment = _moment(end)
    if moment is not None:
        before = moment - timedelta(days=1)
        return str(before) if len(end) > _DATE else before.date().isoformat()
    try:
        return str(Decimal(end) - 1)
    except InvalidOperation:
        return ""


def _moment(text: str) -> datetime | None:
    if not _TIME.match(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
