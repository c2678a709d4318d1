"""A straight load: into finished tables, every key as it stands, and never a half of anything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pgassay.core.errors import SchemaError
from pgassay.core.names import QualifiedName
from pgassay.postgres.bulk import Manner, digests, load
from pgassay.postgres.bulk.bareness import catalog_state, unlike
from pgassay.postgres.bulk.straight import in_groups
from tests.postgres.bulk.donor import DonorSource, donor
from tests.postgres.bulk.test_bare_loads import through_roots

if TYPE_CHECKING:
    from pgassay.core.volume import VolumeSource
    from tests.postgres.bulk.conftest import Ground


def _load(ground: Ground, database: str, source: VolumeSource, workers: int = 2) -> None:
    for _ in load(ground.server, database, source, workers=workers, manner=Manner.STRAIGHT):
        pass


def test_rows_and_catalog_are_as_of_a_bare_load(shop: Ground) -> None:
    database = shop.empty()
    _load(shop, database, shop.source)
    relations = [stream.relation for stream in shop.source.streams()]
    server = shop.server
    with server.connect(database) as one, server.connect(shop.giver) as giver:
        assert digests(one, relations) == digests(giver, relations)
        with server.connect(shop.empty()) as untouched:
            assert unlike(catalog_state(untouched), catalog_state(one)) == ()


def test_a_stream_may_go_through_a_partitioned_table(newest_shop: Ground) -> None:
    database = newest_shop.empty()
    _load(newest_shop, database, through_roots(newest_shop.source))
    with newest_shop.server.connect(database) as connection:
        row = connection.execute("select count(*) from happened").fetchone()
    assert row == (490,)


def test_what_is_there_when_a_row_is_refused_is_whole(newest_shop: Ground) -> None:
    server = newest_shop.server
    database = newest_shop.empty()
    with server.connect(newest_shop.giver) as connection:
        source = donor(connection)
    note = QualifiedName("public", "note")
    rows = {**source.rows, note: (*source.rows[note][:-1], source.rows[note][0])}
    with pytest.raises(SchemaError, match="note_pkey"):
        _load(newest_shop, database, replace(source, rows=rows), workers=1)

    with server.connect(database) as connection:
        told = {s.relation.name: s.rows for s in source.streams()}
        assert connection.execute("select count(*) from note").fetchone() == (0,)
        assert connection.execute("select count(*) from item").fetchone() == (told["item"],)
        with server.connect(newest_shop.empty()) as untouched:
            assert unlike(catalog_state(untouched), catalog_state(connection)) == ()


def test_an_orphan_is_refused_by_the_key_itself(newest_shop: Ground) -> None:
    stay = QualifiedName("public", "stay")
    (alone,) = [s for s in newest_shop.source.streams() if s.relation == stay]
    source = DonorSource(told=(alone,), rows=newest_shop.source.rows)
    with pytest.raises(SchemaError, match="stay_item_fkey"):
        _load(newest_shop, newest_shop.empty(), source)


def test_pending_lists_of_gin_are_empty(newest_shop: Ground) -> None:
    database = newest_shop.empty()
    with newest_shop.server.connect(database) as connection:
        connection.execute("alter table item disable trigger user")
        connection.execute("alter table owner disable trigger user")
        connection.execute("insert into owner (id, name) overriding system value values (0, 'x')")
        connection.execute("insert into item (id, owner, tags) values (0, 0, array['late'])")
        pending = "select gin_clean_pending_list('item_tags')"
        assert connection.execute(pending).fetchone() != (0,)
    database = newest_shop.empty()
    _load(newest_shop, database, newest_shop.source)
    with newest_shop.server.connect(database) as connection:
        assert connection.execute(pending).fetchone() == (0,)


def test_groups_follow_what_they_refer_to_and_circles_stay_together() -> None:
    a, b, c, d, e = (QualifiedName("public", name) for name in "abcde")
    refers = {a: {b}, b: {c, d}, c: {b}, d: {d}, e: {a}}
    groups = list(in_groups(refers))
    assert groups == [(d,), (b, c), (a,), (e,)]
