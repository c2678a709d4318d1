"""The document that pgassay writes: Markdown with a diagram of every part of a schema.

A relation is drawn once: within a part in the part's diagram, between parts in the overview.
Mermaid draws no diagram of more than 50,000 characters, GitHub with it, so a part that comes near
is drawn in several.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.erd.document import WRITTEN_BY
from pgassay.erd.keys import references
from pgassay.erd.markdown import code, plain
from pgassay.erd.naming import label_of
from pgassay.erd.parts import Sheet, drawn_tables, sheet_called, sheets_of, slugs_of
from pgassay.erd.spelling import entity_text, relation_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pgassay.core.catalog import Catalog, Table
    from pgassay.core.names import QualifiedName
    from pgassay.erd.keys import Reference
    from pgassay.erd.parts import Part

_ROOM = 45_000  # characters of one diagram


def write_document(
    system: str,
    catalog: Catalog,
    parts: Sequence[Part] = (),
    *,
    bookkeeping: Collection[QualifiedName] = (),
    only: str | None = None,
) -> str:
    """Return the document of a system, or of one of its parts.

    Args:
        system: its name, for the title.
        catalog: what to draw: every table that is no partition and no tool's own.
        parts: tables that belong together; those in no part come last, by their schema.
        bookkeeping: tables of tools' own, beside the usual ones.
        only: the title or the name of the part, where the document is of one.

    Raises:
        ConfigError: no part is called so.
    """
    known = {table.name for table in drawn_tables(catalog, bookkeeping)}
    chosen = list(sheets_of(drawn_tables(catalog, bookkeeping), parts))
    option, title = "", f"{system}: the tables and how they refer to each other"
    if only is not None:
        number = sheet_called(chosen, only)
        option = f" --part {slugs_of(chosen)[number]}"
        chosen = [chosen[number]]
        title = f"{system}: the tables of {plain(chosen[0].title)}"
    tables = [table for sheet in chosen for table in sheet.tables]
    sheets = [sheet for part in chosen for sheet in _divided(catalog, part)]
    place = {table.name: number for number, sheet in enumerate(sheets) for table in sheet.tables}
    drawn = [key for key in references(catalog) if key.child in place and key.parent in known]
    across = [key for key in drawn if place[key.child] != place.get(key.parent)]
    blocks = [
        f"# {title}",
        f"{WRITTEN_BY} --system {system}{option}. Change the models and write it again. -->",
        _introduction(tables, drawn),
    ]
    if across:
        blocks += ["## Overview", "References from one part of the schema to another."]
        blocks += [_diagram([], lines) for lines in _batches(across)]
    for number, sheet in enumerate(sheets):
        within = [key for key in drawn if place[key.child] == place.get(key.parent) == number]
        blocks += [f"## {plain(sheet.title)}", *([plain(sheet.about)] if sheet.about else [])]
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


def _divided(catalog: Catalog, sheet: Sheet) -> Iterator[Sheet]:
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
        yield Sheet(title, sheet.about if number == 1 else "", share)


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
    told = [f"- {code(label_of(t.name))}: {plain(t.comment)}" for t in tables if t.comment]
    if told:
        yield "\n".join(told)
