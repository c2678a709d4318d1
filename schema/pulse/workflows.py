"""Workflows: automations of a workspace, their versions, triggers and runs."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Index, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.pulse.base import (
    CURRENT_TIMESTAMP,
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
class BranchType(StrEnum):
    """When a branch is taken."""

    IF_TRUE = "IF_TRUE"
    IF_FALSE = "IF_FALSE"
    SWITCH_CASE = "SWITCH_CASE"
    DEFAULT = "DEFAULT"


@database_enum
class StepRunStatus(StrEnum):
    """Where a step of a run stands."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"


@database_enum
class WorkflowEventType(StrEnum):
    """What can start a workflow."""

    MENTION_RECEIVED = "MENTION_RECEIVED"
    ENGAGEMENT_THRESHOLD = "ENGAGEMENT_THRESHOLD"
    FOLLOWER_MILESTONE = "FOLLOWER_MILESTONE"
    CRISIS_DETECTED = "CRISIS_DETECTED"
    POST_PUBLISHED = "POST_PUBLISHED"
    INBOX_ITEM_RECEIVED = "INBOX_ITEM_RECEIVED"


@database_enum
class WorkflowRunStatus(StrEnum):
    """Where a run stands."""

    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


@database_enum
class WorkflowStatus(StrEnum):
    """Where a workflow stands."""

    DRAFT = "DRAFT"
    ACTIVE = "ACTIVE"
    ARCHIVED = "ARCHIVED"


@database_enum
class WorkflowStepType(StrEnum):
    """What a step does."""

    TRIGGER = "TRIGGER"
    ACTION = "ACTION"
    CONDITION = "CONDITION"


class Workflow(Identified, Created, Updated, Base):
    """An automation of a workspace."""

    __tablename__ = "workflows"

    name: Mapped[str]
    description: Mapped[str | None]
    status: Mapped[WorkflowStatus] = mapped_column(server_default=WorkflowStatus.DRAFT, index=True)
    workspaceId: Mapped[str] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )
    createdById: Mapped[str] = mapped_column(reference("users.id", ondelete="RESTRICT"), index=True)

    workspace: Mapped["Workspace"] = relationship()
    createdBy: Mapped["User"] = relationship()
    versions: Mapped[list["WorkflowVersion"]] = relationship(
        back_populates="workflow", passive_deletes="all"
    )
    runs: Mapped[list["WorkflowRun"]] = relationship(
        back_populates="workflow", passive_deletes="all"
    )
    schedules: Mapped[list["WorkflowSchedule"]] = relationship(
        back_populates="workflow", passive_deletes="all"
    )
    webhooks: Mapped[list["WorkflowWebhook"]] = relationship(
        back_populates="workflow", passive_deletes="all"
    )
    eventSubscriptions: Mapped[list["WorkflowEventSubscription"]] = relationship(
        back_populates="workflow", passive_deletes="all"
    )


class WorkflowVersion(Identified, Created, Base):
    """A numbered state of a workflow's definition."""

    __tablename__ = "workflow_versions"
    __table_args__ = (UniqueConstraint("workflowId", "version"),)

    workflowId: Mapped[str] = mapped_column(
        reference("workflows.id", ondelete="CASCADE"), index=True
    )
    version: Mapped[int]
    description: Mapped[str | None]
    isPublished: Mapped[bool] = mapped_column(server_default=false())
    publishedAt: Mapped[datetime | None]

    workflow: Mapped["Workflow"] = relationship(back_populates="versions")
    steps: Mapped[list["WorkflowStep"]] = relationship(
        back_populates="workflowVersion", passive_deletes="all"
    )


class WorkflowStep(Identified, Created, Base):
    """One step of a version; branches hang below the step that decides."""

    __tablename__ = "workflow_steps"

    workflowVersionId: Mapped[str] = mapped_column(
        reference("workflow_versions.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    type: Mapped[WorkflowStepType]
    sequence: Mapped[int]
    config: Mapped[JsonObject]
    dependencies: Mapped[JsonArray | None]
    parentStepId: Mapped[str | None] = mapped_column(
        reference("workflow_steps.id", ondelete="CASCADE"), index=True
    )
    branchType: Mapped[BranchType | None]
    branchCondition: Mapped[str | None]

    workflowVersion: Mapped["WorkflowVersion"] = relationship(back_populates="steps")
    parentStep: Mapped["WorkflowStep | None"] = relationship(
        remote_side="WorkflowStep.id", back_populates="branches"
    )
    branches: Mapped[list["WorkflowStep"]] = relationship(
        back_populates="parentStep", passive_deletes="all"
    )


class WorkflowRun(Identified, Base):
    """One execution of a workflow."""

    __tablename__ = "workflow_runs"

    workflowId: Mapped[str] = mapped_column(
        reference("workflows.id", ondelete="CASCADE"), index=True
    )
    status: Mapped[WorkflowRunStatus] = mapped_column(index=True)
    startedAt: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP)
    endedAt: Mapped[datetime | None]

    workflow: Mapped["Workflow"] = relationship(back_populates="runs")
    logs: Mapped[list["WorkflowRunLog"]] = relationship(
        back_populates="workflowRun", passive_deletes="all"
    )


class WorkflowRunLog(Identified, Base):
    """A line that a run wrote."""

    __tablename__ = "workflow_run_logs"

    workflowRunId: Mapped[str] = mapped_column(
        reference("workflow_runs.id", ondelete="CASCADE"), index=True
    )
    stepId: Mapped[str | None] = mapped_column(index=True)
    stepStatus: Mapped[StepRunStatus | None]
    message: Mapped[str]
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")
    timestamp: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP)

    workflowRun: Mapped["WorkflowRun"] = relationship(back_populates="logs")


class WorkflowSchedule(Identified, Created, Updated, Base):
    """Times that start a workflow."""

    __tablename__ = "workflow_schedules"
    __table_args__ = (Index(None, "nextRunAt", "isActive"),)

    workflowId: Mapped[str] = mapped_column(
        reference("workflows.id", ondelete="CASCADE"), index=True
    )
    cronExpression: Mapped[str]
    timezone: Mapped[str] = mapped_column(server_default="UTC")
    isActive: Mapped[bool] = mapped_column(server_default=true())
    nextRunAt: Mapped[datetime | None]
    lastRunAt: Mapped[datetime | None]

    workflow: Mapped["Workflow"] = relationship(back_populates="schedules")


class WorkflowWebhook(Identified, Created, Updated, Base):
    """An address that starts a workflow when it is called."""

    __tablename__ = "workflow_webhooks"
    __table_args__ = (Index(None, "webhookToken"),)

    workflowId: Mapped[str] = mapped_column(
        reference("workflows.id", ondelete="CASCADE"), index=True
    )
    webhookToken: Mapped[str] = mapped_column(unique=True)
    secretHash: Mapped[str | None]
    isActive: Mapped[bool] = mapped_column(server_default=true())
    lastTriggeredAt: Mapped[datetime | None]

    workflow: Mapped["Workflow"] = relationship(back_populates="webhooks")


class WorkflowEventSubscription(Identified, Created, Updated, Base):
    """A kind of event that starts a workflow."""

    __tablename__ = "workflow_event_subscriptions"
    __table_args__ = (
        UniqueConstraint("workflowId", "eventType"),
        Index(None, "eventType", "isActive"),
    )

    workflowId: Mapped[str] = mapped_column(reference("workflows.id", ondelete="CASCADE"))
    eventType: Mapped[WorkflowEventType]
    filterConfig: Mapped[JsonObject | None]
    isActive: Mapped[bool] = mapped_column(server_default=true())

    workflow: Mapped["Workflow"] = relationship(back_populates="eventSubscriptions")
