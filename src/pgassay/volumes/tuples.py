"""Rows of one section in COPY's tuple format."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from pgassay.volumes.cells import Varying, joined
from pgassay.volumes.columns import Content, Copied, Numbered
from pgassay.volumes.ranked import Following, Ranked
from pgassay.volumes.world import Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgassay.volumes.draws import Numbers
    from pgassay.volumes.world import Part, Rowset

_VARYING = (Numbered, Content, Copied, Ranked, Following)


def tuples(part: Part, local: Numbers, columns: Sequence[str]) -> memoryview:
    """Return rows of one section in COPY's tuple format."""
    rows = Rows(part, local)
    pool = part.pool
    assert pool is not None
    fields = [part.columns[name].cells(rows) for name in columns if name in part.columns]
    if pool.columns:
        assert columns[-len(pool.columns) :] == pool.columns, "content stands behind the rest"
        drawn = pool.drawn(rows)
        fields.append(Varying(pool.joined.take(pa.array(drawn))))
    return joined(fields, len(columns), len(local))


def columns_of(table: Rowset) -> tuple[str, ...]:
    """Return the columns: of one width first, then what may be NULL or varies, then content."""
    names = [c.name for c in table.table.columns if c.generated is None]
    content = table.parts[0].pool.columns if table.parts and table.parts[0].pool else ()

    def varies(name: str) -> tuple[bool, bool]:
        some = any(isinstance(part.columns.get(name), _VARYING) for part in table.parts)
        return some, not table.table.column(name).not_null

    computed = [name for name in names if name not in content]
    return (*sorted(computed, key=varies), *content)
