"""Automate.

8 new tables. Making the foreign keys locks users and workspaces against writes for an instant.
The downgrade loses every row of them.

Revision ID: 0035
Revises: 0034
Create Date: 2025-09-23 14:10:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum("BranchType", "IF_TRUE", "IF_FALSE", "SWITCH_CASE", "DEFAULT")
    create_enum("StepRunStatus", "PENDING", "RUNNING", "COMPLETED", "FAILED", "SKIPPED")
    create_enum(
        "WorkflowEventType",
        "MENTION_RECEIVED",
        "ENGAGEMENT_THRESHOLD",
        "FOLLOWER_MILESTONE",
        "CRISIS_DETECTED",
        "POST_PUBLISHED",
        "INBOX_ITEM_RECEIVED",
    )
    create_enum("WorkflowRunStatus", "RUNNING", "COMPLETED", "FAILED", "CANCELLED")
    create_enum("WorkflowStatus", "DRAFT", "ACTIVE", "ARCHIVED")
    create_enum("WorkflowStepType", "TRIGGER", "ACTION", "CONDITION")
    op.create_table(
        "workflows",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("status", enum("WorkflowStatus"), server_default="DRAFT", nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("createdById", sa.Text(), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="workflows_pkey"),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="workflows_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["createdById"],
            ["users.id"],
            name="workflows_createdById_fkey",
            ondelete="RESTRICT",
            onupdate="CASCADE",
        ),
        comment="An automation of a workspace.",
    )
    op.create_index("workflows_workspaceId_idx", "workflows", ["workspaceId"])
    op.create_index("workflows_createdById_idx", "workflows", ["createdById"])
    op.create_index("workflows_status_idx", "workflows", ["status"])
    op.create_table(
        "workflow_versions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workflowId", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("isPublished", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("publishedAt", TIME),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="workflow_versions_pkey"),
        sa.UniqueConstraint(
            "workflowId", "version", name="workflow_versions_workflowId_version_key"
        ),
        sa.ForeignKeyConstraint(
            ["workflowId"],
            ["workflows.id"],
            name="workflow_versions_workflowId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A numbered state of a workflow's definition.",
    )
    op.create_index("workflow_versions_workflowId_idx", "workflow_versions", ["workflowId"])
    op.create_table(
        "workflow_steps",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workflowVersionId", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", enum("WorkflowStepType"), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("config", JSONB(), nullable=False),
        sa.Column("dependencies", JSONB()),
        sa.Column("parentStepId", sa.Text()),
        sa.Column("branchType", enum("BranchType")),
        sa.Column("branchCondition", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="workflow_steps_pkey"),
        sa.ForeignKeyConstraint(
            ["workflowVersionId"],
            ["workflow_versions.id"],
            name="workflow_steps_workflowVersionId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["parentStepId"],
            ["workflow_steps.id"],
            name="workflow_steps_parentStepId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="One step of a version; branches hang below the step that decides.",
    )
    op.create_index("workflow_steps_workflowVersionId_idx", "workflow_steps", ["workflowVersionId"])
    op.create_index("workflow_steps_parentStepId_idx", "workflow_steps", ["parentStepId"])
    op.create_table(
        "workflow_runs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workflowId", sa.Text(), nullable=False),
        sa.Column("status", enum("WorkflowRunStatus"), nullable=False),
        sa.Column("startedAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("endedAt", TIME),
        sa.PrimaryKeyConstraint("id", name="workflow_runs_pkey"),
        sa.ForeignKeyConstraint(
            ["workflowId"],
            ["workflows.id"],
            name="workflow_runs_workflowId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="One execution of a workflow.",
    )
    op.create_index("workflow_runs_workflowId_idx", "workflow_runs", ["workflowId"])
    op.create_index("workflow_runs_status_idx", "workflow_runs", ["status"])
    op.create_table(
        "workflow_run_logs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workflowRunId", sa.Text(), nullable=False),
        sa.Column("stepId", sa.Text()),
        sa.Column("stepStatus", enum("StepRunStatus")),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("metadata", JSONB()),
        sa.Column("timestamp", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="workflow_run_logs_pkey"),
        sa.ForeignKeyConstraint(
            ["workflowRunId"],
            ["workflow_runs.id"],
            name="workflow_run_logs_workflowRunId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A line that a run wrote.",
    )
    op.create_index("workflow_run_logs_workflowRunId_idx", "workflow_run_logs", ["workflowRunId"])
    op.create_index("workflow_run_logs_stepId_idx", "workflow_run_logs", ["stepId"])
    op.create_table(
        "workflow_schedules",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workflowId", sa.Text(), nullable=False),
        sa.Column("cronExpression", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), server_default="UTC", nullable=False),
        sa.Column("isActive", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("nextRunAt", TIME),
        sa.Column("lastRunAt", TIME),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="workflow_schedules_pkey"),
        sa.ForeignKeyConstraint(
            ["workflowId"],
            ["workflows.id"],
            name="workflow_schedules_workflowId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="Times that start a workflow.",
    )
    op.create_index("workflow_schedules_workflowId_idx", "workflow_schedules", ["workflowId"])
    op.create_index(
        "workflow_schedules_nextRunAt_isActive_idx", "workflow_schedules", ["nextRunAt", "isActive"]
    )
    op.create_table(
        "workflow_webhooks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workflowId", sa.Text(), nullable=False),
        sa.Column("webhookToken", sa.Text(), nullable=False),
        sa.Column("secretHash", sa.Text()),
        sa.Column("isActive", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("lastTriggeredAt", TIME),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="workflow_webhooks_pkey"),
        sa.UniqueConstraint("webhookToken", name="workflow_webhooks_webhookToken_key"),
        sa.ForeignKeyConstraint(
            ["workflowId"],
            ["workflows.id"],
            name="workflow_webhooks_workflowId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="An address that starts a workflow when it is called.",
    )
    op.create_index("workflow_webhooks_workflowId_idx", "workflow_webhooks", ["workflowId"])
    op.create_index("workflow_webhooks_webhookToken_idx", "workflow_webhooks", ["webhookToken"])
    op.create_table(
        "workflow_event_subscriptions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workflowId", sa.Text(), nullable=False),
        sa.Column("eventType", enum("WorkflowEventType"), nullable=False),
        sa.Column("filterConfig", JSONB()),
        sa.Column("isActive", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="workflow_event_subscriptions_pkey"),
        sa.UniqueConstraint(
            "workflowId", "eventType", name="workflow_event_subscriptions_workflowId_eventType_key"
        ),
        sa.ForeignKeyConstraint(
            ["workflowId"],
            ["workflows.id"],
            name="workflow_event_subscriptions_workflowId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A kind of event that starts a workflow.",
    )
    op.create_index(
        "workflow_event_subscriptions_eventType_isActive_idx",
        "workflow_event_subscriptions",
        ["eventType", "isActive"],
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("workflow_event_subscriptions")
    op.drop_table("workflow_webhooks")
    op.drop_table("workflow_schedules")
    op.drop_table("workflow_run_logs")
    op.drop_table("workflow_runs")
    op.drop_table("workflow_steps")
    op.drop_table("workflow_versions")
    op.drop_table("workflows")
    drop_enums(
        "BranchType",
        "StepRunStatus",
        "WorkflowEventType",
        "WorkflowRunStatus",
        "WorkflowStatus",
        "WorkflowStepType",
    )
