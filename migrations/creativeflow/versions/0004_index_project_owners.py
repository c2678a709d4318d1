"""Build the indexes that tying projects to their workbench's owner needs.

CONCURRENTLY, hence outside a transaction: readers and writers go on. An attempt that broke off
leaves an invalid index behind; it is dropped first, so that the revision can simply be run again.
Only the constraint on top of the finished index locks workbenches, for an instant.

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-05 09:00:00
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OWNER_KEY = "uq_workbenches_id_user_id"
OWNER_INDEX = "idx_projects_workbench_id_user_id"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for name, table, columns, unique in (
            (OWNER_KEY, "workbenches", ["id", "user_id"], True),
            (OWNER_INDEX, "projects", ["workbench_id", "user_id"], False),
        ):
            op.drop_index(op.f(name), table, if_exists=True, postgresql_concurrently=True)
            op.create_index(op.f(name), table, columns, unique=unique, postgresql_concurrently=True)
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "ALTER TABLE workbenches"
        " ADD CONSTRAINT uq_workbenches_id_user_id UNIQUE USING INDEX uq_workbenches_id_user_id"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_constraint(op.f(OWNER_KEY), "workbenches")
    op.drop_index(op.f(OWNER_INDEX), "projects")
