"""Answer what people write.

6 new tables. Making the foreign keys locks social_accounts, users, workspace_members and
workspaces against writes for an instant. The downgrade loses every row of them.

Revision ID: 0025
Revises: 0024
Create Date: 2025-07-29 05:50:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum(
        "DraftAuditAction",
        "CREATED",
        "VIEWED",
        "EDITED",
        "APPROVED",
        "REJECTED",
        "SENT",
        "SEND_FAILED",
        "REGENERATED",
    )
    create_enum(
        "DraftEditType",
        "MINOR_TWEAK",
        "TONE_ADJUSTMENT",
        "CONTENT_REVISION",
        "COMPLETE_REWRITE",
        "PLATFORM_FORMATTING",
    )
    create_enum(
        "EscalationEventType",
        "ESCALATED",
        "DE_ESCALATED",
        "ASSIGNED",
        "SLA_WARNING",
        "SLA_BREACH",
        "RESOLVED",
    )
    create_enum("EscalationStatus", "NONE", "PENDING", "ESCALATED", "RESOLVED")
    create_enum("EscalationTrigger", "SENTIMENT", "PRIORITY", "SLA_TIMEOUT", "MANUAL", "RULE")
    create_enum(
        "InboxItemStatus", "UNREAD", "READ", "PENDING_REPLY", "REPLIED", "ARCHIVED", "IGNORED"
    )
    create_enum("InboxItemType", "MENTION", "COMMENT", "DIRECT_MESSAGE", "REPLY", "REVIEW")
    create_enum("InboxSentiment", "POSITIVE", "NEGATIVE", "NEUTRAL", "MIXED")
    create_enum("RelayDraftStatus", "PENDING", "APPROVED", "REJECTED", "SENT", "FAILED")
    op.create_table(
        "inbox_items",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", enum("InboxItemType"), nullable=False),
        sa.Column("status", enum("InboxItemStatus"), server_default="UNREAD", nullable=False),
        sa.Column("platform", enum("SocialPlatform"), nullable=False),
        sa.Column("platformItemId", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("senderName", sa.Text(), nullable=False),
        sa.Column("senderHandle", sa.Text()),
        sa.Column("senderAvatarUrl", sa.Text()),
        sa.Column("originalPostId", sa.Text()),
        sa.Column("originalPostContent", sa.Text()),
        sa.Column("metadata", JSONB()),
        sa.Column("receivedAt", TIME, nullable=False),
        sa.Column("readAt", TIME),
        sa.Column("repliedAt", TIME),
        sa.Column("resolvedAt", TIME),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("accountId", sa.Text(), nullable=False),
        sa.Column("assignedToId", sa.Text()),
        sa.Column("sentiment", enum("InboxSentiment")),
        sa.Column("sentimentScore", sa.Double()),
        sa.Column("priorityScore", sa.Integer()),
        sa.Column("priorityFactors", JSONB()),
        sa.Column("routingAnalyzedAt", TIME),
        sa.Column("routingMetadata", JSONB()),
        sa.Column("escalationStatus", enum("EscalationStatus"), server_default="NONE"),
        sa.Column("escalationLevel", sa.Integer(), server_default=sa.text("0")),
        sa.Column("escalatedAt", TIME),
        sa.Column("escalatedToId", sa.Text()),
        sa.Column("slaDeadline", TIME),
        sa.Column("slaBreach", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="inbox_items_pkey"),
        sa.UniqueConstraint(
            "workspaceId",
            "platform",
            "platformItemId",
            name="inbox_items_workspaceId_platform_platformItemId_key",
        ),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="inbox_items_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["accountId"],
            ["social_accounts.id"],
            name="inbox_items_accountId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["assignedToId"],
            ["workspace_members.id"],
            name="inbox_items_assignedToId_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["escalatedToId"],
            ["workspace_members.id"],
            name="inbox_items_escalatedToId_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        comment="A mention, comment or message that waits for somebody.",
    )
    op.create_index("inbox_items_workspaceId_idx", "inbox_items", ["workspaceId"])
    op.create_index("inbox_items_workspaceId_status_idx", "inbox_items", ["workspaceId", "status"])
    op.create_index(
        "inbox_items_workspaceId_platform_idx", "inbox_items", ["workspaceId", "platform"]
    )
    op.create_index("inbox_items_accountId_idx", "inbox_items", ["accountId"])
    op.create_index("inbox_items_assignedToId_idx", "inbox_items", ["assignedToId"])
    op.create_index("inbox_items_receivedAt_idx", "inbox_items", ["receivedAt"])
    op.create_table(
        "inbox_suggested_responses",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("inboxItemId", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("tone", sa.Text(), nullable=False),
        sa.Column("confidenceScore", sa.Double(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("isPreferred", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("metadata", JSONB()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="inbox_suggested_responses_pkey"),
        sa.ForeignKeyConstraint(
            ["inboxItemId"],
            ["inbox_items.id"],
            name="inbox_suggested_responses_inboxItemId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A ready answer offered for an item.",
    )
    op.create_index(
        "inbox_suggested_responses_inboxItemId_idx", "inbox_suggested_responses", ["inboxItemId"]
    )
    op.create_table(
        "escalation_events",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("inboxItemId", sa.Text(), nullable=False),
        sa.Column("eventType", enum("EscalationEventType"), nullable=False),
        sa.Column("fromLevel", sa.Integer(), nullable=False),
        sa.Column("toLevel", sa.Integer(), nullable=False),
        sa.Column("fromUserId", sa.Text()),
        sa.Column("toUserId", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("triggeredBy", enum("EscalationTrigger"), nullable=False),
        sa.Column("metadata", JSONB()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="escalation_events_pkey"),
        sa.ForeignKeyConstraint(
            ["inboxItemId"],
            ["inbox_items.id"],
            name="escalation_events_inboxItemId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="An item's move to another level of attention.",
    )
    op.create_index("escalation_events_inboxItemId_idx", "escalation_events", ["inboxItemId"])
    op.create_table(
        "relay_drafts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("confidenceScore", sa.Double(), nullable=False),
        sa.Column("status", enum("RelayDraftStatus"), server_default="PENDING", nullable=False),
        sa.Column("isPreferred", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("metadata", JSONB()),
        sa.Column("sentAt", TIME),
        sa.Column("errorMessage", sa.Text()),
        sa.Column("inboxItemId", sa.Text(), nullable=False),
        sa.Column("reviewedById", sa.Text()),
        sa.Column("reviewedAt", TIME),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="relay_drafts_pkey"),
        sa.ForeignKeyConstraint(
            ["inboxItemId"],
            ["inbox_items.id"],
            name="relay_drafts_inboxItemId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reviewedById"],
            ["users.id"],
            name="relay_drafts_reviewedById_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        comment="An answer drafted by a model, to be approved before it is sent.",
    )
    op.create_index("relay_drafts_inboxItemId_idx", "relay_drafts", ["inboxItemId"])
    op.create_index(
        "relay_drafts_inboxItemId_status_idx", "relay_drafts", ["inboxItemId", "status"]
    )
    op.create_index("relay_drafts_status_idx", "relay_drafts", ["status"])
    op.create_table(
        "draft_edit_history",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("draftId", sa.Text(), nullable=False),
        sa.Column("originalContent", sa.Text(), nullable=False),
        sa.Column("editedContent", sa.Text(), nullable=False),
        sa.Column("editType", enum("DraftEditType"), nullable=False),
        sa.Column("changesSummary", sa.Text()),
        sa.Column("editDistance", sa.Integer()),
        sa.Column("editedById", sa.Text(), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="draft_edit_history_pkey"),
        sa.ForeignKeyConstraint(
            ["editedById"],
            ["users.id"],
            name="draft_edit_history_editedById_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["draftId"],
            ["relay_drafts.id"],
            name="draft_edit_history_draftId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="What a person changed in a draft.",
    )
    op.create_index("draft_edit_history_draftId_idx", "draft_edit_history", ["draftId"])
    op.create_index("draft_edit_history_editedById_idx", "draft_edit_history", ["editedById"])
    op.create_index("draft_edit_history_editType_idx", "draft_edit_history", ["editType"])
    op.create_table(
        "draft_audit_logs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("draftId", sa.Text(), nullable=False),
        sa.Column("action", enum("DraftAuditAction"), nullable=False),
        sa.Column("details", JSONB()),
        sa.Column("ipAddress", sa.Text()),
        sa.Column("userAgent", sa.Text()),
        sa.Column("performedById", sa.Text(), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="draft_audit_logs_pkey"),
        sa.ForeignKeyConstraint(
            ["performedById"],
            ["users.id"],
            name="draft_audit_logs_performedById_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["draftId"],
            ["relay_drafts.id"],
            name="draft_audit_logs_draftId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="Who looked at a draft or decided on it.",
    )
    op.create_index("draft_audit_logs_draftId_idx", "draft_audit_logs", ["draftId"])
    op.create_index("draft_audit_logs_performedById_idx", "draft_audit_logs", ["performedById"])
    op.create_index("draft_audit_logs_action_idx", "draft_audit_logs", ["action"])
    op.create_index("draft_audit_logs_createdAt_idx", "draft_audit_logs", ["createdAt"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("draft_audit_logs")
    op.drop_table("draft_edit_history")
    op.drop_table("relay_drafts")
    op.drop_table("escalation_events")
    op.drop_table("inbox_suggested_responses")
    op.drop_table("inbox_items")
    drop_enums(
        "DraftAuditAction",
        "DraftEditType",
        "EscalationEventType",
        "EscalationStatus",
        "EscalationTrigger",
        "InboxItemStatus",
        "InboxItemType",
        "InboxSentiment",
        "RelayDraftStatus",
    )
