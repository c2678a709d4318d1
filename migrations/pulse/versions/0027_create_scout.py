"""Watch competitors and topics.

5 new tables. Making the foreign keys locks workspaces against writes for an instant. The
downgrade loses every row of them.

Revision ID: 0027
Revises: 0026
Create Date: 2025-08-08 07:05:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.pulse.column_types import TIME, enum

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "scout_competitors",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("platform", enum("SocialPlatform"), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("isActive", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="scout_competitors_pkey"),
        sa.UniqueConstraint(
            "workspaceId",
            "platform",
            "handle",
            name="scout_competitors_workspaceId_platform_handle_key",
        ),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="scout_competitors_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="Somebody else's account that a workspace watches to compare itself with.",
    )
    op.create_index("scout_competitors_workspaceId_idx", "scout_competitors", ["workspaceId"])
    op.create_table(
        "scout_competitor_posts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("competitorId", sa.Text(), nullable=False),
        sa.Column("platformPostId", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("postedAt", TIME, nullable=False),
        sa.Column("likes", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("comments", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("shares", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("metadata", JSONB()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="scout_competitor_posts_pkey"),
        sa.UniqueConstraint(
            "competitorId",
            "platformPostId",
            name="scout_competitor_posts_competitorId_platformPostId_key",
        ),
        sa.ForeignKeyConstraint(
            ["competitorId"],
            ["scout_competitors.id"],
            name="scout_competitor_posts_competitorId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A post of a watched account with what it earned when last read.",
    )
    op.create_index(
        "scout_competitor_posts_competitorId_idx", "scout_competitor_posts", ["competitorId"]
    )
    op.create_index("scout_competitor_posts_postedAt_idx", "scout_competitor_posts", ["postedAt"])
    op.create_table(
        "scout_benchmarks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("ownMetrics", JSONB(), nullable=False),
        sa.Column("competitorMetrics", JSONB(), nullable=False),
        sa.Column("generatedAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="scout_benchmarks_pkey"),
        sa.UniqueConstraint(
            "workspaceId", "period", name="scout_benchmarks_workspaceId_period_key"
        ),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="scout_benchmarks_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="One period's figures of a workspace beside those of its competitors.",
    )
    op.create_index("scout_benchmarks_workspaceId_idx", "scout_benchmarks", ["workspaceId"])
    op.create_table(
        "scout_topics",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("keywords", JSONB(), nullable=False),
        sa.Column("isActive", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="scout_topics_pkey"),
        sa.UniqueConstraint("workspaceId", "name", name="scout_topics_workspaceId_name_key"),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="scout_topics_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A subject that a workspace looks for.",
    )
    op.create_index("scout_topics_workspaceId_idx", "scout_topics", ["workspaceId"])
    op.create_table(
        "scout_results",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("topicId", sa.Text(), nullable=False),
        sa.Column("platform", enum("SocialPlatform"), nullable=False),
        sa.Column("platformId", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("authorUrl", sa.Text()),
        sa.Column("postUrl", sa.Text(), nullable=False),
        sa.Column("engagement", JSONB(), nullable=False),
        sa.Column("foundAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="scout_results_pkey"),
        sa.UniqueConstraint(
            "platform",
            "platformId",
            "topicId",
            name="scout_results_platform_platformId_topicId_key",
        ),
        sa.ForeignKeyConstraint(
            ["topicId"],
            ["scout_topics.id"],
            name="scout_results_topicId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A post found for a topic.",
    )
    op.create_index("scout_results_topicId_idx", "scout_results", ["topicId"])
    op.create_index("scout_results_foundAt_idx", "scout_results", ["foundAt"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("scout_results")
    op.drop_table("scout_topics")
    op.drop_table("scout_benchmarks")
    op.drop_table("scout_competitor_posts")
    op.drop_table("scout_competitors")
