"""Allocator: advertising budgets moved between campaigns, and the rails around that."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Index, Numeric, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.pulse.base import (
    CURRENT_TIMESTAMP,
    Base,
    Created,
    Day,
    Identified,
    JsonObject,
    Money,
    Updated,
    database_enum,
    reference,
)

if TYPE_CHECKING:
    from schema.pulse.workspaces import Workspace


@database_enum
class AlertSeverity(StrEnum):
    """How urgent a touched rail is."""

    INFO = "INFO"
    WARNING = "WARNING"
    CRITICAL = "CRITICAL"


@database_enum
class AllocatorAlertType(StrEnum):
    """Which rail was touched."""

    BUDGET_FLOOR_HIT = "BUDGET_FLOOR_HIT"
    BUDGET_CEILING_HIT = "BUDGET_CEILING_HIT"
    DAILY_LIMIT_REACHED = "DAILY_LIMIT_REACHED"
    COOLDOWN_ACTIVE = "COOLDOWN_ACTIVE"
    EMERGENCY_STOP_ACTIVATED = "EMERGENCY_STOP_ACTIVATED"
    CONSECUTIVE_FAILURES = "CONSECUTIVE_FAILURES"
    UNUSUAL_ACTIVITY = "UNUSUAL_ACTIVITY"


@database_enum
class AllocatorDecisionOutcome(StrEnum):
    """What came of a decision."""

    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    EXECUTED = "EXECUTED"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"
    ROLLED_BACK = "ROLLED_BACK"


@database_enum
class AllocatorDecisionType(StrEnum):
    """What was decided."""

    RECOMMENDATION_GENERATED = "RECOMMENDATION_GENERATED"
    RECOMMENDATION_EVALUATED = "RECOMMENDATION_EVALUATED"
    EXECUTION_STARTED = "EXECUTION_STARTED"
    EXECUTION_COMPLETED = "EXECUTION_COMPLETED"
    EXECUTION_FAILED = "EXECUTION_FAILED"
    EXECUTION_SKIPPED = "EXECUTION_SKIPPED"
    ROLLBACK_INITIATED = "ROLLBACK_INITIATED"
    ROLLBACK_COMPLETED = "ROLLBACK_COMPLETED"
    GUARDRAIL_TRIGGERED = "GUARDRAIL_TRIGGERED"
    EMERGENCY_STOP = "EMERGENCY_STOP"


@database_enum
class AllocatorPlatform(StrEnum):
    """Where budgets are spent."""

    FACEBOOK_ADS = "FACEBOOK_ADS"
    GOOGLE_ADS = "GOOGLE_ADS"
    LINKEDIN_ADS = "LINKEDIN_ADS"


@database_enum
class AutopilotExecutionStatus(StrEnum):
    """How far a change by the autopilot got."""

    PENDING = "PENDING"
    EXECUTING = "EXECUTING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"
    ROLLED_BACK = "ROLLED_BACK"
    PAUSED = "PAUSED"


@database_enum
class AutopilotMode(StrEnum):
    """How boldly the autopilot acts."""

    CONSERVATIVE = "CONSERVATIVE"
    MODERATE = "MODERATE"
    AGGRESSIVE = "AGGRESSIVE"


class AllocatorCampaign(Identified, Created, Updated, Base):
    """A campaign whose budget the allocator knows."""

    __tablename__ = "allocator_campaigns"
    __table_args__ = (UniqueConstraint("workspaceId", "platform", "platformCampaignId"),)

    workspaceId: Mapped[str] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )
    platform: Mapped[AllocatorPlatform] = mapped_column(index=True)
    platformCampaignId: Mapped[str]
    name: Mapped[str]
    status: Mapped[str]
    budget: Mapped[Money | None]
    spend: Mapped[Money] = mapped_column(server_default=text("0"))
    metrics: Mapped[JsonObject | None]
    lastSyncAt: Mapped[datetime]

    workspace: Mapped["Workspace"] = relationship()
    adSets: Mapped[list["AllocatorAdSet"]] = relationship(
        back_populates="campaign", passive_deletes="all"
    )
    autopilotConfigs: Mapped[list["AllocatorAutopilotConfig"]] = relationship(
        back_populates="campaign", passive_deletes="all"
    )
    guardrailAlerts: Mapped[list["AllocatorGuardrailAlert"]] = relationship(
        back_populates="campaign", passive_deletes="all"
    )
    autopilotExecutions: Mapped[list["AllocatorAutopilotExecution"]] = relationship(
        back_populates="campaign", passive_deletes="all"
    )
    dailyBudgetMoves: Mapped[list["AllocatorDailyBudgetMove"]] = relationship(
        back_populates="campaign", passive_deletes="all"
    )


class AllocatorAdSet(Identified, Created, Updated, Base):
    """A part of a campaign with a budget of its own."""

    __tablename__ = "allocator_ad_sets"
    __table_args__ = (UniqueConstraint("campaignId", "platformAdSetId"),)

    campaignId: Mapped[str] = mapped_column(
        reference("allocator_campaigns.id", ondelete="CASCADE"), index=True
    )
    platformAdSetId: Mapped[str]
    name: Mapped[str]
    status: Mapped[str]
    budget: Mapped[Money | None]
    spend: Mapped[Money] = mapped_column(server_default=text("0"))

    campaign: Mapped["AllocatorCampaign"] = relationship(back_populates="adSets")


class AllocatorAutopilotConfig(Identified, Created, Updated, Base):
    """How far the autopilot may go, for a workspace or for one of its campaigns."""

    __tablename__ = "allocator_autopilot_configs"
    __table_args__ = (UniqueConstraint("workspaceId", "campaignId"),)

    workspaceId: Mapped[str] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )
    campaignId: Mapped[str | None] = mapped_column(
        reference("allocator_campaigns.id", ondelete="CASCADE"), index=True
    )
    isEnabled: Mapped[bool] = mapped_column(server_default=false())
    mode: Mapped[AutopilotMode] = mapped_column(server_default=AutopilotMode.CONSERVATIVE)
    maxDailyBudgetChange: Mapped[Money] = mapped_column(server_default=text("10.0"))
    maxSingleChange: Mapped[Money] = mapped_column(server_default=text("5.0"))
    minRoasThreshold: Mapped[Money | None]
    maxCpaThreshold: Mapped[Money | None]
    pauseOnAnomaly: Mapped[bool] = mapped_column(server_default=true())
    requireApprovalAbove: Mapped[Money | None]
    encryptedSettings: Mapped[str | None]
    minBudget: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    maxBudget: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    cooldownMinutes: Mapped[int] = mapped_column(server_default=text("60"))
    isEmergencyStopped: Mapped[bool] = mapped_column(server_default=false())
    emergencyStoppedAt: Mapped[datetime | None]
    emergencyStoppedBy: Mapped[str | None]
    emergencyStopReason: Mapped[str | None]

    workspace: Mapped["Workspace"] = relationship()
    campaign: Mapped["AllocatorCampaign | None"] = relationship(back_populates="autopilotConfigs")


class AllocatorGuardrailAlert(Identified, Created, Base):
    """A rail that was touched."""

    __tablename__ = "allocator_guardrail_alerts"
    __table_args__ = (
        Index(None, "workspaceId", "createdAt"),
        Index(None, "workspaceId", "acknowledged"),
    )

    workspaceId: Mapped[str] = mapped_column(reference("workspaces.id", ondelete="CASCADE"))
    campaignId: Mapped[str | None] = mapped_column(
        reference("allocator_campaigns.id", ondelete="CASCADE")
    )
    alertType: Mapped[AllocatorAlertType] = mapped_column(index=True)
    severity: Mapped[AlertSeverity]
    message: Mapped[str]
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")
    acknowledged: Mapped[bool] = mapped_column(server_default=false())
    acknowledgedAt: Mapped[datetime | None]
    acknowledgedBy: Mapped[str | None]

    workspace: Mapped["Workspace"] = relationship()
    campaign: Mapped["AllocatorCampaign | None"] = relationship(back_populates="guardrailAlerts")


class AllocatorAutopilotExecution(Identified, Base):
    """A budget changed by the autopilot; taking one back is another one."""

    __tablename__ = "allocator_autopilot_executions"

    workspaceId: Mapped[str] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )
    campaignId: Mapped[str] = mapped_column(
        reference("allocator_campaigns.id", ondelete="CASCADE"), index=True
    )
    recommendationId: Mapped[str | None]
    recommendationType: Mapped[str]
    status: Mapped[AutopilotExecutionStatus]
    previousBudget: Mapped[Money]
    newBudget: Mapped[Money]
    budgetChange: Mapped[Money]
    executedAt: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP, index=True)
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")
    rollbackOfId: Mapped[str | None] = mapped_column(
        reference("allocator_autopilot_executions.id", ondelete="SET NULL"), unique=True
    )
    rolledBackAt: Mapped[datetime | None]
    rolledBackReason: Mapped[str | None]
    rolledBackByUserId: Mapped[str | None]

    workspace: Mapped["Workspace"] = relationship()
    campaign: Mapped["AllocatorCampaign"] = relationship(back_populates="autopilotExecutions")
    rollbackOf: Mapped["AllocatorAutopilotExecution | None"] = relationship(
        remote_side="AllocatorAutopilotExecution.id", back_populates="rollback"
    )
    rollback: Mapped["AllocatorAutopilotExecution | None"] = relationship(
        back_populates="rollbackOf", passive_deletes="all"
    )
    auditLogs: Mapped[list["AllocatorAuditLog"]] = relationship(
        back_populates="execution", passive_deletes="all"
    )


class AllocatorDailyBudgetMove(Identified, Created, Updated, Base):
    """What was moved in a campaign on one day."""

    __tablename__ = "allocator_daily_budget_moves"
    __table_args__ = (UniqueConstraint("campaignId", "date"),)

    campaignId: Mapped[str] = mapped_column(
        reference("allocator_campaigns.id", ondelete="CASCADE"), index=True
    )
    date: Mapped[Day]
    totalMoved: Mapped[Money] = mapped_column(server_default=text("0"))
    netChange: Mapped[Money] = mapped_column(server_default=text("0"))
    executionCount: Mapped[int] = mapped_column(server_default=text("0"))

    campaign: Mapped["AllocatorCampaign"] = relationship(back_populates="dailyBudgetMoves")


class AllocatorAuditLog(Identified, Created, Base):
    """A decision of the allocator with all it was based on."""

    __tablename__ = "allocator_audit_logs"
    __table_args__ = (
        Index(None, "workspaceId", "createdAt"),
        Index(None, "campaignId", "createdAt"),
    )

    workspaceId: Mapped[str] = mapped_column(reference("workspaces.id", ondelete="CASCADE"))
    campaignId: Mapped[str | None]
    decisionType: Mapped[AllocatorDecisionType] = mapped_column(index=True)
    decisionOutcome: Mapped[AllocatorDecisionOutcome]
    recommendationSnapshot: Mapped[JsonObject | None]
    performanceSnapshot: Mapped[JsonObject | None]
    configSnapshot: Mapped[JsonObject | None]
    guardrailEvaluation: Mapped[JsonObject | None]
    previousState: Mapped[JsonObject | None]
    newState: Mapped[JsonObject | None]
    aiReasoning: Mapped[str | None]
    supportingData: Mapped[JsonObject | None]
    confidence: Mapped[str | None]
    executionId: Mapped[str | None] = mapped_column(
        reference("allocator_autopilot_executions.id", ondelete="SET NULL")
    )
    triggeredBy: Mapped[str]
    userId: Mapped[str | None]
    correlationId: Mapped[str] = mapped_column(index=True)

    workspace: Mapped["Workspace"] = relationship()
    execution: Mapped["AllocatorAutopilotExecution | None"] = relationship(
        back_populates="auditLogs"
    )
