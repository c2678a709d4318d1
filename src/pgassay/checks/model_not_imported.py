"""A model is not imported where the MetaData is taken from.

What it finds:
    A module beside the models that defines a table on the same MetaData, and that nothing imports
    when the MetaData is imported. It is imported to see whether the table then is there.

Why it hurts:
    Alembic's autogenerate does not see the table: it writes no migration for it, or one that drops
    it. create_all() leaves it out, and so do tests. It works by chance where some other module
    imports it first.

Bad:
    # shop/models.py, which env.py imports
    from shop.base import Base

    # shop/billing.py, which nobody imports
    class Invoice(Base):
        __tablename__ = "invoices"

Good:
    # shop/models.py
    from shop.base import Base
    from shop.billing import Invoice

Fix:
    Import the module where the MetaData is defined, or in env.py and in the configuration's
    metadata alike.

When to ignore:
    When the table belongs to an optional part that brings its own migrations.

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

NEED = Need.MODELS
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the tables that come in with a module that nobody imports."""
    assert ground.models is not None
    for stray in ground.models.strays:
        there = stray.table in ground.relations.by_name
        ending = "though the database has it" if there else "and the database has none either"
        yield Problem(
            subject=Subject(object=str(stray.table)),
            found=f"{stray.table} is in the MetaData only once {stray.module} is imported, "
            f"which nothing does, {ending}",
            expected=f"import {stray.module} where the MetaData is defined",
            source=stray.source,
        )
