"""Boxes: machines that users rent, the agents on them, and agents of other houses."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Index, text, true
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
from schema.pulse.imaging import JobStatus

if TYPE_CHECKING:
    from schema.pulse.accounts import User


@database_enum
class AgentProvider(StrEnum):
    """Who runs an outside coding agent."""

    JULES = "JULES"
    CODEX = "CODEX"
    OTHER = "OTHER"


@database_enum
class BoxActionType(StrEnum):
    """What can be asked of a box."""

    CREATE = "CREATE"
    START = "START"
    STOP = "STOP"
    RESTART = "RESTART"
    DELETE = "DELETE"
    CLONE = "CLONE"


@database_enum
class BoxMessageRole(StrEnum):
    """Who speaks in a box's conversation."""

    USER = "USER"
    AGENT = "AGENT"
    SYSTEM = "SYSTEM"


@database_enum
class BoxStatus(StrEnum):
    """The state of a machine."""

    CREATING = "CREATING"
    STARTING = "STARTING"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    STOPPING = "STOPPING"
    STOPPED = "STOPPED"
    TERMINATED = "TERMINATED"
    ERROR = "ERROR"


@database_enum
class ExternalAgentStatus(StrEnum):
    """Where a session of an outside agent stands."""

    QUEUED = "QUEUED"
    PLANNING = "PLANNING"
    AWAITING_PLAN_APPROVAL = "AWAITING_PLAN_APPROVAL"
    AWAITING_USER_FEEDBACK = "AWAITING_USER_FEEDBACK"
    IN_PROGRESS = "IN_PROGRESS"
    PAUSED = "PAUSED"
    FAILED = "FAILED"
    COMPLETED = "COMPLETED"


class BoxTier(Identified, Created, Updated, Base):
    """A size of machine with its price."""

    __tablename__ = "box_tiers"

    name: Mapped[str]
    description: Mapped[str | None]
    cpu: Mapped[int]
    ram: Mapped[int]
    storage: Mapped[int]
    pricePerHour: Mapped[int]
    pricePerMonth: Mapped[int]
    isActive: Mapped[bool] = mapped_column(server_default=true())
    sortOrder: Mapped[int] = mapped_column(server_default=text("0"))

    boxes: Mapped[list["Box"]] = relationship(back_populates="tier", passive_deletes="all")


class Box(Identified, Created, Updated, Base):
    """A rented machine."""

    __tablename__ = "boxes"
    __table_args__ = (Index(None, "userId", "createdAt"),)

    name: Mapped[str]
    description: Mapped[str | None]
    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"))
    tierId: Mapped[str | None] = mapped_column(reference("box_tiers.id", ondelete="SET NULL"))
    status: Mapped[BoxStatus] = mapped_column(server_default=BoxStatus.STOPPED, index=True)
    connectionUrl: Mapped[str | None]
    storageVolumeId: Mapped[str | None]
    deletedAt: Mapped[datetime | None]

    user: Mapped["User"] = relationship()
    tier: Mapped["BoxTier | None"] = relationship(back_populates="boxes")
    actions: Mapped[list["BoxAction"]] = relationship(back_populates="box", passive_deletes="all")
    agentTasks: Mapped[list["AgentTask"]] = relationship(
        back_populates="box", passive_deletes="all"
    )
    messages: Mapped[list["BoxMessage"]] = relationship(back_populates="box", passive_deletes="all")


class BoxAction(Identified, Created, Updated, Base):
    """A change of state asked of a box, and what came of it."""

    __tablename__ = "box_actions"
    __table_args__ = (Index(None, "boxId", "createdAt"),)

    boxId: Mapped[str] = mapped_column(reference("boxes.id", ondelete="CASCADE"))
    action: Mapped[BoxActionType]
    status: Mapped[JobStatus] = mapped_column(server_default=JobStatus.PENDING)
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")
    error: Mapped[str | None]

    box: Mapped["Box"] = relationship(back_populates="actions")


class AgentTask(Identified, Created, Updated, Base):
    """A piece of work for the agent on a box."""

    __tablename__ = "agent_tasks"
    __table_args__ = (Index(None, "boxId", "status"),)

    boxId: Mapped[str] = mapped_column(reference("boxes.id", ondelete="CASCADE"))
    type: Mapped[str]
    payload: Mapped[JsonObject | None]
    status: Mapped[JobStatus] = mapped_column(server_default=JobStatus.PENDING)
    result: Mapped[JsonObject | None]
    error: Mapped[str | None]

    box: Mapped["Box"] = relationship(back_populates="agentTasks")


class BoxMessage(Identified, Created, Base):
    """One message of the conversation with a box's agent."""

    __tablename__ = "box_messages"
    __table_args__ = (Index(None, "boxId", "createdAt"),)

    boxId: Mapped[str] = mapped_column(reference("boxes.id", ondelete="CASCADE"))
    role: Mapped[BoxMessageRole]
    content: Mapped[str]

    box: Mapped["Box"] = relationship(back_populates="messages")


class ExternalAgentSession(Identified, Created, Updated, Base):
    """A session of a coding agent that somebody else runs."""

    __tablename__ = "external_agent_sessions"
    __table_args__ = (
        Index(None, "provider", "status"),
        Index(None, "status", "lastActivityAt"),
    )

    externalId: Mapped[str] = mapped_column(unique=True)
    provider: Mapped[AgentProvider] = mapped_column(server_default=AgentProvider.JULES)
    name: Mapped[str]
    description: Mapped[str | None]
    status: Mapped[ExternalAgentStatus]
    sourceRepo: Mapped[str | None]
    startingBranch: Mapped[str | None]
    outputBranch: Mapped[str | None]
    pullRequestUrl: Mapped[str | None]
    planSummary: Mapped[str | None]
    planApprovedAt: Mapped[datetime | None]
    lastActivityAt: Mapped[datetime | None]
    errorMessage: Mapped[str | None]
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")

    activities: Mapped[list["AgentSessionActivity"]] = relationship(
        back_populates="session", passive_deletes="all"
    )


class AgentSessionActivity(Identified, Created, Base):
    """One thing that happened in such a session."""

    __tablename__ = "agent_session_activities"
    __table_args__ = (Index(None, "sessionId", "createdAt"),)

    sessionId: Mapped[str] = mapped_column(
        reference("external_agent_sessions.id", ondelete="CASCADE")
    )
    externalId: Mapped[str | None]
    type: Mapped[str]
    content: Mapped[str | None]
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")

    session: Mapped["ExternalAgentSession"] = relationship(back_populates="activities")
