"""Which parts of a file are diagrams, and how a file without one is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.core.errors import ConfigError
from pgassay.erd.document import WRITTEN_BY, read_drawing
from pgassay.erd.grammar import DiagramError

if TYPE_CHECKING:
    from pgassay.erd.diagram import Drawing


def read(text: str, file: str = "erd.md") -> Drawing:
    return read_drawing([(file, text)])


def names(drawing: Drawing) -> list[tuple[str, int]]:
    return [(e.name, e.place.line) for d in drawing.diagrams for e in d.entities]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```mermaid\nerDiagram\na\n```\n", [("a", 3)]),
        ("# x\r\n```mermaid\r\nerDiagram\r\na\r\n```\r\n", [("a", 4)]),
        ("~~~mermaid\nerDiagram\na\n~~~\n", [("a", 3)]),
        ("````mermaid\nerDiagram\na\n```\nb\n````\n", None),
        ("``` {.mermaid}\nerDiagram\na\n```\n", [("a", 3)]),
        ("```Mermaid title='x'\nerDiagram\na\n```\n", [("a", 3)]),
        ("::: mermaid\nerDiagram\na\n:::\n", [("a", 3)]),
        ("- item\n\n  ```mermaid\n  erDiagram\n  a\n  ```\n", [("a", 5)]),
        ("> ```mermaid\n> erDiagram\n> a\n> ```\n", [("a", 3)]),
        ("```sql\nerDiagram\nx\n```\n```mermaid\nerDiagram\na\n```\n", [("a", 7)]),
        ("```mermaid\nflowchart TD\nx\n```\n```mermaid\nerDiagram\na\n```", [("a", 7)]),
        ("```mermaid\nerDiagram\na", [("a", 3)]),
        (":::note\n```mermaid\nerDiagram\na\n```\n:::\n", [("a", 4)]),
    ],
)
def test_fenced_blocks_are_found(text: str, expected: list[tuple[str, int]] | None) -> None:
    if expected is None:  # the inner fence is text of the diagram, and no part of its grammar
        with pytest.raises(DiagramError):
            read(text)
    else:
        assert names(read(text)) == expected


@pytest.mark.parametrize("file", ["erd.mmd", "erd.mermaid", "ERD.MMD"])
def test_a_file_can_be_one_diagram(file: str) -> None:
    assert names(read("erDiagram\na\n", file)) == [("a", 2)]


@pytest.mark.parametrize("text", ["", "# nothing\n", "```mermaid\nflowchart TD\n```\n"])
def test_a_document_without_a_diagram_agrees_with_everything_and_is_refused(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(text)
    assert caught.value.where == "erd.md"
    assert "pgassay erd" in (caught.value.fix or "")


@pytest.mark.parametrize("word", ["ERDiagram", "er-diagram", "erdiagram"])
def test_a_misspelt_first_word_is_told_with_its_line(word: str) -> None:
    with pytest.raises(DiagramError) as caught:
        read(f"text\n```mermaid\n\n{word}\na\n```\n")
    assert caught.value.where == "erd.md:4"
    assert caught.value.expected == "erDiagram"


def test_several_files_draw_one_schema() -> None:
    block = "```mermaid\nerDiagram\n{}\n```\n"
    drawing = read_drawing([("a.md", block.format("a")), ("b.md", block.format("b"))])
    assert drawing.files == ("a.md", "b.md")
    assert [d.place.file for d in drawing.diagrams] == ["a.md", "b.md"]


def test_a_drawing_is_complete_if_pgassay_wrote_all_of_it() -> None:
    block = "```mermaid\nerDiagram\na\n```\n"
    own = f"{WRITTEN_BY} --system x. -->\n{block}"
    assert read(own).complete
    assert not read(block).complete
    assert not read_drawing([("a.md", own), ("b.md", block)]).complete
