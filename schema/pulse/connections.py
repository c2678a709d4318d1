"""Connections: people a workspace knows, where they are met, and what to do next."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.pulse.base import (
    Base,
    Created,
    Identified,
    JsonObject,
    Updated,
    database_enum,
    reference,
)
from schema.pulse.social import SocialPlatform

if TYPE_CHECKING:
    from schema.pulse.accounts import Identity
    from schema.pulse.workspaces import Workspace


@database_enum
class ConnectionNextStep(StrEnum):
    """What to do next for a connection."""

    REPLY = "REPLY"
    REACH_OUT = "REACH_OUT"
    SUGGEST_COFFEE = "SUGGEST_COFFEE"
    SCHEDULE_MEET = "SCHEDULE_MEET"
    FOLLOW_UP = "FOLLOW_UP"
    NONE = "NONE"


@database_enum
class MeetupPipelineStatus(StrEnum):
    """How near a meeting in person is."""

    NONE = "NONE"
    INTERESTED = "INTERESTED"
    CHATTING = "CHATTING"
    SUGGESTED = "SUGGESTED"
    SCHEDULED = "SCHEDULED"
    MET = "MET"
    FOLLOW_UP = "FOLLOW_UP"


@database_enum
class ReminderStatus(StrEnum):
    """Where a reminder stands."""

    PENDING = "PENDING"
    DUE = "DUE"
    SNOOZED = "SNOOZED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


@database_enum
class ReminderType(StrEnum):
    """What a reminder is for."""

    FOLLOW_UP = "FOLLOW_UP"
    REPLY = "REPLY"
    REACH_OUT = "REACH_OUT"
    MEETUP = "MEETUP"
    BIRTHDAY = "BIRTHDAY"
    CUSTOM = "CUSTOM"


class Connection(Identified, Created, Updated, Base):
    """A person known to a workspace and how warm the relation is."""

    __tablename__ = "connections"
    __table_args__ = (
        Index(None, "workspaceId", "warmthScore"),
        Index(None, "workspaceId", "meetupStatus"),
    )

    workspaceId: Mapped[str] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )
    identityId: Mapped[str | None] = mapped_column(
        reference("identities.id", ondelete="SET NULL"), unique=True
    )
    displayName: Mapped[str]
    avatarUrl: Mapped[str | None]
    notes: Mapped[str | None]
    warmthScore: Mapped[int] = mapped_column(server_default=text("0"))
    warmthFactors: Mapped[JsonObject | None]
    lastInteraction: Mapped[datetime | None]
    interactionCount: Mapped[int] = mapped_column(server_default=text("0"))
    nextStep: Mapped[ConnectionNextStep | None]
    nextStepDueDate: Mapped[datetime | None]
    nextStepNotes: Mapped[str | None]
    meetupStatus: Mapped[MeetupPipelineStatus] = mapped_column(
        server_default=MeetupPipelineStatus.NONE
    )
    meetupStatusUpdatedAt: Mapped[datetime | None]

    workspace: Mapped["Workspace"] = relationship()
    identity: Mapped["Identity | None"] = relationship()
    presences: Mapped[list["ConnectionPlatformPresence"]] = relationship(
        back_populates="connection", passive_deletes="all"
    )
    reminders: Mapped[list["ConnectionReminder"]] = relationship(
        back_populates="connection", passive_deletes="all"
    )
    meetupHistory: Mapped[list["MeetupStatusHistory"]] = relationship(
        back_populates="connection", passive_deletes="all"
    )
    tags: Mapped[list["ConnectionTag"]] = relationship(
        secondary=lambda: connection_to_tag, back_populates="connections"
    )


class ConnectionPlatformPresence(Identified, Base):
    """Where a connection can be found at one network."""

    __tablename__ = "connection_platform_presence"
    __table_args__ = (UniqueConstraint("connectionId", "platform"),)

    connectionId: Mapped[str] = mapped_column(reference("connections.id", ondelete="CASCADE"))
    platform: Mapped[SocialPlatform]
    handle: Mapped[str]
    profileUrl: Mapped[str | None]
    lastSeenAt: Mapped[datetime | None]

    connection: Mapped["Connection"] = relationship(back_populates="presences")


class ConnectionTag(Identified, Base):
    """A label for connections."""

    __tablename__ = "connection_tags"
    __table_args__ = (UniqueConstraint("workspaceId", "name"),)

    workspaceId: Mapped[str] = mapped_column(reference("workspaces.id", ondelete="CASCADE"))
    name: Mapped[str]
    color: Mapped[str] = mapped_column(server_default="#6B7280")

    workspace: Mapped["Workspace"] = relationship()
    connections: Mapped[list["Connection"]] = relationship(
        secondary=lambda: connection_to_tag, back_populates="tags"
    )


class ConnectionReminder(Identified, Created, Updated, Base):
    """Something to do for a connection on a day."""

    __tablename__ = "connection_reminders"
    __table_args__ = (
        Index(None, "workspaceId", "dueDate"),
        Index(None, "workspaceId", "status"),
    )

    connectionId: Mapped[str] = mapped_column(reference("connections.id", ondelete="CASCADE"))
    workspaceId: Mapped[str]
    type: Mapped[ReminderType]
    title: Mapped[str]
    description: Mapped[str | None]
    dueDate: Mapped[datetime]
    status: Mapped[ReminderStatus] = mapped_column(server_default=ReminderStatus.PENDING)
    snoozedUntil: Mapped[datetime | None]
    snoozeCount: Mapped[int] = mapped_column(server_default=text("0"))
    completedAt: Mapped[datetime | None]

    connection: Mapped["Connection"] = relationship(back_populates="reminders")


class MeetupStatusHistory(Identified, Created, Base):
    """A step towards meeting a connection in person."""

    __tablename__ = "meetup_status_history"

    connectionId: Mapped[str] = mapped_column(
        reference("connections.id", ondelete="CASCADE"), index=True
    )
    fromStatus: Mapped[MeetupPipelineStatus]
    toStatus: Mapped[MeetupPipelineStatus]
    notes: Mapped[str | None]
    updatedById: Mapped[str | None]

    connection: Mapped["Connection"] = relationship(back_populates="meetupHistory")


connection_to_tag: Table = Table(
    "_ConnectionToConnectionTag",
    Base.metadata,
    Column("A", Text, reference("connections.id", ondelete="CASCADE")),
    Column("B", Text, reference("connection_tags.id", ondelete="CASCADE")),
    PrimaryKeyConstraint("A", "B", name="_ConnectionToConnectionTag_AB_pkey"),
    Index("_ConnectionToConnectionTag_B_index", "B"),
    comment="Which tags a connection has.",
)
