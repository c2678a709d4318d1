"""Deletes cascade in a circle over several tables.

What it finds: two or more tables whose foreign keys with ON DELETE CASCADE lead from each to each
other. A table that refers to itself, as a tree does, is no such circle.

Why it hurts: deleting one row may take any number of rows of all of these tables along, and nobody
can tell from the row how many.

Bad:
    create table team (id bigint primary key, captain_id bigint);
    create table player (
        id bigint primary key,
        team_id bigint references team on delete cascade
    );
    create index on player (team_id);
    create index on team (captain_id);
    alter table team add foreign key (captain_id) references player on delete cascade;

Good:
    create table team (id bigint primary key, captain_id bigint);
    create table player (
        id bigint primary key,
        team_id bigint references team on delete cascade
    );
    create index on player (team_id);
    create index on team (captain_id);
    alter table team add foreign key (captain_id) references player on delete set null;

Fix: let one key of the circle set NULL instead, mostly that which names one of many.

When to ignore: the tables are one thing, and always deleted together.

Reference: PostgreSQL documentation, chapter Constraints, Foreign Keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.circles import circles
from pgassay.checks.mending import with_action
from pgassay.core.case import Subject
from pgassay.core.catalog import Action
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.names import QualifiedName

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT


def find(ground: Ground) -> Iterator[Problem]:
    """Yield one problem a circle, at a key that could set NULL if there is one."""
    cascading = [(t, k) for t, k in ground.relations.foreign_keys if k.on_delete is Action.CASCADE]
    edges: dict[QualifiedName, set[QualifiedName]] = {}
    for table, key in cascading:
        assert key.references is not None
        edges.setdefault(table.name, set()).add(key.references)
    for circle in circles(edges):
        keys = [
            (not all(not ground.relations.not_null(t.column(c)) for c in k.columns), t.name, k.name)
            for t, k in cascading
            if t.name in circle and k.references in circle and k.references != t.name
        ]
        strict, name, constraint = min(keys)
        table, key = next((t, k) for t, k in cascading if (t.name, k.name) == (name, constraint))
        yield Problem(
            subject=Subject(object=str(name), part=constraint),
            found=f"deletes go round {', '.join(sorted(map(str, circle)))}",
            expected="a key among them that does not delete",
            fix="" if strict else with_action(table, key, on_delete=Action.SET_NULL),
            evidence=tuple(
                f"{t.name}: {quote(k.name)} {k.definition}"
                for t, k in cascading
                if t.name in circle and k.references in circle
            ),
        )
