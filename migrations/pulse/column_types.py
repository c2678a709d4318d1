"""Types of columns that the revisions share, and the making of enum types.

Frozen with the revisions that use it: what changes later is a new revision's. Enum types are made
and dropped by a statement of their own, never along with a table: several tables share some.
"""

from alembic import op
from sqlalchemy.dialects.postgresql import ENUM, TIMESTAMP

TIME = TIMESTAMP(precision=3)  # without a zone, in UTC


def enum(name: str) -> ENUM:
    """A column's type, by the name of an enum type that exists."""
    return ENUM(name=name, create_type=False)


def create_enum(name: str, *labels: str) -> None:
    """Make an enum type; its values sort as they are given."""
    values = ", ".join(f"'{label}'" for label in labels)
    op.execute(f'CREATE TYPE "{name}" AS ENUM ({values})')


def drop_enums(*names: str) -> None:
    """Drop enum types that no column has any more."""
    for name in names:
        op.execute(f'DROP TYPE "{name}"')


def replace_enum(
    name: str, *labels: str, columns: dict[tuple[str, str], str], default: str | None = None
) -> None:
    """Put an enum type with other labels in the place of one, as a downgrade has to.

    PostgreSQL can add a label but not take one away. `columns` gives for each table and column of
    that type the SQL expression of its new label, as text. Tables are rewritten under ACCESS
    EXCLUSIVE. `default` is put back on every column that is given.
    """
    op.execute(f'ALTER TYPE "{name}" RENAME TO "{name}_old"')
    create_enum(name, *labels)
    for (table, column), label in columns.items():
        if default is not None:
            op.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" DROP DEFAULT')
        op.execute(
            f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE "{name}" USING ({label})::"{name}"'
        )
        if default is not None:
            op.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET DEFAULT \'{default}\'')
    op.execute(f'DROP TYPE "{name}_old"')
