"""Partition notifications by month.

As revision 0009 did with credit_transactions; the trigger that keeps updated_at moves along.

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-09 10:00:00
"""

import sqlalchemy as sa
from alembic import op

from migrations.creativeflow import month_partitions

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLE = "notifications"


def upgrade() -> None:
    month_partitions.replace_by_partitioned(TABLE, "created_at")
    month_partitions.take_rows_over(TABLE)
    op.create_primary_key(op.f("pk_notifications"), TABLE, ["id", "created_at"])
    create_indexes_keys_and_trigger()
    op.execute("ANALYZE notifications")


def downgrade() -> None:
    month_partitions.refuse_repeated_ids(TABLE)
    month_partitions.replace_by_plain(TABLE)
    month_partitions.take_rows_over(TABLE)
    op.create_primary_key(op.f("pk_notifications"), TABLE, ["id"])
    create_indexes_keys_and_trigger()
    op.execute("ANALYZE notifications")


def create_indexes_keys_and_trigger() -> None:
    op.create_index(op.f("idx_notifications_created_at"), TABLE, ["created_at"])
    op.create_index(
        op.f("idx_notification_userid_isread_createdat"),
        TABLE,
        ["user_id", "is_read", "created_at"],
    )
    op.create_index(
        op.f("idx_notification_userid_isread_unread"),
        TABLE,
        ["user_id"],
        postgresql_where=sa.text("is_read = false"),
    )
    op.create_foreign_key(
        op.f("fk_notifications_user_id"), TABLE, "users", ["user_id"], ["id"], ondelete="CASCADE"
    )
    op.execute(
        "CREATE TRIGGER set_updated_at BEFORE UPDATE ON notifications"
        " FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at()"
    )
