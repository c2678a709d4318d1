"""What the tables of a database hold at one moment, in numbers: to be compared, never shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgassay.core.names import QualifiedName


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnContent:
    """The values of one column.

    Args:
        number: its number in pg_attribute, which it keeps when it is renamed.
        type: as `format_type` writes it.
        type_oid: of the type itself; a type that was made anew has the same name and another oid.
        filled: how many are not NULL.
        digest: a sum over the hash of each value as text; the order of rows does not matter.
        converted: the same of each value cast to another type, where that was asked for.
    """

    number: int
    type: str
    type_oid: int
    filled: int
    digest: str
    converted: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableContent:
    """The rows of one table, those of its partitions with it.

    Args:
        oid: which it keeps when it is renamed.
        rows: how many.
        columns: by name.
        digests: by a set of columns in the order of their names, a digest of whole rows.
        written: rows that statements have inserted, updated and deleted since the database was
            made, as the cumulative statistics count them.
    """

    oid: int
    rows: int
    columns: Mapping[str, ColumnContent]
    digests: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    written: tuple[int, int, int] = (0, 0, 0)


Contents = dict["QualifiedName", TableContent]
