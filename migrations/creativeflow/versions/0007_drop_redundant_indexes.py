"""Drop the indexes that another index of the same table makes redundant.

Evidence: PostgreSQL 18, the tables filled, ten rows per key, pages read by the query that each
index was meant for, with all indexes and without the redundant one.

    redundant index                            size   another does it                    pages
    idx_assetversion_assetid                 4.1 MB   (asset_id, version_number)      13 -> 13
    idx_assetversion_projectid               1.9 MB   (project_id, version_number)      same
    idx_aimodelversion_modelid               1.2 MB   unique (model_id, version_…)    12 -> 13
    idx_teammember_teamid                    4.3 MB   unique (team_id, user_id)       13 -> 13
    idx_project_workbenchid                  4.2 MB   (workbench_id, user_id)         13 -> 13
    idx_subscription_userid_status            17 MB   unique (user_id): one row         4 -> 4
    idx_subscription_userid_currentperiodend  15 MB   unique (user_id): one row         4 -> 4

asset_versions, team_members, projects and subscriptions held 300,000 rows, ai_model_versions
100,000. In asset_versions the planner took the wider index even while both were there.
idx_notification_userid_isread_unread holds unread rows only, so is_read in its key never varies:
without it 2.2 MB become 1.5 MB for 60,000 unread rows, and counting a user's reads 3 pages as
before.

DROP INDEX changes the catalog only: ACCESS EXCLUSIVE on each table for an instant, all in one
transaction, which CONCURRENTLY would not give. What has to be built is built CONCURRENTLY.

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-06 09:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

REDUNDANT: dict[str, dict[str, list[str]]] = {
    "asset_versions": {
        "idx_assetversion_assetid": ["asset_id"],
        "idx_assetversion_projectid": ["project_id"],
    },
    "ai_model_versions": {"idx_aimodelversion_modelid": ["model_id"]},
    "team_members": {"idx_teammember_teamid": ["team_id"]},
    "subscriptions": {
        "idx_subscription_userid_status": ["user_id", "status"],
        "idx_subscription_userid_currentperiodend": ["user_id", "current_period_end"],
    },
    "projects": {"idx_project_workbenchid": ["workbench_id"]},
}
UNREAD = "idx_notification_userid_isread_unread"
UNREAD_IN_THE_MAKING = "idx_notification_userid_isread_unread_new"


def upgrade() -> None:
    build_unread_index(["user_id"])
    op.execute("SET LOCAL lock_timeout = '5s'")
    swap_unread_index()
    for table, indexes in REDUNDANT.items():
        for name in indexes:
            op.drop_index(op.f(name), table)


def downgrade() -> None:
    build_unread_index(["user_id", "is_read"])
    with op.get_context().autocommit_block():
        for table, indexes in REDUNDANT.items():
            for name, columns in indexes.items():
                op.drop_index(op.f(name), table, if_exists=True, postgresql_concurrently=True)
                op.create_index(op.f(name), table, columns, postgresql_concurrently=True)
    op.execute("SET LOCAL lock_timeout = '5s'")
    swap_unread_index()


def build_unread_index(columns: list[str]) -> None:
    with op.get_context().autocommit_block():
        # What an attempt that broke off may have left.
        op.drop_index(
            op.f(UNREAD_IN_THE_MAKING),
            "notifications",
            if_exists=True,
            postgresql_concurrently=True,
        )
        op.create_index(
            op.f(UNREAD_IN_THE_MAKING),
            "notifications",
            columns,
            postgresql_where=sa.text("is_read = false"),
            postgresql_concurrently=True,
        )


def swap_unread_index() -> None:
    op.drop_index(op.f(UNREAD), "notifications")
    op.execute(f"ALTER INDEX {UNREAD_IN_THE_MAKING} RENAME TO {UNREAD}")
