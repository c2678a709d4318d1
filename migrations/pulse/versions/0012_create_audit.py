"""Keep a record of what people and models do.

6 new tables. Making the foreign keys locks users and workspaces against writes for an instant.
The downgrade loses every row of them.

Revision ID: 0012
Revises: 0011
Create Date: 2025-05-11 18:35:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum(
        "AuditAction",
        "ROLE_CHANGE",
        "TOKEN_ADJUSTMENT",
        "VOUCHER_CREATE",
        "VOUCHER_UPDATE",
        "VOUCHER_DELETE",
        "USER_DELETE",
        "ADMIN_LOGIN",
        "USER_LOGIN",
        "USER_LOGOUT",
        "SESSION_REFRESH",
        "WORKSPACE_CREATE",
        "WORKSPACE_UPDATE",
        "WORKSPACE_DELETE",
        "WORKSPACE_MEMBER_ADD",
        "WORKSPACE_MEMBER_REMOVE",
        "WORKSPACE_SETTINGS_CHANGE",
        "CONTENT_CREATE",
        "CONTENT_UPDATE",
        "CONTENT_DELETE",
        "CONTENT_PUBLISH",
        "CONTENT_UNPUBLISH",
        "CONTENT_SCHEDULE",
        "AI_GENERATION_REQUEST",
        "AI_GENERATION_COMPLETE",
        "AI_APPROVAL",
        "AI_REJECTION",
        "AI_FEEDBACK",
        "INTEGRATION_CONNECT",
        "INTEGRATION_DISCONNECT",
        "INTEGRATION_SYNC",
        "DATA_EXPORT",
        "DATA_IMPORT",
    )
    create_enum("ErrorEnvironment", "FRONTEND", "BACKEND")
    op.create_table(
        "audit_logs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("action", enum("AuditAction"), nullable=False),
        sa.Column("targetId", sa.Text()),
        sa.Column("targetType", sa.Text()),
        sa.Column("resourceId", sa.Text()),
        sa.Column("resourceType", sa.Text()),
        sa.Column("metadata", JSONB()),
        sa.Column("ipAddress", sa.Text()),
        sa.Column("userAgent", sa.Text()),
        sa.Column("sessionId", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="audit_logs_pkey"),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="audit_logs_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="An action of a user or an administrator.",
    )
    op.create_index("audit_logs_userId_idx", "audit_logs", ["userId"])
    op.create_index("audit_logs_action_idx", "audit_logs", ["action"])
    op.create_index("audit_logs_targetId_idx", "audit_logs", ["targetId"])
    op.create_index("audit_logs_targetType_idx", "audit_logs", ["targetType"])
    op.create_index("audit_logs_createdAt_idx", "audit_logs", ["createdAt"])
    op.create_index(
        "audit_logs_resourceId_resourceType_idx", "audit_logs", ["resourceId", "resourceType"]
    )
    op.create_table(
        "workspace_audit_logs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("action", enum("AuditAction"), nullable=False),
        sa.Column("targetId", sa.Text()),
        sa.Column("targetType", sa.Text()),
        sa.Column("resourceId", sa.Text()),
        sa.Column("resourceType", sa.Text()),
        sa.Column("oldValue", JSONB()),
        sa.Column("newValue", JSONB()),
        sa.Column("metadata", JSONB()),
        sa.Column("ipAddress", sa.Text()),
        sa.Column("userAgent", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="workspace_audit_logs_pkey"),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="workspace_audit_logs_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="workspace_audit_logs_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="An action within a workspace, with the values before and after.",
    )
    op.create_index("workspace_audit_logs_workspaceId_idx", "workspace_audit_logs", ["workspaceId"])
    op.create_index("workspace_audit_logs_userId_idx", "workspace_audit_logs", ["userId"])
    op.create_index("workspace_audit_logs_action_idx", "workspace_audit_logs", ["action"])
    op.create_index(
        "workspace_audit_logs_targetId_targetType_idx",
        "workspace_audit_logs",
        ["targetId", "targetType"],
    )
    op.create_index("workspace_audit_logs_createdAt_idx", "workspace_audit_logs", ["createdAt"])
    op.create_index(
        "workspace_audit_logs_workspaceId_createdAt_idx",
        "workspace_audit_logs",
        ["workspaceId", "createdAt"],
    )
    op.create_table(
        "ai_decision_logs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text()),
        sa.Column("userId", sa.Text()),
        sa.Column("requestType", sa.Text(), nullable=False),
        sa.Column("inputPrompt", sa.Text()),
        sa.Column("inputContext", JSONB()),
        sa.Column("outputResult", sa.Text()),
        sa.Column("outputMetadata", JSONB()),
        sa.Column("modelId", sa.Text()),
        sa.Column("modelVersion", sa.Text()),
        sa.Column("tokensUsed", sa.Integer()),
        sa.Column("latencyMs", sa.Integer()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("errorMessage", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="ai_decision_logs_pkey"),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="ai_decision_logs_workspaceId_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="ai_decision_logs_userId_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        comment="A request to a language model: what went in, what came out, what it cost.",
    )
    op.create_index("ai_decision_logs_workspaceId_idx", "ai_decision_logs", ["workspaceId"])
    op.create_index("ai_decision_logs_userId_idx", "ai_decision_logs", ["userId"])
    op.create_index("ai_decision_logs_requestType_idx", "ai_decision_logs", ["requestType"])
    op.create_index("ai_decision_logs_status_idx", "ai_decision_logs", ["status"])
    op.create_index("ai_decision_logs_createdAt_idx", "ai_decision_logs", ["createdAt"])
    op.create_table(
        "audit_retention_policies",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("retentionDays", sa.Integer(), server_default=sa.text("365"), nullable=False),
        sa.Column("archiveAfterDays", sa.Integer()),
        sa.Column("deleteAfterDays", sa.Integer()),
        sa.Column("actionTypes", ARRAY(sa.Text()), nullable=False),
        sa.Column("isActive", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="audit_retention_policies_pkey"),
        sa.UniqueConstraint(
            "workspaceId", "name", name="audit_retention_policies_workspaceId_name_key"
        ),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="audit_retention_policies_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="How long audit records are kept, in a workspace or, where none is named, in all.",
    )
    op.create_index(
        "audit_retention_policies_workspaceId_idx", "audit_retention_policies", ["workspaceId"]
    )
    op.create_index(
        "audit_retention_policies_isActive_idx", "audit_retention_policies", ["isActive"]
    )
    op.create_table(
        "archived_audit_logs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("originalId", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text()),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("targetId", sa.Text()),
        sa.Column("targetType", sa.Text()),
        sa.Column("resourceId", sa.Text()),
        sa.Column("resourceType", sa.Text()),
        sa.Column("metadata", JSONB()),
        sa.Column("ipAddress", sa.Text()),
        sa.Column("userAgent", sa.Text()),
        sa.Column("originalCreatedAt", TIME, nullable=False),
        sa.Column("archivedAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("retentionPolicyId", sa.Text()),
        sa.Column("archiveReason", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="archived_audit_logs_pkey"),
        comment="An audit record moved away by its policy; it refers to nothing and outlives all.",
    )
    op.create_index("archived_audit_logs_workspaceId_idx", "archived_audit_logs", ["workspaceId"])
    op.create_index("archived_audit_logs_userId_idx", "archived_audit_logs", ["userId"])
    op.create_index("archived_audit_logs_action_idx", "archived_audit_logs", ["action"])
    op.create_index(
        "archived_audit_logs_originalCreatedAt_idx", "archived_audit_logs", ["originalCreatedAt"]
    )
    op.create_index("archived_audit_logs_archivedAt_idx", "archived_audit_logs", ["archivedAt"])
    op.create_table(
        "error_logs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("timestamp", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("stack", sa.Text()),
        sa.Column("sourceFile", sa.Text()),
        sa.Column("sourceLine", sa.Integer()),
        sa.Column("sourceColumn", sa.Integer()),
        sa.Column("callerName", sa.Text()),
        sa.Column("userId", sa.Text()),
        sa.Column("route", sa.Text()),
        sa.Column("environment", enum("ErrorEnvironment"), nullable=False),
        sa.Column("errorType", sa.Text()),
        sa.Column("errorCode", sa.Text()),
        sa.Column("metadata", JSONB()),
        sa.PrimaryKeyConstraint("id", name="error_logs_pkey"),
        comment="A failure of the site or the server, with the place in the code.",
    )
    op.create_index("error_logs_timestamp_idx", "error_logs", ["timestamp"])
    op.create_index("error_logs_sourceFile_idx", "error_logs", ["sourceFile"])
    op.create_index("error_logs_errorType_idx", "error_logs", ["errorType"])
    op.create_index("error_logs_environment_idx", "error_logs", ["environment"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("error_logs")
    op.drop_table("archived_audit_logs")
    op.drop_table("audit_retention_policies")
    op.drop_table("ai_decision_logs")
    op.drop_table("workspace_audit_logs")
    op.drop_table("audit_logs")
    drop_enums("AuditAction", "ErrorEnvironment")
