"""Count visits and attribute them.

7 new tables. Making the foreign keys locks users against writes for an instant. The downgrade
loses every row of them.

Revision ID: 0013
Revises: 0012
Create Date: 2025-05-20 19:50:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum("AttributionType", "FIRST_TOUCH", "LAST_TOUCH", "LINEAR")
    create_enum("ConversionType", "SIGNUP", "ENHANCEMENT", "PURCHASE")
    op.create_table(
        "visitor_sessions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("visitorId", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text()),
        sa.Column(
            "sessionStart", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False
        ),
        sa.Column("sessionEnd", TIME),
        sa.Column("deviceType", sa.Text()),
        sa.Column("browser", sa.Text()),
        sa.Column("os", sa.Text()),
        sa.Column("ipLocation", sa.Text()),
        sa.Column("referrer", sa.Text()),
        sa.Column("landingPage", sa.Text(), nullable=False),
        sa.Column("exitPage", sa.Text()),
        sa.Column("pageViewCount", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("utmSource", sa.Text()),
        sa.Column("utmMedium", sa.Text()),
        sa.Column("utmCampaign", sa.Text()),
        sa.Column("utmTerm", sa.Text()),
        sa.Column("utmContent", sa.Text()),
        sa.Column("gclid", sa.Text()),
        sa.Column("fbclid", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="visitor_sessions_pkey"),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="visitor_sessions_userId_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        comment="One visit, with where it came from.",
    )
    op.create_index("visitor_sessions_visitorId_idx", "visitor_sessions", ["visitorId"])
    op.create_index("visitor_sessions_userId_idx", "visitor_sessions", ["userId"])
    op.create_index("visitor_sessions_utmCampaign_idx", "visitor_sessions", ["utmCampaign"])
    op.create_index("visitor_sessions_utmSource_idx", "visitor_sessions", ["utmSource"])
    op.create_index("visitor_sessions_sessionStart_idx", "visitor_sessions", ["sessionStart"])
    op.create_table(
        "page_views",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sessionId", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("timestamp", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("timeOnPage", sa.Integer()),
        sa.Column("scrollDepth", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="page_views_pkey"),
        sa.ForeignKeyConstraint(
            ["sessionId"],
            ["visitor_sessions.id"],
            name="page_views_sessionId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A page seen during a visit.",
    )
    op.create_index("page_views_sessionId_timestamp_idx", "page_views", ["sessionId", "timestamp"])
    op.create_index("page_views_path_idx", "page_views", ["path"])
    op.create_table(
        "analytics_events",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sessionId", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text()),
        sa.Column("value", sa.Double()),
        sa.Column("metadata", JSONB()),
        sa.Column("timestamp", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="analytics_events_pkey"),
        sa.ForeignKeyConstraint(
            ["sessionId"],
            ["visitor_sessions.id"],
            name="analytics_events_sessionId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="Something counted during a visit.",
    )
    op.create_index(
        "analytics_events_sessionId_timestamp_idx", "analytics_events", ["sessionId", "timestamp"]
    )
    op.create_index("analytics_events_name_idx", "analytics_events", ["name"])
    op.create_index("analytics_events_category_idx", "analytics_events", ["category"])
    op.create_table(
        "campaign_attributions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("sessionId", sa.Text(), nullable=False),
        sa.Column("conversionId", sa.Text(), nullable=False),
        sa.Column("attributionType", enum("AttributionType"), nullable=False),
        sa.Column("platform", sa.Text()),
        sa.Column("externalCampaignId", sa.Text()),
        sa.Column("utmCampaign", sa.Text()),
        sa.Column("utmSource", sa.Text()),
        sa.Column("utmMedium", sa.Text()),
        sa.Column("conversionType", enum("ConversionType"), nullable=False),
        sa.Column("conversionValue", sa.Double()),
        sa.Column("convertedAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="campaign_attributions_pkey"),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="campaign_attributions_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A share of a conversion given to a campaign.",
    )
    op.create_index("campaign_attributions_userId_idx", "campaign_attributions", ["userId"])
    op.create_index(
        "campaign_attributions_conversionId_idx", "campaign_attributions", ["conversionId"]
    )
    op.create_index(
        "campaign_attributions_utmCampaign_idx", "campaign_attributions", ["utmCampaign"]
    )
    op.create_index(
        "campaign_attributions_externalCampaignId_idx",
        "campaign_attributions",
        ["externalCampaignId"],
    )
    op.create_index(
        "campaign_attributions_convertedAt_idx", "campaign_attributions", ["convertedAt"]
    )
    op.create_index(
        "campaign_attributions_conversionType_idx", "campaign_attributions", ["conversionType"]
    )
    op.create_index(
        "campaign_attributions_attributionType_idx", "campaign_attributions", ["attributionType"]
    )
    op.create_table(
        "campaign_metrics_cache",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("cacheKey", sa.Text(), nullable=False),
        sa.Column("metrics", JSONB(), nullable=False),
        sa.Column("computedAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("expiresAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="campaign_metrics_cache_pkey"),
        sa.UniqueConstraint("cacheKey", name="campaign_metrics_cache_cacheKey_key"),
        comment="Figures of a campaign, computed once and kept for a while.",
    )
    op.create_index("campaign_metrics_cache_cacheKey_idx", "campaign_metrics_cache", ["cacheKey"])
    op.create_index("campaign_metrics_cache_expiresAt_idx", "campaign_metrics_cache", ["expiresAt"])
    op.create_table(
        "campaign_links",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("utmCampaign", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("externalCampaignId", sa.Text(), nullable=False),
        sa.Column("externalCampaignName", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="campaign_links_pkey"),
        sa.UniqueConstraint(
            "utmCampaign", "platform", name="campaign_links_utmCampaign_platform_key"
        ),
        comment="Which outside campaign a UTM name stands for.",
    )
    op.create_index("campaign_links_platform_idx", "campaign_links", ["platform"])
    op.create_index(
        "campaign_links_externalCampaignId_idx", "campaign_links", ["externalCampaignId"]
    )
    op.create_table(
        "tracked_urls",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("label", sa.Text()),
        sa.Column("isActive", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("createdById", sa.Text(), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="tracked_urls_pkey"),
        sa.UniqueConstraint("path", name="tracked_urls_path_key"),
        sa.ForeignKeyConstraint(
            ["createdById"],
            ["users.id"],
            name="tracked_urls_createdById_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A page of the site that is watched.",
    )
    op.create_index("tracked_urls_isActive_idx", "tracked_urls", ["isActive"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("tracked_urls")
    op.drop_table("campaign_links")
    op.drop_table("campaign_metrics_cache")
    op.drop_table("campaign_attributions")
    op.drop_table("analytics_events")
    op.drop_table("page_views")
    op.drop_table("visitor_sessions")
    drop_enums("AttributionType", "ConversionType")
