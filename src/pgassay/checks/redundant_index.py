"""An index is the beginning of another one.

What it finds: a B-tree index that is not unique and belongs to no constraint, whose keys are the
first keys of another usable B-tree index of the table, sorted alike and with the same predicate,
and whose included columns the other one has as well. Where the longer one has more than `further`
columns more, a text or an expression counted twice, it is another index: the shorter one is so much
smaller that it may be worth having.

Why it hurts: the longer index answers what the shorter one answers. Writes keep up both, and both
take room in memory.

Bad:
    create table orders (id bigint primary key, customer_id bigint, placed timestamptz);
    create index orders_customer on orders (customer_id);
    create index orders_customer_placed on orders (customer_id, placed);

Good:
    create table orders (id bigint primary key, customer_id bigint, placed timestamptz);
    create index orders_customer_placed on orders (customer_id, placed);

Fix: drop the shorter one.

When to ignore: the further keys are long, many rows have the same first ones, and the shorter
index is so much smaller that it stays in memory where the other does not; pgassay bench --indexes
says what each is needed by.

Reference: PostgreSQL documentation, chapter Indexes, Multicolumn Indexes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.likeness import sorted_alike
from pgassay.checks.mending import without_index
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Index, Table

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.RECOMMENDED
OPTIONS = {"further": 2}

_WIDE = frozenset({"text", "varchar", "bpchar", "bytea", "citext", "json", "jsonb"})


def find(ground: Ground) -> Iterator[Problem]:
    """Yield each index that a longer one begins with."""
    for table in ground.catalog.tables:
        usable = [i for i in table.indexes if i.valid and i.method == "btree"]
        for index in usable:
            if index.unique or index.constraint or index.parent or index.clustered:
                continue
            others = (i for i in usable if i is not index and _begins(index, i))
            most = _width(index, table) + ground.options["further"]
            longer = next((i for i in others if _width(i, table) <= most), None)
            if longer is None:
                continue
            yield Problem(
                subject=Subject(object=str(table.name), part=index.name),
                found=f"{quote(index.name)} is the beginning of {quote(longer.name)}",
                expected="the longer index alone",
                fix=without_index(table, index),
                evidence=(index.definition, longer.definition),
            )


def _begins(index: Index, longer: Index) -> bool:
    count = len(index.keys)
    there = {key.column for key in longer.keys} | set(longer.include)
    return (
        len(longer.keys) > count
        and index.predicate == longer.predicate
        and sorted_alike(index.keys, longer.keys[:count])
        and set(index.include) <= there
    )


def _width(index: Index, table: Table) -> int:
    """Return how many columns an index has, those that are wide counted twice."""
    names = (*(key.column for key in index.keys), *index.include)
    narrow = {c.name for c in table.columns if c.type.base not in _WIDE and not c.type.array}
    return sum(1 if name in narrow else 2 for name in names)
