"""Move advertising budgets.

7 new tables. Making the foreign keys locks workspaces against writes for an instant. The
downgrade loses every row of them.

Revision ID: 0034
Revises: 0033
Create Date: 2025-09-16 14:10:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum("AlertSeverity", "INFO", "WARNING", "CRITICAL")
    create_enum(
        "AllocatorAlertType",
        "BUDGET_FLOOR_HIT",
        "BUDGET_CEILING_HIT",
        "DAILY_LIMIT_REACHED",
        "COOLDOWN_ACTIVE",
        "EMERGENCY_STOP_ACTIVATED",
        "CONSECUTIVE_FAILURES",
        "UNUSUAL_ACTIVITY",
    )
    create_enum(
        "AllocatorDecisionOutcome",
        "APPROVED",
        "REJECTED",
        "EXECUTED",
        "FAILED",
        "SKIPPED",
        "ROLLED_BACK",
    )
    create_enum(
        "AllocatorDecisionType",
        "RECOMMENDATION_GENERATED",
        "RECOMMENDATION_EVALUATED",
        "EXECUTION_STARTED",
        "EXECUTION_COMPLETED",
        "EXECUTION_FAILED",
        "EXECUTION_SKIPPED",
        "ROLLBACK_INITIATED",
        "ROLLBACK_COMPLETED",
        "GUARDRAIL_TRIGGERED",
        "EMERGENCY_STOP",
    )
    create_enum("AllocatorPlatform", "FACEBOOK_ADS", "GOOGLE_ADS", "LINKEDIN_ADS")
    create_enum(
        "AutopilotExecutionStatus",
        "PENDING",
        "EXECUTING",
        "COMPLETED",
        "FAILED",
        "SKIPPED",
        "ROLLED_BACK",
        "PAUSED",
    )
    create_enum("AutopilotMode", "CONSERVATIVE", "MODERATE", "AGGRESSIVE")
    op.create_table(
        "allocator_campaigns",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("platform", enum("AllocatorPlatform"), nullable=False),
        sa.Column("platformCampaignId", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("budget", sa.Numeric(10, 2)),
        sa.Column("spend", sa.Numeric(10, 2), server_default=sa.text("0"), nullable=False),
        sa.Column("metrics", JSONB()),
        sa.Column("lastSyncAt", TIME, nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="allocator_campaigns_pkey"),
        sa.UniqueConstraint(
            "workspaceId",
            "platform",
            "platformCampaignId",
            name="allocator_campaigns_workspaceId_platform_platformCampaignId_key",
        ),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="allocator_campaigns_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A campaign whose budget the allocator knows.",
    )
    op.create_index("allocator_campaigns_workspaceId_idx", "allocator_campaigns", ["workspaceId"])
    op.create_index("allocator_campaigns_platform_idx", "allocator_campaigns", ["platform"])
    op.create_table(
        "allocator_ad_sets",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("campaignId", sa.Text(), nullable=False),
        sa.Column("platformAdSetId", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("budget", sa.Numeric(10, 2)),
        sa.Column("spend", sa.Numeric(10, 2), server_default=sa.text("0"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="allocator_ad_sets_pkey"),
        sa.UniqueConstraint(
            "campaignId", "platformAdSetId", name="allocator_ad_sets_campaignId_platformAdSetId_key"
        ),
        sa.ForeignKeyConstraint(
            ["campaignId"],
            ["allocator_campaigns.id"],
            name="allocator_ad_sets_campaignId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A part of a campaign with a budget of its own.",
    )
    op.create_index("allocator_ad_sets_campaignId_idx", "allocator_ad_sets", ["campaignId"])
    op.create_table(
        "allocator_autopilot_configs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("campaignId", sa.Text()),
        sa.Column("isEnabled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("mode", enum("AutopilotMode"), server_default="CONSERVATIVE", nullable=False),
        sa.Column(
            "maxDailyBudgetChange",
            sa.Numeric(10, 2),
            server_default=sa.text("10.0"),
            nullable=False,
        ),
        sa.Column(
            "maxSingleChange", sa.Numeric(10, 2), server_default=sa.text("5.0"), nullable=False
        ),
        sa.Column("minRoasThreshold", sa.Numeric(10, 2)),
        sa.Column("maxCpaThreshold", sa.Numeric(10, 2)),
        sa.Column("pauseOnAnomaly", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("requireApprovalAbove", sa.Numeric(10, 2)),
        sa.Column("encryptedSettings", sa.Text()),
        sa.Column("minBudget", sa.Numeric(12, 2)),
        sa.Column("maxBudget", sa.Numeric(12, 2)),
        sa.Column("cooldownMinutes", sa.Integer(), server_default=sa.text("60"), nullable=False),
        sa.Column(
            "isEmergencyStopped", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("emergencyStoppedAt", TIME),
        sa.Column("emergencyStoppedBy", sa.Text()),
        sa.Column("emergencyStopReason", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="allocator_autopilot_configs_pkey"),
        sa.UniqueConstraint(
            "workspaceId",
            "campaignId",
            name="allocator_autopilot_configs_workspaceId_campaignId_key",
        ),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="allocator_autopilot_configs_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["campaignId"],
            ["allocator_campaigns.id"],
            name="allocator_autopilot_configs_campaignId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="How far the autopilot may go, for a workspace or for one of its campaigns.",
    )
    op.create_index(
        "allocator_autopilot_configs_workspaceId_idx",
        "allocator_autopilot_configs",
        ["workspaceId"],
    )
    op.create_index(
        "allocator_autopilot_configs_campaignId_idx", "allocator_autopilot_configs", ["campaignId"]
    )
    op.create_table(
        "allocator_guardrail_alerts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("campaignId", sa.Text()),
        sa.Column("alertType", enum("AllocatorAlertType"), nullable=False),
        sa.Column("severity", enum("AlertSeverity"), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("metadata", JSONB()),
        sa.Column("acknowledged", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("acknowledgedAt", TIME),
        sa.Column("acknowledgedBy", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="allocator_guardrail_alerts_pkey"),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="allocator_guardrail_alerts_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["campaignId"],
            ["allocator_campaigns.id"],
            name="allocator_guardrail_alerts_campaignId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A rail that was touched.",
    )
    op.create_index(
        "allocator_guardrail_alerts_workspaceId_createdAt_idx",
        "allocator_guardrail_alerts",
        ["workspaceId", "createdAt"],
    )
    op.create_index(
        "allocator_guardrail_alerts_workspaceId_acknowledged_idx",
        "allocator_guardrail_alerts",
        ["workspaceId", "acknowledged"],
    )
    op.create_index(
        "allocator_guardrail_alerts_alertType_idx", "allocator_guardrail_alerts", ["alertType"]
    )
    op.create_table(
        "allocator_autopilot_executions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("campaignId", sa.Text(), nullable=False),
        sa.Column("recommendationId", sa.Text()),
        sa.Column("recommendationType", sa.Text(), nullable=False),
        sa.Column("status", enum("AutopilotExecutionStatus"), nullable=False),
        sa.Column("previousBudget", sa.Numeric(10, 2), nullable=False),
        sa.Column("newBudget", sa.Numeric(10, 2), nullable=False),
        sa.Column("budgetChange", sa.Numeric(10, 2), nullable=False),
        sa.Column("executedAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("metadata", JSONB()),
        sa.Column("rollbackOfId", sa.Text()),
        sa.Column("rolledBackAt", TIME),
        sa.Column("rolledBackReason", sa.Text()),
        sa.Column("rolledBackByUserId", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="allocator_autopilot_executions_pkey"),
        sa.UniqueConstraint("rollbackOfId", name="allocator_autopilot_executions_rollbackOfId_key"),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="allocator_autopilot_executions_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["campaignId"],
            ["allocator_campaigns.id"],
            name="allocator_autopilot_executions_campaignId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["rollbackOfId"],
            ["allocator_autopilot_executions.id"],
            name="allocator_autopilot_executions_rollbackOfId_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        comment="A budget changed by the autopilot; taking one back is another one.",
    )
    op.create_index(
        "allocator_autopilot_executions_workspaceId_idx",
        "allocator_autopilot_executions",
        ["workspaceId"],
    )
    op.create_index(
        "allocator_autopilot_executions_campaignId_idx",
        "allocator_autopilot_executions",
        ["campaignId"],
    )
    op.create_index(
        "allocator_autopilot_executions_executedAt_idx",
        "allocator_autopilot_executions",
        ["executedAt"],
    )
    op.create_table(
        "allocator_daily_budget_moves",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("campaignId", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("totalMoved", sa.Numeric(10, 2), server_default=sa.text("0"), nullable=False),
        sa.Column("netChange", sa.Numeric(10, 2), server_default=sa.text("0"), nullable=False),
        sa.Column("executionCount", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="allocator_daily_budget_moves_pkey"),
        sa.UniqueConstraint(
            "campaignId", "date", name="allocator_daily_budget_moves_campaignId_date_key"
        ),
        sa.ForeignKeyConstraint(
            ["campaignId"],
            ["allocator_campaigns.id"],
            name="allocator_daily_budget_moves_campaignId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="What was moved in a campaign on one day.",
    )
    op.create_index(
        "allocator_daily_budget_moves_campaignId_idx",
        "allocator_daily_budget_moves",
        ["campaignId"],
    )
    op.create_table(
        "allocator_audit_logs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("campaignId", sa.Text()),
        sa.Column("decisionType", enum("AllocatorDecisionType"), nullable=False),
        sa.Column("decisionOutcome", enum("AllocatorDecisionOutcome"), nullable=False),
        sa.Column("recommendationSnapshot", JSONB()),
        sa.Column("performanceSnapshot", JSONB()),
        sa.Column("configSnapshot", JSONB()),
        sa.Column("guardrailEvaluation", JSONB()),
        sa.Column("previousState", JSONB()),
        sa.Column("newState", JSONB()),
        sa.Column("aiReasoning", sa.Text()),
        sa.Column("supportingData", JSONB()),
        sa.Column("confidence", sa.Text()),
        sa.Column("executionId", sa.Text()),
        sa.Column("triggeredBy", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text()),
        sa.Column("correlationId", sa.Text(), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="allocator_audit_logs_pkey"),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="allocator_audit_logs_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["executionId"],
            ["allocator_autopilot_executions.id"],
            name="allocator_audit_logs_executionId_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        comment="A decision of the allocator with all it was based on.",
    )
    op.create_index(
        "allocator_audit_logs_workspaceId_createdAt_idx",
        "allocator_audit_logs",
        ["workspaceId", "createdAt"],
    )
    op.create_index(
        "allocator_audit_logs_campaignId_createdAt_idx",
        "allocator_audit_logs",
        ["campaignId", "createdAt"],
    )
    op.create_index(
        "allocator_audit_logs_decisionType_idx", "allocator_audit_logs", ["decisionType"]
    )
    op.create_index(
        "allocator_audit_logs_correlationId_idx", "allocator_audit_logs", ["correlationId"]
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("allocator_audit_logs")
    op.drop_table("allocator_daily_budget_moves")
    op.drop_table("allocator_autopilot_executions")
    op.drop_table("allocator_guardrail_alerts")
    op.drop_table("allocator_autopilot_configs")
    op.drop_table("allocator_ad_sets")
    op.drop_table("allocator_campaigns")
    drop_enums(
        "AlertSeverity",
        "AllocatorAlertType",
        "AllocatorDecisionOutcome",
        "AllocatorDecisionType",
        "AllocatorPlatform",
        "AutopilotExecutionStatus",
        "AutopilotMode",
    )
