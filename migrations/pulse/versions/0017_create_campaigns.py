"""Write briefs and connect advertising accounts.

5 new tables. Making the foreign keys locks users against writes for an instant. The downgrade
loses every row of them.

Revision ID: 0017
Revises: 0016
Create Date: 2025-06-12 22:45:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum("MarketingPlatform", "FACEBOOK", "GOOGLE_ADS")
    create_enum("ObjectiveType", "AWARENESS", "ENGAGEMENT", "CONVERSION", "RETENTION", "ADVOCACY")
    op.create_table(
        "campaign_briefs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("targetAudience", JSONB(), nullable=False),
        sa.Column("campaignObjectives", JSONB(), nullable=False),
        sa.Column("status", sa.Text(), server_default="DRAFT", nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="campaign_briefs_pkey"),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="campaign_briefs_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="What a campaign is to reach and with whom.",
    )
    op.create_index("campaign_briefs_userId_idx", "campaign_briefs", ["userId"])
    op.create_table(
        "campaign_target_audiences",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("briefId", sa.Text(), nullable=False),
        sa.Column("ageMin", sa.Integer()),
        sa.Column("ageMax", sa.Integer()),
        sa.Column("genders", ARRAY(sa.Text()), nullable=False),
        sa.Column("locations", ARRAY(sa.Text()), nullable=False),
        sa.Column("interests", ARRAY(sa.Text()), nullable=False),
        sa.Column("behaviors", ARRAY(sa.Text()), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="campaign_target_audiences_pkey"),
        sa.UniqueConstraint("briefId", name="campaign_target_audiences_briefId_key"),
        sa.ForeignKeyConstraint(
            ["briefId"],
            ["campaign_briefs.id"],
            name="campaign_target_audiences_briefId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="The people a brief is written for, one description each.",
    )
    op.create_table(
        "campaign_objectives",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("briefId", sa.Text(), nullable=False),
        sa.Column("type", enum("ObjectiveType"), nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("targetValue", sa.Double()),
        sa.Column("deadline", TIME),
        sa.Column("priority", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="campaign_objectives_pkey"),
        sa.ForeignKeyConstraint(
            ["briefId"],
            ["campaign_briefs.id"],
            name="campaign_objectives_briefId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="One measurable aim of a brief.",
    )
    op.create_index("campaign_objectives_briefId_idx", "campaign_objectives", ["briefId"])
    op.create_table(
        "marketing_accounts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("platform", enum("MarketingPlatform"), nullable=False),
        sa.Column("accountId", sa.Text(), nullable=False),
        sa.Column("accountName", sa.Text()),
        sa.Column("accessToken", sa.Text(), nullable=False),
        sa.Column("refreshToken", sa.Text()),
        sa.Column("expiresAt", TIME),
        sa.Column("isActive", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="marketing_accounts_pkey"),
        sa.UniqueConstraint(
            "userId",
            "platform",
            "accountId",
            name="marketing_accounts_userId_platform_accountId_key",
        ),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="marketing_accounts_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A user's account at an advertising platform.",
    )
    op.create_index("marketing_accounts_userId_idx", "marketing_accounts", ["userId"])
    op.create_index("marketing_accounts_platform_idx", "marketing_accounts", ["platform"])
    op.create_table(
        "google_ads_campaigns",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("marketingAccountId", sa.Text(), nullable=False),
        sa.Column("campaignId", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("spend", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="google_ads_campaigns_pkey"),
        sa.UniqueConstraint("campaignId", name="google_ads_campaigns_campaignId_key"),
        sa.ForeignKeyConstraint(
            ["marketingAccountId"],
            ["marketing_accounts.id"],
            name="google_ads_campaigns_marketingAccountId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A campaign as Google Ads reports it.",
    )
    op.create_index(
        "google_ads_campaigns_marketingAccountId_idx",
        "google_ads_campaigns",
        ["marketingAccountId"],
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("google_ads_campaigns")
    op.drop_table("marketing_accounts")
    op.drop_table("campaign_objectives")
    op.drop_table("campaign_target_audiences")
    op.drop_table("campaign_briefs")
    drop_enums("MarketingPlatform", "ObjectiveType")
