"""Pages of indexes, as the planner and its probes read them.

A B-tree's cost depends on the height that its metapage tells, and a range near the end of a
histogram is looked up in the index itself. So an empty B-tree gets a skeleton: a metapage with its
root at the right level, a chain of internal pages with one downlink each, and the one leaf there
is. GIN and BRIN indexes tell counts in their metapages.

Layouts: `storage/bufpage.h`, `access/nbtree.h`, `access/ginblock.h`, `access/brin_page.h` of
PostgreSQL 16 to 18, pages of 8192 bytes, numbers in the order of the machine.
"""

from __future__ import annotations

import math
import struct
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgassay.core.snapshot import GinPages

PAGE = 8192
_ORDER = "<" if sys.byteorder == "little" else ">"
_HEADER = struct.Struct(_ORDER + "QHHHHHHI")
_HEADER_SIZE = 24
_VERSION = PAGE | 4
_META = 32  # btm_root, btm_level, btm_fastroot, btm_fastlevel
_SPECIAL = PAGE - 16  # BTPageOpaqueData: previous, next, level, flags, cycle
_OPAQUE = struct.Struct(_ORDER + "IIIHH")
_LEAF, _ROOT = 1, 2
_NOWHERE = 0xFFFFFFFF  # InvalidBlockNumber
_GIN = struct.Struct(_ORDER + "IIIIqIIIIq")  # from the header to nEntries
_BRIN_LAST_MAP = 36
_MAP_ITEMS = 1360  # REVMAP_PAGE_MAXITEMS


def btree(content: bytes, height: int, blocks: int) -> Mapping[int, bytes]:
    """Return the pages that make a small B-tree one of this height, by their numbers.

    Args:
        content: of its file: a metapage, and a leaf that is the root, if it has entries.
        height: levels above the leaves.
        blocks: how many pages it is to have.
    """
    meta = bytearray(content[:PAGE])
    if blocks < 2:  # noqa: PLR2004 - no room for a leaf: an empty index
        struct.pack_into(_ORDER + "IIII", meta, _META, 0, 0, 0, 0)
        return {0: bytes(meta)}
    height = min(height, blocks - 2)
    # Of an index with several leaves, none has both ends; an empty one says nothing of either.
    leaf = bytearray(content[PAGE:]) if len(content) == 2 * PAGE else _empty_leaf()
    flags = _LEAF if height else _LEAF | _ROOT
    struct.pack_into(_ORDER + "IIIH", leaf, _SPECIAL, 0, 0, 0, flags)
    pages = {1: bytes(leaf)}
    for level in range(1, height + 1):
        pages[level + 1] = _internal(level, down=level, root=level == height)
    root = height + 1
    struct.pack_into(_ORDER + "IIII", meta, _META, root, height, root, height)
    return {0: bytes(meta), **pages}


def gin(content: bytes, counts: GinPages | None) -> Mapping[int, bytes]:
    """Return the metapage of a GIN index with these counts, and nothing pending.

    Without counts they are zero, and the planner guesses them from the number of pages.
    """
    meta = bytearray(content[:PAGE])
    told = (0, 0, 0, 0, 0)
    if counts is not None:
        told = (counts.pending, counts.total, counts.entry, counts.data, counts.entries)
    pending, total, entry, data, entries = told
    _GIN.pack_into(
        meta, _HEADER_SIZE, _NOWHERE, _NOWHERE, 0, pending, 0, total, entry, data, 0, entries
    )
    return {0: bytes(meta)}


def brin(content: bytes, last_map: int) -> Mapping[int, bytes]:
    """Return the metapage of a BRIN index whose range map ends on this page."""
    meta = bytearray(content[:PAGE])
    struct.pack_into(_ORDER + "I", meta, _BRIN_LAST_MAP, last_map)
    return {0: bytes(meta)}


def brin_last_map(content: bytes, blocks: int) -> int:
    """Return where the range map of a BRIN index ends for a table of so many pages."""
    per_range = int(struct.unpack_from(_ORDER + "I", content, 32)[0])
    ranges = math.ceil(blocks / max(per_range, 1))
    return max(1, math.ceil(ranges / _MAP_ITEMS))


def _empty_leaf() -> bytearray:
    page = bytearray(PAGE)
    _HEADER.pack_into(page, 0, 0, 0, 0, _HEADER_SIZE, _SPECIAL, _SPECIAL, _VERSION, 0)
    return page


def _internal(level: int, *, down: int, root: bool) -> bytes:
    """Return an internal page whose one item leads down, whatever is looked for.

    The first item of an internal page has no key and stands for minus infinity.
    """
    page = bytearray(PAGE)
    lower, upper = _HEADER_SIZE + 4, _SPECIAL - 8
    _HEADER.pack_into(page, 0, 0, 0, 0, lower, upper, _SPECIAL, _VERSION, 0)
    item = upper | 1 << 15 | 8 << 17 if sys.byteorder == "little" else upper << 17 | 1 << 15 | 8
    struct.pack_into(_ORDER + "I", page, _HEADER_SIZE, item)
    high, low = down >> 16, down & 0xFFFF
    struct.pack_into(_ORDER + "HHHH", page, upper, high, low, 0, 8 | 0x2000)
    _OPAQUE.pack_into(page, _SPECIAL, 0, 0, level, _ROOT if root else 0, 0)
    return bytes(page)
