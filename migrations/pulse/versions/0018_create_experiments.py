"""Compare variants and switch features.

4 new tables. Making the foreign keys locks visitor_sessions against writes for an instant. The
downgrade loses every row of them.

Revision ID: 0018
Revises: 0017
Create Date: 2025-06-16 00:00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum("AbTestStatus", "DRAFT", "RUNNING", "COMPLETED", "ARCHIVED")
    op.create_table(
        "AbTest",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("status", enum("AbTestStatus"), server_default="DRAFT", nullable=False),
        sa.Column("winnerVariantId", sa.Text()),
        sa.Column("significanceLevel", sa.Double(), server_default=sa.text("0.95"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="AbTest_pkey"),
        comment="A comparison of variants among visitors.",
    )
    op.create_index("AbTest_status_idx", "AbTest", ["status"])
    op.create_table(
        "AbTestVariant",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("abTestId", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("splitPercentage", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="AbTestVariant_pkey"),
        sa.UniqueConstraint("abTestId", "name", name="AbTestVariant_abTestId_name_key"),
        sa.ForeignKeyConstraint(
            ["abTestId"],
            ["AbTest.id"],
            name="AbTestVariant_abTestId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="One side of a test and its share of the visitors.",
    )
    op.create_index("AbTestVariant_abTestId_idx", "AbTestVariant", ["abTestId"])
    op.create_table(
        "AbTestResult",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("visitorSessionId", sa.Text(), nullable=False),
        sa.Column("abTestVariantId", sa.Text(), nullable=False),
        sa.Column("converted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="AbTestResult_pkey"),
        sa.ForeignKeyConstraint(
            ["visitorSessionId"],
            ["visitor_sessions.id"],
            name="AbTestResult_visitorSessionId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["abTestVariantId"],
            ["AbTestVariant.id"],
            name="AbTestResult_abTestVariantId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="Which variant a visit saw and whether it converted.",
    )
    op.create_index("AbTestResult_visitorSessionId_idx", "AbTestResult", ["visitorSessionId"])
    op.create_index("AbTestResult_abTestVariantId_idx", "AbTestResult", ["abTestVariantId"])
    op.create_table(
        "feature_flags",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("isEnabled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("percentage", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("enabledFor", ARRAY(sa.Text()), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="feature_flags_pkey"),
        sa.UniqueConstraint("name", name="feature_flags_name_key"),
        comment="A switch for a feature: for all, for some users, or for a share of them.",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("feature_flags")
    op.drop_table("AbTestResult")
    op.drop_table("AbTestVariant")
    op.drop_table("AbTest")
    drop_enums("AbTestStatus")
