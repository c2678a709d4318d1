"""Fill in the country and city of earlier visits.

Second of three steps. Visits of before the first step are split; readers and writers go on, only
the rows themselves are locked. It can be run again. The downgrade leaves the parts: they are right,
and the step before drops them.

Revision ID: 0015
Revises: 0014
Create Date: 2025-05-30 21:30:00
"""

from alembic import op

from migrations.pulse import ip_location

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        f'UPDATE visitor_sessions SET "ipCountry" = {ip_location.COUNTRY},'
        f' "ipCity" = {ip_location.CITY}'
        ' WHERE "ipLocation" IS NOT NULL AND "ipCountry" IS NULL AND "ipCity" IS NULL'
    )


def downgrade() -> None:
    """Nothing was lost that would have to come back."""
