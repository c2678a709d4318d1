"""Health of connected accounts: where they stand, what happened, how to mend it."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Index, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.pulse.base import (
    ADDED_LATER,
    Base,
    Created,
    Identified,
    JsonArray,
    JsonObject,
    Updated,
    database_enum,
    reference,
)
from schema.pulse.social import SocialPlatform

if TYPE_CHECKING:
    from schema.pulse.accounts import User
    from schema.pulse.social import SocialAccount
    from schema.pulse.workspaces import Workspace


@database_enum
class AccountHealthEventType(StrEnum):
    """What happened to a connected account."""

    STATUS_CHANGED = "STATUS_CHANGED"
    SCORE_DECREASED = "SCORE_DECREASED"
    SCORE_RECOVERED = "SCORE_RECOVERED"
    RATE_LIMIT_HIT = "RATE_LIMIT_HIT"
    RATE_LIMIT_CLEARED = "RATE_LIMIT_CLEARED"
    ERROR_OCCURRED = "ERROR_OCCURRED"
    ERROR_RESOLVED = "ERROR_RESOLVED"
    TOKEN_REFRESHED = "TOKEN_REFRESHED"
    TOKEN_EXPIRED = "TOKEN_EXPIRED"
    ACCOUNT_RECOVERED = "ACCOUNT_RECOVERED"
    MANUAL_INTERVENTION = "MANUAL_INTERVENTION"


@database_enum
class AccountHealthStatus(StrEnum):
    """How well a connected account works."""

    HEALTHY = "HEALTHY"
    DEGRADED = "DEGRADED"
    UNHEALTHY = "UNHEALTHY"
    CRITICAL = "CRITICAL"


@database_enum
class AccountIssueType(StrEnum):
    """Kinds of trouble that there is guidance for."""

    TOKEN_EXPIRED = "TOKEN_EXPIRED"
    TOKEN_EXPIRING_SOON = "TOKEN_EXPIRING_SOON"
    RATE_LIMITED = "RATE_LIMITED"
    API_ERROR = "API_ERROR"
    PERMISSION_DENIED = "PERMISSION_DENIED"
    ACCOUNT_RESTRICTED = "ACCOUNT_RESTRICTED"
    ACCOUNT_SUSPENDED = "ACCOUNT_SUSPENDED"
    SYNC_FAILED = "SYNC_FAILED"
    CONNECTION_LOST = "CONNECTION_LOST"
    QUOTA_EXCEEDED = "QUOTA_EXCEEDED"


@database_enum
class IssueSeverity(StrEnum):
    """How serious trouble with an account is."""

    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"
    CRITICAL = "CRITICAL"


class SocialAccountHealth(Identified, Created, Updated, Base):
    """The present state of a connected account: syncing, limits, token."""

    __tablename__ = "social_account_health"
    __table_args__ = (Index(None, "accountId"),)

    accountId: Mapped[str] = mapped_column(
        reference("social_accounts.id", ondelete="CASCADE"), unique=True
    )
    healthScore: Mapped[int] = mapped_column(server_default=text("100"), index=True)
    status: Mapped[AccountHealthStatus] = mapped_column(
        server_default=AccountHealthStatus.HEALTHY, index=True
    )
    lastSuccessfulSync: Mapped[datetime | None]
    lastSyncAttempt: Mapped[datetime | None]
    lastError: Mapped[str | None]
    lastErrorAt: Mapped[datetime | None]
    consecutiveErrors: Mapped[int] = mapped_column(server_default=text("0"))
    totalErrorsLast24h: Mapped[int] = mapped_column(server_default=text("0"))
    rateLimitRemaining: Mapped[int | None]
    rateLimitTotal: Mapped[int | None]
    rateLimitResetAt: Mapped[datetime | None]
    isRateLimited: Mapped[bool] = mapped_column(server_default=false())
    tokenExpiresAt: Mapped[datetime | None]
    tokenRefreshRequired: Mapped[bool] = mapped_column(server_default=false())

    account: Mapped["SocialAccount"] = relationship()


class AccountHealthEvent(Identified, Created, Base):
    """A change in the state of a connected account."""

    __tablename__ = "account_health_events"
    __table_args__ = (
        Index(None, "accountId", "createdAt"),
        Index(None, "workspaceId", "createdAt"),
    )

    accountId: Mapped[str] = mapped_column(reference("social_accounts.id", ondelete="CASCADE"))
    workspaceId: Mapped[str] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), sort_order=ADDED_LATER
    )
    eventType: Mapped[AccountHealthEventType] = mapped_column(index=True)
    severity: Mapped[IssueSeverity] = mapped_column(index=True)
    previousStatus: Mapped[AccountHealthStatus | None]
    newStatus: Mapped[AccountHealthStatus]
    previousScore: Mapped[int | None]
    newScore: Mapped[int]
    message: Mapped[str]
    details: Mapped[JsonObject | None]
    resolvedAt: Mapped[datetime | None]
    resolvedById: Mapped[str | None] = mapped_column(reference("users.id", ondelete="SET NULL"))
    resolutionNotes: Mapped[str | None]

    account: Mapped["SocialAccount"] = relationship()
    workspace: Mapped["Workspace"] = relationship()
    resolvedBy: Mapped["User | None"] = relationship()


class RecoveryGuidance(Identified, Created, Updated, Base):
    """Steps that mend a known kind of trouble, for one network or for any."""

    __tablename__ = "recovery_guidance"
    __table_args__ = (UniqueConstraint("platform", "issueType"),)

    platform: Mapped[SocialPlatform | None]
    issueType: Mapped[AccountIssueType] = mapped_column(index=True)
    severity: Mapped[IssueSeverity] = mapped_column(index=True)
    title: Mapped[str]
    description: Mapped[str]
    steps: Mapped[JsonArray]
    estimatedTime: Mapped[str | None]
    requiresAction: Mapped[bool] = mapped_column(server_default=true())
    autoRecoverable: Mapped[bool] = mapped_column(server_default=false())
