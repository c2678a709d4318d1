"""Index click ids and the stages of jobs.

CONCURRENTLY, hence outside a transaction: readers and writers of these large tables go on. An
attempt that broke off leaves an invalid index behind; it is dropped first, so that the revision
can simply be run again.

Revision ID: 0019
Revises: 0018
Create Date: 2025-06-23 01:40:00
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INDEXES = (
    ("visitor_sessions_gclid_idx", "visitor_sessions", ["gclid"]),
    ("visitor_sessions_fbclid_idx", "visitor_sessions", ["fbclid"]),
    (
        "image_enhancement_jobs_status_currentStage_idx",
        "image_enhancement_jobs",
        ["status", "currentStage"],
    ),
)


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for name, table, columns in INDEXES:
            op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
            op.create_index(name, table, columns, postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for name, table, _columns in reversed(INDEXES):
            op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
