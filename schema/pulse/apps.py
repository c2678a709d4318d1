"""Apps: what users have built for them by conversation, from first message to live code."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.pulse.base import (
    ADDED_LATER,
    CURRENT_TIMESTAMP,
    Base,
    Created,
    Identified,
    JsonObject,
    Money,
    Updated,
    database_enum,
    reference,
)

if TYPE_CHECKING:
    from schema.pulse.accounts import User


@database_enum
class AppBuildStatus(StrEnum):
    """Where an app is between an idea and its archive."""

    PROMPTING = "PROMPTING"
    WAITING = "WAITING"
    DRAFTING = "DRAFTING"
    BUILDING = "BUILDING"
    FINE_TUNING = "FINE_TUNING"
    TEST = "TEST"
    LIVE = "LIVE"
    ARCHIVED = "ARCHIVED"
    FAILED = "FAILED"


@database_enum
class AppMessageRole(StrEnum):
    """Who speaks in an app's conversation."""

    USER = "USER"
    AGENT = "AGENT"
    SYSTEM = "SYSTEM"


@database_enum
class MonetizationType(StrEnum):
    """How an app is paid for."""

    FREE = "FREE"
    ONE_TIME = "ONE_TIME"
    SUBSCRIPTION = "SUBSCRIPTION"
    FREEMIUM = "FREEMIUM"
    USAGE_BASED = "USAGE_BASED"


@database_enum
class RequirementPriority(StrEnum):
    """How much a requirement matters."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    CRITICAL = "CRITICAL"


@database_enum
class RequirementStatus(StrEnum):
    """Where a requirement stands."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    REJECTED = "REJECTED"


@database_enum
class SandboxJobStatus(StrEnum):
    """Where a run in a sandbox stands."""

    PENDING = "PENDING"
    SPAWNING = "SPAWNING"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    TIMEOUT = "TIMEOUT"


@database_enum
class SubscriptionInterval(StrEnum):
    """How often a subscription is paid."""

    MONTHLY = "MONTHLY"
    QUARTERLY = "QUARTERLY"
    YEARLY = "YEARLY"


class App(Identified, Created, Updated, Base):
    """An application under construction or in use; it can be forked from another."""

    __tablename__ = "apps"
    __table_args__ = (
        Index(None, "codespaceId"),
        Index(None, "isCurated", "isPublic"),
        Index(None, "slug"),
    )

    name: Mapped[str]
    slug: Mapped[str | None] = mapped_column(unique=True)
    description: Mapped[str | None]
    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"), index=True)
    forkedFrom: Mapped[str | None] = mapped_column(
        reference("apps.id", ondelete="SET NULL"), index=True
    )
    status: Mapped[AppBuildStatus] = mapped_column(
        server_default=AppBuildStatus.PROMPTING, index=True
    )
    domain: Mapped[str | None] = mapped_column(unique=True)
    codespaceId: Mapped[str | None] = mapped_column(unique=True)
    codespaceUrl: Mapped[str | None]
    isCurated: Mapped[bool] = mapped_column(server_default=false())
    isPublic: Mapped[bool] = mapped_column(server_default=false())
    lastAgentActivity: Mapped[datetime | None] = mapped_column(index=True)
    deletedAt: Mapped[datetime | None] = mapped_column(index=True)

    parentApp: Mapped["App | None"] = relationship(remote_side="App.id", back_populates="forks")
    user: Mapped["User"] = relationship()
    forks: Mapped[list["App"]] = relationship(back_populates="parentApp", passive_deletes="all")
    requirements: Mapped[list["Requirement"]] = relationship(
        back_populates="app", passive_deletes="all"
    )
    monetizationModels: Mapped[list["MonetizationModel"]] = relationship(
        back_populates="app", passive_deletes="all"
    )
    messages: Mapped[list["AppMessage"]] = relationship(back_populates="app", passive_deletes="all")
    statusHistory: Mapped[list["AppStatusHistory"]] = relationship(
        back_populates="app", passive_deletes="all"
    )
    images: Mapped[list["AppImage"]] = relationship(back_populates="app", passive_deletes="all")
    codeVersions: Mapped[list["AppCodeVersion"]] = relationship(
        back_populates="app", passive_deletes="all"
    )
    sandboxJobs: Mapped[list["SandboxJob"]] = relationship(
        back_populates="app", passive_deletes="all"
    )


class Requirement(Identified, Created, Updated, Base):
    """One thing an app has to do."""

    __tablename__ = "requirements"

    appId: Mapped[str] = mapped_column(reference("apps.id", ondelete="CASCADE"), index=True)
    description: Mapped[str]
    priority: Mapped[RequirementPriority] = mapped_column(
        server_default=RequirementPriority.MEDIUM, index=True
    )
    status: Mapped[RequirementStatus] = mapped_column(
        server_default=RequirementStatus.PENDING, index=True
    )
    version: Mapped[int] = mapped_column(server_default=text("1"))

    app: Mapped["App"] = relationship(back_populates="requirements")


class MonetizationModel(Identified, Created, Updated, Base):
    """A way an app earns money."""

    __tablename__ = "monetization_models"

    appId: Mapped[str] = mapped_column(reference("apps.id", ondelete="CASCADE"), index=True)
    type: Mapped[MonetizationType] = mapped_column(server_default=MonetizationType.FREE, index=True)
    price: Mapped[Money | None]
    subscriptionInterval: Mapped[SubscriptionInterval | None]
    features: Mapped[list[str]]

    app: Mapped["App"] = relationship(back_populates="monetizationModels")


class AppMessage(Identified, Created, Base):
    """One message of the conversation that builds an app."""

    __tablename__ = "app_messages"
    __table_args__ = (
        Index(None, "appId", "createdAt"),
        Index(None, "appId", "isRead"),
        Index(None, "role", "isRead"),
        Index(None, "appId", "deletedAt"),
    )

    appId: Mapped[str] = mapped_column(reference("apps.id", ondelete="CASCADE"))
    role: Mapped[AppMessageRole]
    content: Mapped[str]
    isRead: Mapped[bool] = mapped_column(server_default=false(), sort_order=ADDED_LATER)
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")
    deletedAt: Mapped[datetime | None]

    app: Mapped["App"] = relationship(back_populates="messages")
    attachments: Mapped[list["AppAttachment"]] = relationship(
        back_populates="message", passive_deletes="all"
    )
    codeVersion: Mapped["AppCodeVersion | None"] = relationship(
        back_populates="message", passive_deletes="all"
    )


class AppStatusHistory(Identified, Created, Base):
    """A step in the life of an app, kept for its timeline."""

    __tablename__ = "app_status_history"
    __table_args__ = (Index(None, "appId", "createdAt"),)

    appId: Mapped[str] = mapped_column(reference("apps.id", ondelete="CASCADE"))
    status: Mapped[AppBuildStatus]
    message: Mapped[str | None]
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")

    app: Mapped["App"] = relationship(back_populates="statusHistory")


class AppImage(Identified, Created, Base):
    """A picture given to an app's conversation."""

    __tablename__ = "app_images"
    __table_args__ = (Index(None, "appId", "createdAt"),)

    appId: Mapped[str] = mapped_column(reference("apps.id", ondelete="CASCADE"), index=True)
    originalUrl: Mapped[str]
    r2Key: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    sizeBytes: Mapped[int]
    format: Mapped[str] = mapped_column(server_default="webp")
    tags: Mapped[list[str]]
    aiDescription: Mapped[str | None]
    analysisJson: Mapped[JsonObject | None]

    app: Mapped["App"] = relationship(back_populates="images")
    attachments: Mapped[list["AppAttachment"]] = relationship(
        back_populates="image", passive_deletes="all"
    )


class AppAttachment(Identified, Created, Base):
    """A picture attached to a message."""

    __tablename__ = "app_attachments"
    __table_args__ = (UniqueConstraint("messageId", "imageId"),)

    messageId: Mapped[str] = mapped_column(
        reference("app_messages.id", ondelete="CASCADE"), index=True
    )
    imageId: Mapped[str] = mapped_column(reference("app_images.id", ondelete="CASCADE"), index=True)

    message: Mapped["AppMessage"] = relationship(back_populates="attachments")
    image: Mapped["AppImage"] = relationship(back_populates="attachments")


class AppCodeVersion(Identified, Created, Base):
    """The code of an app as a message left it."""

    __tablename__ = "app_code_versions"
    __table_args__ = (Index(None, "appId", "createdAt"),)

    appId: Mapped[str] = mapped_column(reference("apps.id", ondelete="CASCADE"))
    messageId: Mapped[str | None] = mapped_column(
        reference("app_messages.id", ondelete="SET NULL"), unique=True
    )
    code: Mapped[str]
    hash: Mapped[str] = mapped_column(index=True)
    description: Mapped[str | None]

    app: Mapped["App"] = relationship(back_populates="codeVersions")
    message: Mapped["AppMessage | None"] = relationship(back_populates="codeVersion")


class SandboxJob(Identified, Base):
    """One run of an agent in a sandbox, started by a message."""

    __tablename__ = "sandbox_jobs"
    __table_args__ = (Index(None, "appId", "startedAt"),)

    appId: Mapped[str] = mapped_column(reference("apps.id", ondelete="CASCADE"))
    messageId: Mapped[str] = mapped_column(unique=True)
    sandboxId: Mapped[str | None] = mapped_column(index=True)
    requestId: Mapped[str | None]
    status: Mapped[SandboxJobStatus] = mapped_column(
        server_default=SandboxJobStatus.PENDING, index=True
    )
    result: Mapped[JsonObject | None]
    error: Mapped[str | None]
    startedAt: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP)
    completedAt: Mapped[datetime | None]

    app: Mapped["App"] = relationship(back_populates="sandboxJobs")
