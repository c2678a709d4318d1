"""Pages as PostgreSQL lays them out; tests/postgres/staging shows that the server reads them so."""

from __future__ import annotations

import struct

from pgassay.core.snapshot import GinPages
from pgassay.staging.pages import PAGE, brin, brin_last_map, btree, gin

META = bytes(PAGE)
LEAF = b"\7" * PAGE


def meta(page: bytes) -> tuple[int, ...]:
    return struct.unpack_from("=IIII", page, 32)


def flags(page: bytes) -> tuple[int, ...]:
    return struct.unpack_from("=IIIH", page, PAGE - 16)


def down(page: bytes) -> int:
    upper = struct.unpack_from("=H", page, 14)[0]
    high, low = struct.unpack_from("=HH", page, upper)
    return int(high << 16 | low)


def test_a_chain_of_pages_leads_to_the_leaf() -> None:
    pages = btree(META + LEAF, 3, 70_000)
    assert meta(pages[0]) == (4, 3, 4, 3)
    assert [down(pages[number]) for number in (4, 3, 2)] == [3, 2, 1]
    assert [flags(pages[number])[2:] for number in (1, 2, 3, 4)] == [(0, 1), (1, 0), (2, 0), (3, 2)]
    assert pages[1][: PAGE - 16] == LEAF[: PAGE - 16]


def test_a_leaf_alone_is_the_root() -> None:
    pages = btree(META + LEAF, 0, 2)
    assert meta(pages[0]) == (1, 0, 1, 0)
    assert flags(pages[1])[3] == 3


def test_an_empty_index_has_no_root() -> None:
    assert btree(META, 2, 1) == {0: META}


def test_a_height_needs_its_pages() -> None:
    assert meta(btree(META, 9, 4)[0])[1] == 2


def test_of_several_leaves_none_is_taken() -> None:
    (lower,) = struct.unpack_from("=H", btree(META + LEAF + LEAF, 1, 9)[1], 12)
    assert lower == 24  # no item


def test_metapages_of_gin_and_brin_get_their_counts() -> None:
    counts = GinPages(total=90, entry=30, data=50, entries=5_000_000_000, pending=2)
    page = gin(META, counts)[0]
    assert struct.unpack_from("=IIIIqIIIIq", page, 24) == (
        0xFFFFFFFF, 0xFFFFFFFF, 0, 2, 0, 90, 30, 50, 0, 5_000_000_000
    )  # fmt: skip
    assert struct.unpack_from("=I", brin(META, 7)[0], 36) == (7,)


def test_the_range_map_of_a_brin_index_follows_its_table() -> None:
    content = bytearray(PAGE)
    struct.pack_into("=I", content, 32, 128)
    assert [
        brin_last_map(bytes(content), blocks) for blocks in (0, 128 * 1360, 128 * 1360 + 1)
    ] == [1, 1, 2]
