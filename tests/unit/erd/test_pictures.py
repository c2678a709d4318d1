"""Pictures: what they show of a catalog, whatever it is called, and that they are drawn alike."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from pgassay.core.catalog import (
    Catalog,
    Constraint,
    ConstraintKind,
    Partition,
    PartitionKey,
    PartitionStrategy,
    Table,
)
from pgassay.core.errors import ConfigError, MachineError
from pgassay.core.names import QualifiedName
from pgassay.erd.parts import Part
from pgassay.erd.pictures import Picture, Pictures
from pgassay.erd.stamp import PNG, SVG, Stamp, stamp_of, stamped
from pgassay.run.graphviz import draw
from tests.unit.erd.catalogs import catalog, public, table
from tests.unit.erd.test_writing import HOSTILE

# What can be no name in XML, or would be read as more than text.
NAMES = (*HOSTILE, "<script>alert(1)</script>", "a&amp;b", "\\N \\G", "x]y|z", "a\x01b", "  ", "😀")


def users_and_orders() -> tuple[Table, Table]:
    users = table("users", "id int", "mail text", "nick text?", unique=["mail"])
    orders = table("orders", "id int", "user_id int", "total numeric(10,2)?",
                   keys=["user_id -> users"])  # fmt: skip
    return users, orders


def whole(*tables: Table) -> Picture:
    return Pictures("shop", catalog(*tables)).whole()


def texts(svg: bytes) -> list[str]:
    """What a reader sees, in the order of the file."""
    root = ET.fromstring(svg)
    return [one.text or "" for one in root.iter("{http://www.w3.org/2000/svg}text")]


def hints(svg: bytes) -> set[str]:
    """What shows under the pointer."""
    title = "{http://www.w3.org/1999/xlink}title"
    return {one.get(title) or "" for one in ET.fromstring(svg).iter()}


def arrows(picture: Picture) -> list[tuple[str, str]]:
    """The ends of each line: at the parent, at the child."""
    return re.findall(r"arrowtail=(\w+) arrowhead=(\w+)", picture.dot)


def test_names_are_data_in_every_picture() -> None:
    tables = [
        table(
            name,
            f"{name} int",
            "other text",
            primary=name,
            keys=[f"{name} -> {name}"] if name.strip() else [],
        )
        for name in NAMES
    ]
    pictures = Pictures("a<b>&\\N", catalog(*tables), [
        Part(title=name, tables=frozenset([public(name)])) for name in NAMES
    ])  # fmt: skip
    shown = texts(draw(pictures.whole(), SVG))
    for name in NAMES:
        # no text in XML has control characters; several spaces are one where a reader sees them
        said = " ".join(re.sub("[\x01\t]", "\N{REPLACEMENT CHARACTER}", name).split())
        said = said if len(said) <= 48 else said[:47] + "…"
        found = [" ".join(text.replace("\xa0", " ").split()) for text in shown]
        assert not said or said in found
    assert "a<b>&\\N: all tables" in shown
    assert "\\N \\G: no comment" in hints(draw(pictures.whole(), SVG))
    assert "a&amp;b (a&amp;b) refers to a&amp;b" in hints(draw(pictures.whole(), SVG))
    overview = draw(pictures.overview(), SVG)
    assert b"<script" not in overview
    assert "<script>alert(1)</script>" in texts(overview)
    for picture in pictures.parts():
        assert ET.fromstring(draw(picture, SVG)).tag.endswith("svg")


def test_columns_are_shown_with_keys_types_and_nulls() -> None:
    shown = texts(draw(whole(*users_and_orders()), SVG))
    users = shown[shown.index("users") :]
    assert users[1:10] == ["PK", "id", "int", "UK", "mail", "text", "nick", "text", "null"]
    orders = shown[shown.index("orders") :]
    assert orders[1:10] == [
        "PK", "id", "int", "FK", "user_id", "int", "total", "numeric(10,2)", "null",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "unique", "ends"),
    [
        ("user_id int", [], ("teetee", "crowodot")),
        ("user_id int?", [], ("teeodot", "crowodot")),
        ("user_id int", ["user_id"], ("teetee", "teeodot")),
        ("user_id int?", ["user_id"], ("teeodot", "teeodot")),
    ],
)
def test_a_line_ends_as_the_keys_say(column: str, unique: list[str], ends: tuple[str, str]) -> None:
    child = table("orders", "id int", column, unique=unique, keys=["user_id -> users"])
    assert arrows(whole(table("users", "id int"), child)) == [ends]


def test_unique_keys_that_no_mark_says_are_written_beneath() -> None:
    of = table("seats", "id int", "hall int", "row int", "code text", unique=["hall,row"],
               partly_unique=["code"])  # fmt: skip
    shown = texts(draw(whole(of), SVG))
    assert shown[-2:] == ["unique (hall, row)", "unique among some rows (code)"]
    assert "unique (id)" not in shown


def test_partitions_are_marked_and_not_drawn() -> None:
    key = PartitionKey(strategy=PartitionStrategy.RANGE, columns=("at",), definition="RANGE (at)")
    logs = replace(table("logs", "at date", primary=""), partition_key=key)
    bound = Partition(parent=public("logs"), bound="DEFAULT")
    shown = texts(draw(whole(logs, replace(logs, name=public("logs_default"), partition_key=None,
                                           partition=bound)), SVG))  # fmt: skip
    assert "partitioned by RANGE (at)" in shown
    assert "logs_default" not in shown


def two_parts() -> Pictures:
    users, orders = users_and_orders()
    lines = table("lines", "id int", "order_id int", keys=["order_id -> orders"])
    return Pictures("shop", catalog(users, orders, lines), [
        Part(title="People", tables=frozenset([public("users")])),
        Part(title="Sales", tables=frozenset([public("orders"), public("lines")])),
    ])  # fmt: skip


def test_a_part_is_drawn_whole_with_stubs_of_what_it_refers_to() -> None:
    sales = texts(draw(two_parts().part(1), SVG))
    assert sales[-2:] == ["users", "People"]
    assert "mail" not in sales
    assert "total" in sales
    people = texts(draw(two_parts().part(0), SVG))
    assert "referred to by 1 table of other parts" in people
    assert "orders" not in people


def test_an_overview_counts_the_references_between_parts() -> None:
    picture = two_parts().overview()
    assert re.findall(r'(d\d) -> (d\d).*label="(\d+)"', picture.dot) == [("d0", "d1", "1")]
    shown = texts(draw(picture, SVG))
    assert {"People", "users", "Sales", "lines", "orders"} <= set(shown)
    assert "total" not in shown


def test_parts_have_names_of_their_own() -> None:
    names = [public(name) for name in ("a", "b", "c", "d")]
    titles = ("Größe & Co", "grosse co", "Overview", "日本")
    pictures = Pictures("shop", catalog(*(table(name, "id int") for name in names)), [
        Part(title=title, tables=frozenset([name]))
        for title, name in zip((*titles,), names, strict=True)
    ])  # fmt: skip
    slugs = [picture.slug for picture in pictures.parts()]
    assert slugs == ["overview", "groe-co", "grosse-co", "overview-3", "part"]
    assert pictures.called("OVERVIEW-3", strict=True).title == "shop: Overview"
    assert pictures.called("anything", strict=False).slug == ""
    with pytest.raises(ConfigError, match='no part is called "anything"'):
        pictures.called("anything", strict=True)


def test_the_same_schema_is_the_same_picture_in_whatever_order_it_comes() -> None:
    users, orders = users_and_orders()
    one, other = whole(users, orders), whole(orders, users)
    assert one == other
    assert draw(one, SVG) == draw(other, SVG)
    assert draw(one, PNG) == draw(other, PNG)


def test_what_is_not_drawn_changes_no_picture_and_what_is_does() -> None:
    users, orders = users_and_orders()
    check = Constraint(name="positive", kind=ConstraintKind.CHECK, definition="CHECK (total > 0)")
    unseen = replace(orders, constraints=(*orders.constraints, check))
    assert whole(users, unseen) == whole(users, orders)
    seen = replace(users, columns=(*users.columns[:1], replace(users.columns[1], not_null=False)))
    assert whole(seen, orders) != whole(users, orders)


def test_texts_fit_in_a_font_that_is_wider() -> None:
    svg = draw(whole(*users_and_orders()), SVG).decode()
    assert svg.count("<text ") == svg.count('textLength="') > 10


@pytest.mark.parametrize("form", [SVG, PNG])
def test_a_picture_says_what_it_was_drawn_from(form: str) -> None:
    picture = draw(whole(*users_and_orders()), form)
    assert stamp_of(picture) is None
    stamp = Stamp.of('a"<b>ü', "", "digraph {}")
    marked = stamped(picture, stamp, form)
    assert stamp_of(marked) == stamp
    other = Stamp.of("shop", "sales", "digraph { n1 }")
    assert stamp_of(stamped(marked, other, form)) == other
    assert stamped(marked, stamp, form) == marked


@pytest.mark.parametrize("damaged", [b"", b"\x89PNG\r\n\x1a\n", b"<svg></svg>", b"\xff\xfe\x00",
    b'<svg><metadata id="pgassay-erd">[1]</metadata></svg>'])  # fmt: skip
def test_a_file_without_a_stamp_has_none(damaged: bytes) -> None:
    assert stamp_of(damaged) is None


def test_a_stamped_png_is_a_sound_one() -> None:
    plain = draw(whole(*users_and_orders()), PNG)
    marked = stamped(plain, Stamp.of("shop", "", "x"), PNG)
    at = marked.index(b"tEXt") - 4
    size = 12 + int.from_bytes(marked[at : at + 4])
    assert marked[:at] + marked[at + size :] == plain


def test_no_program_is_an_error_that_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_args, **_options: None)
    with pytest.raises(MachineError) as refused:
        draw(whole(*users_and_orders()), SVG)
    assert refused.value.fix == "pip install 'pgassay[erd]'"


def test_a_table_outside_public_is_called_by_its_schema() -> None:
    shown = texts(draw(whole(table(QualifiedName("Lager", "Kiste 1"), "id int")), SVG))
    assert "Lager.Kiste 1" in shown


def test_a_schema_of_nothing_is_drawn() -> None:
    assert texts(draw(Pictures("shop", Catalog(major=18)).whole(), SVG))[0] == "shop: all tables"
