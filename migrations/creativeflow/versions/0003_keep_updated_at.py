"""Keep updated_at in the database, for every client.

One function, one trigger per table that has the column. A value the client sends is overwritten;
an UPDATE that changes nothing leaves the time alone. SHARE ROW EXCLUSIVE on each table, for an
instant.

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-04 09:00:00
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = (
    "users",
    "brand_kits",
    "workbenches",
    "projects",
    "assets",
    "generation_requests",
    "social_media_connections",
    "api_clients",
    "subscriptions",
    "teams",
    "notifications",
    "templates",
    "ai_models",
    "ai_model_versions",
    "ai_model_deployments",
)


def upgrade() -> None:
    quote = op.get_context().dialect.identifier_preparer.quote
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("""
CREATE FUNCTION set_updated_at() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at := timezone('utc', now());
    RETURN NEW;
END
$$""")
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER set_updated_at BEFORE UPDATE ON {quote(table)}"
            " FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)"
            " EXECUTE FUNCTION set_updated_at()"
        )


def downgrade() -> None:
    quote = op.get_context().dialect.identifier_preparer.quote
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in TABLES:
        op.execute(f"DROP TRIGGER set_updated_at ON {quote(table)}")
    op.execute("DROP FUNCTION set_updated_at()")
