"""The tables of a schema that are drawn, and the parts that they are drawn in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError, suggestion
from pgassay.drift.policy import BOOKKEEPING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pgassay.core.catalog import Catalog, Table
    from pgassay.core.names import QualifiedName


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some tables that are drawn together: a domain.

    `about` is a sentence for the reader.
    """

    title: str
    tables: frozenset[QualifiedName]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A part as it is drawn: its tables in order, at least one."""

    title: str
    about: str
    tables: Sequence[Table]


OVERVIEW = "overview"
"""What the picture of all parts is called; no part is."""


def slugs_of(sheets: Sequence[Sheet]) -> list[str]:
    """Return what each part is called in the name of a file: no two alike."""
    found: list[str] = []
    for number, sheet in enumerate(sheets, 1):
        plain = unicodedata.normalize("NFKD", sheet.title).encode("ascii", "ignore").decode()
        slug = re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")[:60] or "part"
        found.append(f"{slug}-{number}" if slug in (OVERVIEW, *found) else slug)
    return found


def sheet_called(sheets: Sequence[Sheet], name: str) -> int:
    """Return the number of the part with that title or slug; ConfigError if there is none."""
    slugs = slugs_of(sheets)
    for number, sheet in enumerate(sheets):
        if name.casefold() in (sheet.title.casefold(), slugs[number]):
            return number
    raise ConfigError(
        f'no part is called "{name}"',
        expected=suggestion(name, [OVERVIEW, *slugs]),
        fix="parts are the modules of the models, or what the system has under domains",
    )


def drawn_tables(catalog: Catalog, bookkeeping: Collection[QualifiedName] = ()) -> list[Table]:
    """Return every table that is no partition and no tool's own, by name."""
    return [
        table
        for table in sorted(catalog.roots(), key=lambda table: table.name)
        if table.name.name not in BOOKKEEPING and table.name not in bookkeeping
    ]


def sheets_of(tables: Sequence[Table], parts: Sequence[Part] = ()) -> Iterator[Sheet]:
    """Yield the parts that have tables; what is in none comes last, by its schema.

    A table that several parts claim is of the first.
    """
    left = {table.name: table for table in tables}
    for part in parts:
        own = [left.pop(table.name) for table in tables
               if table.name in part.tables and table.name in left]  # fmt: skip
        if own:
            yield Sheet(part.title, part.about, own)
    schemas = sorted({name.schema for name in left})
    for schema in schemas:
        title = "Other tables" if parts else "Tables"
        title = title if schemas == ["public"] else f"{title} of schema {schema}"
        yield Sheet(title, "", [table for name, table in left.items() if name.schema == schema])
