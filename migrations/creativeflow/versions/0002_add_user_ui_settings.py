"""Give users a place for their interface settings.

A nullable column without a default changes the catalog only: ACCESS EXCLUSIVE on users, for an
instant. The downgrade throws the settings away.

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-03 09:00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("users", sa.Column("ui_settings", JSONB()))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("users", "ui_settings")
