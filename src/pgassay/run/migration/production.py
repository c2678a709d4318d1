"""How many rows tables have in production, as a profile says: what times are projected to."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pgassay.run.volume_order import order_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pgassay.core.names import QualifiedName
    from pgassay.core.volume import Stream
    from pgassay.run.migration.ground import Ground


def rows_in_production(ground: Ground) -> Mapping[QualifiedName, int]:
    """Return the rows of each table by the profile `--production`; nothing without one.

    No row is made for it: a volume is only sized.
    """
    name = ground.order.production
    if name is None:
        return {}
    note = ground.stand.note("production", name, str(ground.stand.request.system.volumes))
    known: dict[QualifiedName, int] | None = note.read()
    if known is None:
        order = order_of(ground.stand.request, profile=name, earlier=True)
        known = dict(_by_table(order.make(ground.stand).streams()))
        note.write(known)
    return known


def _by_table(streams: Iterable[Stream]) -> Counter[QualifiedName]:
    """Count rows by table: a partition's for itself and for its root."""
    found: Counter[QualifiedName] = Counter()
    for stream in streams:
        for name in {stream.relation, stream.root}:
            found[name] += stream.rows
    return found
