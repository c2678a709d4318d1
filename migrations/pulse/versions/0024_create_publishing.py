"""Plan posts in a calendar.

5 new tables. Making the foreign keys locks social_accounts, users and workspaces against writes
for an instant. The downgrade loses every row of them.

Revision ID: 0024
Revises: 0023
Create Date: 2025-07-20 05:50:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum("ContentSuggestionStatus", "PENDING", "ACCEPTED", "REJECTED", "MODIFIED")
    create_enum(
        "ScheduledPostStatus",
        "DRAFT",
        "PENDING",
        "SCHEDULED",
        "PUBLISHING",
        "PUBLISHED",
        "FAILED",
        "CANCELLED",
    )
    create_enum("SuggestionContentType", "POST", "THREAD", "STORY", "REEL", "ARTICLE")
    create_enum("SuggestionStatus", "PENDING", "ACCEPTED", "DISMISSED", "USED")
    op.create_table(
        "scheduled_posts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("scheduledAt", TIME, nullable=False),
        sa.Column("timezone", sa.Text(), server_default="UTC", nullable=False),
        sa.Column("recurrenceRule", sa.Text()),
        sa.Column("recurrenceEndAt", TIME),
        sa.Column("status", enum("ScheduledPostStatus"), server_default="DRAFT", nullable=False),
        sa.Column("metadata", JSONB()),
        sa.Column("publishedAt", TIME),
        sa.Column("errorMessage", sa.Text()),
        sa.Column("retryCount", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("maxRetries", sa.Integer(), server_default=sa.text("3"), nullable=False),
        sa.Column("lastAttemptAt", TIME),
        sa.Column("nextOccurrenceAt", TIME),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("createdById", sa.Text(), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="scheduled_posts_pkey"),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="scheduled_posts_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["createdById"],
            ["users.id"],
            name="scheduled_posts_createdById_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A post in the calendar, once or by a rule that repeats it.",
    )
    op.create_index("scheduled_posts_workspaceId_idx", "scheduled_posts", ["workspaceId"])
    op.create_index(
        "scheduled_posts_workspaceId_scheduledAt_idx",
        "scheduled_posts",
        ["workspaceId", "scheduledAt"],
    )
    op.create_index(
        "scheduled_posts_workspaceId_status_idx", "scheduled_posts", ["workspaceId", "status"]
    )
    op.create_index("scheduled_posts_createdById_idx", "scheduled_posts", ["createdById"])
    op.create_index("scheduled_posts_status_idx", "scheduled_posts", ["status"])
    op.create_index("scheduled_posts_scheduledAt_idx", "scheduled_posts", ["scheduledAt"])
    op.create_index("scheduled_posts_nextOccurrenceAt_idx", "scheduled_posts", ["nextOccurrenceAt"])
    op.create_table(
        "scheduled_post_accounts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("postId", sa.Text(), nullable=False),
        sa.Column("accountId", sa.Text(), nullable=False),
        sa.Column("platformPostId", sa.Text()),
        sa.Column("publishedAt", TIME),
        sa.Column("status", enum("ScheduledPostStatus"), server_default="DRAFT", nullable=False),
        sa.Column("errorMessage", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="scheduled_post_accounts_pkey"),
        sa.UniqueConstraint(
            "postId", "accountId", name="scheduled_post_accounts_postId_accountId_key"
        ),
        sa.ForeignKeyConstraint(
            ["postId"],
            ["scheduled_posts.id"],
            name="scheduled_post_accounts_postId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["accountId"],
            ["social_accounts.id"],
            name="scheduled_post_accounts_accountId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A scheduled post's way to one of several accounts.",
    )
    op.create_index("scheduled_post_accounts_postId_idx", "scheduled_post_accounts", ["postId"])
    op.create_index(
        "scheduled_post_accounts_accountId_idx", "scheduled_post_accounts", ["accountId"]
    )
    op.create_index("scheduled_post_accounts_status_idx", "scheduled_post_accounts", ["status"])
    op.create_table(
        "posting_time_recommendations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("accountId", sa.Text(), nullable=False),
        sa.Column("dayOfWeek", sa.Integer(), nullable=False),
        sa.Column("hourUtc", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("confidence", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("lastUpdated", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="posting_time_recommendations_pkey"),
        sa.UniqueConstraint(
            "accountId",
            "dayOfWeek",
            "hourUtc",
            name="posting_time_recommendations_accountId_dayOfWeek_hourUtc_key",
        ),
        sa.ForeignKeyConstraint(
            ["accountId"],
            ["social_accounts.id"],
            name="posting_time_recommendations_accountId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="How good an hour of the week is for an account, learnt from earlier posts.",
    )
    op.create_index(
        "posting_time_recommendations_accountId_idx", "posting_time_recommendations", ["accountId"]
    )
    op.create_index(
        "posting_time_recommendations_score_idx", "posting_time_recommendations", ["score"]
    )
    op.create_table(
        "calendar_content_suggestions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("suggestedFor", TIME, nullable=False),
        sa.Column("platform", enum("SocialPlatform"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "status", enum("ContentSuggestionStatus"), server_default="PENDING", nullable=False
        ),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("keywords", ARRAY(sa.Text()), nullable=False),
        sa.Column("metadata", JSONB()),
        sa.Column("acceptedAt", TIME),
        sa.Column("rejectedAt", TIME),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="calendar_content_suggestions_pkey"),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="calendar_content_suggestions_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="An idea for a free place in the calendar.",
    )
    op.create_index(
        "calendar_content_suggestions_workspaceId_idx",
        "calendar_content_suggestions",
        ["workspaceId"],
    )
    op.create_index(
        "calendar_content_suggestions_status_idx", "calendar_content_suggestions", ["status"]
    )
    op.create_index(
        "calendar_content_suggestions_suggestedFor_idx",
        "calendar_content_suggestions",
        ["suggestedFor"],
    )
    op.create_index(
        "calendar_content_suggestions_platform_idx", "calendar_content_suggestions", ["platform"]
    )
    op.create_table(
        "content_suggestions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("draftContent", sa.Text(), nullable=False),
        sa.Column("contentType", enum("SuggestionContentType"), nullable=False),
        sa.Column("suggestedPlatforms", ARRAY(sa.Text()), nullable=False),
        sa.Column("trendData", ARRAY(JSONB()), nullable=False),
        sa.Column("relevanceScore", sa.Double(), nullable=False),
        sa.Column("timelinessScore", sa.Double(), nullable=False),
        sa.Column("brandAlignmentScore", sa.Double(), nullable=False),
        sa.Column("overallScore", sa.Double(), nullable=False),
        sa.Column("status", enum("SuggestionStatus"), server_default="PENDING", nullable=False),
        sa.Column("generatedAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("expiresAt", TIME),
        sa.Column("usedAt", TIME),
        sa.Column("dismissedAt", TIME),
        sa.Column("dismissalReason", sa.Text()),
        sa.Column("feedback", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="content_suggestions_pkey"),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="content_suggestions_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A drafted idea drawn from trends and competitors, with the scores that rank it.",
    )
    op.create_index(
        "content_suggestions_workspaceId_status_idx",
        "content_suggestions",
        ["workspaceId", "status"],
    )
    op.create_index(
        "content_suggestions_workspaceId_overallScore_idx",
        "content_suggestions",
        ["workspaceId", "overallScore"],
    )
    op.create_index("content_suggestions_expiresAt_idx", "content_suggestions", ["expiresAt"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("content_suggestions")
    op.drop_table("calendar_content_suggestions")
    op.drop_table("posting_time_recommendations")
    op.drop_table("scheduled_post_accounts")
    op.drop_table("scheduled_posts")
    drop_enums(
        "ContentSuggestionStatus",
        "ScheduledPostStatus",
        "SuggestionContentType",
        "SuggestionStatus",
    )
