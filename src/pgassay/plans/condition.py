"""The conditions of a plan's nodes, term by term: which column is compared how.

What is not understood is a term of kind OTHER: advice is then not given, rather than guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pgassay.rows.expression import Call, Cast, Expression, Name, bare, read, walk

if TYPE_CHECKING:
    from collections.abc import Mapping


class TermKind(StrEnum):
    """How a term narrows a column."""

    EQUALITY = "equality"
    RANGE = "range"
    NULL = "null"
    CONTAINS = "contains"
    WRAPPED = "wrapped"
    EITHER = "either"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term of a conjunction.

    `columns` are those of the node's own relation, as far as the term is about them; `wrapper` is
    the function or the type that stands between the column and the comparison.
    """

    kind: TermKind
    columns: tuple[str, ...] = ()
    wrapper: str = ""
    is_cast: bool = False


_COMPARISONS = frozenset(("<", ">", "<=", ">="))
_CONTAINMENT = frozenset(("@>", "<@", "?", "?|", "?&", "&&", "@@", "@?"))
# A varchar is compared as text; that is a label on the value, no conversion.
_LABELS = {"varchar": frozenset(("text",))}


def terms(text: str, alias: str | None, types: Mapping[str, str]) -> list[Term]:
    """Return the terms of a condition.

    Args:
        text: as EXPLAIN prints it.
        alias: of the node that it belongs to; columns of others count as values.
        types: base type (`pg_type.typname`) of each column of the node's relation.
    """
    try:
        tree = read(text)
    except (ValueError, IndexError):
        return [Term(kind=TermKind.OTHER)]
    return [_term(part, alias, types) for part in _conjuncts(tree)]


def _conjuncts(tree: Expression) -> list[Expression]:
    if isinstance(tree, Call) and tree.name == "and":
        return [part for operand in tree.operands for part in _conjuncts(operand)]
    return [tree]


def _term(tree: Expression, alias: str | None, types: Mapping[str, str]) -> Term:
    if isinstance(tree, Name) and _own(tree, alias, types):
        return Term(kind=TermKind.EQUALITY, columns=(tree.name,))
    if not isinstance(tree, Call):
        return Term(kind=TermKind.OTHER)
    if tree.name == "not" and len(tree.operands) == 1:
        inner = _term(tree.operands[0], alias, types)
        is_flag = isinstance(tree.operands[0], Name)
        return inner if is_flag else Term(kind=TermKind.OTHER, columns=inner.columns)
    if tree.name == "or":
        parts = [_term(part, alias, types) for operand in tree.operands for part in _ors(operand)]
        columns = dict.fromkeys(column for part in parts for column in part.columns)
        return Term(kind=TermKind.EITHER, columns=tuple(columns))
    if tree.name in ("is null", "is not null"):
        return _compared(tree.operands[0], TermKind.NULL, alias, types)
    return _comparison(tree, alias, types)


def _ors(tree: Expression) -> list[Expression]:
    if isinstance(tree, Call) and tree.name == "or":
        return [part for operand in tree.operands for part in _ors(operand)]
    return [tree]


def _comparison(tree: Call, alias: str | None, types: Mapping[str, str]) -> Term:
    kind = _kind(tree)
    if kind is None or len(tree.operands) != 2:  # noqa: PLR2004 - a comparison has two sides
        columns = _columns(tree, alias, types)
        return Term(kind=TermKind.OTHER, columns=columns)
    left, right = tree.operands
    ours, other = (left, right) if _columns(left, alias, types) else (right, left)
    if _columns(other, alias, types):
        return Term(kind=TermKind.OTHER, columns=_columns(tree, alias, types))
    return _compared(ours, kind, alias, types)


def _kind(tree: Call) -> TermKind | None:
    if tree.name == "=":
        return TermKind.EQUALITY
    if tree.name in _COMPARISONS:
        return TermKind.RANGE
    return TermKind.CONTAINS if tree.name in _CONTAINMENT else None


def _compared(
    side: Expression, kind: TermKind, alias: str | None, types: Mapping[str, str]
) -> Term:
    """Return the term of a column, or of what is made of one, in a comparison."""
    columns = _columns(side, alias, types)
    inner = side
    while isinstance(inner, Cast) and _is_label(inner, types):
        inner = inner.operand
    if isinstance(inner, Name):
        return Term(kind=kind, columns=columns)
    if not columns:
        return Term(kind=TermKind.OTHER)
    if isinstance(inner, Cast):
        innermost = bare(inner)
        is_cast = isinstance(innermost, Name)
        wrapper = inner.type if is_cast else _function(innermost)
        return Term(kind=TermKind.WRAPPED, columns=columns, wrapper=wrapper, is_cast=is_cast)
    return Term(kind=TermKind.WRAPPED, columns=columns, wrapper=_function(inner))


def _function(tree: Expression) -> str:
    return tree.name if isinstance(tree, Call) else ""


def _is_label(cast: Cast, types: Mapping[str, str]) -> bool:
    operand = bare(cast)
    if not isinstance(operand, Name):
        return False
    base = types.get(operand.name, "")
    return cast.type == base or cast.type in _LABELS.get(base, ())


def _own(name: Name, alias: str | None, types: Mapping[str, str]) -> bool:
    return name.name in types and name.of in (None, alias)


def _columns(tree: Expression, alias: str | None, types: Mapping[str, str]) -> tuple[str, ...]:
    found = (n.name for n in walk(tree) if isinstance(n, Name) and _own(n, alias, types))
    return tuple(dict.fromkeys(found))
