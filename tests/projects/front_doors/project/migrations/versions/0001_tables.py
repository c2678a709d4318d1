"""The tables."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute('CREATE SCHEMA "Straße"')
    op.execute("""
        CREATE TABLE "Straße"."select" (
            id integer GENERATED ALWAYS AS IDENTITY,
            "Name" varchar(40) NOT NULL,
            "größe" numeric(6, 2) DEFAULT 1.5,
            CONSTRAINT select_pkey PRIMARY KEY (id),
            CONSTRAINT "one Name" UNIQUE ("Name"),
            CONSTRAINT "a ""positive"" größe" CHECK ("größe" > 0)
        )
    """)
    op.execute("""COMMENT ON TABLE "Straße"."select" IS 'Who buys'""")
    op.execute("""
        CREATE TABLE "a""b" (
            id integer NOT NULL PRIMARY KEY,
            "select" integer NOT NULL,
            label varchar(20),
            CONSTRAINT "of whom" FOREIGN KEY ("select")
                REFERENCES "Straße"."select" (id) ON DELETE CASCADE
        )
    """)


def downgrade() -> None:
    op.execute('DROP TABLE "a""b"')
    op.execute('DROP SCHEMA "Straße" CASCADE')
