"""Store files and use them in posts.

6 new tables. Making the foreign keys locks scheduled_posts, social_posts, users and workspaces
against writes for an instant. The downgrade loses every row of them.

Revision ID: 0037
Revises: 0036
Create Date: 2025-10-06 15:25:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.pulse.column_types import TIME

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "asset_folders",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("parentId", sa.Text()),
        sa.Column("createdById", sa.Text(), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="asset_folders_pkey"),
        sa.UniqueConstraint(
            "workspaceId", "name", "parentId", name="asset_folders_workspaceId_name_parentId_key"
        ),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="asset_folders_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["parentId"],
            ["asset_folders.id"],
            name="asset_folders_parentId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["createdById"],
            ["users.id"],
            name="asset_folders_createdById_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A folder, itself in a folder or at the top.",
    )
    op.create_index("asset_folders_workspaceId_idx", "asset_folders", ["workspaceId"])
    op.create_index("asset_folders_parentId_idx", "asset_folders", ["parentId"])
    op.create_table(
        "asset_tags",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="asset_tags_pkey"),
        sa.UniqueConstraint("workspaceId", "name", name="asset_tags_workspaceId_name_key"),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="asset_tags_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A label for files.",
    )
    op.create_index("asset_tags_workspaceId_idx", "asset_tags", ["workspaceId"])
    op.create_table(
        "assets",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("folderId", sa.Text()),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("fileType", sa.Text(), nullable=False),
        sa.Column("sizeBytes", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("duration", sa.Double()),
        sa.Column("storageProvider", sa.Text(), server_default="R2", nullable=False),
        sa.Column("r2Bucket", sa.Text(), nullable=False),
        sa.Column("r2Key", sa.Text(), nullable=False),
        sa.Column("altText", sa.Text()),
        sa.Column("qualityScore", sa.Double()),
        sa.Column("analysisJson", JSONB()),
        sa.Column("uploadedById", sa.Text(), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="assets_pkey"),
        sa.UniqueConstraint("r2Key", name="assets_r2Key_key"),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="assets_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["folderId"],
            ["asset_folders.id"],
            name="assets_folderId_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["uploadedById"],
            ["users.id"],
            name="assets_uploadedById_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A stored file of a workspace.",
    )
    op.create_index("assets_workspaceId_idx", "assets", ["workspaceId"])
    op.create_index("assets_folderId_idx", "assets", ["folderId"])
    op.create_index("assets_uploadedById_idx", "assets", ["uploadedById"])
    op.create_index("assets_fileType_idx", "assets", ["fileType"])
    op.create_table(
        "asset_tag_assignments",
        sa.Column("assetId", sa.Text(), nullable=False),
        sa.Column("tagId", sa.Text(), nullable=False),
        sa.Column("assignedAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("assignedById", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("assetId", "tagId", name="asset_tag_assignments_pkey"),
        sa.ForeignKeyConstraint(
            ["assetId"],
            ["assets.id"],
            name="asset_tag_assignments_assetId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tagId"],
            ["asset_tags.id"],
            name="asset_tag_assignments_tagId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["assignedById"],
            ["users.id"],
            name="asset_tag_assignments_assignedById_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A tag on a file and who put it there.",
    )
    op.create_index("asset_tag_assignments_assetId_idx", "asset_tag_assignments", ["assetId"])
    op.create_index("asset_tag_assignments_tagId_idx", "asset_tag_assignments", ["tagId"])
    op.create_table(
        "post_assets",
        sa.Column("postId", sa.Text(), nullable=False),
        sa.Column("assetId", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("postId", "assetId", name="post_assets_pkey"),
        sa.ForeignKeyConstraint(
            ["postId"],
            ["social_posts.id"],
            name="post_assets_postId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["assetId"],
            ["assets.id"],
            name="post_assets_assetId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A file in a post.",
    )
    op.create_index("post_assets_postId_idx", "post_assets", ["postId"])
    op.create_index("post_assets_assetId_idx", "post_assets", ["assetId"])
    op.create_table(
        "scheduled_post_assets",
        sa.Column("postId", sa.Text(), nullable=False),
        sa.Column("assetId", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("postId", "assetId", name="scheduled_post_assets_pkey"),
        sa.ForeignKeyConstraint(
            ["postId"],
            ["scheduled_posts.id"],
            name="scheduled_post_assets_postId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["assetId"],
            ["assets.id"],
            name="scheduled_post_assets_assetId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A file in a scheduled post.",
    )
    op.create_index("scheduled_post_assets_postId_idx", "scheduled_post_assets", ["postId"])
    op.create_index("scheduled_post_assets_assetId_idx", "scheduled_post_assets", ["assetId"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("scheduled_post_assets")
    op.drop_table("post_assets")
    op.drop_table("asset_tag_assignments")
    op.drop_table("assets")
    op.drop_table("asset_tags")
    op.drop_table("asset_folders")
