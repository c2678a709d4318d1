"""A type is left over.

What it finds: an enum type or a domain that no column, no other type and no function of the
database uses.

Why it hurts: it is what stays of a column that went. Tools make it part of every new database.

Bad:
    create type mood as enum ('good', 'bad');

Good:
    create type mood as enum ('good', 'bad');
    create table day (mood mood);

Fix: drop it.

When to ignore: the application uses it in casts alone.

Reference: PostgreSQL documentation, DROP TYPE.
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

NEED = Need.CATALOG
SEVERITY = Severity.INFO
PROFILE = Profile.ALL


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the types that nothing uses."""
    catalog = ground.catalog
    columns = [column for table in catalog.tables for column in table.columns]
    columns += [column for view in catalog.views for column in view.columns]
    columns += [column for composite in catalog.composites for column in composite.columns]
    used = {column.type.name for column in columns}
    used |= {domain.type.name for domain in catalog.domains}
    texts = "\n".join(
        [f.definition for f in catalog.functions]
        + [v.definition for v in catalog.views]
        + [r.subtype for r in catalog.ranges]
    )
    kinds = [("type", e.name) for e in catalog.enums] + [
        ("domain", d.name) for d in catalog.domains
    ]
    for word, name in kinds:
        if name not in used and name.name not in texts:
            yield Problem(
                subject=Subject(object=str(name)),
                found=f"nothing in the database uses the {word} {name}",
                expected="a type that is used",
                fix=f"drop {word} {name.sql};",
            )
