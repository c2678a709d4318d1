"""What models say beyond their tables: the promises that only the ORM can keep.

The tables that models come to are a `Catalog` like any other: PostgreSQL itself builds them. Here
is what no catalog shows, as plain data: what a mapped class does when it is deleted, filled or
changed. Words are SQLAlchemy's own (Relationship Configuration; Column INSERT/UPDATE Defaults).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pgassay.core.names import QualifiedName  # noqa: TC001 - the codec resolves annotations

if TYPE_CHECKING:
    from collections.abc import Iterator


class Direction(StrEnum):
    """Which side of a relationship the class is on."""

    ONE_TO_MANY = "one to many"
    MANY_TO_ONE = "many to one"
    MANY_TO_MANY = "many to many"


class PassiveDeletes(StrEnum):
    """What `passive_deletes` leaves to the database: nothing, what is not loaded, all."""

    NO = "False"
    YES = "True"
    ALL = "'all'"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelColumn:
    """One column of a model.

    Args:
        name: in the database.
        nullable: what `nullable=` came to.
        length: of a string, in characters.
        labels: what an `Enum` stores, in order; empty for other types.
        enum: the enum type in the database; None where the labels are kept as a string.
        checked: whether a string of labels is held by a CHECK (`create_constraint`).
        array: whether it is an array of what `length`, `labels` and `enum` say.
        default: what the ORM fills in on INSERT, in words; None if nothing.
        constant: the same as text, where it is a plain string, number or truth value.
        server_default: whether the model has one, an identity or a generation expression.
        onupdate: what the ORM sets on UPDATE, in words; None if nothing.
        server_onupdate: whether the model says that the database does so.
    """

    name: str
    nullable: bool = True
    primary_key: bool = False
    length: int | None = None
    labels: tuple[str, ...] = ()
    enum: QualifiedName | None = None
    checked: bool = False
    array: bool = False
    default: str | None = None
    constant: str | None = None
    server_default: bool = False
    onupdate: str | None = None
    server_onupdate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelIndex:
    """An index of a model, or a unique key of it.

    Args:
        name: None where the database names it.
        columns: None for an expression.
        partial: whether it has a predicate.
        constraint: whether it is a constraint (`UniqueConstraint`).
    """

    name: str | None = None
    columns: tuple[str | None, ...]
    unique: bool = False
    partial: bool = False
    constraint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTable:
    """A table of the models.

    Args:
        classes: the mapped classes, as `module.Class`.
        key: what the mapper takes for the primary key.
        source: `file:line` of the class.
    """

    name: QualifiedName
    columns: tuple[ModelColumn, ...]
    indexes: tuple[ModelIndex, ...] = ()
    classes: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """One relationship of a mapped class.

    Args:
        owner: the class, as `module.Class`.
        name: the attribute.
        table: of the side where `columns` are.
        remote: the table on the other side, or the secondary one.
        columns: on this side, each beside that of `remote_columns`.
        secondary: whether `remote` is a secondary table (many to many).
        many: whether the attribute is a collection (`uselist`).
        delete: whether `cascade` has "delete".
        view_only: whether the ORM never writes through it.
        plain: whether it is joined by equality of these columns alone, in no order of its own.
        loads: whether the ORM can have it loaded when the object is deleted.
        source: `file:line` of the class.
    """

    owner: str
    name: str
    direction: Direction
    table: QualifiedName
    remote: QualifiedName
    columns: tuple[str, ...]
    remote_columns: tuple[str, ...]
    secondary: bool = False
    many: bool = True
    delete: bool = False
    passive_deletes: PassiveDeletes = PassiveDeletes.NO
    view_only: bool = False
    plain: bool = True
    loads: bool = True
    source: str | None = None

    def __str__(self) -> str:
        """`User.orders`."""
        return f"{self.owner.rpartition('.')[2]}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """A table that a module adds to the MetaData, and that nobody imports.

    Args:
        module: which has to be imported first.
        source: the file.
    """

    table: QualifiedName
    module: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """Everything that models say.

    Args:
        failure: why the mappers cannot be configured, in SQLAlchemy's words; then relationships
            are not known.
    """

    tables: tuple[ModelTable, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    strays: tuple[Stray, ...] = ()
    failure: str | None = None

    def collections(self) -> Iterator[Relationship]:
        """Yield the relationships by which deleting one row reaches others."""
        for one in self.relationships:
            if one.direction is Direction.ONE_TO_MANY and not one.view_only and one.loads:
                yield one
