"""What a row of one table can be given by keyword: its columns, and the rows that it refers to.

A column goes by its attribute on the mapped class, or by its own name. A reference goes by the
relationship of the mapped class, by its column without `_id` or `Id`, or by the singular name of
the table, where only one foreign key leads there. Its value is a row. Where a column is called as
the reference is, the value says which is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inflection import singularize, underscore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from sqlalchemy.orm import Mapper

    from pgassay.core.catalog import Constraint, Table

_SUFFIX = re.compile(r"(?:_id|Id)\Z")


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key by the name that a person calls it."""

    key: Constraint


class Words:
    """The keywords of one table.

    Attributes:
        columns: columns by keyword.
        references: foreign keys by keyword.
        elsewhere: relationships whose foreign key is on the other side.
    """

    def __init__(self, table: Table, mapper: Mapper[Any] | None) -> None:
        self.columns: dict[str, str] = {}
        self.references: dict[str, Reference] = {}
        self.elsewhere: frozenset[str] = frozenset()
        if mapper is not None:
            self._learn(table, mapper)
        for column in table.columns:
            self.columns.setdefault(column.name, column.name)
        for name, key in _names(table):
            if name not in self.columns or key.columns == (self.columns[name],):
                self.references.setdefault(name, Reference(key))

    def _learn(self, table: Table, mapper: Mapper[Any]) -> None:
        there = {column.name for column in table.columns}
        for attribute in mapper.column_attrs:
            if attribute.columns[0].name in there:
                self.columns[attribute.key] = attribute.columns[0].name
        others = set()
        for relationship in mapper.relationships:
            here = {local.name for local, _ in relationship.local_remote_pairs or ()}
            key = next(
                (
                    k
                    for k in table.foreign_keys
                    if set(k.columns) == here and relationship.direction.name == "MANYTOONE"
                ),
                None,
            )
            if key is None:
                others.add(relationship.key)
            else:
                self.references[relationship.key] = Reference(key)
        self.elsewhere = frozenset(others)


def _names(table: Table) -> Iterator[tuple[str, Constraint]]:
    for key in table.foreign_keys:
        if len(key.columns) == 1 and (short := _SUFFIX.sub("", key.columns[0])):
            yield short, key
    targets = [key.references for key in table.foreign_keys]
    for key in table.foreign_keys:
        if key.references is not None and targets.count(key.references) == 1:
            yield underscore(singularize(key.references.name)), key
