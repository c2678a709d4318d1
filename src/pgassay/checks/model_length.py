"""The models and the database disagree about how long a text may be.

What it finds:
    A string column whose length in the models is another than that in the database.

Why it hurts:
    What the models let through is refused by the database (22001), or a limit that the application
    counts on is not there.

Bad:
    name: Mapped[str] = mapped_column(String(200))  # the database: name varchar(100)

Good:
    name: Mapped[str] = mapped_column(String(200))  # the database: name varchar(200)

Fix:
    Change the type by a migration; a longer varchar is a change of the catalog alone.

When to ignore:
    When the limit is only meant for another database system.

Reference:
    PostgreSQL documentation, Character Types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.promised import columns
from pgassay.core.case import Subject
from pgassay.core.catalog import TypeKind
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.DEPLOYED
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED


_TEXTS = ("varchar", "bpchar", "text")


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the texts with two limits."""
    for model, promised, _, column in columns(ground):
        if column.type.base not in _TEXTS or column.type.kind is not TypeKind.BASE:
            continue
        if promised.labels or promised.length == column.type.length:
            continue
        kind = "text" if promised.length is None else f"varchar({promised.length})"
        alter = f"ALTER TABLE {model.name.sql} ALTER COLUMN {quote(column.name)}"
        yield Problem(
            subject=Subject(object=str(model.name), part=column.name),
            found=f"{column.name} is {column.type.sql} in the database",
            expected="no limit, as in the models"
            if promised.length is None
            else f"at most {promised.length} characters, as in the models",
            fix=f"{alter} TYPE {kind}{'[]' * column.type.array};",
            source=model.source,
        )
