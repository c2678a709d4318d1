"""The document that pgassay writes: Markdown with a diagram of every part of a schema.

A relation is drawn once: within a part in the part's diagram, between parts in the overview.
Mermaid draws no diagram of more than 50,000 characters, GitHub with it, so a part that comes near
is drawn in several.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.drift.policy import BOOKKEEPING
from pgassay.erd.document import WRITTEN_BY
from pgassay.erd.keys import references
from pgassay.erd.naming import label_of
from pgassay.erd.spelling import entity_text, relation_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pgassay.core.catalog import Catalog, Table
    from pgassay.core.names import QualifiedName
    from pgassay.erd.keys import Reference

_ROOM = 45_000  # characters of one diagram
_MARKDOWN = re.compile(r"([\\`*\[\]<>#|~&]|\b_|_\b)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some tables that are drawn together.

    `about` is a sentence for the reader.
    """

    title: str
    tables: frozenset[QualifiedName]
    about: str = ""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What one diagram draws."""

    title: str
    about: str
    tables: Sequence[Table]


def write_document(
    system: str,
    catalog: Catalog,
    parts: Sequence[Part] = (),
    *,
    bookkeeping: Collection[QualifiedName] = (),
) -> str:
    """Return the document of a system.

    Args:
        system: its name, for the title.
        catalog: what to draw: every table that is no partition and no tool's own.
        parts: tables that belong together; those in no part come last, by their schema.
        bookkeeping: tables of tools' own, beside the usual ones.
    """
    tables = [
        table
        for table in sorted(catalog.roots(), key=lambda table: table.name)
        if table.name.name not in BOOKKEEPING and table.name not in bookkeeping
    ]
    sheets = [sheet for part in _all(tables, parts) for sheet in _divided(catalog, part)]
    place = {table.name: number for number, sheet in enumerate(sheets) for table in sheet.tables}
    drawn = [key for key in references(catalog) if key.child in place and key.parent in place]
    across = [key for key in drawn if place[key.child] != place[key.parent]]
    blocks = [
        f"# {system}: the tables and how they refer to each other",
        f"{WRITTEN_BY} --system {system}. Change the models and write it again. -->",
        _introduction(tables, drawn),
    ]
    if across:
        blocks += ["## Overview", "References from one part of the schema to another."]
        blocks += [_diagram([], lines) for lines in _batches(across)]
    for number, sheet in enumerate(sheets):
        within = [key for key in drawn if place[key.child] == place[key.parent] == number]
        blocks += [f"## {_plain(sheet.title)}", *([_plain(sheet.about)] if sheet.about else [])]
        blocks += [_diagram([entity_text(catalog, table) for table in sheet.tables],
                            [relation_line(key) for key in within])]  # fmt: skip
        blocks += list(_comments(sheet.tables))
    return "\n\n".join(blocks) + "\n"


def _introduction(tables: Sequence[Table], drawn: Sequence[Reference]) -> str:
    return (
        f"Tables: {len(tables)}, references: {len(drawn)}. `PK` is of the primary key, `FK` refers "
        "to another table, `UK` is unique by itself; what is not `nullable` always has a value. "
        "A line begins at the rows that refer, labelled with the columns they refer by."
    )


def _all(tables: Sequence[Table], parts: Sequence[Part]) -> Iterator[_Sheet]:
    left = {table.name: table for table in tables}
    for part in parts:
        own = [left.pop(table.name) for table in tables
               if table.name in part.tables and table.name in left]  # fmt: skip
        if own:
            yield _Sheet(part.title, part.about, own)
    schemas = sorted({name.schema for name in left})
    for schema in schemas:
        title = "Other tables" if parts else "Tables"
        title = title if schemas == ["public"] else f"{title} of schema {schema}"
        yield _Sheet(title, "", [table for name, table in left.items() if name.schema == schema])


def _divided(catalog: Catalog, sheet: _Sheet) -> Iterator[_Sheet]:
    """Yield a part as it is, or in several where it is too long for one diagram."""
    length = {table.name: len(entity_text(catalog, table)) + 1 for table in sheet.tables}
    for key in references(catalog):
        if key.child in length:
            length[key.child] += len(relation_line(key)) + 1
    shares: list[list[Table]] = [[]]
    room = _ROOM
    for table in sheet.tables:
        room -= length[table.name]
        if room < 0 and shares[-1]:
            shares.append([])
            room = _ROOM - length[table.name]
        shares[-1].append(table)
    for number, share in enumerate(shares, 1):
        title = sheet.title if len(shares) == 1 else f"{sheet.title} ({number})"
        yield _Sheet(title, sheet.about if number == 1 else "", share)


def _batches(keys: Sequence[Reference]) -> Iterator[list[str]]:
    batch: list[str] = []
    for line in (relation_line(key) for key in keys):
        if batch and sum(map(len, batch)) + len(batch) + len(line) > _ROOM:
            yield batch
            batch = []
        batch.append(line)
    yield batch


def _diagram(entities: Sequence[str], lines: Sequence[str]) -> str:
    return "\n".join(["```mermaid", "erDiagram", *entities, *lines, "```"])


def _comments(tables: Sequence[Table]) -> Iterator[str]:
    told = [f"- {_code(label_of(t.name))}: {_plain(t.comment)}" for t in tables if t.comment]
    if told:
        yield "\n".join(told)


def _code(text: str) -> str:
    """Return a name as a code span, fenced by more backquotes than it has."""
    line = " ".join(text.split())
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    return f"{fence}{line}{fence}" if len(fence) == 1 else f"{fence} {line} {fence}"


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is, in one line."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
