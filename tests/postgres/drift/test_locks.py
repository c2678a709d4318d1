"""One lock for every major version, written from real servers, and green on all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from pgassay.drift.compare import compare
from pgassay.drift.lock import contract_form, read_lock, write_lock
from pgassay.drift.policy import DriftPolicy
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.catalog.fixpoint import ServerFixpoint
from tests.postgres.drift.conftest import MAJORS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.core.catalog import Catalog
    from pgassay.core.finding import Finding
    from tests.postgres.drift.conftest import Shop

    Shops = Callable[[int], Shop]


def against_lock(text: str, conninfo: str) -> list[Finding]:
    with psycopg.connect(conninfo) as connection:
        return list(
            compare(
                read_lock(text),
                read_catalog(connection),
                fixpoint=ServerFixpoint(connection),
                promised_by="lock",
                built_by="migrations",
                policy=DriftPolicy(),
            )
        )


@pytest.mark.parametrize("built_on", MAJORS)
@pytest.mark.parametrize("written_on", MAJORS)
def test_a_lock_written_on_one_major_is_green_on_another(
    written_on: int, built_on: int, shops: Shops
) -> None:
    text = write_lock(shops(written_on).catalog)

    assert [f.title for f in against_lock(text, shops(built_on).conninfo)] == []


@pytest.mark.parametrize("other", MAJORS[:-1])
def test_the_text_of_a_lock_is_the_same_on_every_major(other: int, shops: Shops) -> None:
    assert write_lock(shops(other).catalog) == write_lock(shops(18).catalog)


@pytest.mark.parametrize("major_", MAJORS)
def test_what_is_read_is_the_contract_that_was_written(major_: int, shops: Shops) -> None:
    catalog = shops(major_).catalog

    assert read_lock(write_lock(catalog)) == contract_form(catalog)


def test_a_promise_dropped_from_both_sides_still_differs_from_the_lock(
    connection: psycopg.Connection[tuple[object, ...]], shop: Catalog
) -> None:
    text = write_lock(shop)
    connection.execute('alter table "Audit"."order" drop constraint "FK"')
    accepted = read_catalog(connection)

    (found,) = compare(
        read_lock(text),
        accepted,
        fixpoint=None,
        promised_by="lock",
        built_by="models",
        policy=DriftPolicy(),
    )

    assert found.title == ('the lock says there is foreign key "FK", the models built none')
    assert write_lock(accepted) != text


def test_the_shop_built_by_another_history_has_the_same_lock(
    connection: psycopg.Connection[tuple[object, ...]], shop: Catalog
) -> None:
    # A table rebuilt under another name leaves its name in those that PostgreSQL made up.
    connection.execute(
        """
        create table lines_new (line integer not null, order_id integer not null
            references "Audit"."order" on delete restrict, note varchar(40), during daterange);
        alter table parts drop constraint parts_line;
        drop table lines;
        alter table lines_new rename to lines;
        alter table lines add constraint lines_pkey primary key (order_id, line),
            add constraint no_overlap exclude using gist (order_id with =, during with &&),
            replica identity using index lines_pkey;
        alter table parts add constraint parts_line foreign key (order_id, line)
            references lines match full on delete set null (line) deferrable initially deferred;
        create table serials_old (id serial primary key);
        alter table serials_old rename to serials;
        drop table serials;
        """
    )

    assert write_lock(read_catalog(connection)) == write_lock(shop)
