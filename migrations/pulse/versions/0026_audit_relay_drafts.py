"""Let the audit log speak of drafted answers.

Labels at the end of the type, outside a transaction since they cannot be used in the one that adds
them; no table is locked. The downgrade writes such actions as the ones on content that come
nearest, which loses the difference, and rewrites both logs under ACCESS EXCLUSIVE.

Revision ID: 0026
Revises: 0025
Create Date: 2025-08-01 06:15:00
"""

from alembic import op

from migrations.pulse.column_types import replace_enum

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ADDED_AND_NEAREST = {
    "RELAY_DRAFT_CREATE": "CONTENT_CREATE",
    "RELAY_DRAFT_APPROVE": "AI_APPROVAL",
    "RELAY_DRAFT_REJECT": "AI_REJECTION",
    "RELAY_DRAFT_EDIT": "CONTENT_UPDATE",
    "RELAY_DRAFT_SEND": "CONTENT_PUBLISH",
}
LABELS_BEFORE = (
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


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for label in ADDED_AND_NEAREST:
            op.execute(f"ALTER TYPE \"AuditAction\" ADD VALUE IF NOT EXISTS '{label}'")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    nearest = " ".join(f"WHEN '{new}' THEN '{old}'" for new, old in ADDED_AND_NEAREST.items())
    label = f'CASE "action" {nearest} ELSE "action"::text END'
    logs = ("audit_logs", "workspace_audit_logs")
    replace_enum("AuditAction", *LABELS_BEFORE, columns={(log, "action"): label for log in logs})
