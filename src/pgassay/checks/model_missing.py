"""The models have a table or a column that the database has not.

What it finds:
    A table or a column of the models that the database lacks. Drift says the same, and more, of a
    database that migrations build in a throwaway; this looks at any database.

Why it hurts:
    The first statement that names it fails, and the ORM names every column in every SELECT.

Bad:
    class Order(Base):
        note: Mapped[str | None]  # no migration has been run for it

Good:
    op.add_column("orders", sa.Column("note", sa.String()))

Fix:
    Run, or write, the migration.

When to ignore:
    When the database is meant to be older than the models.

Reference:
    Alembic documentation, Auto Generating Migrations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.DEPLOYED
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield what the models have and the database has not."""
    assert ground.models is not None
    views = {view.name for view in ground.catalog.views}
    for model in ground.models.tables:
        table = ground.relations.by_name.get(model.name)
        if table is None:
            if model.name not in views:
                yield Problem(
                    subject=Subject(object=str(model.name)),
                    found=f"there is no table {model.name}",
                    expected=f"the table of {', '.join(model.classes) or 'the MetaData'}",
                    source=model.source,
                )
            continue
        there = {column.name for column in table.columns}
        for column in model.columns:
            if column.name not in there:
                yield Problem(
                    subject=Subject(object=str(model.name), part=column.name),
                    found=f"{model.name} has no column {column.name}",
                    expected="the column, as the models have it",
                    source=model.source,
                )
