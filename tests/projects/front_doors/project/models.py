"""Three tables with names that must be quoted."""

import sqlalchemy as sa

SCHEMA = "Straße"
LONGEST = "die_längste_Tabelle_deren_Name_genau_dreiundsechzig_Byte_misst"

metadata = sa.MetaData()

customer = sa.Table(
    "select",
    metadata,
    sa.Column("id", sa.Integer, sa.Identity(always=True), primary_key=True),
    sa.Column("Name", sa.String(40), nullable=False),
    sa.Column("größe", sa.Numeric(6, 2), server_default=sa.text("1.5")),
    sa.UniqueConstraint("Name", name="one Name"),
    sa.CheckConstraint('"größe" > 0', name='a "positive" größe'),
    schema=SCHEMA,
    comment="Who buys",
)

quoted = sa.Table(
    'a"b',
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("select", sa.Integer, nullable=False),
    sa.Column("label", sa.String(20)),
    sa.ForeignKeyConstraint(
        ["select"], [f"{SCHEMA}.select.id"], name="of whom", ondelete="CASCADE"
    ),
)

longest = sa.Table(
    LONGEST,
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column('a"b', sa.Integer),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.ForeignKeyConstraint(['a"b'], ['a"b.id'], name='to a"b', ondelete="SET NULL"),
    sa.Index("by order", "at"),
    schema=SCHEMA,
)
