"""An index that is not unique has many keys.

What it finds: an index that is not unique with more keys than the option `keys` says, 4 by default.

Why it hurts: each further key makes the index larger and every update of one of its columns a write
to it. The later keys seldom narrow a search: they are only used where all before them are fixed.

Bad:
    create table sale (a int, b int, c int, d int, e int);
    create index sale_all on sale (a, b, c, d, e);

Good:
    create table sale (a int, b int, c int, d int, e int);
    create index sale_all on sale (a, b) include (c, d, e);

Fix: keep the keys that searches use, and include what is only read.

When to ignore: a query that matters uses every key; pgassay bench --indexes says so.

Reference: PostgreSQL documentation, chapter Indexes, Multicolumn Indexes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.mending import without_index
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote
from pgassay.drift.ddl.clauses import index_statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.INFO
PROFILE = Profile.ALL
OPTIONS = {"keys": 4}


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the long indexes; keys past the limit are included where they are columns."""
    most: int = ground.options["keys"]
    for table, index in ground.indexes():
        if index.unique or len(index.keys) <= most or index.method not in ("btree", "gist"):
            continue
        further = tuple(key.column for key in index.keys[most:] if key.column is not None)
        changed = replace(
            index, keys=index.keys[:most], include=tuple(dict.fromkeys((*further, *index.include)))
        )
        yield Problem(
            subject=Subject(object=str(table.name), part=index.name),
            found=f"{quote(index.name)} has {len(index.keys)} keys",
            expected=f"{most} at most",
            fix=f"{without_index(table, index)}\n{index_statement(changed, table.name)}",
            evidence=(index.definition,),
        )
