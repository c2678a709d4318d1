"""Policy: rules on content, checks against them, and what they found."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Index, UniqueConstraint, false, text, true
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
)
from schema.pulse.social import SocialPlatform

if TYPE_CHECKING:
    from schema.pulse.accounts import User
    from schema.pulse.workspaces import Workspace


@database_enum
class PolicyCategory(StrEnum):
    """What a rule is about."""

    CONTENT_GUIDELINES = "CONTENT_GUIDELINES"
    AD_COMPLIANCE = "AD_COMPLIANCE"
    CHARACTER_LIMITS = "CHARACTER_LIMITS"
    PROHIBITED_CONTENT = "PROHIBITED_CONTENT"
    CLAIMS_RESTRICTIONS = "CLAIMS_RESTRICTIONS"
    BRAND_SAFETY = "BRAND_SAFETY"
    ACCESSIBILITY = "ACCESSIBILITY"
    HASHTAG_RULES = "HASHTAG_RULES"
    LINK_POLICIES = "LINK_POLICIES"
    MEDIA_REQUIREMENTS = "MEDIA_REQUIREMENTS"


@database_enum
class PolicyCheckResult(StrEnum):
    """The verdict of a check."""

    PASSED = "PASSED"
    PASSED_WITH_WARNINGS = "PASSED_WITH_WARNINGS"
    FAILED = "FAILED"
    BLOCKED = "BLOCKED"


@database_enum
class PolicyCheckScope(StrEnum):
    """How much a check looks at."""

    FULL = "FULL"
    QUICK = "QUICK"
    CUSTOM = "CUSTOM"


@database_enum
class PolicyCheckStatus(StrEnum):
    """Where a check stands."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


@database_enum
class PolicyContentType(StrEnum):
    """What kind of content is checked."""

    POST = "POST"
    AD = "AD"
    COMMENT = "COMMENT"
    MESSAGE = "MESSAGE"
    BIO = "BIO"
    STORY = "STORY"


@database_enum
class PolicyRuleType(StrEnum):
    """How a rule is applied."""

    KEYWORD_MATCH = "KEYWORD_MATCH"
    REGEX_PATTERN = "REGEX_PATTERN"
    CHARACTER_COUNT = "CHARACTER_COUNT"
    MEDIA_CHECK = "MEDIA_CHECK"
    LINK_VALIDATION = "LINK_VALIDATION"
    NLP_CLASSIFICATION = "NLP_CLASSIFICATION"
    CUSTOM_LOGIC = "CUSTOM_LOGIC"


@database_enum
class PolicySeverity(StrEnum):
    """How serious breaking a rule is."""

    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"
    CRITICAL = "CRITICAL"


class PolicyRule(Identified, Created, Updated, Base):
    """A rule on content, for one network or all, of one workspace or all."""

    __tablename__ = "policy_rules"
    __table_args__ = (UniqueConstraint("workspaceId", "platform", "name"),)

    workspaceId: Mapped[str | None] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    description: Mapped[str]
    platform: Mapped[SocialPlatform | None] = mapped_column(index=True)
    category: Mapped[PolicyCategory] = mapped_column(index=True)
    ruleType: Mapped[PolicyRuleType]
    conditions: Mapped[JsonObject]
    severity: Mapped[PolicySeverity] = mapped_column(server_default=PolicySeverity.WARNING)
    isBlocking: Mapped[bool] = mapped_column(server_default=false())
    isActive: Mapped[bool] = mapped_column(server_default=true(), index=True)
    sourceUrl: Mapped[str | None]
    lastVerifiedAt: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))

    workspace: Mapped["Workspace | None"] = relationship()
    violations: Mapped[list["PolicyViolation"]] = relationship(
        back_populates="rule", passive_deletes="all"
    )


class PolicyCheck(Identified, Created, Base):
    """One look at a piece of content, with the verdict."""

    __tablename__ = "policy_checks"
    __table_args__ = (
        Index(None, "workspaceId", "createdAt"),
        Index(None, "contentType", "contentId"),
    )

    workspaceId: Mapped[str] = mapped_column(reference("workspaces.id", ondelete="CASCADE"))
    contentType: Mapped[PolicyContentType]
    contentId: Mapped[str | None]
    contentText: Mapped[str]
    contentMetadata: Mapped[JsonObject | None]
    platform: Mapped[SocialPlatform | None]
    checkScope: Mapped[PolicyCheckScope] = mapped_column(server_default=PolicyCheckScope.FULL)
    status: Mapped[PolicyCheckStatus] = mapped_column(
        server_default=PolicyCheckStatus.PENDING, index=True
    )
    passedRules: Mapped[int] = mapped_column(server_default=text("0"))
    failedRules: Mapped[int] = mapped_column(server_default=text("0"))
    warningRules: Mapped[int] = mapped_column(server_default=text("0"))
    overallResult: Mapped[PolicyCheckResult | None] = mapped_column(index=True)
    summary: Mapped[str | None]
    startedAt: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP)
    completedAt: Mapped[datetime | None]
    durationMs: Mapped[int | None]
    checkedById: Mapped[str | None] = mapped_column(reference("users.id", ondelete="SET NULL"))

    workspace: Mapped["Workspace"] = relationship()
    checkedBy: Mapped["User | None"] = relationship()
    violations: Mapped[list["PolicyViolation"]] = relationship(
        back_populates="check", passive_deletes="all"
    )


class PolicyViolation(Identified, Created, Base):
    """A rule that a check found broken, where, and what would mend it."""

    __tablename__ = "policy_violations"
    __table_args__ = (Index(None, "workspaceId", "createdAt"),)

    checkId: Mapped[str] = mapped_column(
        reference("policy_checks.id", ondelete="CASCADE"), index=True
    )
    ruleId: Mapped[str] = mapped_column(
        reference("policy_rules.id", ondelete="CASCADE"), index=True
    )
    workspaceId: Mapped[str] = mapped_column(reference("workspaces.id", ondelete="CASCADE"))
    severity: Mapped[PolicySeverity] = mapped_column(index=True)
    message: Mapped[str]
    matchedContent: Mapped[str | None]
    matchLocation: Mapped[JsonObject | None]
    confidence: Mapped[float | None]
    suggestedFix: Mapped[str | None]
    isOverridden: Mapped[bool] = mapped_column(server_default=false())
    overriddenById: Mapped[str | None] = mapped_column(reference("users.id", ondelete="SET NULL"))
    overrideReason: Mapped[str | None]
    overriddenAt: Mapped[datetime | None]

    check: Mapped["PolicyCheck"] = relationship(back_populates="violations")
    rule: Mapped["PolicyRule"] = relationship(back_populates="violations")
    workspace: Mapped["Workspace"] = relationship()
    overriddenBy: Mapped["User | None"] = relationship()
