"""Hold the connections from before to their identities too.

An identity that is gone is forgotten, as the key's own ON DELETE would have done. Validating lets
readers and writers go on. The downgrade does not bring such identities back.

Revision ID: 0033
Revises: 0032
Create Date: 2025-09-13 12:30:00
"""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        'UPDATE connections AS c SET "identityId" = NULL WHERE "identityId" IS NOT NULL'
        ' AND NOT EXISTS (SELECT FROM identities AS i WHERE i.id = c."identityId")'
    )
    op.execute('ALTER TABLE connections VALIDATE CONSTRAINT "connections_identityId_fkey"')


def downgrade() -> None:
    # Validity cannot be taken back; the key is made anew, as the revision before left it.
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_constraint("connections_identityId_fkey", "connections")
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
