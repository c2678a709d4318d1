"""A document is held against a real database: each change that it should show is told, both ways.

The document of the sound shop against the changed one, and the changed one's document against the
sound shop: what one side has too much, the other lacks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.erd.compare import compare_drawing
from pgassay.erd.document import WRITTEN_BY, read_drawing
from pgassay.erd.writing import write_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.core.catalog import Catalog

    Read = Callable[[str], Catalog]

AGAIN = "alter table orders drop constraint orders_customer_id_fkey, "
CHANGES: dict[str, tuple[set[str], set[str]]] = {
    "create table extra (id int primary key)": (
        {"extra:table not drawn"},
        {"extra:table not there"},
    ),
    "drop table orders_tags": (
        {"orders_tags:table not there"},
        {"orders_tags:table not drawn"},
    ),
    "alter table orders add column more int": (
        {"orders.more:column not drawn"},
        {"orders.more:column not there"},
    ),
    "alter table events add column more int not null": (
        {"events.more:column not drawn"},
        {"events.more:column not there"},
    ),
    'alter table "Lager"."Kiste 1" rename column order_id to "Order"': (
        {
            '"Lager"."Kiste 1"."Order":column not drawn',
            '"Lager"."Kiste 1".order_id:column not there',
        },
        {
            '"Lager"."Kiste 1".order_id:column not drawn',
            '"Lager"."Kiste 1"."Order":column not there',
        },
    ),
    "alter table notes alter text set not null": (
        {"notes.text:nullability"},
        {"notes.text:nullability"},
    ),
    "alter table customers alter name drop not null": (
        {"customers.name:nullability"},
        {"customers.name:nullability"},
    ),
    "alter domain email drop not null": (
        {"customers.mail:nullability"},
        {"customers.mail:nullability"},
    ),
    "alter table orders alter state type text using state::text": (
        {"orders.state:type"},
        {"orders.state:type"},
    ),
    "alter table orders alter total type numeric(12,2)": (
        {"orders.total:type"},
        {"orders.total:type"},
    ),
    "alter table orders alter marks drop default, alter marks type text using ''": (
        {"orders.marks:type"},
        {"orders.marks:type"},
    ),
    "alter table customers alter since type timestamp": (
        {"customers.since:type"},
        {"customers.since:type"},
    ),
    "alter table customers drop constraint customers_mail_key": (
        {"customers.mail:UK mark"},
        {"customers.mail:UK mark"},
    ),
    "create unique index one_name on customers (name)": (
        {"customers.name:UK mark"},
        {"customers.name:UK mark"},
    ),
    "alter table tags drop constraint tags_pkey cascade": (
        {
            "tags.name:PK mark",
            "orders_tags.tag:FK mark",
            "orders_tags.tags : tag:relation not there",
        },
        {
            "tags.name:PK mark",
            "orders_tags.tag:FK mark",
            "orders_tags.orders_tags_tag_fkey:relation not drawn",
        },
    ),
    "alter table events add primary key (at)": (
        {"events.at:PK mark"},
        {"events.at:PK mark"},
    ),
    "alter table notes drop constraint notes_order_id_fkey": (
        {"notes.order_id:FK mark", "notes.orders : order_id:relation not there"},
        {"notes.order_id:FK mark", "notes.notes_order_id_fkey:relation not drawn"},
    ),
    f"{AGAIN} add constraint orders_customer_id_fkey foreign key (customer_id) "
    "references customers, alter customer_id drop not null": (
        {"orders.customer_id:nullability", "orders.orders_customer_id_fkey:cardinality"},
        {"orders.customer_id:nullability", "orders.orders_customer_id_fkey:cardinality"},
    ),
    "create unique index once on orders (customer_id)": (
        {"orders.customer_id:UK mark", "orders.orders_customer_id_fkey:cardinality"},
        {"orders.customer_id:UK mark", "orders.orders_customer_id_fkey:cardinality"},
    ),
    'alter table "Lager"."Kiste 1" drop constraint "Kiste 1_order_id_key"': (
        {
            '"Lager"."Kiste 1".order_id:UK mark',
            '"Lager"."Kiste 1".Kiste 1_order_id_fkey:cardinality',
        },
        {
            '"Lager"."Kiste 1".order_id:UK mark',
            '"Lager"."Kiste 1".Kiste 1_order_id_fkey:cardinality',
        },
    ),
    f"{AGAIN} add constraint orders_customer_id_fkey foreign key (customer_id) references notes": (
        {
            "orders.orders_customer_id_fkey:relation not drawn",
            "orders.customers : customer_id:relation not there",
        },
        {
            "orders.orders_customer_id_fkey:relation not drawn",
            "orders.notes : customer_id:relation not there",
        },
    ),
}
# Not to be seen in a diagram, or no part of the schema.
UNSEEN = [
    "create index on orders (total)",
    "create unique index on orders (total) where total > 0",
    "create unique index on customers (lower(name))",
    "alter table orders alter total set default 0",
    "alter table orders add check (total >= 0)",
    f"{AGAIN} add foreign key (customer_id) references customers on delete restrict",
    f"{AGAIN} add constraint renamed foreign key (customer_id) references customers",
    "alter table orders add unique (customer_id, id)",
    "comment on table orders is 'changed'",
    "create table events_2027 partition of events for values from ('2027-01-01') to ('2028-01-01')",
    "create table alembic_version (version_num varchar(32) primary key)",
    "create view seen as select * from orders",
    "alter type state add value 'back'",
    "alter table orders drop column total; alter table orders add column total numeric(10,2)",
]


def told(document: str, catalog: Catalog) -> set[str]:
    drawing = read_drawing([("erd.md", document)])
    return {f.fingerprint.removeprefix("erd:") for f in compare_drawing(drawing, catalog)}


def strangers(document: str) -> str:
    """The same as somebody else might have drawn it."""
    return document.replace(WRITTEN_BY, "<!-- Drawn by somebody")


def test_the_document_of_a_database_agrees_with_it(sound: Catalog) -> None:
    document = write_document("shop", sound)
    assert told(document, sound) == set()
    assert told(strangers(document), sound) == set()


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("of", [str, strangers], ids=["own", "somebody's"])
def test_a_change_is_told_both_ways_and_nothing_else(
    of: Callable[[str], str], change: str, sound: Catalog, catalog_after: Read
) -> None:
    changed = catalog_after(change)
    assert told(of(write_document("shop", sound)), changed) == CHANGES[change][0]
    assert told(of(write_document("shop", changed)), sound) == CHANGES[change][1]


@pytest.mark.parametrize("change", CHANGES)
def test_the_document_written_anew_agrees(change: str, catalog_after: Read) -> None:
    changed = catalog_after(change)
    assert told(write_document("shop", changed), changed) == set()


@pytest.mark.parametrize("change", UNSEEN)
def test_what_no_diagram_can_show_is_not_judged(
    change: str, sound: Catalog, catalog_after: Read
) -> None:
    changed = catalog_after(change)
    assert changed != sound
    assert told(write_document("shop", sound), changed) == set()
