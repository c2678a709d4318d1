"""Social: connected accounts, posts and figures read back from the networks."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.pulse.base import (
    CURRENT_TIMESTAMP,
    Base,
    Created,
    Day,
    Identified,
    JsonObject,
    Updated,
    database_enum,
    reference,
)

if TYPE_CHECKING:
    from schema.pulse.accounts import User
    from schema.pulse.workspaces import Workspace


@database_enum
class SocialAccountStatus(StrEnum):
    """Whether a connected account can be used."""

    ACTIVE = "ACTIVE"
    EXPIRED = "EXPIRED"
    ERROR = "ERROR"
    RATE_LIMITED = "RATE_LIMITED"
    RESTRICTED = "RESTRICTED"
    SUSPENDED = "SUSPENDED"
    DISCONNECTED = "DISCONNECTED"


@database_enum
class SocialPlatform(StrEnum):
    """A network that accounts can be connected at."""

    TWITTER = "TWITTER"
    LINKEDIN = "LINKEDIN"
    FACEBOOK = "FACEBOOK"
    INSTAGRAM = "INSTAGRAM"
    TIKTOK = "TIKTOK"
    YOUTUBE = "YOUTUBE"
    DISCORD = "DISCORD"


@database_enum
class SocialPostStatus(StrEnum):
    """Where a post stands."""

    DRAFT = "DRAFT"
    SCHEDULED = "SCHEDULED"
    PUBLISHED = "PUBLISHED"
    FAILED = "FAILED"


class SocialAccount(Identified, Created, Updated, Base):
    """An account at a network that a workspace has connected, with encrypted tokens."""

    __tablename__ = "social_accounts"
    __table_args__ = (UniqueConstraint("workspaceId", "platform", "accountId"),)

    platform: Mapped[SocialPlatform]
    accountId: Mapped[str]
    accountName: Mapped[str]
    accessTokenEncrypted: Mapped[str]
    refreshTokenEncrypted: Mapped[str | None]
    tokenExpiresAt: Mapped[datetime | None]
    connectedAt: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP)
    status: Mapped[SocialAccountStatus] = mapped_column(
        server_default=SocialAccountStatus.ACTIVE, index=True
    )
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")
    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"), index=True)
    workspaceId: Mapped[str] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )

    user: Mapped["User"] = relationship()
    workspace: Mapped["Workspace"] = relationship()
    posts: Mapped[list["SocialPostAccount"]] = relationship(
        back_populates="account", passive_deletes="all"
    )
    metrics: Mapped[list["SocialMetric"]] = relationship(
        back_populates="account", passive_deletes="all"
    )
    anomalies: Mapped[list["SocialMetricAnomaly"]] = relationship(
        back_populates="account", passive_deletes="all"
    )


class SocialPost(Identified, Created, Updated, Base):
    """A post that a user wrote."""

    __tablename__ = "social_posts"
    __table_args__ = (Index(None, "createdById", "createdAt"),)

    content: Mapped[str]
    scheduledAt: Mapped[datetime | None]
    publishedAt: Mapped[datetime | None]
    status: Mapped[SocialPostStatus] = mapped_column(
        server_default=SocialPostStatus.DRAFT, index=True
    )
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")
    createdById: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"), index=True)

    createdBy: Mapped["User"] = relationship()
    accounts: Mapped[list["SocialPostAccount"]] = relationship(
        back_populates="post", passive_deletes="all"
    )


class SocialPostAccount(Identified, Base):
    """A post's way to one account."""

    __tablename__ = "social_post_accounts"
    __table_args__ = (UniqueConstraint("postId", "accountId"),)

    postId: Mapped[str] = mapped_column(
        reference("social_posts.id", ondelete="CASCADE"), index=True
    )
    accountId: Mapped[str] = mapped_column(
        reference("social_accounts.id", ondelete="CASCADE"), index=True
    )
    platformPostId: Mapped[str | None]
    publishedAt: Mapped[datetime | None]
    status: Mapped[SocialPostStatus] = mapped_column(server_default=SocialPostStatus.DRAFT)
    errorMessage: Mapped[str | None]

    post: Mapped["SocialPost"] = relationship(back_populates="accounts")
    account: Mapped["SocialAccount"] = relationship(back_populates="posts")


class SocialMetric(Identified, Created, Updated, Base):
    """The figures of an account on one day."""

    __tablename__ = "social_metrics"
    __table_args__ = (UniqueConstraint("accountId", "date"),)

    accountId: Mapped[str] = mapped_column(
        reference("social_accounts.id", ondelete="CASCADE"), index=True
    )
    date: Mapped[Day] = mapped_column(index=True)
    followers: Mapped[int] = mapped_column(server_default=text("0"))
    following: Mapped[int] = mapped_column(server_default=text("0"))
    postsCount: Mapped[int] = mapped_column(server_default=text("0"))
    engagementRate: Mapped[Decimal | None] = mapped_column(Numeric(5, 4))
    impressions: Mapped[int] = mapped_column(server_default=text("0"))
    reach: Mapped[int] = mapped_column(server_default=text("0"))
    likes: Mapped[int] = mapped_column(server_default=text("0"))
    comments: Mapped[int] = mapped_column(server_default=text("0"))
    shares: Mapped[int] = mapped_column(server_default=text("0"))
    rawData: Mapped[JsonObject | None]

    account: Mapped["SocialAccount"] = relationship(back_populates="metrics")


class SocialMetricAnomaly(Identified, Created, Base):
    """A figure of an account far from what was expected, for the agent to warn of."""

    __tablename__ = "social_metric_anomalies"

    accountId: Mapped[str] = mapped_column(
        reference("social_accounts.id", ondelete="CASCADE"), index=True
    )
    metricType: Mapped[str]
    detectedAt: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP, index=True)
    currentValue: Mapped[float]
    expectedValue: Mapped[float]
    zScore: Mapped[float]
    severity: Mapped[str] = mapped_column(index=True)
    direction: Mapped[str]
    percentChange: Mapped[float]

    account: Mapped["SocialAccount"] = relationship(back_populates="anomalies")
