"""The lines of a diagram, written so that Mermaid and the reader take them as they are meant.

Entity names and labels are always quoted, attribute names between backquotes where they are no
plain words; what neither may hold is written as an entity code (`#quot;`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgassay.erd.diagram import End
from pgassay.erd.keys import is_required, marked
from pgassay.erd.marks import FK, PK, UK
from pgassay.erd.naming import label_of
from pgassay.erd.types import spelled

if TYPE_CHECKING:
    from collections.abc import Collection

    from pgassay.core.catalog import Catalog, Column, Table
    from pgassay.erd.keys import Reference

# Also what Mermaid or GitHub would take for HTML or an entity code.
_UNSAFE = re.compile(r'["%\\`#&<>\x00-\x1f\x7f]')
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\([0-9,]+\))?(?:\[\])?\Z")
_KEY_WORDS = ("pk", "fk", "uk")
SYMBOLS = {
    End.ZERO_OR_ONE: ("|o", "o|"),
    End.ONE: ("||", "||"),
    End.ZERO_OR_MORE: ("}o", "o{"),
    End.ONE_OR_MORE: ("}|", "|{"),
}
"""An end as it is written at the left and at the right of a line."""


def quoted(text: str) -> str:
    """Return a name or a text in quotes."""
    return f'"{_coded(text)}"'


def word(text: str) -> str:
    """Return the name or the type of an attribute."""
    if _PLAIN.match(text) and text.casefold() not in _KEY_WORDS:
        return text
    return f"`{_coded(text)}`"


def ends_of(reference: Reference) -> tuple[End, End]:
    """Return the end at the child and the end at the parent of a foreign key."""
    child = End.ZERO_OR_MORE if reference.many else End.ZERO_OR_ONE
    return child, End.ONE if reference.required else End.ZERO_OR_ONE


def relation_line(reference: Reference) -> str:
    """Return a foreign key as a relation: the child at the left, labelled with its columns."""
    child, parent = ends_of(reference)
    return (
        f"{quoted(label_of(reference.child))} {SYMBOLS[child][0]}--{SYMBOLS[parent][1]} "
        f"{quoted(label_of(reference.parent))} : {quoted(', '.join(reference.columns))}"
    )


def attribute_line(catalog: Catalog, table: Table, column: Column) -> str:
    """Return a column as an attribute: type, name, keys, and whether it can be null."""
    return _line(catalog, column, marked(table)[column.name])


def _line(catalog: Catalog, column: Column, marks: Collection[str]) -> str:
    parts = [word(spelled(column.type)), word(column.name)]
    keys = ", ".join(key for key in (PK, FK, UK) if key in marks)
    parts += [keys] if keys else []
    parts += [] if is_required(catalog, column) else ['"nullable"']
    return " ".join(parts)


def entity_text(catalog: Catalog, table: Table) -> str:
    """Return a table as an entity with all its columns, in their order."""
    columns = sorted(table.columns, key=lambda column: column.position)
    marks = marked(table)
    lines = [f"  {_line(catalog, column, marks[column.name])}" for column in columns]
    return "\n".join([f"{quoted(label_of(table.name))} {{", *lines, "}"])


def _coded(text: str) -> str:
    """Return a text with entity codes for what cannot stand in it."""
    return _UNSAFE.sub(lambda sign: f"#{ord(sign[0])};", text)
