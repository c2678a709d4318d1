"""create the orders

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.execute('CREATE SCHEMA IF NOT EXISTS "Shop-Ä"')
    op.create_table(
        "order",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("select", sa.String(20), nullable=False),
        schema="Shop-Ä",
    )


def downgrade():
    op.drop_table("order", schema="Shop-Ä")
    op.execute('DROP SCHEMA "Shop-Ä"')
