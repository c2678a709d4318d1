"""Watch the health of connected accounts.

3 new tables. Making the foreign keys locks social_accounts and users against writes for an
instant. The downgrade loses every row of them.

Revision ID: 0021
Revises: 0020
Create Date: 2025-07-06 02:05:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum(
        "AccountHealthEventType",
        "STATUS_CHANGED",
        "SCORE_DECREASED",
        "SCORE_RECOVERED",
        "RATE_LIMIT_HIT",
        "RATE_LIMIT_CLEARED",
        "ERROR_OCCURRED",
        "ERROR_RESOLVED",
        "TOKEN_REFRESHED",
        "TOKEN_EXPIRED",
        "ACCOUNT_RECOVERED",
        "MANUAL_INTERVENTION",
    )
    create_enum("AccountHealthStatus", "HEALTHY", "DEGRADED", "UNHEALTHY", "CRITICAL")
    create_enum(
        "AccountIssueType",
        "TOKEN_EXPIRED",
        "TOKEN_EXPIRING_SOON",
        "RATE_LIMITED",
        "API_ERROR",
        "PERMISSION_DENIED",
        "ACCOUNT_RESTRICTED",
        "ACCOUNT_SUSPENDED",
        "SYNC_FAILED",
        "CONNECTION_LOST",
        "QUOTA_EXCEEDED",
    )
    create_enum("IssueSeverity", "INFO", "WARNING", "ERROR", "CRITICAL")
    op.create_table(
        "social_account_health",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("accountId", sa.Text(), nullable=False),
        sa.Column("healthScore", sa.Integer(), server_default=sa.text("100"), nullable=False),
        sa.Column("status", enum("AccountHealthStatus"), server_default="HEALTHY", nullable=False),
        sa.Column("lastSuccessfulSync", TIME),
        sa.Column("lastSyncAttempt", TIME),
        sa.Column("lastError", sa.Text()),
        sa.Column("lastErrorAt", TIME),
        sa.Column("consecutiveErrors", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("totalErrorsLast24h", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("rateLimitRemaining", sa.Integer()),
        sa.Column("rateLimitTotal", sa.Integer()),
        sa.Column("rateLimitResetAt", TIME),
        sa.Column("isRateLimited", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("tokenExpiresAt", TIME),
        sa.Column(
            "tokenRefreshRequired", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="social_account_health_pkey"),
        sa.UniqueConstraint("accountId", name="social_account_health_accountId_key"),
        sa.ForeignKeyConstraint(
            ["accountId"],
            ["social_accounts.id"],
            name="social_account_health_accountId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="The present state of a connected account: syncing, limits, token.",
    )
    op.create_index("social_account_health_accountId_idx", "social_account_health", ["accountId"])
    op.create_index("social_account_health_status_idx", "social_account_health", ["status"])
    op.create_index(
        "social_account_health_healthScore_idx", "social_account_health", ["healthScore"]
    )
    op.create_table(
        "account_health_events",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("accountId", sa.Text(), nullable=False),
        sa.Column("eventType", enum("AccountHealthEventType"), nullable=False),
        sa.Column("severity", enum("IssueSeverity"), nullable=False),
        sa.Column("previousStatus", enum("AccountHealthStatus")),
        sa.Column("newStatus", enum("AccountHealthStatus"), nullable=False),
        sa.Column("previousScore", sa.Integer()),
        sa.Column("newScore", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("details", JSONB()),
        sa.Column("resolvedAt", TIME),
        sa.Column("resolvedById", sa.Text()),
        sa.Column("resolutionNotes", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="account_health_events_pkey"),
        sa.ForeignKeyConstraint(
            ["accountId"],
            ["social_accounts.id"],
            name="account_health_events_accountId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["resolvedById"],
            ["users.id"],
            name="account_health_events_resolvedById_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        comment="A change in the state of a connected account.",
    )
    op.create_index(
        "account_health_events_accountId_createdAt_idx",
        "account_health_events",
        ["accountId", "createdAt"],
    )
    op.create_index("account_health_events_eventType_idx", "account_health_events", ["eventType"])
    op.create_index("account_health_events_severity_idx", "account_health_events", ["severity"])
    op.create_table(
        "recovery_guidance",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("platform", enum("SocialPlatform")),
        sa.Column("issueType", enum("AccountIssueType"), nullable=False),
        sa.Column("severity", enum("IssueSeverity"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("steps", JSONB(), nullable=False),
        sa.Column("estimatedTime", sa.Text()),
        sa.Column("requiresAction", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("autoRecoverable", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="recovery_guidance_pkey"),
        sa.UniqueConstraint(
            "platform", "issueType", name="recovery_guidance_platform_issueType_key"
        ),
        comment="Steps that mend a known kind of trouble, for one network or for any.",
    )
    op.create_index("recovery_guidance_issueType_idx", "recovery_guidance", ["issueType"])
    op.create_index("recovery_guidance_severity_idx", "recovery_guidance", ["severity"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("recovery_guidance")
    op.drop_table("account_health_events")
    op.drop_table("social_account_health")
    drop_enums("AccountHealthEventType", "AccountHealthStatus", "AccountIssueType", "IssueSeverity")
