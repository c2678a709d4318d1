"""The pictures of a schema: all of it, each of its parts, and an overview of the parts.

A picture is DOT text, made from a catalog alone: the same catalog gives the same text. Where the
parts are many, the overview shows each as a box with the names of its tables, and between them
lines; the picture of a part shows its tables whole, with the tables of other parts that they refer
to as stubs.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.erd.keys import references
from pgassay.erd.naming import label_of
from pgassay.erd.parts import OVERVIEW, drawn_tables, sheet_called, sheets_of, slugs_of
from pgassay.erd.sketch import (
    PAPER,
    Colours,
    graph,
    heading,
    reference_edge,
    said,
    shortened,
    stub_node,
    table_node,
    told,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pgassay.core.catalog import Catalog, Table
    from pgassay.core.names import QualifiedName
    from pgassay.erd.keys import Reference
    from pgassay.erd.parts import Part, Sheet

_COLUMN = 6  # names of tables in one column of a box
_SIGNS = (
    "PK primary key, FK foreign key, UK unique, null: may be null. "
    "Where a line ends: a bar for one, a ring for none, a crow's foot for many."
)
_LINES = (
    "A line leads from the tables referred to, to those that refer to them; "
    "its number is how many references it stands for."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture: `slug` is its name among those of its system, empty for the whole schema."""

    slug: str
    title: str
    dot: str


class Pictures:
    """Draws the pictures of one system.

    Args:
        system: its name, for the titles.
        catalog: what to draw.
        parts: tables that belong together.
        bookkeeping: tables of tools' own, beside the usual ones.
    """

    def __init__(
        self,
        system: str,
        catalog: Catalog,
        parts: Sequence[Part] = (),
        bookkeeping: Collection[QualifiedName] = (),
    ) -> None:
        self._system, self._catalog = system, catalog
        self._tables = drawn_tables(catalog, bookkeeping)
        self.sheets: list[Sheet] = list(sheets_of(self._tables, parts))
        self._slugs = slugs_of(self.sheets)
        self._number = {table.name: number for number, table in enumerate(self._tables)}
        self._by_name = {table.name: table for table in self._tables}
        self._sheet = {
            table.name: n for n, sheet in enumerate(self.sheets) for table in sheet.tables
        }
        self._references = [
            key for key in references(catalog)
            if key.child in self._number and key.parent in self._number
        ]  # fmt: skip

    def whole(self) -> Picture:
        """Return the picture of every table, the parts coloured."""
        body: list[str] = []
        for number, sheet in enumerate(self.sheets):
            colours = Colours.of(number)
            body += [table_node(self._catalog, table, self._number[table.name], colours)
                     for table in sheet.tables]  # fmt: skip
        body += [self._edge(key) for key in self._references]
        return Picture(
            slug="",
            title=self._system,
            dot=graph(heading(self._system, "all tables", _SIGNS), body),
        )

    def part(self, number: int) -> Picture:
        """Return the picture of one part."""
        sheet = self.sheets[number]
        own = {table.name for table in sheet.tables}
        elsewhere: dict[QualifiedName, set[QualifiedName]] = {name: set() for name in own}
        for key in self._references:
            if key.parent in own and key.child not in own:
                elsewhere[key.parent].add(key.child)
        body = [
            table_node(self._catalog, table, self._number[table.name], Colours.of(number),
                       elsewhere=len(elsewhere[table.name]))
            for table in sheet.tables
        ]  # fmt: skip
        drawn = [key for key in self._references if key.child in own]
        for name in sorted({key.parent for key in drawn} - own):
            other = self._sheet[name]
            body.append(stub_node(self._by_name[name], self.sheets[other].title,
                                  self._number[name], Colours.of(other)))  # fmt: skip
        body += [self._edge(key, stub=key.parent not in own) for key in drawn]
        return Picture(
            slug=self._slugs[number],
            title=f"{self._system}: {sheet.title}",
            dot=graph(heading(self._system, sheet.title, _SIGNS), body),
        )

    def overview(self) -> Picture:
        """Return the picture of the parts: their tables by name, and how many lines between."""
        body = [self._box(number, sheet) for number, sheet in enumerate(self.sheets)]
        between = Counter(
            (self._sheet[key.parent], self._sheet[key.child])
            for key in self._references
            if self._sheet[key.parent] != self._sheet[key.child]
        )
        for (parent, child), count in sorted(between.items()):
            strong = Colours.of(parent).strong
            about = (
                f"{count} references of {self.sheets[child].title} to {self.sheets[parent].title}"
            )
            body.append(
                f'd{parent} -> d{child} [dir=forward arrowhead=crow color="{strong}" '
                f'label="{count}" fontsize=9 fontcolor="{strong}" '
                f'penwidth={0.7 + min(count, 12) * 0.15:.2f} tooltip="{told(about)}"]'
            )
        dot = graph(heading(self._system, "overview", _LINES), body)
        return Picture(slug=OVERVIEW, title=f"{self._system}: overview", dot=dot)

    def parts(self) -> Iterator[Picture]:
        """Yield the overview, where there are several parts, and the picture of each."""
        if len(self.sheets) > 1:
            yield self.overview()
        yield from map(self.part, range(len(self.sheets)))

    def called(self, name: str, *, strict: bool) -> Picture:
        """Return the overview or the part of that name; unless `strict`, else the whole.

        Raises ConfigError if no part is called so.
        """
        if name == OVERVIEW:
            return self.overview()
        if strict or name in self._slugs:
            return self.part(sheet_called(self.sheets, name))
        return self.whole()

    def _box(self, number: int, sheet: Sheet) -> str:
        """Return a part as a box: its title, and its tables in one column or two."""
        colours = Colours.of(number)
        names = [said(shortened(label_of(table.name))) for table in sheet.tables]
        width = 1 if len(names) <= _COLUMN else 2
        height = -(-len(names) // width)
        rows = "".join(
            "<TR>"
            + "".join(f'<TD ALIGN="LEFT">{name}</TD>' for name in names[row::height])
            + "</TR>"
            for row in range(height)
        )
        return (
            f'd{number} [label=<<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3" '
            f'COLOR="{colours.strong}" BGCOLOR="{colours.pale}"><TR>'
            f'<TD COLSPAN="{width}" BGCOLOR="{colours.strong}"><FONT COLOR="{PAPER}">'
            f"<B>{said(shortened(sheet.title))}</B></FONT></TD></TR>{rows}</TABLE>>]"
        )

    def _edge(self, key: Reference, *, stub: bool = False) -> str:
        parent, child = self._by_name[key.parent], self._by_name[key.child]
        head = f"n{self._number[key.child]}:w{_place(child, key.columns[0])}:w"
        tail = f"n{self._number[key.parent]}"
        tail = f"{tail}:e" if stub else f"{tail}:e{_key_place(parent)}:e"
        colour = Colours.of(self._sheet[key.parent]).strong
        return reference_edge(key, tail, head, same=key.parent == key.child, colour=colour)


def _place(table: Table, column: str) -> int:
    names = [one.name for one in sorted(table.columns, key=lambda one: one.position)]
    return names.index(column)


def _key_place(table: Table) -> int:
    return _place(table, table.primary_key.columns[0]) if table.primary_key else 0
