"""Publishing: the calendar of posts to come, and ideas for it."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.pulse.base import (
    CURRENT_TIMESTAMP,
    Base,
    Created,
    Identified,
    JsonObject,
    Updated,
    database_enum,
    reference,
    utc_now,
)
from schema.pulse.social import SocialPlatform

if TYPE_CHECKING:
    from schema.pulse.accounts import User
    from schema.pulse.social import SocialAccount
    from schema.pulse.workspaces import Workspace


@database_enum
class ContentSuggestionStatus(StrEnum):
    """What became of an idea for the calendar."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    MODIFIED = "MODIFIED"


@database_enum
class ScheduledPostStatus(StrEnum):
    """Where a scheduled post stands."""

    DRAFT = "DRAFT"
    PENDING = "PENDING"
    SCHEDULED = "SCHEDULED"
    PUBLISHING = "PUBLISHING"
    PUBLISHED = "PUBLISHED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


@database_enum
class SuggestionContentType(StrEnum):
    """The form an idea is drafted in."""

    POST = "POST"
    THREAD = "THREAD"
    STORY = "STORY"
    REEL = "REEL"
    ARTICLE = "ARTICLE"


@database_enum
class SuggestionStatus(StrEnum):
    """What became of a drafted idea."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    DISMISSED = "DISMISSED"
    USED = "USED"


class ScheduledPost(Identified, Created, Updated, Base):
    """A post in the calendar, once or by a rule that repeats it."""

    __tablename__ = "scheduled_posts"
    __table_args__ = (
        Index(None, "workspaceId", "scheduledAt"),
        Index(None, "workspaceId", "status"),
    )

    content: Mapped[str]
    scheduledAt: Mapped[datetime] = mapped_column(index=True)
    timezone: Mapped[str] = mapped_column(server_default="UTC")
    recurrenceRule: Mapped[str | None]
    recurrenceEndAt: Mapped[datetime | None]
    status: Mapped[ScheduledPostStatus] = mapped_column(
        server_default=ScheduledPostStatus.DRAFT, index=True
    )
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")
    publishedAt: Mapped[datetime | None]
    errorMessage: Mapped[str | None]
    retryCount: Mapped[int] = mapped_column(server_default=text("0"))
    maxRetries: Mapped[int] = mapped_column(server_default=text("3"))
    lastAttemptAt: Mapped[datetime | None]
    nextOccurrenceAt: Mapped[datetime | None] = mapped_column(index=True)
    workspaceId: Mapped[str] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )
    createdById: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"), index=True)

    workspace: Mapped["Workspace"] = relationship()
    createdBy: Mapped["User"] = relationship()
    accounts: Mapped[list["ScheduledPostAccount"]] = relationship(
        back_populates="post", passive_deletes="all"
    )


class ScheduledPostAccount(Identified, Base):
    """A scheduled post's way to one of several accounts."""

    __tablename__ = "scheduled_post_accounts"
    __table_args__ = (UniqueConstraint("postId", "accountId"),)

    postId: Mapped[str] = mapped_column(
        reference("scheduled_posts.id", ondelete="CASCADE"), index=True
    )
    accountId: Mapped[str] = mapped_column(
        reference("social_accounts.id", ondelete="CASCADE"), index=True
    )
    platformPostId: Mapped[str | None]
    publishedAt: Mapped[datetime | None]
    status: Mapped[ScheduledPostStatus] = mapped_column(
        server_default=ScheduledPostStatus.DRAFT, index=True
    )
    errorMessage: Mapped[str | None]

    post: Mapped["ScheduledPost"] = relationship(back_populates="accounts")
    account: Mapped["SocialAccount"] = relationship()


class PostingTimeRecommendation(Identified, Base):
    """How good an hour of the week is for an account, learnt from earlier posts."""

    __tablename__ = "posting_time_recommendations"
    __table_args__ = (UniqueConstraint("accountId", "dayOfWeek", "hourUtc"),)

    accountId: Mapped[str] = mapped_column(
        reference("social_accounts.id", ondelete="CASCADE"), index=True
    )
    dayOfWeek: Mapped[int]
    hourUtc: Mapped[int]
    score: Mapped[float] = mapped_column(index=True)
    confidence: Mapped[str]
    reason: Mapped[str]
    lastUpdated: Mapped[datetime] = mapped_column(
        server_default=CURRENT_TIMESTAMP, onupdate=utc_now
    )

    account: Mapped["SocialAccount"] = relationship()


class CalendarContentSuggestion(Identified, Created, Base):
    """An idea for a free place in the calendar."""

    __tablename__ = "calendar_content_suggestions"

    workspaceId: Mapped[str] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )
    content: Mapped[str]
    suggestedFor: Mapped[datetime] = mapped_column(index=True)
    platform: Mapped[SocialPlatform] = mapped_column(index=True)
    reason: Mapped[str]
    status: Mapped[ContentSuggestionStatus] = mapped_column(
        server_default=ContentSuggestionStatus.PENDING, index=True
    )
    confidence: Mapped[float]
    keywords: Mapped[list[str]]
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")
    acceptedAt: Mapped[datetime | None]
    rejectedAt: Mapped[datetime | None]

    workspace: Mapped["Workspace"] = relationship()


class ContentSuggestion(Base):
    """A drafted idea drawn from trends and competitors, with the scores that rank it."""

    __tablename__ = "content_suggestions"
    __table_args__ = (
        Index(None, "workspaceId", "status"),
        Index(None, "workspaceId", "overallScore"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    workspaceId: Mapped[str] = mapped_column(reference("workspaces.id", ondelete="CASCADE"))
    title: Mapped[str]
    description: Mapped[str]
    draftContent: Mapped[str]
    contentType: Mapped[SuggestionContentType]
    suggestedPlatforms: Mapped[list[str]]
    trendData: Mapped[list[JsonObject]]
    relevanceScore: Mapped[float]
    timelinessScore: Mapped[float]
    brandAlignmentScore: Mapped[float]
    overallScore: Mapped[float]
    status: Mapped[SuggestionStatus] = mapped_column(server_default=SuggestionStatus.PENDING)
    generatedAt: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP)
    expiresAt: Mapped[datetime | None] = mapped_column(index=True)
    usedAt: Mapped[datetime | None]
    dismissedAt: Mapped[datetime | None]
    dismissalReason: Mapped[str | None]
    feedback: Mapped[str | None]

    workspace: Mapped["Workspace"] = relationship()
