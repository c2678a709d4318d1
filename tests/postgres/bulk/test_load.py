"""Rows arrive as they were told, and the catalog is at the end what it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.postgres.bulk import Manner, digests, load
from pgassay.postgres.bulk.bareness import catalog_state, unlike
from pgassay.postgres.catalog import read_catalog

if TYPE_CHECKING:
    from tests.postgres.bulk.conftest import Ground


def _loaded(ground: Ground, manner: Manner, workers: int = 2) -> str:
    database = ground.empty()
    for _ in load(ground.server, database, ground.source, workers=workers, manner=manner):
        pass
    return database


def test_bare_rich(rich: Ground) -> None:
    database = _loaded(rich, Manner.BARE)
    with rich.server.connect(database) as after, rich.server.connect(rich.empty()) as before:
        assert read_catalog(after) == read_catalog(before)


def test_bare_shop(shop: Ground) -> None:
    database = _loaded(shop, Manner.BARE)
    with shop.server.connect(database) as after, shop.server.connect(shop.empty()) as before:
        assert read_catalog(after) == read_catalog(before)
        names = [s.relation for s in shop.source.streams()]
        with shop.server.connect('shop_giver') as g:
            print(digests(after,names)==digests(g,names))


def test_straight_shop(shop: Ground) -> None:
    database = _loaded(shop, Manner.STRAIGHT)
    with shop.server.connect(database) as after, shop.server.connect(shop.empty()) as before:
        assert unlike(catalog_state(before), catalog_state(after)) == ()
