"""create the lines

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NAME = 'line "of" it'


def upgrade():
    op.create_table(
        NAME,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "orderId",
            sa.Integer,
            sa.ForeignKey("Shop-Ä.order.id", ondelete="CASCADE"),
            nullable=False,
        ),
        schema="Shop-Ä",
    )
    op.create_index(op.f('ix_Shop-Ä_line "of" it_orderId'), NAME, ["orderId"], schema="Shop-Ä")


def downgrade():
    op.drop_table(NAME, schema="Shop-Ä")
