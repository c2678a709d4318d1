"""What an expression says of each column: the literals it is compared with, and how.

Only hints for a search. A hint that is wrong costs a candidate, never a wrong verdict, since the
server judges every candidate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from pgassay.rows.expression import Call, Cast, Expression, Literal, Name, bare, read, tokens, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_T = TypeVar("_T")
_COMPARE = frozenset(["=", "<", ">", "<=", ">=", "<>", "!=", "is distinct from"])
_LENGTHS = frozenset(
    """
    length char_length character_length octet_length bit_length cardinality array_length
    array_upper array_ndims jsonb_array_length json_array_length
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
_PATTERNS = frozenset(["~", "~*", "!~", "!~*"])
_LIKES = frozenset(["~~", "~~*", "!~~", "!~~*"])
_PARTS = frozenset(["extract", "date_part", "date_trunc"])
_JSON_TYPES = frozenset(["jsonb_typeof", "json_typeof"])
_MEMBERS = frozenset(["@>", "<@", "&&", "any", "all"])
_KEYS = frozenset(["?", "?&", "?|", "->", "->>", "#>", "#>>"])


@dataclass(slots=True)
class Facts:
    """What is known of one column: literals by the way they are compared.

    `values` are compared with the column itself (or with something made of it), `lengths` with
    its length, `patterns` are regular expressions, `likes` LIKE patterns, `members` elements of
    an array, `keys` of a JSON object, `json_types` what jsonb_typeof must say, `fields` parts of
    a date. The values keep the order in which they are written.
    """

    values: list[str] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    patterns: list[str] = field(default_factory=list)
    likes: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    json_types: list[str] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: Facts) -> None:
        """Take over what another one knows."""
        for name in self.__slots__:
            mine, theirs = getattr(self, name), getattr(other, name)
            mine.extend(item for item in theirs if item not in mine)


def facts(expression: str, columns: Iterable[str]) -> dict[str, Facts]:
    """Return what an expression says of each of its columns.

    An expression that the reader does not understand gives its literals to all of them.
    """
    found = {column: Facts() for column in columns}
    try:
        tree = read(expression)
    except ValueError:
        literals = _literals(expression)
        for known in found.values():
            known.values.extend(literals)
        return found
    for node in walk(tree):
        if isinstance(node, Call):
            _note(node, found)
    return found


def _literals(expression: str) -> list[str]:
    try:
        found = tokens(expression)
    except ValueError:
        return []
    return list(dict.fromkeys(t.text for t in found if t.kind in ("string", "number")))


def _note(node: Call, found: dict[str, Facts]) -> None:
    if node.name not in ("and", "or") and len(node.operands) == 2:  # noqa: PLR2004 - a binary operator
        left, right = node.operands
        _note_side(node.name, left, right, found)
        _note_side(node.name, right, left, found)


def _note_side(sign: str, side: Expression, other: Expression, found: dict[str, Facts]) -> None:
    column, wrapped = _column(side)
    known = found.get(column or "")
    if known is None:
        return
    literals = list(_constants(other))
    if sign in _PATTERNS:
        _extend(known.patterns, literals)
    elif sign in _LIKES:
        _extend(known.likes, literals)
    elif sign in _KEYS:
        _extend(known.keys, literals)
    elif wrapped in _LENGTHS:
        _extend(known.lengths, (int(v) for v in literals if v.isdigit()))
    elif wrapped in _JSON_TYPES:
        _extend(known.json_types, literals)
    elif wrapped in _PARTS:
        _extend(known.fields, ((_part(side), v) for v in literals))
    elif sign in _MEMBERS or wrapped in _MEMBERS:
        _extend(known.members, literals)
    elif sign in _COMPARE or wrapped:
        _extend(known.values, literals)


def _column(side: Expression) -> tuple[str | None, str | None]:
    """Return the column that an operand is made of, and the function around it."""
    side = bare(side)
    if isinstance(side, Name):
        return side.name, None
    if isinstance(side, Call):
        for operand in side.operands:
            column, _ = _column(operand)
            if column is not None:
                return column, side.name
    return None, None


def _constants(side: Expression) -> Iterator[str]:
    for node in walk(side):
        if isinstance(node, Literal) and node.value is not None:
            yield node.value
    cast = side.type if isinstance(side, Cast) else ""
    literal = bare(side)
    if cast.endswith("[]") and isinstance(literal, Literal) and literal.value:
        yield from literal.value.strip("{}").split(",")


def _part(side: Expression) -> str:
    side = bare(side)
    head = bare(side.operands[0]) if isinstance(side, Call) and side.operands else None
    return (head.value or "") if isinstance(head, Literal) else ""


def _extend(into: list[_T], items: Iterable[_T]) -> None:
    into.extend(item for item in dict.fromkeys(items) if item not in into)
