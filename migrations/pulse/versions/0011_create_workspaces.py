"""Let teams work together.

5 new tables. Making the foreign keys locks users against writes for an instant. The downgrade
loses every row of them.

Revision ID: 0011
Revises: 0010
Create Date: 2025-05-07 17:45:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum("WorkspaceRole", "OWNER", "ADMIN", "MEMBER", "VIEWER")
    op.create_table(
        "workspaces",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("avatarUrl", sa.Text()),
        sa.Column("settings", JSONB()),
        sa.Column("isPersonal", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("deletedAt", TIME),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="workspaces_pkey"),
        sa.UniqueConstraint("slug", name="workspaces_slug_key"),
        comment="A team's place, with the limits of its plan.",
    )
    op.create_index("workspaces_slug_idx", "workspaces", ["slug"])
    op.create_index("workspaces_isPersonal_idx", "workspaces", ["isPersonal"])
    op.create_table(
        "workspace_members",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("role", enum("WorkspaceRole"), server_default="MEMBER", nullable=False),
        sa.Column("invitedAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("joinedAt", TIME),
        sa.Column("invitedById", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="workspace_members_pkey"),
        sa.UniqueConstraint(
            "workspaceId", "userId", name="workspace_members_workspaceId_userId_key"
        ),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="workspace_members_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="workspace_members_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["invitedById"],
            ["users.id"],
            name="workspace_members_invitedById_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        comment="A user's seat and role in a workspace; not joined yet while only invited.",
    )
    op.create_index("workspace_members_workspaceId_idx", "workspace_members", ["workspaceId"])
    op.create_index("workspace_members_userId_idx", "workspace_members", ["userId"])
    op.create_index("workspace_members_role_idx", "workspace_members", ["role"])
    op.create_table(
        "workspace_favorites",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="workspace_favorites_pkey"),
        sa.UniqueConstraint(
            "userId", "workspaceId", name="workspace_favorites_userId_workspaceId_key"
        ),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="workspace_favorites_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="workspace_favorites_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A workspace that a user has pinned.",
    )
    op.create_index("workspace_favorites_userId_idx", "workspace_favorites", ["userId"])
    op.create_table(
        "workspace_recent_access",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("accessedAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="workspace_recent_access_pkey"),
        sa.UniqueConstraint(
            "userId", "workspaceId", name="workspace_recent_access_userId_workspaceId_key"
        ),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="workspace_recent_access_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="workspace_recent_access_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="When a user was last in a workspace.",
    )
    op.create_index(
        "workspace_recent_access_userId_accessedAt_idx",
        "workspace_recent_access",
        ["userId", sa.text('"accessedAt" DESC')],
    )
    op.create_table(
        "notifications",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text()),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), server_default="MEDIUM", nullable=False),
        sa.Column("read", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("readAt", TIME),
        sa.Column("entityType", sa.Text()),
        sa.Column("entityId", sa.Text()),
        sa.Column("metadata", JSONB()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="notifications_pkey"),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="notifications_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="Something the people of a workspace should see, one of them or all.",
    )
    op.create_index(
        "notifications_workspaceId_read_createdAt_idx",
        "notifications",
        ["workspaceId", "read", "createdAt"],
    )
    op.create_index(
        "notifications_workspaceId_userId_idx", "notifications", ["workspaceId", "userId"]
    )
    op.create_index("notifications_type_idx", "notifications", ["type"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("notifications")
    op.drop_table("workspace_recent_access")
    op.drop_table("workspace_favorites")
    op.drop_table("workspace_members")
    op.drop_table("workspaces")
    drop_enums("WorkspaceRole")
