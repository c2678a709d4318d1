"""Give health events the workspace of their account.

So that a workspace's events are read without a join. From here on the application has to write it:
both constraints hold for new rows at once and are NOT VALID for those of before, which the next
revision fills in outside this lock (ACCESS EXCLUSIVE on the events, SHARE ROW EXCLUSIVE on the
workspaces, for an instant). The downgrade loses nothing, the account still knows its workspace.

Revision ID: 0022
Revises: 0021
Create Date: 2025-07-09 02:55:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("account_health_events", sa.Column("workspaceId", sa.Text()))
    op.create_foreign_key(
        "account_health_events_workspaceId_fkey",
        "account_health_events",
        "workspaces",
        ["workspaceId"],
        ["id"],
        ondelete="CASCADE",
        onupdate="CASCADE",
        postgresql_not_valid=True,
    )
    op.execute(
        "ALTER TABLE account_health_events ADD CONSTRAINT account_health_events_workspace_known"
        ' CHECK ("workspaceId" IS NOT NULL) NOT VALID'
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("account_health_events", "workspaceId")
