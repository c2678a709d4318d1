"""The mapped classes cannot be configured.

What it finds:
    Models that import, and whose mappers then fail: a relationship to a class that is not there,
    a join that cannot be worked out, two sides that do not fit.

Why it hurts:
    SQLAlchemy configures mappers when the first one is used. Migrations and create_all() work, the
    first query of the application fails, and it fails for every class.

Bad:
    class Order(Base):
        invoice: Mapped["Invoice"] = relationship()  # in a module that nobody imports

Good:
    from shop.billing import Invoice

Fix:
    Import what the relationship names, or say foreign_keys= and primaryjoin=.

When to ignore:
    Never.

Reference:
    SQLAlchemy documentation, configure_mappers().
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
    """Yield the failure, if there is one."""
    assert ground.models is not None
    if ground.models.failure:
        yield Problem(
            subject=Subject(object="mappers"),
            found=ground.models.failure,
            expected="mappers that can be configured",
            evidence=("sqlalchemy.orm.configure_mappers()",),
        )
