"""What a project's MetaData hold, as the enclosure tells it, and by which names they are found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from pgassay.core.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Mapping

ENVIRONMENT = "env.py:target_metadata"
"""Stands for the MetaData that Alembic's env.py configures, where no module has them as such."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """The content of one or several MetaData.

    Args:
        tables: their keys: `name`, or `schema.name`.
        digest: over all DDL that they come to; equal where they promise the same.
        names: for each MetaData, every `module:attribute` by which it can be imported, the most
            telling first; none where it only exists inside of something.
    """

    tables: tuple[str, ...]
    digest: str
    names: tuple[tuple[str, ...], ...]

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        """Read the enclosure's answer."""
        return cls(
            tables=tuple(told["tables"]),
            digest=told["digest"],
            names=tuple(tuple(names) for names in told["names"]),
        )


def names_of(metadata: str) -> list[str]:
    """Return each `module:attribute` of a list with commas.

    Raises:
        SchemaError: one of them is none.
    """
    names = [name.strip() for name in metadata.split(",") if name.strip()]
    for name in names:
        if not all(name.partition(":")):
            raise SchemaError(
                f'"{name}" names no metadata',
                where="metadata",
                expected="module:attribute",
            )
    return names
