"""Models that say something else than their tables keep; every name needs quoting."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - SQLAlchemy resolves annotations
from typing import Optional

from sqlalchemy import (
    Column,
    DateTime,
    Enum,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    false,
    func,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, foreign, mapped_column, relationship


class Base(DeclarativeBase):
    metadata = MetaData(schema="Shop")


user_tags = Table(
    "UserTags",
    Base.metadata,
    Column("userId", ForeignKey("Shop.User.Id"), primary_key=True),
    Column("tagId", ForeignKey("Shop.Tag.Id"), primary_key=True, index=True),
)


class Numbered:
    id: Mapped[int] = mapped_column("Id", primary_key=True)


class User(Numbered, Base):
    __tablename__ = "User"
    state: Mapped[str] = mapped_column(String(20), default="new")
    active: Mapped[bool] = mapped_column("isActive", default=True, server_default=false())
    kind: Mapped[str] = mapped_column(Enum("Man", "Ox", name="Kind", native_enum=False))
    changed: Mapped[datetime | None] = mapped_column("changedAt", DateTime, onupdate=func.now())

    orders: Mapped[list[Order]] = relationship()
    notes: Mapped[list[Note]] = relationship()
    half: Mapped[list[Half]] = relationship(passive_deletes=True)
    files: Mapped[list[File]] = relationship(cascade="all, delete-orphan")
    keys: Mapped[list[Key]] = relationship(cascade="all, delete", passive_deletes=True)
    tags: Mapped[list[Tag]] = relationship(secondary=user_tags, passive_deletes=True)
    pets: Mapped[list[Pet]] = relationship(cascade="all, delete-orphan")
    logs: Mapped[list[Log]] = relationship(cascade="all, delete-orphan")
    profile: Mapped[Optional[Profile]] = relationship()  # noqa: UP045 - a class by its name, which | does not take
    visits: Mapped[list[Visit]] = relationship(
        primaryjoin=lambda: User.id == foreign(Visit.user_id), back_populates="user"
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
    user_id: Mapped[int | None] = mapped_column(
        "userId", ForeignKey(User.id, ondelete="CASCADE"), index=True
    )


class Half(Numbered, Base):
    __tablename__ = "Half"
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


class Pet(Numbered, Base):
    __tablename__ = "Pet"
    user_id: Mapped[int] = mapped_column("userId", ForeignKey(User.id), index=True)


class Log(Numbered, Base):
    __tablename__ = "Log"
    user_id: Mapped[int] = mapped_column(
        "userId", ForeignKey(User.id, ondelete="CASCADE"), index=True
    )


class Profile(Numbered, Base):
    __tablename__ = "Profile"
    user_id: Mapped[int] = mapped_column("userId", ForeignKey(User.id), index=True)


class Visit(Numbered, Base):
    __tablename__ = "Visit"
    user_id: Mapped[int] = mapped_column("userId")
    user: Mapped[User] = relationship(
        primaryjoin=lambda: User.id == foreign(Visit.user_id), back_populates="visits"
    )


class Reading(Base):
    __table__ = Table("Reading", Base.metadata, Column("Sensor", Integer, nullable=False))
    __mapper_args__ = {"primary_key": [__table__.c.Sensor]}  # noqa: RUF012 - as SQLAlchemy has it
