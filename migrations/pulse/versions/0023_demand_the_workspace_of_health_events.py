"""Fill in the workspace of earlier health events, and demand it.

The index is built first and CONCURRENTLY. Validating lets readers and writers go on, and the
proven CHECK spares SET NOT NULL its scan of the table: ACCESS EXCLUSIVE for an instant. Everything
can be run again after an attempt that broke off. The downgrade keeps what was filled in.

Revision ID: 0023
Revises: 0022
Create Date: 2025-07-16 04:10:00
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

INDEX = "account_health_events_workspaceId_createdAt_idx"
KNOWN = "account_health_events_workspace_known"
FOREIGN_KEY = "account_health_events_workspaceId_fkey"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(INDEX, "account_health_events", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            INDEX,
            "account_health_events",
            ["workspaceId", "createdAt"],
            postgresql_concurrently=True,
        )
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        'UPDATE account_health_events AS e SET "workspaceId" = a."workspaceId"'
        ' FROM social_accounts AS a WHERE a.id = e."accountId" AND e."workspaceId" IS NULL'
    )
    op.execute(f"ALTER TABLE account_health_events VALIDATE CONSTRAINT {KNOWN}")
    op.execute(f'ALTER TABLE account_health_events VALIDATE CONSTRAINT "{FOREIGN_KEY}"')
    op.alter_column("account_health_events", "workspaceId", nullable=False)
    op.drop_constraint(KNOWN, "account_health_events")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.alter_column("account_health_events", "workspaceId", nullable=True)
    op.execute(
        f"ALTER TABLE account_health_events ADD CONSTRAINT {KNOWN}"
        ' CHECK ("workspaceId" IS NOT NULL) NOT VALID'
    )
    # Validity cannot be taken back; the key is made anew, as the revision before left it.
    op.drop_constraint(FOREIGN_KEY, "account_health_events")
    op.create_foreign_key(
        FOREIGN_KEY,
        "account_health_events",
        "workspaces",
        ["workspaceId"],
        ["id"],
        ondelete="CASCADE",
        onupdate="CASCADE",
        postgresql_not_valid=True,
    )
    op.drop_index(INDEX, "account_health_events")
