"""One delete makes the database read a large table from end to end, again and again.

What it finds: a foreign key without an index that finds its rows, on a table that has many of them
by the planner's statistics. Told is what one DELETE costs, at the far end of a chain of ON DELETE
CASCADE too: each row that the chain deletes is another reading.

Why it hurts: a foreign key is asked once for each row that is deleted, not once for the statement.
A delete that takes a millisecond in a test takes minutes with production's rows, with the rows
locked all the while.

Bad:
    create table author (id bigint primary key);
    create table book (author_id bigint references author on delete cascade);
    insert into author select generate_series(1, 100);
    insert into book select 1 + i % 100 from generate_series(1, 20000) i;
    analyze;

Good:
    create table author (id bigint primary key);
    create table book (author_id bigint references author on delete cascade);
    insert into author select generate_series(1, 100);
    insert into book select 1 + i % 100 from generate_series(1, 20000) i;
    create index on book (author_id);
    analyze;

Fix: create the index; concurrently, where the table is in use.

When to ignore: rows of the other table are never deleted and their keys never change.

Reference: PostgreSQL documentation, chapter Constraints, Foreign Keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.mending import index_on
from pgassay.checks.sizes import column_of, rows_of
from pgassay.core.case import Subject
from pgassay.core.catalog import Action
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote, quote_all
from pgassay.rows.finding_rows import finds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Constraint, Table
    from pgassay.core.names import QualifiedName

    _Reached = tuple[QualifiedName, float, tuple[QualifiedName, ...]]

NEED = Need.STATISTICS
SEVERITY = Severity.WARNING
PROFILE = Profile.RECOMMENDED
OPTIONS = {"rows": 10_000}


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the foreign keys of large tables that no index serves, with what a delete costs."""
    for table, key in ground.relations.foreign_keys:
        rows = rows_of(ground, table.name)
        if rows < ground.options["rows"] or not key.enforced:
            continue
        if finds(ground.catalog, table, key):
            continue
        assert key.references is not None
        start, times, way = _dearest(ground, key.references)
        each = f"{rows:,.0f} rows"
        cost = (
            f"deletes about {times:,.0f} of {key.references} (by {' → '.join(map(str, way))}), "
            f"and for each of them reads {each} of {table.name}: {times * rows:,.0f} in all"
            if len(way) > 1
            else f"reads {each} of {table.name}"
        )
        yield Problem(
            subject=Subject(object=str(table.name), part=key.name),
            found=f"deleting one row of {start} {cost}",
            expected=f"an index that begins with ({quote_all(key.columns)})",
            fix=index_on(table, key.columns),
            evidence=(f"{quote(key.name)} {key.definition}", f"{table.name}: {each}"),
        )


def _dearest(ground: Ground, name: QualifiedName) -> _Reached:
    """Return the table of which one row, deleted, takes most rows of `name` along, and how many.

    The third is the chain of tables from there to here.
    """
    best: _Reached = (name, 1.0, (name,))
    waiting = [best]
    while waiting:
        current, times, way = waiting.pop()
        if times > best[1]:
            best = (current, times, way)
        table = ground.relations.by_name.get(current)
        for key in table.foreign_keys if table else ():
            above = key.references
            if table and key.on_delete is Action.CASCADE and above and above not in way:
                waiting.append((above, times * _children(ground, table, key), (above, *way)))
    return best


def _children(ground: Ground, table: Table, key: Constraint) -> float:
    """Return how many rows refer to one key, on average of those that are referred to."""
    rows = rows_of(ground, table.name)
    known = column_of(ground, table.name, key.columns[0]) if len(key.columns) == 1 else None
    kinds = known.kinds(rows) if known else 0.0
    return max(1.0, rows * (1 - known.null) / kinds) if known and kinds else 1.0
