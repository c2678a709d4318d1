"""Inbox and relay: what people write to a workspace, and the answers drafted for it."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Index, UniqueConstraint, false, text
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
    from schema.pulse.accounts import User
    from schema.pulse.social import SocialAccount
    from schema.pulse.workspaces import Workspace, WorkspaceMember


@database_enum
class DraftAuditAction(StrEnum):
    """What can be done with a draft."""

    CREATED = "CREATED"
    VIEWED = "VIEWED"
    EDITED = "EDITED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    SENT = "SENT"
    SEND_FAILED = "SEND_FAILED"
    REGENERATED = "REGENERATED"


@database_enum
class DraftEditType(StrEnum):
    """How deep a change of a draft goes."""

    MINOR_TWEAK = "MINOR_TWEAK"
    TONE_ADJUSTMENT = "TONE_ADJUSTMENT"
    CONTENT_REVISION = "CONTENT_REVISION"
    COMPLETE_REWRITE = "COMPLETE_REWRITE"
    PLATFORM_FORMATTING = "PLATFORM_FORMATTING"


@database_enum
class EscalationEventType(StrEnum):
    """What an escalation did."""

    ESCALATED = "ESCALATED"
    DE_ESCALATED = "DE_ESCALATED"
    ASSIGNED = "ASSIGNED"
    SLA_WARNING = "SLA_WARNING"
    SLA_BREACH = "SLA_BREACH"
    RESOLVED = "RESOLVED"


@database_enum
class EscalationStatus(StrEnum):
    """Whether an item is escalated."""

    NONE = "NONE"
    PENDING = "PENDING"
    ESCALATED = "ESCALATED"
    RESOLVED = "RESOLVED"


@database_enum
class EscalationTrigger(StrEnum):
    """What made an item escalate."""

    SENTIMENT = "SENTIMENT"
    PRIORITY = "PRIORITY"
    SLA_TIMEOUT = "SLA_TIMEOUT"
    MANUAL = "MANUAL"
    RULE = "RULE"


@database_enum
class InboxItemStatus(StrEnum):
    """Where an item stands."""

    UNREAD = "UNREAD"
    READ = "READ"
    PENDING_REPLY = "PENDING_REPLY"
    REPLIED = "REPLIED"
    ARCHIVED = "ARCHIVED"
    IGNORED = "IGNORED"


@database_enum
class InboxItemType(StrEnum):
    """What kind of contact an item is."""

    MENTION = "MENTION"
    COMMENT = "COMMENT"
    DIRECT_MESSAGE = "DIRECT_MESSAGE"
    REPLY = "REPLY"
    REVIEW = "REVIEW"


@database_enum
class InboxSentiment(StrEnum):
    """The mood of an item."""

    POSITIVE = "POSITIVE"
    NEGATIVE = "NEGATIVE"
    NEUTRAL = "NEUTRAL"
    MIXED = "MIXED"


@database_enum
class RelayDraftStatus(StrEnum):
    """Where a drafted answer stands."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    SENT = "SENT"
    FAILED = "FAILED"


class InboxItem(Identified, Created, Updated, Base):
    """A mention, comment or message that waits for somebody."""

    __tablename__ = "inbox_items"
    __table_args__ = (
        UniqueConstraint("workspaceId", "platform", "platformItemId"),
        Index(None, "workspaceId", "status"),
        Index(None, "workspaceId", "platform"),
    )

    type: Mapped[InboxItemType]
    status: Mapped[InboxItemStatus] = mapped_column(server_default=InboxItemStatus.UNREAD)
    platform: Mapped[SocialPlatform]
    platformItemId: Mapped[str]
    content: Mapped[str]
    senderName: Mapped[str]
    senderHandle: Mapped[str | None]
    senderAvatarUrl: Mapped[str | None]
    originalPostId: Mapped[str | None]
    originalPostContent: Mapped[str | None]
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")
    receivedAt: Mapped[datetime] = mapped_column(index=True)
    readAt: Mapped[datetime | None]
    repliedAt: Mapped[datetime | None]
    resolvedAt: Mapped[datetime | None]
    workspaceId: Mapped[str] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )
    accountId: Mapped[str] = mapped_column(
        reference("social_accounts.id", ondelete="CASCADE"), index=True
    )
    assignedToId: Mapped[str | None] = mapped_column(
        reference("workspace_members.id", ondelete="SET NULL"), index=True
    )
    sentiment: Mapped[InboxSentiment | None]
    sentimentScore: Mapped[float | None]
    priorityScore: Mapped[int | None]
    priorityFactors: Mapped[JsonObject | None]
    routingAnalyzedAt: Mapped[datetime | None]
    routingMetadata: Mapped[JsonObject | None]
    escalationStatus: Mapped[EscalationStatus | None] = mapped_column(
        server_default=EscalationStatus.NONE
    )
    escalationLevel: Mapped[int | None] = mapped_column(server_default=text("0"))
    escalatedAt: Mapped[datetime | None]
    escalatedToId: Mapped[str | None] = mapped_column(
        reference("workspace_members.id", ondelete="SET NULL")
    )
    slaDeadline: Mapped[datetime | None]
    slaBreach: Mapped[bool] = mapped_column(server_default=false())

    workspace: Mapped["Workspace"] = relationship()
    account: Mapped["SocialAccount"] = relationship()
    assignedTo: Mapped["WorkspaceMember | None"] = relationship(foreign_keys=[assignedToId])
    escalatedTo: Mapped["WorkspaceMember | None"] = relationship(foreign_keys=[escalatedToId])
    suggestedResponses: Mapped[list["InboxSuggestedResponse"]] = relationship(
        back_populates="inboxItem", passive_deletes="all"
    )
    escalationEvents: Mapped[list["EscalationEvent"]] = relationship(
        back_populates="inboxItem", passive_deletes="all"
    )
    relayDrafts: Mapped[list["RelayDraft"]] = relationship(
        back_populates="inboxItem", passive_deletes="all"
    )


class InboxSuggestedResponse(Identified, Created, Base):
    """A ready answer offered for an item."""

    __tablename__ = "inbox_suggested_responses"

    inboxItemId: Mapped[str] = mapped_column(
        reference("inbox_items.id", ondelete="CASCADE"), index=True
    )
    content: Mapped[str]
    tone: Mapped[str]
    confidenceScore: Mapped[float]
    category: Mapped[str]
    isPreferred: Mapped[bool] = mapped_column(server_default=false())
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")

    inboxItem: Mapped["InboxItem"] = relationship(back_populates="suggestedResponses")


class EscalationEvent(Identified, Created, Base):
    """An item's move to another level of attention."""

    __tablename__ = "escalation_events"

    inboxItemId: Mapped[str] = mapped_column(
        reference("inbox_items.id", ondelete="CASCADE"), index=True
    )
    eventType: Mapped[EscalationEventType]
    fromLevel: Mapped[int]
    toLevel: Mapped[int]
    fromUserId: Mapped[str | None]
    toUserId: Mapped[str | None]
    reason: Mapped[str | None]
    triggeredBy: Mapped[EscalationTrigger]
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")

    inboxItem: Mapped["InboxItem"] = relationship(back_populates="escalationEvents")


class RelayDraft(Identified, Created, Updated, Base):
    """An answer drafted by a model, to be approved before it is sent."""

    __tablename__ = "relay_drafts"
    __table_args__ = (Index(None, "inboxItemId", "status"),)

    content: Mapped[str]
    confidenceScore: Mapped[float]
    status: Mapped[RelayDraftStatus] = mapped_column(
        server_default=RelayDraftStatus.PENDING, index=True
    )
    isPreferred: Mapped[bool] = mapped_column(server_default=false())
    reason: Mapped[str | None]
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")
    sentAt: Mapped[datetime | None]
    errorMessage: Mapped[str | None]
    inboxItemId: Mapped[str] = mapped_column(
        reference("inbox_items.id", ondelete="CASCADE"), index=True
    )
    reviewedById: Mapped[str | None] = mapped_column(reference("users.id", ondelete="SET NULL"))
    reviewedAt: Mapped[datetime | None]

    inboxItem: Mapped["InboxItem"] = relationship(back_populates="relayDrafts")
    reviewedBy: Mapped["User | None"] = relationship()
    edits: Mapped[list["DraftEditHistory"]] = relationship(
        back_populates="draft", passive_deletes="all"
    )
    auditLogs: Mapped[list["DraftAuditLog"]] = relationship(
        back_populates="draft", passive_deletes="all"
    )


class DraftEditHistory(Identified, Created, Base):
    """What a person changed in a draft."""

    __tablename__ = "draft_edit_history"

    draftId: Mapped[str] = mapped_column(
        reference("relay_drafts.id", ondelete="CASCADE"), index=True
    )
    originalContent: Mapped[str]
    editedContent: Mapped[str]
    editType: Mapped[DraftEditType] = mapped_column(index=True)
    changesSummary: Mapped[str | None]
    editDistance: Mapped[int | None]
    editedById: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"), index=True)

    editedBy: Mapped["User"] = relationship()
    draft: Mapped["RelayDraft"] = relationship(back_populates="edits")


class DraftAuditLog(Identified, Created, Base):
    """Who looked at a draft or decided on it."""

    __tablename__ = "draft_audit_logs"
    __table_args__ = (Index(None, "createdAt"),)

    draftId: Mapped[str] = mapped_column(
        reference("relay_drafts.id", ondelete="CASCADE"), index=True
    )
    action: Mapped[DraftAuditAction] = mapped_column(index=True)
    details: Mapped[JsonObject | None]
    ipAddress: Mapped[str | None]
    userAgent: Mapped[str | None]
    performedById: Mapped[str] = mapped_column(
        reference("users.id", ondelete="CASCADE"), index=True
    )

    performedBy: Mapped["User"] = relationship()
    draft: Mapped["RelayDraft"] = relationship(back_populates="auditLogs")
