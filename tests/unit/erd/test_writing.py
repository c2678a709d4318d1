"""The document that pgassay writes: read back it agrees, whatever things are called."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pgassay.core.errors import ConfigError
from pgassay.core.names import QualifiedName
from pgassay.erd.compare import MAX_TEXT
from pgassay.erd.document import read_drawing
from pgassay.erd.parts import Part
from pgassay.erd.writing import write_document
from tests.unit.erd.catalogs import catalog, findings, public, table

if TYPE_CHECKING:
    from pgassay.core.catalog import Catalog

HOSTILE = (
    'a"b',
    "order line",
    "select",
    "PK",
    "Größe",
    "per%cent",
    "a`b",
    "a\\b",
    "a.b",
    "#35;",
    "tab\there",
    "<b>",
    "one",
    "1",
    "x" * 63,
    "日本",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_data(name: str) -> None:
    parent = table(name, f"{name} int", "pk text", primary=name)
    child = table(QualifiedName("old", name), "id int", f"{name} int?", keys=[f"{name} -> {name}"])
    drawn = catalog(parent, child)
    assert findings(write_document("x", drawn), drawn) == []


def big(count: int) -> Catalog:
    columns = [f"column_number_{n} text?" for n in range(60)]
    first = table("table_0", "id int", *columns)
    others = [
        table(f"table_{n}", "id int", *columns, "first_id int", keys=["first_id -> table_0"])
        for n in range(1, count)
    ]
    return catalog(first, *others)


def test_a_part_that_mermaid_would_not_draw_is_drawn_in_several() -> None:
    wide = big(40)
    text = write_document("x", wide)
    drawing = read_drawing([("x.md", text)])
    assert len(drawing.diagrams) > 2
    assert max(diagram.length for diagram in drawing.diagrams) < MAX_TEXT
    assert "## Tables (2)" in text
    assert findings(text, wide) == []


def test_an_overview_beyond_that_length_is_drawn_in_several() -> None:
    count = 900
    one = Part(title="One", tables=frozenset([public("parent")]))
    children = [
        table(f"child_{'x' * 40}_{n}", "id int", "p int", keys=["p -> parent"])
        for n in range(count)
    ]
    wide = catalog(table("parent", "id int"), *children)
    drawing = read_drawing([("x.md", write_document("x", wide, [one]))])
    assert max(diagram.length for diagram in drawing.diagrams) < MAX_TEXT
    assert sum(len(diagram.relations) for diagram in drawing.diagrams) == count


def test_parts_keep_their_order_and_what_is_in_none_comes_last() -> None:
    drawn = catalog(
        table("a", "id int", "b_id int", keys=["b_id -> b"]),
        table("b", "id int"),
        table("c", "id int", "c_id int", keys=["c_id -> c"]),
        table(QualifiedName("old", "d"), "id int"),
    )
    parts = [
        Part(title="Second", about="What *b* is.", tables=frozenset([public("b")])),
        Part(title="Gone", tables=frozenset([public("z")])),
        Part(title="First", tables=frozenset([public("a"), public("b")])),
    ]
    text = write_document("x", drawn, parts)
    heads = [line for line in text.splitlines() if line.startswith("## ")]
    assert heads == [
        "## Overview",
        "## Second",
        "## First",
        "## Other tables of schema old",
        "## Other tables of schema public",
    ]
    assert "What \\*b\\* is." in text
    assert text.count('"a" }o--|| "b"') == 1
    assert findings(text, drawn) == []


def test_a_schema_of_one_part_has_no_overview() -> None:
    text = write_document("x", catalog(table("a", "id int")))
    assert "Overview" not in text
    assert "Tables: 1, references: 0." in text


def test_comments_are_plain_text_and_books_are_left_out() -> None:
    one = replace(table("a", "id int"), comment="What <it> *is*:\nsnake_case `code`")
    drawn = catalog(one, table("alembic_version", "v text"), table("own", "id int"))
    text = write_document("x", drawn, bookkeeping=[public("own")])
    assert r"- `a`: What \<it\> \*is\*: snake_case \`code\`" in text
    assert "alembic_version" not in text
    assert '"own"' not in text


def test_a_part_alone_is_written_with_what_it_refers_to() -> None:
    people = table("users", "id int")
    sales = table("orders", "id int", "user_id int", keys=["user_id -> users"])
    drawn = catalog(people, sales)
    parts = [Part(title=title, tables=frozenset([one.name]))
             for title, one in (("People", people), ("Sales & more", sales))]  # fmt: skip
    text = write_document("shop", drawn, parts, only="sales-more")
    assert '"orders" {' in text
    assert '"users" {' not in text
    assert '"orders" }o--|| "users" : "user_id"' in text
    assert "--part sales-more" in text
    assert text != write_document("shop", drawn, parts, only="people")
    with pytest.raises(ConfigError, match='no part is called "sale"'):
        write_document("shop", drawn, parts, only="sale")
