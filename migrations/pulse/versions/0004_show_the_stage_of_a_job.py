"""Show which stage an enhancement is in.

A nullable column without a default changes the catalog only: ACCESS EXCLUSIVE on the jobs, for an
instant. Jobs from before have no stage. The downgrade forgets the stages.

Revision ID: 0004
Revises: 0003
Create Date: 2025-03-26 13:10:00
"""

import sqlalchemy as sa
from alembic import op

from migrations.pulse.column_types import create_enum, drop_enums, enum

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum("PipelineStage", "ANALYZING", "CROPPING", "PROMPTING", "GENERATING")
    op.add_column("image_enhancement_jobs", sa.Column("currentStage", enum("PipelineStage")))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("image_enhancement_jobs", "currentStage")
    drop_enums("PipelineStage")
