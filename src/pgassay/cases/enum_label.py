"""An enum takes each of its labels, nothing else, and sorts them in their order.

What it finds: a label that is missing, added or renamed, and labels in another order.

Why it hurts: the code writes a label that the database refuses, or reads one that it does not
know; `order by priority` and `status < 'done'` go by the order in which labels were created.

Bad::

    create type priority as enum ('low', 'high', 'medium');

Good::

    create type priority as enum ('low', 'medium', 'high');

How to fix: `alter type priority add value 'medium' before 'high';` A label that is already there
cannot be moved or dropped: create a new type, and change the columns over.

When to ignore: never; change the contract instead.

Reference: https://www.postgresql.org/docs/current/datatype-enum.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases.confirmation import over_tables
from pgassay.cases.ground import Ground, accepted, refused, shown
from pgassay.core.case import Accepted, Case, Subject, Unproven
from pgassay.core.catalog import TypeKind
from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.rows.values import array

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Column, EnumType

KIND = "enum_label"
_WHY = "code and database must know the same labels, in the same order"


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield the labels of each enum in order, and for each column its labels and an outsider."""
    for enum in source.contract.enums:
        yield _order(enum)
    yield from over_tables(KIND, source, _of_table)


def outsider(labels: tuple[str, ...]) -> str:
    """Return a text near the labels that is none of them."""
    wanted = (labels[0] if labels else "").swapcase() or "x"
    while wanted in labels:
        wanted = f"{wanted}x"
    return wanted


def _order(enum: EnumType) -> Case:
    statement = Statement(f"select pg_catalog.enum_range(null::{enum.name.sql})::text[]")
    labels = ", ".join(enum.labels)
    sorted_ = Statement(
        "select array_agg(label order by label)::text[]"
        f" from unnest($1::{enum.name.sql}[]) as label",
        (array(tuple(reversed(enum.labels))),),
    )
    written = _written(enum.labels)
    return Case(
        kind=KIND,
        subject=Subject(object=str(enum.name)),
        title="labels and their order",
        steps=(accepted(statement, written), accepted(sorted_, written)),
        why=_WHY,
        promise=f"{enum.name} as enum ({labels})",
    )


def _written(labels: tuple[str, ...]) -> str:
    """Return labels as the server writes an array of texts (array_out: quotes where needed)."""
    return "{" + ",".join(_element(label) for label in labels) + "}"


def _element(label: str) -> str:
    plain = label and label.upper() != "NULL" and not any(c in '{}," \\\t\n\r\v\f' for c in label)
    return label if plain else '"' + label.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _of_table(ground: Ground) -> Iterator[Case | Unproven]:
    types = ground.source.rows.types
    tried: list[tuple[Column, str]] = []
    for column in ground.table.columns:
        kind = types.base_type(column.type)
        if kind.kind is not TypeKind.ENUM or column.generated is not None:
            continue
        labels = types.labels(kind.name)
        tried += [(column, label) for label in labels]
        outside = outsider(labels)
        value = array((outside,)) if kind.array else outside
        step = refused(ground.having({column.name: value}).insert(), "22P02")
        yield ground.case(KIND, column, f"{shown(outside)} refused", step, why=_WHY)
    if tried:
        yield from _labels(ground, tried)


def _labels(ground: Ground, tried: list[tuple[Column, str]]) -> Iterator[Case]:
    values = [array((label,)) if column.type.array else label for column, label in tried]
    changes = [{c.name: v} for (c, _), v in zip(tried, values, strict=True)]
    for (column, label), (row, expect) in zip(tried, ground.tried(changes), strict=True):
        if isinstance(expect, Accepted):
            read = f"{quote(column.name)}::text" + ("[]" if column.type.array else "")
            back = _written((label,)) if column.type.array else label
            insert = row.insert(read)
            title = f"{shown(label)} accepted"
            yield ground.case(KIND, column, title, accepted(insert, back), why=_WHY)
