"""Give visits a country and a city beside their location.

First of three steps that split "ipLocation" (GB/London) in two. Both forms exist and a trigger
keeps them alike, so the release that writes one and the release that writes the other can run at
the same time. Catalog only: ACCESS EXCLUSIVE on the visits, for an instant. The downgrade loses
nothing, the location still has both.

Revision ID: 0014
Revises: 0013
Create Date: 2025-05-23 21:30:00
"""

import sqlalchemy as sa
from alembic import op

from migrations.pulse import ip_location

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("visitor_sessions", sa.Column("ipCountry", sa.Text()))
    op.add_column("visitor_sessions", sa.Column("ipCity", sa.Text()))
    ip_location.keep_alike()


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    ip_location.keep_alike_no_longer()
    op.drop_column("visitor_sessions", "ipCity")
    op.drop_column("visitor_sessions", "ipCountry")
