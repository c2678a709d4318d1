"""Crisis: rules that raise an alarm, the alarms, and prepared answers."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Index, text, true
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
class CrisisEventStatus(StrEnum):
    """Where an alarm stands."""

    DETECTED = "DETECTED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    RESOLVED = "RESOLVED"
    FALSE_ALARM = "FALSE_ALARM"


@database_enum
class CrisisRuleType(StrEnum):
    """What raises an alarm."""

    SENTIMENT_THRESHOLD = "SENTIMENT_THRESHOLD"
    ENGAGEMENT_DROP = "ENGAGEMENT_DROP"
    MENTION_SPIKE = "MENTION_SPIKE"
    FOLLOWER_DROP = "FOLLOWER_DROP"
    VIRAL_COMPLAINT = "VIRAL_COMPLAINT"
    MANUAL = "MANUAL"


@database_enum
class CrisisSeverity(StrEnum):
    """How bad it is."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    CRITICAL = "CRITICAL"


class CrisisDetectionEvent(Identified, Created, Updated, Base):
    """An alarm, and who took it up and ended it."""

    __tablename__ = "crisis_detection_events"
    __table_args__ = (Index(None, "workspaceId", "status"),)

    workspaceId: Mapped[str] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )
    severity: Mapped[CrisisSeverity] = mapped_column(index=True)
    status: Mapped[CrisisEventStatus] = mapped_column(
        server_default=CrisisEventStatus.DETECTED, index=True
    )
    triggerType: Mapped[str]
    triggerData: Mapped[JsonObject]
    affectedAccountIds: Mapped[list[str]]
    acknowledgedAt: Mapped[datetime | None]
    acknowledgedById: Mapped[str | None] = mapped_column(reference("users.id", ondelete="SET NULL"))
    resolvedAt: Mapped[datetime | None]
    resolvedById: Mapped[str | None] = mapped_column(reference("users.id", ondelete="SET NULL"))
    responseNotes: Mapped[str | None]
    detectedAt: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP, index=True)

    workspace: Mapped["Workspace"] = relationship()
    acknowledgedBy: Mapped["User | None"] = relationship(foreign_keys=[acknowledgedById])
    resolvedBy: Mapped["User | None"] = relationship(foreign_keys=[resolvedById])


class CrisisResponseTemplate(Identified, Created, Updated, Base):
    """A prepared answer; for every workspace where none is named."""

    __tablename__ = "crisis_response_templates"

    workspaceId: Mapped[str | None] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    category: Mapped[str] = mapped_column(index=True)
    platform: Mapped[SocialPlatform | None]
    content: Mapped[str]
    variables: Mapped[list[str]]
    isActive: Mapped[bool] = mapped_column(server_default=true(), index=True)
    usageCount: Mapped[int] = mapped_column(server_default=text("0"))

    workspace: Mapped["Workspace | None"] = relationship()


class CrisisAlertRule(Identified, Created, Updated, Base):
    """When a workspace wants to be alarmed, and by which channels."""

    __tablename__ = "crisis_alert_rules"

    workspaceId: Mapped[str] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    description: Mapped[str | None]
    ruleType: Mapped[CrisisRuleType] = mapped_column(index=True)
    conditions: Mapped[JsonObject]
    severity: Mapped[CrisisSeverity]
    notifyChannels: Mapped[list[str]]
    escalateAfterMinutes: Mapped[int | None]
    isActive: Mapped[bool] = mapped_column(server_default=true(), index=True)

    workspace: Mapped["Workspace"] = relationship()
