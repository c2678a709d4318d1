"""The data dictionary: a Markdown document of every table, from the comments and the catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.erd.entry import Entries
from pgassay.erd.markdown import Slugs, code, fenced, plain
from pgassay.erd.naming import label_of
from pgassay.erd.parts import drawn_tables, sheets_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pgassay.core.catalog import Catalog, Domain, EnumType, View
    from pgassay.core.config import PartitionRule
    from pgassay.core.names import QualifiedName
    from pgassay.erd.parts import Part, Sheet

WRITTEN_BY = "<!-- Written by pgassay dictionary"
"""How a dictionary begins that pgassay wrote, after its title."""

_VIEWS, _ENUMS, _DOMAINS = "Views", "Enum types", "Domain types"


def write_dictionary(
    system: str,
    catalog: Catalog,
    parts: Sequence[Part] = (),
    *,
    bookkeeping: Collection[QualifiedName] = (),
    rules: Sequence[PartitionRule] = (),
) -> str:
    """Return the data dictionary of a system.

    Args:
        system: its name, for the title.
        catalog: what to describe: tables that are no partitions and no tool's own, views, types.
        parts: tables that belong together; those in no part come last, by their schema.
        bookkeeping: tables of tools' own, beside the usual ones.
        rules: which partitions exist by rule.
    """
    return _Book(
        system, catalog, list(sheets_of(drawn_tables(catalog, bookkeeping), parts)), rules
    ).text()


class _Book:
    """A dictionary while it is written."""

    def __init__(
        self, system: str, catalog: Catalog, sheets: list[Sheet], rules: Sequence[PartitionRule]
    ) -> None:
        self._system, self._catalog, self._sheets = system, catalog, sheets
        self._title = f"{system}: the data dictionary"
        slugs = Slugs()
        slugs.take(self._title)
        self._sections: list[str] = []
        anchors: dict[QualifiedName, str] = {}
        for sheet in sheets:
            self._sections.append(slugs.take(sheet.title))
            anchors |= {one.name: slugs.take(label_of(one.name)) for one in sheet.tables}
        for title, things in (
            (_VIEWS, catalog.views), (_ENUMS, catalog.enums), (_DOMAINS, catalog.domains)
        ):  # fmt: skip
            if things:
                slugs.take(title)
                anchors |= {thing.name: slugs.take(label_of(thing.name)) for thing in things}
        self._anchors = anchors
        self._entries = Entries(catalog, anchors, rules)

    def text(self) -> str:
        """Return the whole document."""
        return "\n\n".join(self._blocks()) + "\n"

    def _blocks(self) -> Iterator[str]:
        yield f"# {plain(self._title)}"
        yield f"{WRITTEN_BY} --system {self._system}. Change the comments and write it again. -->"
        tables = sum(len(sheet.tables) for sheet in self._sheets)
        columns = sum(len(table.columns) for sheet in self._sheets for table in sheet.tables)
        yield (
            f"Tables: {tables}, columns: {columns}. `PK` is of the primary key, `FK` refers to "
            "another table, `UK` is unique by itself; what is not `null` always has a value. What "
            "a foreign key does on delete and on update is said where it does more than refuse."
        )
        yield "\n".join(self._contents())
        for sheet in self._sheets:
            yield f"## {plain(sheet.title)}"
            if sheet.about:
                yield plain(sheet.about)
            for table in sheet.tables:
                yield self._heading(table.name)
                yield from self._entries.of(table)
        if self._catalog.views:
            yield f"## {_VIEWS}"
            for view in self._catalog.views:
                yield from self._view(view)
        if self._catalog.enums:
            yield f"## {_ENUMS}"
            for enum in self._catalog.enums:
                yield from self._enum(enum)
        if self._catalog.domains:
            yield f"## {_DOMAINS}"
            for domain in self._catalog.domains:
                yield from self._domain(domain)

    def _contents(self) -> Iterator[str]:
        for sheet, anchor in zip(self._sheets, self._sections, strict=True):
            tables = ", ".join(self._entries.link(table.name) for table in sheet.tables)
            yield f"- [{plain(sheet.title)}](#{anchor}): {tables}"

    def _heading(self, name: QualifiedName) -> str:
        return f"### {plain(label_of(name))}"

    def _view(self, view: View) -> Iterator[str]:
        yield self._heading(view.name)
        if view.comment:
            yield plain(view.comment)
        if view.materialised:
            yield "Materialised."
        yield self._entries.columns(view.columns, {})
        yield fenced(view.definition, "sql")

    def _enum(self, enum: EnumType) -> Iterator[str]:
        yield self._heading(enum.name)
        if enum.comment:
            yield plain(enum.comment)
        yield f"{', '.join(map(code, enum.labels)) or 'No labels'}."
        used = [
            f"{self._entries.link(table.name)} ({', '.join(map(code, columns))})"
            for sheet in self._sheets
            for table in sheet.tables
            if (columns := [one.name for one in table.columns if one.type.name == enum.name])
        ]
        if used:
            yield f"Used by {', '.join(used)}."

    def _domain(self, domain: Domain) -> Iterator[str]:
        yield self._heading(domain.name)
        if domain.comment:
            yield plain(domain.comment)
        never = ", never null" if domain.not_null else ""
        default = f", by default {code(domain.default)}" if domain.default is not None else ""
        yield f"{code(domain.type.sql)}{never}{default}."
        if domain.constraints:
            yield "\n".join(
                f"- {code(one.name)}: {code(one.definition)}" for one in domain.constraints
            )
