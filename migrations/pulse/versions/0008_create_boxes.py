"""Rent machines with agents.

7 new tables. Making the foreign keys locks users against writes for an instant. The downgrade
loses every row of them.

Revision ID: 0008
Revises: 0007
Create Date: 2025-04-18 15:40:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum("AgentProvider", "JULES", "CODEX", "OTHER")
    create_enum("BoxActionType", "CREATE", "START", "STOP", "RESTART", "DELETE", "CLONE")
    create_enum("BoxMessageRole", "USER", "AGENT", "SYSTEM")
    create_enum(
        "BoxStatus", "CREATING", "STARTING", "RUNNING", "STOPPING", "STOPPED", "TERMINATED", "ERROR"
    )
    create_enum(
        "ExternalAgentStatus",
        "QUEUED",
        "PLANNING",
        "AWAITING_PLAN_APPROVAL",
        "AWAITING_USER_FEEDBACK",
        "IN_PROGRESS",
        "PAUSED",
        "FAILED",
        "COMPLETED",
    )
    op.create_table(
        "box_tiers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("cpu", sa.Integer(), nullable=False),
        sa.Column("ram", sa.Integer(), nullable=False),
        sa.Column("storage", sa.Integer(), nullable=False),
        sa.Column("pricePerHour", sa.Integer(), nullable=False),
        sa.Column("pricePerMonth", sa.Integer(), nullable=False),
        sa.Column("isActive", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("sortOrder", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="box_tiers_pkey"),
        comment="A size of machine with its price.",
    )
    op.create_table(
        "boxes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("tierId", sa.Text()),
        sa.Column("status", enum("BoxStatus"), server_default="STOPPED", nullable=False),
        sa.Column("connectionUrl", sa.Text()),
        sa.Column("storageVolumeId", sa.Text()),
        sa.Column("deletedAt", TIME),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="boxes_pkey"),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="boxes_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tierId"],
            ["box_tiers.id"],
            name="boxes_tierId_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        comment="A rented machine.",
    )
    op.create_index("boxes_userId_createdAt_idx", "boxes", ["userId", "createdAt"])
    op.create_index("boxes_status_idx", "boxes", ["status"])
    op.create_table(
        "box_actions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("boxId", sa.Text(), nullable=False),
        sa.Column("action", enum("BoxActionType"), nullable=False),
        sa.Column("status", enum("JobStatus"), server_default="PENDING", nullable=False),
        sa.Column("metadata", JSONB()),
        sa.Column("error", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="box_actions_pkey"),
        sa.ForeignKeyConstraint(
            ["boxId"],
            ["boxes.id"],
            name="box_actions_boxId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A change of state asked of a box, and what came of it.",
    )
    op.create_index("box_actions_boxId_createdAt_idx", "box_actions", ["boxId", "createdAt"])
    op.create_table(
        "agent_tasks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("boxId", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("payload", JSONB()),
        sa.Column("status", enum("JobStatus"), server_default="PENDING", nullable=False),
        sa.Column("result", JSONB()),
        sa.Column("error", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="agent_tasks_pkey"),
        sa.ForeignKeyConstraint(
            ["boxId"],
            ["boxes.id"],
            name="agent_tasks_boxId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A piece of work for the agent on a box.",
    )
    op.create_index("agent_tasks_boxId_status_idx", "agent_tasks", ["boxId", "status"])
    op.create_table(
        "box_messages",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("boxId", sa.Text(), nullable=False),
        sa.Column("role", enum("BoxMessageRole"), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="box_messages_pkey"),
        sa.ForeignKeyConstraint(
            ["boxId"],
            ["boxes.id"],
            name="box_messages_boxId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="One message of the conversation with a box's agent.",
    )
    op.create_index("box_messages_boxId_createdAt_idx", "box_messages", ["boxId", "createdAt"])
    op.create_table(
        "external_agent_sessions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("externalId", sa.Text(), nullable=False),
        sa.Column("provider", enum("AgentProvider"), server_default="JULES", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("status", enum("ExternalAgentStatus"), nullable=False),
        sa.Column("sourceRepo", sa.Text()),
        sa.Column("startingBranch", sa.Text()),
        sa.Column("outputBranch", sa.Text()),
        sa.Column("pullRequestUrl", sa.Text()),
        sa.Column("planSummary", sa.Text()),
        sa.Column("planApprovedAt", TIME),
        sa.Column("lastActivityAt", TIME),
        sa.Column("errorMessage", sa.Text()),
        sa.Column("metadata", JSONB()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="external_agent_sessions_pkey"),
        sa.UniqueConstraint("externalId", name="external_agent_sessions_externalId_key"),
        comment="A session of a coding agent that somebody else runs.",
    )
    op.create_index(
        "external_agent_sessions_provider_status_idx",
        "external_agent_sessions",
        ["provider", "status"],
    )
    op.create_index(
        "external_agent_sessions_status_lastActivityAt_idx",
        "external_agent_sessions",
        ["status", "lastActivityAt"],
    )
    op.create_table(
        "agent_session_activities",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sessionId", sa.Text(), nullable=False),
        sa.Column("externalId", sa.Text()),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("content", sa.Text()),
        sa.Column("metadata", JSONB()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="agent_session_activities_pkey"),
        sa.ForeignKeyConstraint(
            ["sessionId"],
            ["external_agent_sessions.id"],
            name="agent_session_activities_sessionId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="One thing that happened in such a session.",
    )
    op.create_index(
        "agent_session_activities_sessionId_createdAt_idx",
        "agent_session_activities",
        ["sessionId", "createdAt"],
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("agent_session_activities")
    op.drop_table("external_agent_sessions")
    op.drop_table("box_messages")
    op.drop_table("agent_tasks")
    op.drop_table("box_actions")
    op.drop_table("boxes")
    op.drop_table("box_tiers")
    drop_enums(
        "AgentProvider", "BoxActionType", "BoxMessageRole", "BoxStatus", "ExternalAgentStatus"
    )
