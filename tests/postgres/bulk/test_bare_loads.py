"""A bare load: the rows as they were told, and a catalog that is in every way what it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from pgassay.core.errors import PgassayError, SchemaError
from pgassay.core.names import QualifiedName
from pgassay.postgres.bulk import Manner, digests, load
from pgassay.postgres.bulk.bareness import catalog_state, unlike
from pgassay.postgres.catalog import read_catalog
from tests.postgres.bulk.donor import DonorSource, donor

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.core.volume import Chunk, Stream, VolumeSource
    from tests.postgres.bulk.conftest import Ground


def loaded(ground: Ground, source: VolumeSource | None = None, workers: int = 2) -> str:
    database = ground.empty()
    source = source or ground.source
    for _ in load(ground.server, database, source, workers=workers, manner=Manner.BARE):
        pass
    return database


def _is_what_it_was(ground: Ground, database: str) -> None:
    server = ground.server
    with server.connect(database) as after, server.connect(ground.empty()) as before:
        assert read_catalog(after) == read_catalog(before)
        assert unlike(catalog_state(before), catalog_state(after)) == ()
        broken = "select indexrelid::regclass from pg_index where not (indisvalid and indisready)"
        assert after.execute(broken).fetchall() == []


def _has_the_rows(ground: Ground, database: str) -> None:
    relations = [stream.relation for stream in ground.source.streams()]
    with ground.server.connect(database) as one, ground.server.connect(ground.giver) as other:
        assert digests(one, relations) == digests(other, relations)


def test_everything_that_a_catalog_holds_is_there_again(rich: Ground) -> None:
    database = loaded(rich)
    _is_what_it_was(rich, database)
    _has_the_rows(rich, database)


def test_circles_partitions_and_triggers_of_every_state_are_as_they_were(shop: Ground) -> None:
    database = loaded(shop)
    _is_what_it_was(shop, database)
    _has_the_rows(shop, database)


def test_a_stream_may_go_through_a_partitioned_table(shop: Ground) -> None:
    source = through_roots(shop.source)
    assert any(s.relation.name == "happened" for s in source.streams())

    database = loaded(shop, source)

    _is_what_it_was(shop, database)
    _has_the_rows(shop, database)


def test_rows_that_are_there_stay(shop: Ground) -> None:
    database = shop.empty()
    with shop.server.connect(database) as connection:
        connection.execute("insert into note values (gen_random_uuid(), null, null, null)")
    for _ in load(shop.server, database, shop.source, manner=Manner.BARE):
        pass
    told = {s.relation.name: s.rows for s in shop.source.streams()}
    with shop.server.connect(database) as connection:
        assert connection.execute("select count(*) from note").fetchone() == (told["note"] + 1,)
    _is_what_it_was(shop, database)


CHANGES = [
    "comment on index happened_kind is 'another'",
    "alter index item_lower alter column 1 set statistics 56",
    "alter table happened_1 set without cluster",
    "alter table note replica identity full",
    "alter table item disable trigger usual",
    "alter table item enable trigger resting",
    "alter table owner rename constraint name_said to said",
    "drop index item_tags",
    "create index on stay (item)",
    "update pg_index set indisvalid = false where indexrelid = 'item_body'::regclass",
    "update pg_class set relhastriggers = false where oid = 'item'::regclass",
    "update pg_constraint set convalidated = false where conname = 'happened_item_fkey'",
    "alter table owner alter column name set statistics 9",
]


@pytest.mark.parametrize("change", CHANGES)
def test_the_proof_sees_what_is_not_as_it_was(newest_shop: Ground, change: str) -> None:
    database = newest_shop.empty()
    with newest_shop.server.connect(database) as connection:
        before = catalog_state(connection)
        connection.execute("analyze")
        assert unlike(before, catalog_state(connection)) == ()
        connection.execute(change.encode())
        assert unlike(before, catalog_state(connection)) != ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meddler:
    """Another's rows, and a change of the catalog while they are made."""

    source: DonorSource
    change: Callable[[], object]

    def streams(self) -> tuple[Stream, ...]:
        return self.source.streams()

    def chunk(self, stream: Stream, number: int) -> Chunk:
        self.change()
        return self.source.chunk(stream, number)


def test_a_load_after_which_the_catalog_differs_fails(newest_shop: Ground) -> None:
    database = newest_shop.empty()
    with newest_shop.server.connect(database) as connection:
        source = _Meddler(
            source=newest_shop.source,
            change=lambda: connection.execute("comment on index item_tags is 'meddled with'"),
        )
        with pytest.raises(PgassayError, match="the catalog is not what it was") as failure:
            for _ in load(newest_shop.server, database, source, workers=1, manner=Manner.BARE):
                pass
    assert "meddled with" in str(failure.value)


# What is done to the giver, and what the load must say. Each breaks one constraint alone: of two,
# the one that a worker comes to first is told (owner 15 is nobody's boss, no stay is of item 100).
FAULTS = [
    ("delete from owner where id = 15", "item_owner_fkey"),
    ("delete from item where id = 100", "happened_item_fkey"),
    ("delete from happened where id = 300", "note_happened_id_happened_at_happened_kind_fkey"),
    ("update happened set old_id = 9999 where id = 8", "happened_old_id_old_at_old_kind_fkey"),
    ("update owner set boss = 9999 where id = 7", "owner_boss_fkey"),
    ("update owner set favourite = 9999 where id = 7", "owner_favourite_fkey"),
    ("update item set owner = 1, number = 1 where id < 3", "item_owner_number_key"),
    ("update owner set name = 'owner 2' where id = 1", "one_name"),
    ("update stay set during = '(,)' where item = 11", "no_two"),
    ("update owner set name = '' where id = 1", "name_said"),
    ("update note set id = (select id from note order by id limit 1)", "note_pkey"),
]
_LIFTED = """
    alter table owner drop constraint name_said, drop constraint one_name;
    alter table item drop constraint item_owner_number_key;
    alter table stay drop constraint no_two;
    alter table note drop constraint note_pkey;
"""


@pytest.mark.parametrize(("fault", "told"), FAULTS, ids=[told for _, told in FAULTS])
def test_no_row_escapes_a_constraint(shop: Ground, fault: str, told: str) -> None:
    server = shop.server
    giver = server.create_database(f"giver_{next(shop.numbers)}", template=shop.giver)
    with server.connect(giver) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(_LIFTED.encode())
        connection.execute(fault.encode())
        harmed = donor(connection)
    server.drop_database(giver)

    with pytest.raises(SchemaError) as failure:
        loaded(shop, harmed)
    assert told in str(failure.value)


def test_no_row_lands_in_a_partition_that_is_not_its_own(shop: Ground) -> None:
    one, other = QualifiedName("public", "happened_1"), QualifiedName("public", "happened_2_a")
    rows = dict(shop.source.rows)
    rows[one] = (*rows[one][:-1], rows[other][0])
    with pytest.raises(SchemaError, match="violates partition constraint"):
        loaded(shop, replace(shop.source, rows=rows))


def test_rows_that_are_fewer_than_announced_are_an_error(shop: Ground) -> None:
    first, *others = shop.source.streams()
    boast = replace(first, rows=first.rows + 1)
    source = DonorSource(told=(boast, *others), rows=shop.source.rows)
    with pytest.raises(PgassayError, match=f"{first.rows} rows were made"):
        loaded(shop, source, workers=1)


def test_the_next_number_is_one_that_no_row_has(shop: Ground) -> None:
    with shop.server.connect(loaded(shop)) as connection:
        for sequence, greatest, following in (
            ("owner_id_seq", 100, 110),
            ("item_id_seq", 400, 401),
            ("numbers", 400, 401),
            ("downs", -400, -401),
            ("happened_id_seq", 490, 491),
        ):
            query = "select pg_sequence_last_value(%s::regclass), nextval(%s::regclass)"
            row = connection.execute(query, [sequence, sequence]).fetchone()
            assert row == (greatest, following), sequence


def test_every_page_is_visible_to_all_and_every_table_is_analyzed(shop: Ground) -> None:
    with shop.server.connect(loaded(shop)) as connection:
        relations = [s.relation.name for s in shop.source.streams()]
        assert (
            connection.execute(
                "select relname from pg_class where relname = any(%s)"
                " and (relpages = 0 or relallvisible < relpages or reltuples < 1)",
                [relations],
            ).fetchall()
            == []
        )
        known = connection.execute("select distinct tablename::text from pg_stats").fetchall()
        names = {name for (name,) in known}
        assert {*relations, "happened", "happened_2"} <= names
        assert (
            connection.execute(
                "select relname, age(relfrozenxid) from pg_class"
                " where relname = any(%s) and age(relfrozenxid) > 200",
                [relations],
            ).fetchall()
            == []
        )


def through_roots(source: DonorSource) -> DonorSource:
    """Return the same rows, those of partitions by one stream through their root."""
    told: dict[QualifiedName, Stream] = {}
    rows: dict[QualifiedName, tuple[bytes, ...]] = {}
    for stream in source.streams():
        rows[stream.root] = (*rows.get(stream.root, ()), *source.rows[stream.relation])
        number = len(rows[stream.root])
        told[stream.root] = replace(
            stream, relation=stream.root, rows=number, chunks=-(-number // source.per_chunk)
        )
    return DonorSource(told=tuple(told.values()), rows=rows, per_chunk=source.per_chunk)
