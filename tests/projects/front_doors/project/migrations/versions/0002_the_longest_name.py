"""The table with the longest name."""

from alembic import op

revision = "0002"
down_revision = "0001"

NAME = '"Straße"."die_längste_Tabelle_deren_Name_genau_dreiundsechzig_Byte_misst"'


def upgrade() -> None:
    op.execute(f"""
        CREATE TABLE {NAME} (
            id uuid NOT NULL PRIMARY KEY,
            "a""b" integer,
            at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT "to a""b" FOREIGN KEY ("a""b") REFERENCES "a""b" (id) ON DELETE SET NULL
        )
    """)
    op.execute(f'CREATE INDEX "by order" ON {NAME} (at)')


def downgrade() -> None:
    op.execute(f"DROP TABLE {NAME}")
