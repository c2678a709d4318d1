"""Refuse new projects whose owner is not their workbench's owner.

The design leaves this to application logic or triggers; both race under READ COMMITTED, a foreign
key on the pair does not. NOT VALID: rows written from here on are held to it, rows from before are
looked at by the next revision, outside this lock (SHARE ROW EXCLUSIVE on both tables, for an
instant).

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-05 10:00:00
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_foreign_key(
        op.f("fk_projects_workbench_id_user_id"),
        "projects",
        "workbenches",
        ["workbench_id", "user_id"],
        ["id", "user_id"],
        ondelete="CASCADE",
        onupdate="CASCADE",
        postgresql_not_valid=True,
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_constraint(op.f("fk_projects_workbench_id_user_id"), "projects")
