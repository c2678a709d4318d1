"""The columns of the models beside those of the database, for checks that hold one to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Column, Table
    from pgassay.core.models import ModelColumn, ModelTable


def tables(ground: Ground) -> Iterator[tuple[ModelTable, Table]]:
    """Yield every table of the models that the database has."""
    assert ground.models is not None
    for model in ground.models.tables:
        table = ground.relations.by_name.get(model.name)
        if table is not None:
            yield model, table


def columns(ground: Ground) -> Iterator[tuple[ModelTable, ModelColumn, Table, Column]]:
    """Yield every column of the models that the database has."""
    for model, table in tables(ground):
        there = {column.name: column for column in table.columns}
        for promised in model.columns:
            if promised.name in there:
                yield model, promised, table, there[promised.name]
