"""Brand: how a workspace speaks, what it never says, and texts rewritten to fit."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Index, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.pulse.base import (
    Base,
    Created,
    Identified,
    JsonArray,
    JsonObject,
    Updated,
    database_enum,
    reference,
)

if TYPE_CHECKING:
    from schema.pulse.accounts import User
    from schema.pulse.workspaces import Workspace


@database_enum
class ContentPlatform(StrEnum):
    """Where a rewritten text is to appear."""

    TWITTER = "TWITTER"
    LINKEDIN = "LINKEDIN"
    INSTAGRAM = "INSTAGRAM"
    FACEBOOK = "FACEBOOK"
    GENERAL = "GENERAL"


@database_enum
class GuardrailSeverity(StrEnum):
    """How serious crossing a guardrail is."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    CRITICAL = "CRITICAL"


@database_enum
class GuardrailType(StrEnum):
    """What a guardrail forbids or demands."""

    PROHIBITED_TOPIC = "PROHIBITED_TOPIC"
    REQUIRED_DISCLOSURE = "REQUIRED_DISCLOSURE"
    CONTENT_WARNING = "CONTENT_WARNING"


@database_enum
class RewriteStatus(StrEnum):
    """Where a rewriting stands."""

    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


@database_enum
class VocabularyType(StrEnum):
    """Whether a word is wanted, avoided or replaced."""

    PREFERRED = "PREFERRED"
    BANNED = "BANNED"
    REPLACEMENT = "REPLACEMENT"


class BrandProfile(Identified, Created, Updated, Base):
    """A workspace's mission, values, tone and colours."""

    __tablename__ = "brand_profiles"
    __table_args__ = (Index(None, "workspaceId"),)

    workspaceId: Mapped[str] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), unique=True
    )
    name: Mapped[str]
    mission: Mapped[str | None]
    values: Mapped[JsonArray | None]
    toneDescriptors: Mapped[JsonArray | None]
    logoUrl: Mapped[str | None]
    logoR2Key: Mapped[str | None]
    colorPalette: Mapped[JsonObject | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    isActive: Mapped[bool] = mapped_column(server_default=true(), index=True)
    createdById: Mapped[str] = mapped_column(reference("users.id", ondelete="RESTRICT"), index=True)
    updatedById: Mapped[str | None] = mapped_column(reference("users.id", ondelete="SET NULL"))

    workspace: Mapped["Workspace"] = relationship()
    createdBy: Mapped["User"] = relationship(foreign_keys=[createdById])
    updatedBy: Mapped["User | None"] = relationship(foreign_keys=[updatedById])
    guardrails: Mapped[list["BrandGuardrail"]] = relationship(
        back_populates="brandProfile", passive_deletes="all"
    )
    vocabulary: Mapped[list["BrandVocabulary"]] = relationship(
        back_populates="brandProfile", passive_deletes="all"
    )
    rewrites: Mapped[list["ContentRewrite"]] = relationship(
        back_populates="brandProfile", passive_deletes="all"
    )


class BrandGuardrail(Identified, Created, Updated, Base):
    """A limit on what may be said in a brand's name."""

    __tablename__ = "brand_guardrails"
    __table_args__ = (
        Index(None, "brandProfileId", "type"),
        Index(None, "brandProfileId", "isActive"),
        Index(None, "type", "severity"),
    )

    brandProfileId: Mapped[str] = mapped_column(
        reference("brand_profiles.id", ondelete="CASCADE"), index=True
    )
    type: Mapped[GuardrailType]
    name: Mapped[str]
    description: Mapped[str | None]
    severity: Mapped[GuardrailSeverity] = mapped_column(server_default=GuardrailSeverity.MEDIUM)
    ruleConfig: Mapped[JsonObject | None]
    isActive: Mapped[bool] = mapped_column(server_default=true())

    brandProfile: Mapped["BrandProfile"] = relationship(back_populates="guardrails")


class BrandVocabulary(Identified, Created, Updated, Base):
    """A word that a brand prefers, avoids or replaces."""

    __tablename__ = "brand_vocabulary"
    __table_args__ = (
        Index(None, "brandProfileId", "type"),
        Index(None, "brandProfileId", "isActive"),
    )

    brandProfileId: Mapped[str] = mapped_column(
        reference("brand_profiles.id", ondelete="CASCADE"), index=True
    )
    type: Mapped[VocabularyType]
    term: Mapped[str] = mapped_column(index=True)
    replacement: Mapped[str | None]
    context: Mapped[str | None]
    isActive: Mapped[bool] = mapped_column(server_default=true())

    brandProfile: Mapped["BrandProfile"] = relationship(back_populates="vocabulary")


class ContentRewrite(Identified, Created, Updated, Base):
    """A text rewritten in a brand's tone."""

    __tablename__ = "content_rewrites"
    __table_args__ = (Index(None, "createdAt"),)

    workspaceId: Mapped[str] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )
    brandProfileId: Mapped[str] = mapped_column(
        reference("brand_profiles.id", ondelete="CASCADE"), index=True
    )
    originalContent: Mapped[str]
    rewrittenContent: Mapped[str | None]
    platform: Mapped[ContentPlatform] = mapped_column(server_default=ContentPlatform.GENERAL)
    status: Mapped[RewriteStatus] = mapped_column(server_default=RewriteStatus.PENDING, index=True)
    characterLimit: Mapped[int | None]
    changes: Mapped[JsonObject | None]
    toneAnalysis: Mapped[JsonObject | None]
    errorMessage: Mapped[str | None]
    processedAt: Mapped[datetime | None]
    createdById: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"), index=True)

    workspace: Mapped["Workspace"] = relationship()
    brandProfile: Mapped["BrandProfile"] = relationship(back_populates="rewrites")
    createdBy: Mapped["User"] = relationship()
