"""A delete cascades over many generations of tables.

What it finds: a table of which one deleted row may reach rows over more than `depth` generations of
ON DELETE CASCADE.

Why it hurts: each generation multiplies the rows. What looks like the delete of one row locks and
writes in many tables, in an order that nobody chose, and blocks whoever works there.

Bad:
    create table a (id bigint primary key);
    create table b (id bigint primary key references a on delete cascade);
    create table c (id bigint primary key references b on delete cascade);
    create table d (id bigint primary key references c on delete cascade);
    create table e (id bigint primary key references d on delete cascade);
    create table f (id bigint primary key references e on delete cascade);

Good:
    create table a (id bigint primary key);
    create table b (id bigint primary key references a on delete cascade);
    create table c (id bigint primary key references b on delete cascade);
    create table d (id bigint primary key references c);

Fix: stop the chain where a generation is a thing of its own, and delete that in a job, in portions.

When to ignore: parents are few and deleted once in a year.

Reference: PostgreSQL documentation, chapter Constraints, Foreign Keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.catalog import Action
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.names import QualifiedName

    Way = tuple[QualifiedName, ...]

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.ALL
OPTIONS = {"depth": 4}


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the tables at the top of a chain that is too long."""
    below: dict[QualifiedName, list[QualifiedName]] = {}
    for table, key in ground.relations.foreign_keys:
        if key.on_delete is Action.CASCADE and key.references not in (None, table.name):
            assert key.references is not None
            below.setdefault(key.references, []).append(table.name)
    reached = {name for names in below.values() for name in names}
    known: dict[QualifiedName, Way] = {}
    for top in sorted(below):
        way = _longest(top, below, known, ())
        if top not in reached and len(way) - 1 > ground.options["depth"]:
            yield Problem(
                subject=Subject(object=str(top)),
                found=f"one row of {top} takes rows of {len(way) - 1} generations along",
                expected=f"{ground.options['depth']} generations at most",
                evidence=(" → ".join(map(str, way)),),
            )


def _longest(
    name: QualifiedName,
    below: dict[QualifiedName, list[QualifiedName]],
    known: dict[QualifiedName, Way],
    above: Way,
) -> Way:
    """Return the longest chain from a table down; a circle is gone through once."""
    if name in known:
        return known[name]
    ways = [
        _longest(child, below, known, (*above, name))
        for child in sorted(set(below.get(name, ())))
        if child not in above
    ]
    known[name] = (name, *max(ways, key=len, default=()))
    return known[name]
