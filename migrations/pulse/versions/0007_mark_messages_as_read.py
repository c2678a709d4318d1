"""Mark messages that were read.

The column comes with a constant default, without a rewrite. Users have seen whatever was written
before, so those rows are marked in the same transaction, and the indexes are built in it: all of
that under the ACCESS EXCLUSIVE of the new column (seen: 0.1 s for 2,000 messages). The table was
small; a larger one takes three revisions. The downgrade forgets what was read.

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
