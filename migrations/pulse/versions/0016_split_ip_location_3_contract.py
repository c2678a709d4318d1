"""Drop the location of visits, which is two columns now.

Last of three steps, once no release reads "ipLocation" any more. Catalog only: ACCESS EXCLUSIVE on
the visits, for an instant. The downgrade puts the location together again from its parts, which
rewrites every visit that has one; a trailing slash does not come back.

Revision ID: 0016
Revises: 0015
Create Date: 2025-06-03 21:55:00
"""

import sqlalchemy as sa
from alembic import op

from migrations.pulse import ip_location

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    ip_location.keep_alike_no_longer()
    op.drop_column("visitor_sessions", "ipLocation")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("visitor_sessions", sa.Column("ipLocation", sa.Text()))
    op.execute(
        f'UPDATE visitor_sessions SET "ipLocation" = {ip_location.LOCATION}'
        ' WHERE "ipCountry" IS NOT NULL OR "ipCity" IS NOT NULL'
    )
    ip_location.keep_alike()
