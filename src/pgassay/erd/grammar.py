"""The grammar of `erDiagram` (Mermaid 11), from words to what is drawn.

Styles, classes, directions and accessible texts are read by their grammar and left out: they say
how a diagram looks. Everything else that the grammar does not know is an error with its line.
Statements need no line of their own, as in Mermaid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError
from pgassay.erd.diagram import Attribute, Diagram, Entity, Place, Relation
from pgassay.erd.preface import cleaned, resolved
from pgassay.erd.tokens import Kind, Token, tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.erd.diagram import End

_SEPARATORS = (Kind.SEMICOLON, Kind.NEWLINE, Kind.EOF)


class DiagramError(ConfigError):
    """A diagram that Mermaid would not draw either; `where` is its file and line."""


def parse_diagram(text: str, *, file: str, first: int = 1) -> Diagram:
    """Return what one `erDiagram` draws.

    Args:
        text: the whole diagram, front matter and comments included.
        file: its file, for places.
        first: the line of the file on which `text` begins.

    Raises:
        DiagramError: it is no `erDiagram`, or is not written as one.
    """
    return _Reader(list(tokens(cleaned(text), file, first))).diagram(len(text))


class _Reader:
    """Reads the words of one diagram from left to right."""

    def __init__(self, words: list[Token]) -> None:
        self._words = words
        self._next = 0
        self._entities: list[Entity] = []
        self._relations: list[Relation] = []
        self._groups: set[str] = set()
        self._open_groups = 0

    def diagram(self, length: int) -> Diagram:
        """Read all of it."""
        while self._seen(Kind.NEWLINE):
            self._take()
        if self._peek.text != Kind.START:  # the one word whose case matters
            raise self._wrong(Kind.START)
        start = self._take()
        while not self._seen(Kind.EOF):
            self._statement()
        if self._open_groups:
            raise self._wrong("end, which closes the subgraph")
        return Diagram(
            entities=tuple(self._entities),
            relations=tuple(self._relations),
            groups=frozenset(self._groups),
            length=length,
            place=start.place,
        )

    def _statement(self) -> None:
        kinds: dict[Kind, Callable[[], None]] = {
            Kind.NEWLINE: self._skip,
            Kind.DIRECTION: self._skip,
            Kind.ACCESSIBLE: self._skip,
            Kind.CLASS_DEF: self._style,
            Kind.STYLE: self._style,
            Kind.CLASS: self._class,
            Kind.SUBGRAPH: self._subgraph,
            Kind.END_SUBGRAPH: self._end_of_subgraph,
            Kind.NAME: self._entity_or_relation,
        }
        read = kinds.get(self._peek.kind)
        if read is None:
            raise self._wrong("an entity, a relation, or the end of the diagram")
        read()

    def _entity_or_relation(self) -> None:
        first = self._take()
        left = _name(first)
        alias = self._alias()
        self._class_mark()
        if alias is None and self._seen(Kind.END):
            self._draw(left, None, (), first.place, explicit=False)
            self._relation(left, first.place)
            return
        attributes: tuple[Attribute, ...] = ()
        if self._seen(Kind.OPEN):
            self._take()
            attributes = self._block()
        elif self._seen(Kind.SOLID, Kind.DASHED):
            raise self._wrong("a cardinality before the line, such as || or }o")
        self._draw(left, alias, attributes, first.place, explicit=True)

    def _relation(self, left: str, place: Place) -> None:
        left_end = self._end()
        line = self._must(Kind.SOLID, Kind.DASHED)
        right_end = self._end()
        right = self._must(Kind.NAME)
        self._class_mark()
        if not self._seen(Kind.COLON):
            raise self._wrong(": and a label", "Mermaid draws no relation without a label")
        self._take()
        if self._peek.text[:1].isdigit():
            raise self._wrong("a label that begins with a letter, or is quoted")
        label = self._must(Kind.NAME, Kind.QUOTED, wanted="a label, quoted if it has spaces")
        self._draw(_name(right), None, (), right.place, explicit=False)
        self._relations.append(
            Relation(
                left=left,
                left_end=left_end,
                right=_name(right),
                right_end=right_end,
                label=_name(label),
                identifying=line.kind is Kind.SOLID,
                place=place,
            )
        )

    def _end(self) -> End:
        end = self._must(Kind.END, wanted="a cardinality, such as || or o{ or one or more").end
        assert end is not None
        return end

    def _draw(
        self,
        name: str,
        alias: str | None,
        attributes: tuple[Attribute, ...],
        place: Place,
        *,
        explicit: bool,
    ) -> None:
        drawn = Entity(
            name=name, alias=alias, attributes=attributes, place=place, explicit=explicit
        )
        self._entities.append(drawn)

    def _alias(self) -> str | None:
        if not self._seen(Kind.LEFT_BRACKET):
            return None
        self._take()
        alias = self._must(Kind.NAME, wanted="an alias, quoted if it has spaces")
        self._must(Kind.RIGHT_BRACKET)
        return _name(alias)

    def _class_mark(self) -> None:
        if self._seen(Kind.CLASS_MARK):
            self._take()
            self._names()

    def _names(self) -> None:
        self._bare()
        while self._seen(Kind.COMMA):
            self._take()
            self._bare()

    def _bare(self) -> None:
        """Take a name of a class or of what gets one: neither quoted nor a number."""
        word = self._peek
        if word.kind is Kind.STYLE_TEXT and word.text != "#":
            self._take()
            return
        if word.kind is not Kind.NAME or word.text[0] == '"' or word.text[0].isdigit():
            raise self._wrong("a name without quotes")
        self._take()

    # ------------------------------------------------------------------ attributes

    def _block(self) -> tuple[Attribute, ...]:
        found = []
        while not self._seen(Kind.CLOSE):
            if self._seen(Kind.EOF):
                raise self._wrong("} after the last attribute")
            found.append(self._attribute())
        self._take()
        return tuple(found)

    def _attribute(self) -> Attribute:
        kind = self._must(Kind.WORD, wanted="the type of an attribute, or }")
        optional = self._seen(Kind.OPTIONAL)
        if optional:
            self._take()
        name = self._must(Kind.WORD, wanted=f"the name of the attribute of type {kind.text}")
        keys: list[str] = []
        while self._seen(Kind.COMMA if keys else Kind.KEY):
            if keys:
                self._take()
            keys.append(self._must(Kind.KEY).text.upper())
        comment = resolved(self._take().text[1:-1]) if self._seen(Kind.COMMENT) else None
        if self._seen(Kind.KEY):
            raise self._wrong("a comma between two keys, and the keys before the comment")
        return Attribute(
            type=_word(kind),
            name=_word(name),
            optional=optional,
            keys=tuple(keys),
            comment=comment,
            place=kind.place,
        )

    # ------------------------------------------------------------------ how it looks

    def _style(self) -> None:
        self._take()
        self._names()
        self._one_style()
        while self._seen(Kind.COMMA):
            self._take()
            self._one_style()
        if not self._seen(*_SEPARATORS):
            raise self._wrong("a comma before the next style, or the end of the line")
        self._skip_separator()

    def _one_style(self) -> None:
        self._must(Kind.STYLE_TEXT, Kind.COLON, wanted="a style, such as fill:#f9f")
        while self._seen(Kind.STYLE_TEXT, Kind.COLON):
            self._take()

    def _class(self) -> None:
        self._take()
        self._names()
        self._names()

    def _subgraph(self) -> None:
        self._take()
        self._groups.add(_name(self._must(Kind.NAME)))
        if self._seen(Kind.LEFT_BRACKET):
            self._take()
            self._must(Kind.NAME)
            while not self._seen(Kind.RIGHT_BRACKET):
                self._must(Kind.NAME, wanted="]")
            self._take()
        if not self._seen(*_SEPARATORS):
            raise self._wrong("the end of the line after the name of a subgraph")
        self._skip_separator()
        self._open_groups += 1

    def _end_of_subgraph(self) -> None:
        if not self._open_groups:
            raise self._wrong("an entity or a relation: no subgraph is open here")
        self._open_groups -= 1
        self._take()

    def _skip_separator(self) -> None:
        if not self._seen(Kind.EOF):
            self._take()

    def _skip(self) -> None:
        self._take()

    # ------------------------------------------------------------------ words

    @property
    def _peek(self) -> Token:
        return self._words[self._next]

    def _seen(self, *kinds: Kind) -> bool:
        return self._peek.kind in kinds

    def _take(self) -> Token:
        word = self._peek
        self._next += 1
        return word

    def _must(self, *kinds: Kind, wanted: str = "") -> Token:
        if not self._seen(*kinds):
            raise self._wrong(wanted or " or ".join(kinds))
        return self._take()

    def _wrong(self, wanted: str, why: str = "") -> DiagramError:
        word = self._peek
        shown = word.kind.value
        if word.kind not in (Kind.NEWLINE, Kind.EOF):
            shown = word.text if word.text == word.kind.value else f"{word.text} ({word.kind})"
        return DiagramError(
            f"found {shown}",
            where=str(word.place),
            expected=wanted,
            why=why or "what cannot be read is not compared, and Mermaid would not draw it",
            fix="see https://mermaid.js.org/syntax/entityRelationshipDiagram.html",
        )


def _name(word: Token) -> str:
    return resolved(word.text.replace('"', ""))


def _word(word: Token) -> str:
    return resolved(word.text.strip("`"))
