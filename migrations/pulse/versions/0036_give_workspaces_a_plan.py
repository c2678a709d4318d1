"""Give workspaces a plan with limits.

Constant defaults, so the table is not rewritten by the new columns. A team that is larger than the
free plan allows keeps its seats: its limit is raised to what it has, which rewrites those rows.
ACCESS EXCLUSIVE until the transaction ends; there are few workspaces. The downgrade loses plans,
limits and what was used of them.

Revision ID: 0036
Revises: 0035
Create Date: 2025-09-27 14:35:00
"""

import sqlalchemy as sa
from alembic import op

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

LIMITS = {
    "maxSocialAccounts": 3,
    "maxScheduledPosts": 30,
    "maxAbTests": 1,
    "monthlyAiCredits": 100,
    "usedAiCredits": 0,
    "maxTeamMembers": 1,
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum("WorkspaceSubscriptionTier", "FREE", "PRO", "BUSINESS")
    tier = enum("WorkspaceSubscriptionTier")
    op.add_column(
        "workspaces", sa.Column("subscriptionTier", tier, server_default="FREE", nullable=False)
    )
    for name, limit in LIMITS.items():
        default = sa.text(str(limit))
        op.add_column(
            "workspaces", sa.Column(name, sa.Integer(), server_default=default, nullable=False)
        )
    op.add_column("workspaces", sa.Column("billingCycleStart", TIME))
    op.add_column("workspaces", sa.Column("stripeSubscriptionId", sa.Text()))
    op.create_unique_constraint(
        "workspaces_stripeSubscriptionId_key", "workspaces", ["stripeSubscriptionId"]
    )
    op.execute(
        'UPDATE workspaces AS w SET "maxTeamMembers" = m.seats'
        ' FROM (SELECT "workspaceId", count(*) AS seats FROM workspace_members GROUP BY 1) AS m'
        ' WHERE m."workspaceId" = w.id AND m.seats > w."maxTeamMembers"'
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in ("stripeSubscriptionId", "billingCycleStart", *reversed(LIMITS)):
        op.drop_column("workspaces", name)
    op.drop_column("workspaces", "subscriptionTier")
    drop_enums("WorkspaceSubscriptionTier")
