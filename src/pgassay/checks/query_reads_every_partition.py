"""A hot query reads every partition of a table.

What it finds: a hot query (the files in queries/ of the system's benchmarks) whose plan reads all
partitions of a table, three or more, and that asks nothing of the column by which it is divided.

Why it hurts: what one index lookup would do becomes one for each partition, and one more every
month. The table was divided so that a query need not look at all of it.

Bad:
    -- usage_logs is partitioned by range (created_at)
    select * from usage_logs where request_id = $1

Good:
    select * from usage_logs where request_id = $1 and created_at >= $2 and created_at < $3

Fix: carry the column along to where the query is made, as a part of the key or as a range around
the time that is known; or divide the table by what is asked for.

When to ignore: the partitions are few and stay few, or the query has to see all rows.

Reference: PostgreSQL documentation, chapter Table Partitioning, Partition Pruning.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote
from pgassay.plans.places import Places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground, HotPlan

NEED = Need.QUERIES
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT

_SEVERAL = 3


def find(ground: Ground) -> Iterator[Problem]:
    """Yield each query and table, once."""
    assert ground.plans is not None
    places = Places(ground.catalog)
    seen = set()
    for hot in ground.plans:
        for name in dict.fromkeys(places.root(n.relation) for n in hot.plan.nodes() if n.relation):
            table = places.tables.get(name)
            if table is None or table.partition_key is None or (hot.query, name) in seen:
                continue
            columns = [c for c in table.partition_key.columns if c is not None]
            leaves = places.leaves(name)
            nodes = [n for n in hot.plan.nodes() if n.relation in leaves and n.executed]
            read = {node.relation for node in nodes}
            if len(leaves) < _SEVERAL or len(read) < len(leaves) or _asks(hot, columns):
                continue
            seen.add((hot.query, name))
            yield Problem(
                subject=Subject(object=str(name), part=hot.query),
                found=f"{hot.query} ({hot.asked}) reads all {len(leaves)} partitions of {name} and "
                f"asks nothing of {', '.join(map(quote, columns)) or 'what divides it'}",
                expected="a condition on what the table is divided by",
                evidence=(hot.source, f"{name}: partition by {table.partition_key.definition}"),
            )


def _asks(hot: HotPlan, columns: list[str]) -> bool:
    """Whether a condition of the plan speaks of a column that divides the table."""
    texts = [text for node in hot.plan.nodes() for text in node.conditions.values()]
    return any(
        re.search(rf"(?<![\w\"]){re.escape(quote(column))}(?![\w\"])", text)
        for column in columns
        for text in texts
    )
