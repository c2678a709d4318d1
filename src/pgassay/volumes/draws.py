"""Draws by random access: numbers that follow from a key and a row's number, whole arrays at once.

splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014) as a hash of
a counter; permutations of any range by an invertible mix of so many bits, walked until it lands
inside; Zipf ranks by the inverse of the continuous distribution.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Words = npt.NDArray[np.uint64]
    Units = npt.NDArray[np.float64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_ROUNDS = 3
_ONE = np.uint64(1)


def key_of(*parts: object) -> int:
    """Return the key of what a draw is for: 64 bits of a digest of its parts."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def words(key: int | Words, numbers: Numbers | Words) -> Words:
    """Return 64 random bits for each number; for one key they are a bijection of the numbers."""
    mixed: Words = numbers.astype(np.uint64) * _GOLDEN + np.asarray(key, np.uint64)
    mixed ^= mixed >> np.uint64(30)
    mixed *= _FIRST
    mixed ^= mixed >> np.uint64(27)
    mixed *= _SECOND
    mixed ^= mixed >> np.uint64(31)
    return mixed


def units(key: int, numbers: Numbers) -> Units:
    """Return a fraction in [0, 1) for each number."""
    return (words(key, numbers) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def choices(key: int, numbers: Numbers, sizes: Numbers | int) -> Numbers:
    """Return for each number one of so many (at least one), all alike."""
    chosen: Numbers = (units(key, numbers) * sizes).astype(np.int64)
    return chosen


def shuffled(key: int | Words, places: Numbers, sizes: Numbers | int) -> Numbers:
    """Return where a permutation of `range(size)` sends each place.

    Key and size may differ from row to row: places of one group share them, so that what they are
    sent to is distinct within the group.
    """
    size = np.asarray(sizes, np.uint64)
    bits = np.ceil(np.log2(np.maximum(size, 2).astype(np.float64))).astype(np.uint64)
    turns = _turns(np.asarray(key, np.uint64))
    found = places.astype(np.uint64)
    moved = np.where(size > 1, _mixed(turns, found, bits), found)
    open_ = np.flatnonzero(moved >= np.maximum(size, 1))
    while open_.size:  # walk on until it lands inside; less than once a place on average
        some = [turn if turn.ndim == 0 else turn[open_] for turn in turns]
        own = bits if bits.ndim == 0 else bits[open_]
        moved[open_] = _mixed(some, moved[open_], own)
        limit = size if size.ndim == 0 else size[open_]
        open_ = open_[moved[open_] >= limit]
    return moved.astype(np.int64)


def zipf_ranks(key: int, numbers: Numbers, sizes: Numbers | int, exponent: float) -> Numbers:
    """Return a rank from 0 for each number, rank r about as often as (r + 1) ** -exponent."""
    fraction = units(key, numbers)
    size = np.asarray(sizes, np.float64)
    if exponent == 0:
        rank = fraction * size
    elif exponent == 1:
        rank = (size + 1) ** fraction - 1
    else:
        power = 1.0 - exponent
        rank = (((size + 1) ** power - 1) * fraction + 1) ** (1 / power) - 1
    chosen: Numbers = np.minimum(rank.astype(np.int64), np.asarray(sizes, np.int64) - 1)
    return chosen


def _turns(keys: Words) -> list[Words]:
    flat = np.atleast_1d(keys)
    drawn = [words(flat, np.full(flat.shape, turn, np.int64)) for turn in range(_ROUNDS)]
    return [turn.reshape(keys.shape) for turn in drawn]


def _mixed(turns: list[Words], values: Words, bits: Words) -> Words:
    """Return a bijection of `bits` wide numbers: odd multipliers, additions and shifted xors."""
    mask = (_ONE << bits) - _ONE
    half = np.maximum(bits >> _ONE, _ONE)
    for turn in turns:
        values = (values * (turn | _ONE) + (turn >> np.uint64(17))) & mask
        values ^= values >> half
    return values
