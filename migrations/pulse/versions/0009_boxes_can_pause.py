"""Let boxes pause.

A label between two others; adding it takes no lock on the table that uses the type. It cannot be
used in the transaction that adds it, hence outside of one. The downgrade stops the boxes that are
paused and rewrites the table under ACCESS EXCLUSIVE: a label can be added, not taken away.

Revision ID: 0009
Revises: 0008
Create Date: 2025-04-27 17:20:00
"""

from alembic import op

from migrations.pulse.column_types import replace_enum

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LABELS_BEFORE = ("CREATING", "STARTING", "RUNNING", "STOPPING", "STOPPED", "TERMINATED", "ERROR")


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE \"BoxStatus\" ADD VALUE IF NOT EXISTS 'PAUSED' AFTER 'RUNNING'")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    label = "CASE \"status\" WHEN 'PAUSED' THEN 'STOPPED' ELSE \"status\"::text END"
    replace_enum(
        "BoxStatus", *LABELS_BEFORE, columns={("boxes", "status"): label}, default="STOPPED"
    )
