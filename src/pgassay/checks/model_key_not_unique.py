"""What the mapper takes for the primary key is not unique in the database.

What it finds:
    A mapped class whose primary key, in the models or in __mapper_args__, no unique index of the
    table keeps.

Why it hurts:
    The ORM has one object for each key. Of two rows with the same key it shows one, twice, and an
    UPDATE of that object changes both.

Bad:
    class Reading(Base):
        __table__ = Table("readings", metadata, Column("sensor", Integer))
        __mapper_args__ = {"primary_key": [__table__.c.sensor]}

Good:
    class Reading(Base):
        __tablename__ = "readings"
        sensor: Mapped[int] = mapped_column(primary_key=True)

Fix:
    Give the table the primary key that the models count on.

When to ignore:
    Never for a table. Views are not looked at.

Reference:
    SQLAlchemy documentation, How do I map a table that has no primary key?
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Table

NEED = Need.MODELS
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the mapped tables whose key may be there twice."""
    assert ground.models is not None
    for model in ground.models.tables:
        table = ground.relations.by_name.get(model.name)
        if table is None or not model.key or _kept(table, model.key):
            continue
        key = table.primary_key
        yield Problem(
            subject=Subject(object=str(model.name)),
            found=f"{', '.join(model.classes)} is told apart by {', '.join(model.key)}, which "
            f"no unique key of {model.name} has",
            expected=f"a primary key ({', '.join(model.key)})",
            fix=""
            if key
            else f"ALTER TABLE {model.name.sql} ADD PRIMARY KEY ({quote_all(model.key)});",
            evidence=(key.definition,) if key else (),
            source=model.source,
        )


def _kept(table: Table, key: tuple[str, ...]) -> bool:
    # No unique key of a partitioned table can do without the columns that divide it.
    divided = table.partition_key.columns if table.partition_key else ()
    allowed = {*key, *(column for column in divided if column)}
    return any(
        index.unique
        and index.valid
        and index.predicate is None
        and {part.column for part in index.keys} <= allowed
        for index in table.indexes
    )
