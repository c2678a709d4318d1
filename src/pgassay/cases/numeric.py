"""numeric(p, s) holds its border, refuses what overflows and rounds at its scale.

What it finds: a precision or scale that differs from the contract; money that lost its cents.

Why it hurts: a smaller scale rounds silently and sums stop adding up; a smaller precision makes
large amounts fail; a plain `numeric` that got a scale cuts digits off without a word.

Bad::

    amount numeric(10,0)           -- the model says Numeric(10, 2)

Good::

    amount numeric(10,2)

How to fix: `alter table t alter column amount type numeric(10,2);` Digits that were rounded away
are gone: restore them from where they came.

When to ignore: never; change the contract instead.

Reference: https://www.postgresql.org/docs/current/datatype-numeric.html
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pgassay.cases.probe import Probing, probed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.cases.derivation import Source
    from pgassay.core.case import Case, Unproven
    from pgassay.core.catalog import ColumnType

KIND = "numeric"
_WHY = "amounts that round or overflow otherwise than promised stop adding up"
_DIGITS = "12345678901234567890.12345678901234567890"


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield the border, the overflow and the rounding of each numeric column."""
    return probed(source, Probing(kind=KIND, why=_WHY, inputs=inputs, checks=True))


def inputs(kind: ColumnType) -> Sequence[str]:
    """Return what to try: the greatest value, the next one, halves; without limits, many digits."""
    if kind.base != "numeric":
        return ()
    if kind.precision is None:
        return (_DIGITS, f"-{_DIGITS}", "1.10", "0.00000000000000000001")
    scale = kind.scale or 0
    step = Decimal((0, (1,), -scale))
    beyond = Decimal((0, (1,), kind.precision - scale))
    greatest = (beyond.scaleb(scale) - 1).scaleb(-scale)
    half = step * 5 / 10
    tried = (
        greatest,
        -greatest,
        greatest + step,
        -greatest - step,
        greatest + half,  # rounds up, out of range
        step + half,  # rounds away from zero
        step + half * 8 / 10,  # rounds down
    )
    return (*dict.fromkeys(f"{value:f}" for value in tried), "Infinity")
