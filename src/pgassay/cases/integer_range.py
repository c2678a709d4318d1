"""An integer column takes its whole range and nothing beyond it.

What it finds: an integer that became a smallint or a bigint, or the other way round.

Why it hurts: a narrower column fails with "integer out of range" on the day the numbers get
there, which for a key is the day that inserts stop; a wider one hands out values that clients
with 32 bits cannot hold.

Bad::

    processing_time_ms smallint    -- the model says Integer

Good::

    processing_time_ms integer

How to fix: `alter table t alter column n type integer;` It rewrites the table under a lock that
stops readers: on a large one add a column, copy in batches, swap.

When to ignore: never; change the contract instead.

Reference: https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-INT
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases.probe import Probing, probed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.cases.derivation import Source
    from pgassay.core.case import Case, Unproven
    from pgassay.core.catalog import ColumnType

KIND = "integer_range"
_WHY = "inserts stop on the day the numbers reach a border that nobody promised"
_BITS = {"int2": 15, "int4": 31, "int8": 63}


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield both borders and what lies just beyond them for each integer column.

    A border that a CHECK forbids must get as far as that CHECK.
    """
    return probed(source, Probing(kind=KIND, why=_WHY, inputs=inputs, checks=True))


def inputs(kind: ColumnType) -> Sequence[str]:
    """Return the two borders and their neighbours outside."""
    bits = _BITS.get(kind.base)
    if bits is None:
        return ()
    least, greatest = -(2**bits), 2**bits - 1
    return tuple(str(value) for value in (least, greatest, least - 1, greatest + 1))
