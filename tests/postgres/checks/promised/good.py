"""The same models, mended, and what looks like those faults and is none."""

from __future__ import annotations

from datetime import datetime
from typing import Optional

from sqlalchemy import (
    DDL,
    Column,
    Computed,
    DateTime,
    Enum,
    FetchedValue,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    event,
    func,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    WriteOnlyMapped,
    foreign,
    mapped_column,
    relationship,
)


class Base(DeclarativeBase):
    metadata = MetaData(schema="Shop")


user_tags = Table(
    "UserTags",
    Base.metadata,
    Column("userId", ForeignKey("Shop.User.Id", ondelete="CASCADE"), primary_key=True),
    Column("tagId", ForeignKey("Shop.Tag.Id"), primary_key=True, index=True),
)


class Numbered:
    id: Mapped[int] = mapped_column("Id", primary_key=True)


class User(Numbered, Base):
    __tablename__ = "User"
    state: Mapped[str] = mapped_column(String(20), default="new", server_default="new")
    active: Mapped[bool] = mapped_column("isActive", default=True, server_default=true())
    kind: Mapped[str] = mapped_column(
        Enum("Man", "Ox", name="Kind", native_enum=False, create_constraint=True)
    )
    mood: Mapped[str] = mapped_column(Enum("Calm", "Wild", name="Mood"))
    moods: Mapped[list[str] | None] = mapped_column(
        ARRAY(Enum("a", "b", name="Letter", native_enum=False))
    )
    changed: Mapped[datetime | None] = mapped_column("changedAt", DateTime, onupdate=func.now())
    touched: Mapped[datetime | None] = mapped_column(
        server_default=FetchedValue(), server_onupdate=FetchedValue()
    )
    price: Mapped[float] = mapped_column(default=1, server_default=text("1.0"))
    later: Mapped[datetime] = mapped_column(default=datetime.now, server_default=func.now())
    twice: Mapped[int] = mapped_column(Computed("2"))
    email: Mapped[str | None] = mapped_column(unique=True)

    orders: Mapped[list[Order]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    all_orders: Mapped[list[Order]] = relationship(viewonly=True)
    notes: Mapped[list[Note]] = relationship(passive_deletes="all")
    files: Mapped[list[File]] = relationship(passive_deletes=True)
    keys: Mapped[list[Key]] = relationship(passive_deletes="all")
    logs: WriteOnlyMapped[Log] = relationship(passive_deletes=True)
    tags: Mapped[list[Tag]] = relationship(secondary=user_tags, passive_deletes=True)
    pets: Mapped[list[Pet]] = relationship()
    profile: Mapped[Optional[Profile]] = relationship()  # noqa: UP045 - a class by its name, which | does not take
    last: Mapped[Optional[Pet]] = relationship(order_by="Pet.id.desc()", viewonly=True)  # noqa: UP045 - as above
    visits: Mapped[list[Visit]] = relationship(
        primaryjoin=lambda: User.id == foreign(Visit.user_id), viewonly=True
    )


class Tag(Numbered, Base):
    __tablename__ = "Tag"


class Order(Numbered, Base):
    __tablename__ = "Order"
    user_id: Mapped[int] = mapped_column(
        "userId", ForeignKey(User.id, ondelete="CASCADE"), index=True
    )


class Note(Numbered, Base):
    __tablename__ = "Note"
    user_id: Mapped[int] = mapped_column(
        "userId", ForeignKey(User.id, ondelete="CASCADE"), index=True
    )


class File(Numbered, Base):
    __tablename__ = "File"
    user_id: Mapped[int | None] = mapped_column(
        "userId", ForeignKey(User.id, ondelete="SET NULL"), index=True
    )


class Key(Numbered, Base):
    __tablename__ = "Key"
    user_id: Mapped[int] = mapped_column("userId", ForeignKey(User.id), index=True)


class Log(Numbered, Base):
    __tablename__ = "Log"
    user_id: Mapped[int] = mapped_column(
        "userId", ForeignKey(User.id, ondelete="CASCADE"), index=True
    )


class Pet(Numbered, Base):
    """Its key is NOT NULL and NO ACTION: the ORM is refused as the database would refuse."""

    __tablename__ = "Pet"
    user_id: Mapped[int] = mapped_column("userId", ForeignKey(User.id), index=True)


class Profile(Numbered, Base):
    __tablename__ = "Profile"
    user_id: Mapped[int] = mapped_column("userId", ForeignKey(User.id))
    gone: Mapped[bool]
    __table_args__ = (
        Index("One living", "userId", unique=True, postgresql_where=text("not gone")),
        Index("By user", "userId"),
    )


class Visit(Numbered, Base):
    __tablename__ = "Visit"
    user_id: Mapped[int] = mapped_column("userId", index=True)
    number: Mapped[int]
    __table_args__ = (UniqueConstraint("userId", "number"),)


class Reading(Base):
    __table__ = Table("Reading", Base.metadata, Column("Sensor", Integer, primary_key=True))


event.listen(
    User.__table__,
    "after_create",
    DDL(
        """
create function "Shop".touch() returns trigger language plpgsql as $$
begin new."changedAt" = now(); return new; end $$;
create trigger touch before update on "Shop"."User" for each row execute function "Shop".touch()
"""
    ),
)
