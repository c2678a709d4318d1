"""Refuse connections with an identity that does not exist.

NOT VALID: rows written from here on are held to it, rows from before are looked at by the next
revision, outside this lock (SHARE ROW EXCLUSIVE on both tables, for an instant).

Revision ID: 0032
Revises: 0031
Create Date: 2025-09-04 11:15:00
"""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_foreign_key(
        "connections_identityId_fkey",
        "connections",
        "identities",
        ["identityId"],
        ["id"],
        ondelete="SET NULL",
        onupdate="CASCADE",
        postgresql_not_valid=True,
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_constraint("connections_identityId_fkey", "connections")
