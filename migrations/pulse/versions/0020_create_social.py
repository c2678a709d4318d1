"""Connect social accounts and post to them.

5 new tables. Making the foreign keys locks users and workspaces against writes for an instant.
The downgrade loses every row of them.

Revision ID: 0020
Revises: 0019
Create Date: 2025-06-27 01:40:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum(
        "SocialAccountStatus",
        "ACTIVE",
        "EXPIRED",
        "ERROR",
        "RATE_LIMITED",
        "RESTRICTED",
        "SUSPENDED",
        "DISCONNECTED",
    )
    create_enum(
        "SocialPlatform",
        "TWITTER",
        "LINKEDIN",
        "FACEBOOK",
        "INSTAGRAM",
        "TIKTOK",
        "YOUTUBE",
        "DISCORD",
    )
    create_enum("SocialPostStatus", "DRAFT", "SCHEDULED", "PUBLISHED", "FAILED")
    op.create_table(
        "social_accounts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("platform", enum("SocialPlatform"), nullable=False),
        sa.Column("accountId", sa.Text(), nullable=False),
        sa.Column("accountName", sa.Text(), nullable=False),
        sa.Column("accessTokenEncrypted", sa.Text(), nullable=False),
        sa.Column("refreshTokenEncrypted", sa.Text()),
        sa.Column("tokenExpiresAt", TIME),
        sa.Column("connectedAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("status", enum("SocialAccountStatus"), server_default="ACTIVE", nullable=False),
        sa.Column("metadata", JSONB()),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="social_accounts_pkey"),
        sa.UniqueConstraint(
            "workspaceId",
            "platform",
            "accountId",
            name="social_accounts_workspaceId_platform_accountId_key",
        ),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="social_accounts_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="social_accounts_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="An account at a network that a workspace has connected, with encrypted tokens.",
    )
    op.create_index("social_accounts_userId_idx", "social_accounts", ["userId"])
    op.create_index("social_accounts_workspaceId_idx", "social_accounts", ["workspaceId"])
    op.create_index("social_accounts_status_idx", "social_accounts", ["status"])
    op.create_table(
        "social_posts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("scheduledAt", TIME),
        sa.Column("publishedAt", TIME),
        sa.Column("status", enum("SocialPostStatus"), server_default="DRAFT", nullable=False),
        sa.Column("metadata", JSONB()),
        sa.Column("createdById", sa.Text(), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="social_posts_pkey"),
        sa.ForeignKeyConstraint(
            ["createdById"],
            ["users.id"],
            name="social_posts_createdById_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A post that a user wrote.",
    )
    op.create_index("social_posts_createdById_idx", "social_posts", ["createdById"])
    op.create_index(
        "social_posts_createdById_createdAt_idx", "social_posts", ["createdById", "createdAt"]
    )
    op.create_index("social_posts_status_idx", "social_posts", ["status"])
    op.create_table(
        "social_post_accounts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("postId", sa.Text(), nullable=False),
        sa.Column("accountId", sa.Text(), nullable=False),
        sa.Column("platformPostId", sa.Text()),
        sa.Column("publishedAt", TIME),
        sa.Column("status", enum("SocialPostStatus"), server_default="DRAFT", nullable=False),
        sa.Column("errorMessage", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="social_post_accounts_pkey"),
        sa.UniqueConstraint(
            "postId", "accountId", name="social_post_accounts_postId_accountId_key"
        ),
        sa.ForeignKeyConstraint(
            ["postId"],
            ["social_posts.id"],
            name="social_post_accounts_postId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["accountId"],
            ["social_accounts.id"],
            name="social_post_accounts_accountId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A post's way to one account.",
    )
    op.create_index("social_post_accounts_postId_idx", "social_post_accounts", ["postId"])
    op.create_index("social_post_accounts_accountId_idx", "social_post_accounts", ["accountId"])
    op.create_table(
        "social_metrics",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("accountId", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("followers", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("following", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("postsCount", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("engagementRate", sa.Numeric(5, 4)),
        sa.Column("impressions", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reach", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("likes", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("comments", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("shares", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("rawData", JSONB()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="social_metrics_pkey"),
        sa.UniqueConstraint("accountId", "date", name="social_metrics_accountId_date_key"),
        sa.ForeignKeyConstraint(
            ["accountId"],
            ["social_accounts.id"],
            name="social_metrics_accountId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="The figures of an account on one day.",
    )
    op.create_index("social_metrics_accountId_idx", "social_metrics", ["accountId"])
    op.create_index("social_metrics_date_idx", "social_metrics", ["date"])
    op.create_table(
        "social_metric_anomalies",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("accountId", sa.Text(), nullable=False),
        sa.Column("metricType", sa.Text(), nullable=False),
        sa.Column("detectedAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("currentValue", sa.Double(), nullable=False),
        sa.Column("expectedValue", sa.Double(), nullable=False),
        sa.Column("zScore", sa.Double(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("percentChange", sa.Double(), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="social_metric_anomalies_pkey"),
        sa.ForeignKeyConstraint(
            ["accountId"],
            ["social_accounts.id"],
            name="social_metric_anomalies_accountId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A figure of an account far from what was expected, for the agent to warn of.",
    )
    op.create_index(
        "social_metric_anomalies_accountId_idx", "social_metric_anomalies", ["accountId"]
    )
    op.create_index(
        "social_metric_anomalies_detectedAt_idx", "social_metric_anomalies", ["detectedAt"]
    )
    op.create_index("social_metric_anomalies_severity_idx", "social_metric_anomalies", ["severity"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("social_metric_anomalies")
    op.drop_table("social_metrics")
    op.drop_table("social_post_accounts")
    op.drop_table("social_posts")
    op.drop_table("social_accounts")
    drop_enums("SocialAccountStatus", "SocialPlatform", "SocialPostStatus")
