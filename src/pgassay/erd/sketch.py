"""Tables and references in the words of Graphviz (DOT): what a picture of a schema is made of.

A table is an HTML-like label with a port for each column, a reference an edge from the parent's
key to the child's columns with crow's feet for arrowheads. Nodes have numbers for names, so that
whatever a table is called is text and never syntax.
"""

from __future__ import annotations

import colorsys
import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.catalog import TableKind
from pgassay.erd.diagram import End
from pgassay.erd.keys import is_required, marked
from pgassay.erd.marks import FK, PK, UK
from pgassay.erd.naming import label_of
from pgassay.erd.spelling import ends_of
from pgassay.erd.types import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.core.catalog import Catalog, Table
    from pgassay.erd.keys import Reference

FONT = "Arial"  # by this one name the widths of its letters are known without the font
INK, QUIET, PAPER, RULE = "#1f2937", "#6b7280", "#ffffff", "#cbd5e1"
_KEY = "#92400e"
ARROWS = {
    End.ZERO_OR_ONE: "teeodot",
    End.ONE: "teetee",
    End.ZERO_OR_MORE: "crowodot",
    End.ONE_OR_MORE: "crowtee",
}
"""Crow's feet: what stands first is nearest to the table."""

# What XML 1.0 has no place for, and what would turn the direction of the text around it.
_UNSAYABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_LONGEST = 48  # signs of a name or a type, of which 63 bytes may be one long word


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of a part: of its headings, and of the paper beneath it."""

    strong: str
    pale: str

    @classmethod
    def of(cls, number: int) -> Colours:
        """Return the colours of the part with that number: neighbours are far apart."""
        hue = (0.58 + number * 0.381966) % 1  # the golden section of the circle
        return cls(_hex(hue, 0.32, 0.48), _hex(hue, 0.965, 0.55))


def _hex(hue: float, lightness: float, saturation: float) -> str:
    parts = colorsys.hls_to_rgb(hue, lightness, saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def said(text: str) -> str:
    """Return text as it stands in an HTML-like label."""
    # a backslash begins an escape of Graphviz: \\N is the node's name
    return in_xml(text).replace("\\", "\\\\")


def told(text: str) -> str:
    """Return text as it stands between the quotes of a tooltip, whose escapes are read twice."""
    return in_xml(text).replace("\\", "\\\\\\\\")


def in_xml(text: str) -> str:
    """Return text as it stands in XML, without what XML has no place for."""
    return html.escape(_UNSAYABLE.sub("\N{REPLACEMENT CHARACTER}", text))


def shortened(text: str, longest: int = _LONGEST) -> str:
    """Return text that is no longer than so many signs."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def table_node(
    catalog: Catalog, table: Table, number: int, colours: Colours, *, elsewhere: int = 0
) -> str:
    """Return a table as a node `n<number>` with a port `c<position>` for each column.

    `elsewhere` is how many tables that are not in the picture refer to it.
    """
    columns = sorted(table.columns, key=lambda column: column.position)
    marks = marked(table)
    rows = [_heading(label_of(table.name), colours)]
    if table.partition_key is not None:
        rows.append(_note(f"partitioned by {table.partition_key.definition}", colours.pale))
    if table.partition_key is None and table.kind is TableKind.FOREIGN:
        rows.append(_note(f"foreign table of {table.server}", colours.pale))
    for place, column in enumerate(columns):
        may_be_null = "" if is_required(catalog, column) else "null"
        keys = " ".join(key for key in (PK, FK, UK) if key in marks[column.name])
        name = said(shortened(column.name))
        rows.append(
            f'<TR><TD PORT="w{place}" ALIGN="LEFT">{_small(keys, _KEY)}</TD>'
            f'<TD ALIGN="LEFT">{name}</TD>'
            f'<TD ALIGN="LEFT">{_small(shortened(spelled(column.type)), QUIET)}</TD>'
            f'<TD PORT="e{place}" ALIGN="LEFT">{_small(may_be_null, QUIET)}</TD></TR>'
        )
    rows += [_note(text, PAPER) for text in _uniques(table)]
    if elsewhere:
        word = "table" if elsewhere == 1 else "tables"
        rows.append(_note(f"referred to by {elsewhere} {word} of other parts", PAPER))
    label = (
        f'<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3" COLOR="{colours.strong}"'
        f' BGCOLOR="{PAPER}">{"".join(rows)}</TABLE>'
    )
    about = f"{label_of(table.name)}: {' '.join((table.comment or 'no comment').split())}"
    return f'n{number} [label=<{label}> tooltip="{told(about)}"]'


def _uniques(table: Table) -> Iterator[str]:
    """Yield in words the unique keys that no mark at a column can say."""
    for index in table.indexes:
        columns = [key.column or key.expression or "" for key in index.keys]
        primary = table.primary_key is not None and index.constraint == table.primary_key.name
        alone = len(columns) == 1 and index.keys[0].column is not None
        if index.unique and not primary and not (alone and index.predicate is None):
            some = " among some rows" if index.predicate else ""
            yield f"unique{some} ({', '.join(columns)})"


def stub_node(table: Table, part: str, number: int, colours: Colours) -> str:
    """Return a table of another part as a small node, by its name and its part's."""
    label = (
        f'<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3" COLOR="{colours.strong}"'
        f' BGCOLOR="{colours.pale}" STYLE="DASHED">'
        f'<TR><TD ALIGN="LEFT"><FONT COLOR="{colours.strong}"><B>'
        f"{said(shortened(label_of(table.name)))}</B></FONT></TD></TR>"
        f'<TR><TD ALIGN="LEFT">{_small(shortened(part), QUIET)}</TD></TR></TABLE>'
    )
    return f"n{number} [label=<{label}>]"


def reference_edge(
    reference: Reference, parent: str, child: str, *, same: bool = False, colour: str = INK
) -> str:
    """Return a reference as an edge from parent to child, each a node or a node with its port."""
    at_child, at_parent = ends_of(reference)
    about = (
        f"{label_of(reference.child)} ({', '.join(reference.columns)}) refers to "
        f"{label_of(reference.parent)}"
    )
    options = f'arrowtail={ARROWS[at_parent]} arrowhead={ARROWS[at_child]} color="{colour}"'
    options += " constraint=false" if same else ""
    return f'{parent} -> {child} [{options} tooltip="{told(about)}"]'


def graph(title: str, body: Sequence[str]) -> str:
    """Return a whole graph beneath its `heading`, parents at the left."""
    settings = (
        f'rankdir=LR ranksep=0.9 nodesep=0.35 pad=0.25 bgcolor="{PAPER}" '
        f'fontname="{FONT}" fontcolor="{INK}" labelloc=t labeljust=l label=<{title}>'
    )
    return "\n".join([
        "digraph erd {",
        f"graph [{settings}]",
        f'node [shape=plain fontname="{FONT}" fontsize=11 fontcolor="{INK}"]',
        f'edge [dir=both penwidth=0.9 arrowsize=0.8 fontname="{FONT}" fontsize=10]',
        *body,
        "}",
        "",
    ])  # fmt: skip


def heading(system: str, of: str, legend: str) -> str:
    """Return what stands above a picture: whose it is, what it shows, and what the signs mean."""
    name = f"<B>{said(f'{shortened(system)}: {shortened(of)}')}</B>"
    return (
        '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2">'
        f'<TR><TD ALIGN="LEFT"><FONT POINT-SIZE="20">{name}</FONT></TD></TR>'
        f'<TR><TD ALIGN="LEFT">{_small(legend, QUIET)}</TD></TR>'
        '<TR><TD HEIGHT="12"></TD></TR></TABLE>'
    )


def _heading(name: str, colours: Colours) -> str:
    return (
        f'<TR><TD COLSPAN="4" PORT="top" BGCOLOR="{colours.strong}">'
        f'<FONT COLOR="{PAPER}"><B>{said(shortened(name))}</B></FONT></TD></TR>'
    )


def _note(text: str, colour: str) -> str:
    return (f'<TR><TD COLSPAN="4" ALIGN="LEFT" BGCOLOR="{colour}">'
            f"{_small(shortened(text), QUIET)}</TD></TR>")  # fmt: skip


def _small(text: str, colour: str) -> str:
    return f'<FONT POINT-SIZE="9" COLOR="{colour}">{said(text)}</FONT>' if text else ""
