"""Mix audio.

2 new tables. Making the foreign keys locks users against writes for an instant. The downgrade
loses every row of them.

Revision ID: 0005
Revises: 0004
Create Date: 2025-04-04 13:10:00
"""

import sqlalchemy as sa
from alembic import op

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum("AudioStorageType", "R2", "OPFS")
    op.create_table(
        "audio_mixer_projects",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="audio_mixer_projects_pkey"),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="audio_mixer_projects_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A mix that a user works on.",
    )
    op.create_index(
        "audio_mixer_projects_userId_createdAt_idx", "audio_mixer_projects", ["userId", "createdAt"]
    )
    op.create_table(
        "audio_tracks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("projectId", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fileUrl", sa.Text()),
        sa.Column("fileR2Key", sa.Text()),
        sa.Column("fileFormat", sa.Text(), nullable=False),
        sa.Column("duration", sa.Double(), nullable=False),
        sa.Column("fileSizeBytes", sa.Integer(), nullable=False),
        sa.Column("volume", sa.Double(), server_default=sa.text("1.0"), nullable=False),
        sa.Column("muted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("solo", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("sortOrder", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("storageType", enum("AudioStorageType"), server_default="R2", nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="audio_tracks_pkey"),
        sa.ForeignKeyConstraint(
            ["projectId"],
            ["audio_mixer_projects.id"],
            name="audio_tracks_projectId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="One recording in a mix, in the cloud or in the browser's own storage.",
    )
    op.create_index(
        "audio_tracks_projectId_sortOrder_idx", "audio_tracks", ["projectId", "sortOrder"]
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("audio_tracks")
    op.drop_table("audio_mixer_projects")
    drop_enums("AudioStorageType")
