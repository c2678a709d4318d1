"""Other values for one column of a row: the row maker's for other numbers, then the type's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import TypeKind
from pgassay.rows.partitions import members
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Table
    from pgassay.core.statement import Value

_NUMBERS = range(11, 17)  # of rows that no population of a case is likely to have


def variations(
    source: Source, table: Table, values: Mapping[str, Value], column: str
) -> Iterator[Value]:
    """Yield values of a column that differ from a row's own, NULL aside.

    Where CHECKs speak of the column they let each value stand beside the rest of the row.
    """
    seen = {values.get(column), None}
    for value in _candidates(source, table, values, column):
        if value not in seen:
            seen.add(value)
            yield value


def _candidates(
    source: Source, table: Table, values: Mapping[str, Value], column: str
) -> Iterator[Value]:
    maker = source.rows
    checked = maker.rules(table).columns
    beside = {c: values[c] for c in checked if c != column and c in values}
    fixed = beside if column in checked else {}
    key = table.partition_key
    if key and column in key.columns:
        for part in source.built.partitions_of(table.name):
            yield from members(part.partition) if part.partition else ()
    for number in _NUMBERS:
        try:
            yield maker.draft(table, number, fixed, optional=False).get(column)
        except Unsatisfiable:
            break
    kind = maker.types.base_type(table.column(column).type)
    if kind.base == "bool":
        yield from ("true", "false")
    elif kind.kind is TypeKind.ENUM:
        yield from maker.types.labels(kind.name)
