"""Raise alarms.

3 new tables. Making the foreign keys locks users and workspaces against writes for an instant.
The downgrade loses every row of them.

Revision ID: 0030
Revises: 0029
Create Date: 2025-08-24 10:00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum("CrisisEventStatus", "DETECTED", "ACKNOWLEDGED", "RESOLVED", "FALSE_ALARM")
    create_enum(
        "CrisisRuleType",
        "SENTIMENT_THRESHOLD",
        "ENGAGEMENT_DROP",
        "MENTION_SPIKE",
        "FOLLOWER_DROP",
        "VIRAL_COMPLAINT",
        "MANUAL",
    )
    create_enum("CrisisSeverity", "LOW", "MEDIUM", "HIGH", "CRITICAL")
    op.create_table(
        "crisis_detection_events",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("severity", enum("CrisisSeverity"), nullable=False),
        sa.Column("status", enum("CrisisEventStatus"), server_default="DETECTED", nullable=False),
        sa.Column("triggerType", sa.Text(), nullable=False),
        sa.Column("triggerData", JSONB(), nullable=False),
        sa.Column("affectedAccountIds", ARRAY(sa.Text()), nullable=False),
        sa.Column("acknowledgedAt", TIME),
        sa.Column("acknowledgedById", sa.Text()),
        sa.Column("resolvedAt", TIME),
        sa.Column("resolvedById", sa.Text()),
        sa.Column("responseNotes", sa.Text()),
        sa.Column("detectedAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="crisis_detection_events_pkey"),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="crisis_detection_events_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["acknowledgedById"],
            ["users.id"],
            name="crisis_detection_events_acknowledgedById_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["resolvedById"],
            ["users.id"],
            name="crisis_detection_events_resolvedById_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        comment="An alarm, and who took it up and ended it.",
    )
    op.create_index(
        "crisis_detection_events_workspaceId_idx", "crisis_detection_events", ["workspaceId"]
    )
    op.create_index("crisis_detection_events_status_idx", "crisis_detection_events", ["status"])
    op.create_index("crisis_detection_events_severity_idx", "crisis_detection_events", ["severity"])
    op.create_index(
        "crisis_detection_events_detectedAt_idx", "crisis_detection_events", ["detectedAt"]
    )
    op.create_index(
        "crisis_detection_events_workspaceId_status_idx",
        "crisis_detection_events",
        ["workspaceId", "status"],
    )
    op.create_table(
        "crisis_response_templates",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("platform", enum("SocialPlatform")),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("variables", ARRAY(sa.Text()), nullable=False),
        sa.Column("isActive", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("usageCount", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="crisis_response_templates_pkey"),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="crisis_response_templates_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A prepared answer; for every workspace where none is named.",
    )
    op.create_index(
        "crisis_response_templates_workspaceId_idx", "crisis_response_templates", ["workspaceId"]
    )
    op.create_index(
        "crisis_response_templates_category_idx", "crisis_response_templates", ["category"]
    )
    op.create_index(
        "crisis_response_templates_isActive_idx", "crisis_response_templates", ["isActive"]
    )
    op.create_table(
        "crisis_alert_rules",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("ruleType", enum("CrisisRuleType"), nullable=False),
        sa.Column("conditions", JSONB(), nullable=False),
        sa.Column("severity", enum("CrisisSeverity"), nullable=False),
        sa.Column("notifyChannels", ARRAY(sa.Text()), nullable=False),
        sa.Column("escalateAfterMinutes", sa.Integer()),
        sa.Column("isActive", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="crisis_alert_rules_pkey"),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="crisis_alert_rules_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="When a workspace wants to be alarmed, and by which channels.",
    )
    op.create_index("crisis_alert_rules_workspaceId_idx", "crisis_alert_rules", ["workspaceId"])
    op.create_index("crisis_alert_rules_isActive_idx", "crisis_alert_rules", ["isActive"])
    op.create_index("crisis_alert_rules_ruleType_idx", "crisis_alert_rules", ["ruleType"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("crisis_alert_rules")
    op.drop_table("crisis_response_templates")
    op.drop_table("crisis_detection_events")
    drop_enums("CrisisEventStatus", "CrisisRuleType", "CrisisSeverity")
