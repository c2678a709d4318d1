"""The port to a server that brings expressions to a fixed point.

Deparsed text is not a fixed point: a CHECK read back and built again can read differently
(`(ARRAY['a'::varchar])::text[]` becomes `ARRAY[('a'::varchar)::text]`). Where two expressions
differ as text, both are built and read back until the text stands still, and compared again.
Only the server can do that, so the comparison asks through this protocol.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgassay.core.catalog import Column
    from pgassay.core.names import QualifiedName


class Place(StrEnum):
    """Where an expression stands, which decides how it is built and read back."""

    CHECK = "check"  # a CHECK constraint of a table, over `columns`
    DOMAIN_CHECK = "domain check"  # a CHECK constraint of a domain over `type`, about VALUE
    DEFAULT = "default"  # a default of a column or a domain of `type`
    GENERATED = "generated"  # a generation expression of a column of `type`, over `columns`
    KEY = "key"  # an index key, over `columns`
    PREDICATE = "predicate"  # the WHERE of an index, over `columns`
    WHEN = "when"  # a trigger's condition, over OLD and NEW of `columns`
    POLICY = "policy"  # USING or WITH CHECK of a policy, over `columns`
    VIEW = "view"  # the query of a view, as pg_get_viewdef gives it


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """One expression as a server deparsed it (empty search_path), and what it can see.

    Args:
        text: the deparsed text.
        place: where it stands.
        holder: the table, view or domain that has it.
        columns: the columns of that table, for an expression over columns.
        type: the type (`format_type`) of the column or domain, where the place asks for one.
    """

    text: str
    place: Place
    holder: QualifiedName
    columns: tuple[Column, ...] = ()
    type: str | None = None


class Fixpoint(Protocol):
    """Brings expressions to a fixed point."""

    def settle(self, expressions: Sequence[Expression]) -> Sequence[str]:
        """Return the text of each expression once building and reading it back changes nothing.

        The answer has the length and order of the question. An expression that the server
        refuses to build (its function is not there) comes back as it was: it then differs, which
        is the truth.
        """
        ...
