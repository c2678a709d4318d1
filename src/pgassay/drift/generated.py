"""Names that PostgreSQL makes up, told from names that a person gave.

PostgreSQL names a constraint, an index or a sequence after its table and columns as
`table_columns_label` (makeObjectName and ChooseRelationName in src/backend/commands/indexcmds.c
and src/backend/catalog/namespace.c): both parts are cut so that the whole fits 63 bytes, and a
number follows where the name is taken. Tables are renamed and names stay, so what stands before
the columns may be any table's name: `ul_pkey2` on `usage_logs` is made up as well.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgassay.core.catalog import Constraint, ConstraintKind, Index, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterable

_LIMIT = 63  # NAMEDATALEN - 1, in bytes
_LABELS = {
    ConstraintKind.PRIMARY_KEY: "pkey",
    ConstraintKind.UNIQUE: "key",
    ConstraintKind.FOREIGN_KEY: "fkey",
    ConstraintKind.CHECK: "check",
    ConstraintKind.EXCLUSION: "excl",
    ConstraintKind.NOT_NULL: "not_null",
}
_ANY = None  # an addition that cannot be known: PostgreSQL names it after an expression


def chosen_name(table: str, addition: str, label: str) -> str:
    """Return the name that PostgreSQL makes up (makeObjectName)."""
    first, second = table.encode(), addition.encode()
    room = _LIMIT - len(label) - 1 - (1 if second else 0)
    one, two = len(first), len(second)
    while one + two > room:
        if one > two:
            one -= 1
        else:
            two -= 1
    parts = [_clipped(first, one), *([_clipped(second, two)] if second else []), label]
    return "_".join(parts)


def constraint_addition(constraint: Constraint, index: Index | None) -> str | None:
    """Return the part between table and label in a constraint's made-up name; None if unknown.

    `index` is the index that the constraint owns, whose INCLUDE columns are part of the name.
    """
    if constraint.kind is ConstraintKind.PRIMARY_KEY:
        return ""
    if constraint.kind is ConstraintKind.CHECK:
        return constraint.columns[0] if len(constraint.columns) == 1 else ""
    if index is not None and constraint.kind is not ConstraintKind.FOREIGN_KEY:
        return index_addition(index)
    return _joined(constraint.columns)


def index_addition(index: Index) -> str | None:
    """Return the part between table and label in an index's made-up name; None if unknown."""
    if any(key.column is None for key in index.keys):
        return _ANY
    return _joined([*(key.column or "" for key in index.keys), *index.include])


def label(constraint: Constraint) -> str:
    """Return the last part of a constraint's made-up name."""
    return _LABELS[constraint.kind]


def is_generated_constraint(constraint: Constraint, holder: str, index: Index | None) -> bool:
    """Whether PostgreSQL made up the constraint's name; `holder` is its table or domain."""
    addition = constraint_addition(constraint, index)
    return _is_generated(constraint.name, holder, addition, label(constraint))


def is_generated_index(index: Index, holder: str) -> bool:
    """Whether PostgreSQL made up the name of an index that no constraint owns."""
    return _is_generated(index.name, holder, index_addition(index), "idx")


def is_generated_sequence(sequence: Sequence) -> bool:
    """Whether PostgreSQL made up the name of the sequence of a serial or identity column."""
    if sequence.owned_by is None or sequence.owned_column is None:
        return False
    if sequence.name.schema != sequence.owned_by.schema:
        return False
    name, holder = sequence.name.name, sequence.owned_by.name
    return _is_generated(name, holder, sequence.owned_column, "seq")


def _is_generated(name: str, holder: str, addition: str | None, label: str) -> bool:
    digits = re.search(rf"_{label}(\d*)\Z", name)
    if digits is None:
        return False
    if addition is _ANY:
        return True
    if name == chosen_name(holder, addition, label + digits[1]):
        return True
    ending = f"_{addition}" if addition else ""
    stem = name[: digits.start()]
    return stem.endswith(ending) and len(stem) > len(ending)


def _joined(names: Iterable[str]) -> str:
    # ChooseIndexNameAddition stops once the buffer of NAMEDATALEN bytes is full.
    return _clipped("_".join(names).encode(), _LIMIT)


def _clipped(text: bytes, limit: int) -> str:
    return text[:limit].decode(errors="ignore")
