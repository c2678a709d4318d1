"""Deletes cascade in a circle over several tables.

What it finds: a circle of foreign keys ON DELETE CASCADE over two or more tables.

Why it hurts: one delete can empty all of them. How far it goes is decided by the rows and not by
the schema, and each round takes locks in an order that another delete may take the other way.

Bad:
    create table team (id bigint primary key, lead_id bigint);
    create table member (id bigint primary key, team_id bigint references team on delete cascade);
    alter table team add foreign key (lead_id) references member on delete cascade;
    create index on member (team_id);
    create index on team (lead_id);

Good:
    create table team (id bigint primary key, lead_id bigint);
    create table member (id bigint primary key, team_id bigint references team on delete cascade);
    alter table team add foreign key (lead_id) references member on delete set null;
    create index on member (team_id);
    create index on team (lead_id);

Fix: break the circle where the reference is the weaker one: SET NULL, or NO ACTION.

When to ignore: the tables are one thing in several parts, and go together whatever happens.

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
from pgassay.core.names import QualifiedName, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Constraint, Table

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT


def find(ground: Ground) -> Iterator[Problem]:
    """Yield one problem a circle, at the weakest of its keys."""
    cascading = [
        (table, key)
        for table, key in ground.relations.foreign_keys
        if key.on_delete is Action.CASCADE and key.references != table.name and key.enforced
    ]
    edges: dict[QualifiedName, set[QualifiedName]] = {}
    for table, key in cascading:
        assert key.references is not None
        edges.setdefault(table.name, set()).add(key.references)
    for circle in circles(edges):
        keys = [(t, k) for t, k in cascading if t.name in circle and k.references in circle]
        keys.sort(key=lambda pair: (_required(ground, *pair), pair[0].name, pair[1].name))
        table, key = keys[0]
        action = Action.NO_ACTION if _required(ground, table, key) else Action.SET_NULL
        yield Problem(
            subject=Subject(object=str(table.name), part=key.name),
            found=f"a delete goes round {', '.join(sorted(map(str, circle)))}",
            expected="cascades that end",
            fix=with_action(table, key, on_delete=action),
            evidence=tuple(f"{t.name}: {quote(k.name)} {k.definition}" for t, k in keys),
        )


def _required(ground: Ground, table: Table, key: Constraint) -> bool:
    return any(ground.relations.not_null(table.column(name)) for name in key.columns)
