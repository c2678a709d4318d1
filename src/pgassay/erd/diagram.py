"""What a diagram says, as data: entities with their attributes, relations with their ends.

Names are as drawn, entity codes (`#quot;`) resolved. Nothing here knows of tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class End(StrEnum):
    """How many rows of the entity at this end belong to one row at the other (crow's foot)."""

    ZERO_OR_ONE = "zero or one"
    ONE = "exactly one"
    ZERO_OR_MORE = "zero or more"
    ONE_OR_MORE = "one or more"
    PARENT = "parent"  # Mermaid's `u`, of hierarchies; says nothing of numbers

    @property
    def many(self) -> bool | None:
        """Whether there can be more than one; None where it does not say."""
        return None if self is End.PARENT else self in (End.ZERO_OR_MORE, End.ONE_OR_MORE)

    @property
    def required(self) -> bool | None:
        """Whether there must be one; None where it does not say."""
        return None if self is End.PARENT else self in (End.ONE, End.ONE_OR_MORE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it is drawn: a file as it was named, and a line counted from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        """`docs/erd.md:12`."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One line of an entity's block: `type name PK, FK "comment"`.

    `optional` is the `?` after a type. `keys` are in upper case, in the order of the line.
    """

    type: str
    name: str
    optional: bool = False
    keys: tuple[str, ...] = ()
    comment: str | None = None
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One entity where it is drawn; a relation alone draws its ends without attributes.

    `alias` is the text in brackets. `explicit` is false where only a relation names it.
    """

    name: str
    alias: str | None = None
    attributes: tuple[Attribute, ...] = ()
    explicit: bool = True
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """One line between two entities. `left_end` stands beside the left one.

    `identifying` is a solid line.
    """

    left: str
    left_end: End
    right: str
    right_end: End
    label: str = ""
    identifying: bool = True
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """One `erDiagram`: what it draws, in the order of its lines, and its length in characters.

    `groups` are the names of its subgraphs.
    """

    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    groups: frozenset[str] = frozenset()
    length: int = 0
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """All diagrams of a system, of one file or several; together they draw the schema.

    `complete` is what pgassay wrote: it says all that a diagram can say, so that nothing that is
    not there was left out by habit.
    """

    files: tuple[str, ...]
    diagrams: tuple[Diagram, ...]
    complete: bool = False
