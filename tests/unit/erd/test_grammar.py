"""Mermaid's `erDiagram`, read as Mermaid reads it: what is drawn, and what is refused where."""

from __future__ import annotations

from textwrap import dedent

import pytest

from pgassay.erd.diagram import Diagram, End
from pgassay.erd.grammar import DiagramError, parse_diagram


def read(text: str) -> Diagram:
    return parse_diagram("erDiagram\n" + dedent(text), file="erd.md", first=10)


def relation(line: str) -> tuple[str, End, str, End, str, bool]:
    (found,) = read(line).relations
    return (
        found.left,
        found.left_end,
        found.right,
        found.right_end,
        found.label,
        found.identifying,
    )


@pytest.mark.parametrize(
    ("written", "left", "right"),
    [
        ("|o--o|", End.ZERO_OR_ONE, End.ZERO_OR_ONE),
        ("||--||", End.ONE, End.ONE),
        ("}o--o{", End.ZERO_OR_MORE, End.ZERO_OR_MORE),
        ("}|--|{", End.ONE_OR_MORE, End.ONE_OR_MORE),
        ("one or zero to one or more", End.ZERO_OR_ONE, End.ONE_OR_MORE),
        ("zero or one to zero or many", End.ZERO_OR_ONE, End.ZERO_OR_MORE),
        ("only one to one or many", End.ONE, End.ONE_OR_MORE),
        ("many(1) to many(0)", End.ONE_OR_MORE, End.ZERO_OR_MORE),
        ("1 to zero or more", End.ONE, End.ZERO_OR_MORE),
        ("1+ to 0+", End.ONE_OR_MORE, End.ZERO_OR_MORE),
        ("u--o{", End.PARENT, End.ZERO_OR_MORE),
    ],
)
def test_ends_are_read_as_signs_and_as_words(written: str, left: End, right: End) -> None:
    found = relation(f'a {written} b : "x"')
    assert (found[1], found[3]) == (left, right)


@pytest.mark.parametrize(
    ("stroke", "identifying"),
    [
        ("--", True),
        ("to", True),
        ("..", False),
        (".-", False),
        ("-.", False),
        ("optionally to", False),
    ],
)
def test_a_solid_line_identifies(stroke: str, identifying: bool) -> None:
    space = " " if stroke[0].isalpha() else ""
    assert relation(f"a ||{space}{stroke}{space}o{{ b : x")[5] is identifying


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("plain", ["plain"]),
        ('"order line"', ["order line"]),
        ('"a#quot;b"', ['a"b']),
        ("LINE-ITEM", ["LINE-ITEM"]),
        ("public.users", ["public.users"]),
        ("Größe", ["Größe"]),
        ('"_ConnectionToTag"', ["_ConnectionToTag"]),
        ("a b", ["a", "b"]),  # statements need no line of their own
        ('a["order line"]', ["a"]),
        ("a:::loud", ["a"]),
        ("a:::loud,quiet {\n int x\n}", ["a"]),
    ],
)
def test_entities_may_be_called_anything(text: str, names: list[str]) -> None:
    assert [entity.name for entity in read(text).entities] == names


def test_an_alias_is_kept_beside_the_name() -> None:
    assert read('a["order line"] {\n int x\n}').entities[0].alias == "order line"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("int id", ("int", "id", (), None, False)),
        ("int id PK", ("int", "id", ("PK",), None, False)),
        ('int id PK, FK,UK "nullable"', ("int", "id", ("PK", "FK", "UK"), "nullable", False)),
        ("int id pk", ("int", "id", ("PK",), None, False)),
        ("varchar(255) name", ("varchar(255)", "name", (), None, False)),
        ("numeric(10,2) price", ("numeric(10,2)", "price", (), None, False)),
        ("text[] tags", ("text[]", "tags", (), None, False)),
        ("int? age", ("int", "age", (), None, True)),
        ("List~string~ tags", ("List~string~", "tags", (), None, False)),
        ("`double precision` `order no`", ("double precision", "order no", (), None, False)),
        ('string *id "#35; of it"', ("string", "*id", (), "# of it", False)),
    ],
)
def test_attributes(line: str, expected: tuple[object, ...]) -> None:
    (found,) = read(f"a {{\n {line}\n}}").entities[0].attributes
    assert (found.type, found.name, found.keys, found.comment, found.optional) == expected
    assert str(found.place) == "erd.md:12"


def test_how_it_looks_is_passed_over() -> None:
    drawn = read(
        """
        accTitle: the shop
        accDescr {
          several
          lines
        }
        direction LR
        %% a comment: a ||--o{ c : no
        a ||--o{ b : has
        classDef loud fill:#f9f,stroke:#333,stroke-width:4px
        style a fill:#f9f
        class a,b loud
        """
    )
    assert [entity.name for entity in drawn.entities] == ["a", "b"]
    assert len(drawn.relations) == 1


def test_front_matter_and_directives_keep_the_numbers_of_lines() -> None:
    text = "---\ntitle: shop\n---\n%%{init: {'theme': 'dark'}}%%\nerDiagram\na {\n int id\n}\n"
    drawn = parse_diagram(text, file="x.mmd")
    assert str(drawn.entities[0].place) == "x.mmd:6"


def test_entities_of_a_subgraph_are_drawn_and_the_group_is_none_of_them() -> None:
    drawn = read(
        """
        subgraph sales ["of the shop"]
          orders
        end
        subgraph stock
          items
        end
        sales ||--o{ stock : uses
        """
    )
    assert drawn.groups == {"sales", "stock"}
    assert {e.name for e in drawn.entities} - drawn.groups == {"orders", "items"}


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("a {\n int\n}", 13, "}"),
        ("a {\n int id", 12, "the end of the diagram"),
        ("a {\n int id PK FK\n}", 12, "FK"),
        ('a {\n int id "x" PK\n}', 12, "PK"),
        ("a ||--o{ b", 11, "the end of the diagram"),
        ("a ||--o{ b :", 11, "the end of the diagram"),
        ("a ||--o{ b : 1st", 11, "1"),
        ("a -- b : x", 11, "--"),
        ("a || b : x", 11, "b"),
        ("a ||--o{", 11, "the end of the diagram"),
        ("}", 11, "}"),
        ("end", 11, "end"),
        ("subgraph s\na", 12, "the end of the diagram"),
        ("subgraph s t\n", 11, "t"),
        ("style a", 11, "the end of the diagram"),
        ('class "a" loud', 11, '"a"'),
        ("style a fill:#f9f;stroke:red ! x", 11, "stroke"),
        ("a [b", 11, "the end of the diagram"),
    ],
)
def test_what_mermaid_would_not_draw_is_refused_with_its_line(
    text: str, line: int, found: str
) -> None:
    with pytest.raises(DiagramError) as caught:
        read(text)
    assert caught.value.where == f"erd.md:{line}"
    assert caught.value.found.startswith(f"found {found}")
    assert caught.value.expected
    assert "mermaid" in (caught.value.fix or "")


@pytest.mark.parametrize("text", ["flowchart TD\n a", "ERDIAGRAM\n a", ""])
def test_only_an_er_diagram_is_one(text: str) -> None:
    with pytest.raises(DiagramError):
        parse_diagram(text, file="x.mmd")
