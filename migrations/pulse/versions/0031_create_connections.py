"""Keep the people a workspace knows.

6 new tables. Making the foreign keys locks workspaces against writes for an instant. The
downgrade loses every row of them.

Revision ID: 0031
Revises: 0030
Create Date: 2025-08-31 10:25:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum(
        "ConnectionNextStep",
        "REPLY",
        "REACH_OUT",
        "SUGGEST_COFFEE",
        "SCHEDULE_MEET",
        "FOLLOW_UP",
        "NONE",
    )
    create_enum(
        "MeetupPipelineStatus",
        "NONE",
        "INTERESTED",
        "CHATTING",
        "SUGGESTED",
        "SCHEDULED",
        "MET",
        "FOLLOW_UP",
    )
    create_enum("ReminderStatus", "PENDING", "DUE", "SNOOZED", "COMPLETED", "CANCELLED")
    create_enum("ReminderType", "FOLLOW_UP", "REPLY", "REACH_OUT", "MEETUP", "BIRTHDAY", "CUSTOM")
    op.create_table(
        "connections",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("identityId", sa.Text()),
        sa.Column("displayName", sa.Text(), nullable=False),
        sa.Column("avatarUrl", sa.Text()),
        sa.Column("notes", sa.Text()),
        sa.Column("warmthScore", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("warmthFactors", JSONB()),
        sa.Column("lastInteraction", TIME),
        sa.Column("interactionCount", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("nextStep", enum("ConnectionNextStep")),
        sa.Column("nextStepDueDate", TIME),
        sa.Column("nextStepNotes", sa.Text()),
        sa.Column(
            "meetupStatus", enum("MeetupPipelineStatus"), server_default="NONE", nullable=False
        ),
        sa.Column("meetupStatusUpdatedAt", TIME),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="connections_pkey"),
        sa.UniqueConstraint("identityId", name="connections_identityId_key"),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="connections_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A person known to a workspace and how warm the relation is.",
    )
    op.create_index("connections_workspaceId_idx", "connections", ["workspaceId"])
    op.create_index(
        "connections_workspaceId_warmthScore_idx", "connections", ["workspaceId", "warmthScore"]
    )
    op.create_index(
        "connections_workspaceId_meetupStatus_idx", "connections", ["workspaceId", "meetupStatus"]
    )
    op.create_table(
        "connection_platform_presence",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("connectionId", sa.Text(), nullable=False),
        sa.Column("platform", enum("SocialPlatform"), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("profileUrl", sa.Text()),
        sa.Column("lastSeenAt", TIME),
        sa.PrimaryKeyConstraint("id", name="connection_platform_presence_pkey"),
        sa.UniqueConstraint(
            "connectionId",
            "platform",
            name="connection_platform_presence_connectionId_platform_key",
        ),
        sa.ForeignKeyConstraint(
            ["connectionId"],
            ["connections.id"],
            name="connection_platform_presence_connectionId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="Where a connection can be found at one network.",
    )
    op.create_table(
        "connection_tags",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("color", sa.Text(), server_default="#6B7280", nullable=False),
        sa.PrimaryKeyConstraint("id", name="connection_tags_pkey"),
        sa.UniqueConstraint("workspaceId", "name", name="connection_tags_workspaceId_name_key"),
        sa.ForeignKeyConstraint(
            ["workspaceId"],
            ["workspaces.id"],
            name="connection_tags_workspaceId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A label for connections.",
    )
    op.create_table(
        "connection_reminders",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("connectionId", sa.Text(), nullable=False),
        sa.Column("workspaceId", sa.Text(), nullable=False),
        sa.Column("type", enum("ReminderType"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("dueDate", TIME, nullable=False),
        sa.Column("status", enum("ReminderStatus"), server_default="PENDING", nullable=False),
        sa.Column("snoozedUntil", TIME),
        sa.Column("snoozeCount", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("completedAt", TIME),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="connection_reminders_pkey"),
        sa.ForeignKeyConstraint(
            ["connectionId"],
            ["connections.id"],
            name="connection_reminders_connectionId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="Something to do for a connection on a day.",
    )
    op.create_index(
        "connection_reminders_workspaceId_dueDate_idx",
        "connection_reminders",
        ["workspaceId", "dueDate"],
    )
    op.create_index(
        "connection_reminders_workspaceId_status_idx",
        "connection_reminders",
        ["workspaceId", "status"],
    )
    op.create_table(
        "meetup_status_history",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("connectionId", sa.Text(), nullable=False),
        sa.Column("fromStatus", enum("MeetupPipelineStatus"), nullable=False),
        sa.Column("toStatus", enum("MeetupPipelineStatus"), nullable=False),
        sa.Column("notes", sa.Text()),
        sa.Column("updatedById", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="meetup_status_history_pkey"),
        sa.ForeignKeyConstraint(
            ["connectionId"],
            ["connections.id"],
            name="meetup_status_history_connectionId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A step towards meeting a connection in person.",
    )
    op.create_index(
        "meetup_status_history_connectionId_idx", "meetup_status_history", ["connectionId"]
    )
    op.create_table(
        "_ConnectionToConnectionTag",
        sa.Column("A", sa.Text(), nullable=False),
        sa.Column("B", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("A", "B", name="_ConnectionToConnectionTag_AB_pkey"),
        sa.ForeignKeyConstraint(
            ["A"],
            ["connections.id"],
            name="_ConnectionToConnectionTag_A_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["B"],
            ["connection_tags.id"],
            name="_ConnectionToConnectionTag_B_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="Which tags a connection has.",
    )
    op.create_index("_ConnectionToConnectionTag_B_index", "_ConnectionToConnectionTag", ["B"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("_ConnectionToConnectionTag")
    op.drop_table("meetup_status_history")
    op.drop_table("connection_reminders")
    op.drop_table("connection_tags")
    op.drop_table("connection_platform_presence")
    op.drop_table("connections")
    drop_enums("ConnectionNextStep", "MeetupPipelineStatus", "ReminderStatus", "ReminderType")
