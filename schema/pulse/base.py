"""What every Pulse model shares: the base class, the names of keys, key and time columns, types.

The database was designed with Prisma: columns in camelCase, ids that the application makes, enum
types, times without a zone at three digits. Attributes are spelled as the columns are; only
`metadata` differs (attribute `metadata_`), since SQLAlchemy keeps that name for itself.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from sqlalchemy import (
    ARRAY,
    Date,
    Double,
    Enum,
    ForeignKey,
    Index,
    MetaData,
    Numeric,
    Table,
    Text,
    inspect,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import ColumnCollectionConstraint

from schema.pulse.cuid import cuid

LONGEST_NAME = 63  # bytes; PostgreSQL would cut the suffix off as well

JsonObject = dict[str, Any]
JsonArray = list[Any]
Money = Annotated[Decimal, mapped_column(Numeric(10, 2))]
Day = Annotated[date, mapped_column(Date())]  # columns are called `date`, which hides the type

# None is stored as SQL NULL: JSON's own null would pass a NOT NULL column unseen.
JSON = JSONB(none_as_null=True)

# A column that a later revision added stands at the end of its table.
ADDED_LATER = 95

# The session's local time in a column without a zone. The product runs in UTC.
CURRENT_TIMESTAMP = text("CURRENT_TIMESTAMP")

Labels = TypeVar("Labels", bound=type[StrEnum])


def prisma_name(suffix: str) -> Callable[[ColumnCollectionConstraint | Index, Table], str]:
    """Name a key or an index as Prisma does: table, columns, suffix, cut before the suffix."""

    def name(keyed: ColumnCollectionConstraint | Index, table: Table) -> str:
        stem = "_".join((table.name, *(column.name for column in keyed.columns)))
        return stem.encode()[: LONGEST_NAME - len(suffix)].decode(errors="ignore") + suffix

    return name


NAMING_CONVENTION: dict[str, Any] = {
    "pk": "%(table_name)s_pkey",
    "uq": "%(prisma_key)s",
    "fk": "%(prisma_fkey)s",
    "ix": "%(prisma_idx)s",
    "prisma_key": prisma_name("_key"),
    "prisma_fkey": prisma_name("_fkey"),
    "prisma_idx": prisma_name("_idx"),
}


class Base(DeclarativeBase):
    """Base of all Pulse models. The first line of a model's docstring is its table's comment."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy reads it once and asks for this name
        str: Text(),
        float: Double(),
        datetime: TIMESTAMP(precision=3),
        list[str]: ARRAY(Text()),
        JsonObject: JSON,
        JsonArray: JSON,
        list[JsonObject]: ARRAY(JSON),
    }

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Map the class and describe its table."""
        super().__init_subclass__(**kwargs)
        if isinstance(cls.__table__, Table) and cls.__doc__:
            cls.__table__.comment = cls.__doc__.splitlines()[0]

    def __repr__(self) -> str:
        """The class and its key: enough to find the row, and nothing personal."""
        state = inspect(self)
        key = state.identity if state.identity is not None else "no identity yet"
        return f"<{type(self).__name__} {key}>"


def database_enum(labels: Labels) -> Labels:
    """Make `Mapped[labels]` an enum type of the database, named as the class is."""
    type_ = Enum(labels, name=labels.__name__, metadata=Base.metadata)
    Base.registry.update_type_annotation_map({labels: type_})
    return labels


def reference(column: str, *, ondelete: str) -> ForeignKey:
    """A foreign key; as everywhere in Prisma, it follows a key that changes."""
    return ForeignKey(column, ondelete=ondelete, onupdate="CASCADE")


def utc_now() -> datetime:
    """The present in UTC, as columns without a zone hold it."""
    return datetime.now(UTC).replace(tzinfo=None)


class Identified:
    """A key that the application makes before it writes the row; the database has no default."""

    id: Mapped[str] = mapped_column(primary_key=True, default=cuid, sort_order=-1)


class Created:
    """When the row was written."""

    createdAt: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP, sort_order=90)


class Updated:
    """When the application last wrote the row; no trigger keeps it for other clients."""

    updatedAt: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now, sort_order=91)
