"""A type as a diagram states it, held against a column's; and written from one."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from pgassay.core.catalog import TypeKind
from pgassay.erd.naming import Directory, label_of
from pgassay.erd.vocabulary import BUILT_IN, ENUM_WORDS, NO_WORDS, SPELLED, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.core.catalog import Catalog, ColumnType
    from pgassay.core.names import QualifiedName
    from pgassay.erd.vocabulary import Word

_OPTIONAL = re.compile(r"(?:optional|nullable|maybe)~(?P<of>.+)~\Z", re.IGNORECASE)
_LIST = re.compile(
    r"(?:list|array|set|vec|vector)~(?P<of>.+)~\Z|array\((?P<sql>.+)\)\Z", re.IGNORECASE
)
_BRACKETS = re.compile(r"(?:\[\d*\])+\Z")
_MODIFIED = re.compile(r"(?P<head>[^(]*)\((?P<inside>[^)]*)\)(?P<tail>.*)\Z", re.DOTALL)
_FLATTENED = re.compile(r"(?P<head>[a-z ]+?)[ _](?P<inside>\d+(?:_\d+)?)_?\Z", re.IGNORECASE)
_DEFAULT_SECONDS = 6  # digits that a timestamp keeps where none are said (Date/Time Types)
_BUILT_IN_SCHEMA = "pg_catalog"
_MADE = (TypeKind.ENUM, TypeKind.COMPOSITE, TypeKind.DOMAIN, TypeKind.RANGE)


class Verdict(StrEnum):
    """What becomes of a stated type."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "unknown"  # a word that neither PostgreSQL nor the schema knows: not judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A type taken apart: `word` in lower case with spaces, `modifiers` as written."""

    text: str
    word: str
    modifiers: tuple[str, ...] = ()
    array: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeHabits:
    """Which distinctions a drawing makes between types."""

    groups: frozenset[str] = frozenset()
    arrays: bool = False
    names_types: bool = False


@dataclass(slots=True)
class TypeJudge:
    """Holds stated types against columns.

    Args:
        catalog: whose enums, domains, composite and range types can be named.
        exact: types are spelled as `spelled` does, so any other text is another type.
    """

    catalog: Catalog
    exact: bool = False
    habits: TypeHabits = field(default_factory=TypeHabits)
    _made: Directory[QualifiedName] = field(init=False)

    def __post_init__(self) -> None:
        """List the types that can be named."""
        kinds = (
            self.catalog.enums,
            self.catalog.domains,
            self.catalog.composites,
            self.catalog.ranges,
        )
        self._made = Directory((made.name, made.name) for kind in kinds for made in kind)

    def learn(self, types: Iterable[str]) -> None:
        """Learn which distinctions a drawing makes from all the types it states."""
        used: dict[str, set[str]] = defaultdict(set)
        arrays = names = False
        for text in types:
            stated = parse_type(text)
            arrays |= stated.array
            word = WORDS.get(stated.word)
            if word is not None:
                used[word.group].add(word.means)
            names |= self._named(stated) is not None
        groups = frozenset(group for group, means in used.items() if group and len(means) > 1)
        self.habits = TypeHabits(
            groups=groups, arrays=arrays or self.exact, names_types=names or self.exact
        )

    def judge(self, text: str, column: ColumnType) -> Verdict:
        """Return whether a column may be drawn with this type."""
        stated = parse_type(text)
        if _plain(text) in _names(column) or stated.word in NO_WORDS:
            return Verdict.AGREES
        if self.exact:
            return Verdict.DIFFERS
        if stated.word in ("array", "list"):
            return _verdict(column.array or column.base in ("json", "jsonb"))
        if stated.array != column.array and (stated.array or self.habits.arrays):
            return Verdict.DIFFERS
        named = self._named(stated)
        if named is not None:
            return _verdict(named == column.name or named.name == column.base)
        return self._of_enum(stated) if column.kind is TypeKind.ENUM else self._of(stated, column)

    def _of(self, stated: Stated, column: ColumnType) -> Verdict:
        """Judge a word against the base type of a column."""
        word = WORDS.get(stated.word)
        if word is not None:
            bases = word.narrow if word.group in self.habits.groups else word.wide
            return _verdict(column.base in bases and _fits(stated, word, column))
        one_word = stated.word.replace(" ", "_")
        if one_word in BUILT_IN or stated.word == column.base:
            # with modifiers it would have been equal as a whole, if at all
            return _verdict(one_word == column.base and not stated.modifiers)
        made = column.kind in _MADE and column.name.schema != _BUILT_IN_SCHEMA
        return Verdict.DIFFERS if made and self.habits.names_types else Verdict.UNKNOWN

    def _of_enum(self, stated: Stated) -> Verdict:
        if stated.word in ENUM_WORDS or stated.word in WORDS:
            return _verdict(stated.word in ENUM_WORDS and not self.habits.names_types)
        return Verdict.DIFFERS if self.habits.names_types else Verdict.UNKNOWN

    def _named(self, stated: Stated) -> QualifiedName | None:
        # a type that somebody called `date` is meant where its schema stands before it
        if stated.modifiers or stated.word in WORDS or stated.word in BUILT_IN:
            return None
        text = _BRACKETS.sub("", stated.text)
        return self._made.exactly(text) or self._made.loosely(text)


def parse_type(text: str) -> Stated:
    """Take a stated type apart."""
    text = text.strip()
    array = False
    while wrapped := _OPTIONAL.match(text):
        text = wrapped["of"]
    while listed := _LIST.match(text):
        array, text = True, listed["of"] or listed["sql"]
    bare = _BRACKETS.sub("", text)
    array |= bare != text
    modifiers: tuple[str, ...] = ()
    head = bare
    if found := _MODIFIED.match(bare):
        head = f"{found['head']} {found['tail']}"
        modifiers = tuple(part.strip() for part in found["inside"].split(",") if part.strip())
    elif (found := _FLATTENED.match(bare)) and _word(found["head"]) in WORDS:
        head, modifiers = found["head"], tuple(found["inside"].split("_"))
    return Stated(text=text, word=_word(head), modifiers=modifiers, array=array)


def spelled(column: ColumnType) -> str:
    """Return how pgassay writes a type in a diagram: without spaces, and read back as the same."""
    if column.name.schema != _BUILT_IN_SCHEMA:
        made = column.kind is not TypeKind.BASE
        text = label_of(column.name) if made else _without_schema(column.sql, column)
        if made and (parse_type(text).word in WORDS or text in BUILT_IN):
            text = f"{column.name.schema}.{column.name.name}"
    else:
        text = SPELLED.get(column.base, "")
        numbers = (column.precision, column.scale) if column.base == "numeric" else (
            column.length if column.length is not None else column.precision,)  # fmt: skip
        if not text and column.base != "numeric":
            text = re.sub(r"\s+", "_", _BRACKETS.sub("", column.sql))
        elif said := ",".join(str(number) for number in numbers if number is not None):
            text = f"{text or column.base}({said})"
        text = text or column.base
    return text + ("[]" if column.array and not text.endswith("[]") else "")


def _without_schema(sql: str, column: ColumnType) -> str:
    """Return an extension's type with its modifiers, its schema left out: `vector(3)`."""
    _, parenthesis, modifiers = _BRACKETS.sub("", sql).partition("(")
    return f"{column.name.name}{parenthesis}{modifiers}".replace(" ", "")


def _fits(stated: Stated, word: Word, column: ColumnType) -> bool:
    """Whether what stands in parentheses is what the column has."""
    if not stated.modifiers or not all(part.isdigit() for part in stated.modifiers):
        return True
    said = tuple(int(part) for part in stated.modifiers)
    if word.text:
        return column.length == said[0]
    if column.base == "numeric":
        # one number alone is how some tools write (10,2): the scale is not judged
        return said == (column.precision, column.scale or 0)[: len(said)]
    if column.base in ("timestamp", "timestamptz", "time", "timetz"):
        return said[0] == (_DEFAULT_SECONDS if column.precision is None else column.precision)
    return column.base not in ("bit", "varbit") or column.length == said[0]


def _names(column: ColumnType) -> set[str]:
    """Return the texts that are this type and nothing else, as `_plain` has them."""
    found = {column.sql, spelled(column)}
    if column.name.schema != _BUILT_IN_SCHEMA:
        found.add(column.name.name + ("[]" if column.array else ""))
    return {_plain(text) for text in found}


def _plain(text: str) -> str:
    return re.sub(r"[\s_]+", "_", text).strip("_").casefold().replace('"', "")


def _word(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text).strip().casefold()


def _verdict(agrees: bool) -> Verdict:
    return Verdict.AGREES if agrees else Verdict.DIFFERS
