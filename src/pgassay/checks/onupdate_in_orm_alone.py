"""A value that only the ORM keeps up to date.

What it finds:
    A column with onupdate= that no trigger of the table sets.

Why it hurts:
    UPDATE by hand, in a migration, in a job or by another service leaves the old value. Whoever
    copies rows by updated_at never sees those changes.

Bad:
    updated_at: Mapped[datetime] = mapped_column(onupdate=func.now())

Good:
    updated_at: Mapped[datetime] = mapped_column(server_onupdate=FetchedValue())
    -- and in a migration
    CREATE TRIGGER touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();

Fix:
    Let a BEFORE UPDATE trigger set it.

When to ignore:
    When every write goes through the ORM's sessions, bulk updates by query included.

Reference:
    SQLAlchemy documentation, Column INSERT/UPDATE Defaults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.promised import columns
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Table
    from pgassay.core.names import QualifiedName

NEED = Need.MODELS
SEVERITY = Severity.INFO
PROFILE = Profile.STRICT


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the columns that nothing in the database touches on UPDATE."""
    functions = {function.name: function.definition for function in ground.catalog.functions}
    for model, promised, table, column in columns(ground):
        if promised.onupdate is None or promised.server_onupdate or column.generated:
            continue
        if not _touched(table, functions, column.name):
            yield Problem(
                subject=Subject(object=str(model.name), part=column.name),
                found=f"onupdate={promised.onupdate} is all that changes {column.name} on UPDATE",
                expected="a BEFORE UPDATE trigger that sets it",
                source=model.source,
            )


def _touched(table: Table, functions: Mapping[QualifiedName, str], column: str) -> bool:
    """Whether a trigger on UPDATE may set the column: its function speaks of it."""
    for trigger in table.triggers:
        early = trigger.timing == "BEFORE" and trigger.for_each_row and "UPDATE" in trigger.events
        text = functions.get(trigger.function)
        # A function of an extension is not in the catalog: it is given the benefit.
        if early and (text is None or column in text):
            return True
    return False
