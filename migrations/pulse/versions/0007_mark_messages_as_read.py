"""Mark messages that were read.

The column comes with a constant default, without a rewrite. Users have seen whatever was written
before, so those rows are marked in the same transaction: row locks on all of them until it ends.
The indexes lock the table against writes while they are built; it is small. The downgrade forgets
what was read.

Revision ID: 0007
Revises: 0006
Create Date: 2025-04-14 14:25:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "app_messages",
        sa.Column("isRead", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.execute('UPDATE app_messages SET "isRead" = true')
    op.create_index("app_messages_appId_isRead_idx", "app_messages", ["appId", "isRead"])
    op.create_index("app_messages_role_isRead_idx", "app_messages", ["role", "isRead"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("app_messages_role_isRead_idx", "app_messages")
    op.drop_index("app_messages_appId_isRead_idx", "app_messages")
    op.drop_column("app_messages", "isRead")
