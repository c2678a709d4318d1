"""Databases of a small shop, sound and changed, on a server of the newest version."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.servers import Server, ServerDeclaration, ServerKind, open_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgassay.core.catalog import Catalog

SHOP = """
create schema "Lager";
create type state as enum ('open', 'sent', 'lost');
create domain email as text not null check (value like '%@%');
create table customers (
  id bigint generated always as identity primary key,
  mail email unique,
  name varchar(80) not null,
  "since" timestamptz not null default now(),
  brought_by bigint references customers on delete set null
);
create table orders (
  id bigint primary key,
  customer_id bigint not null references customers on delete cascade,
  state state not null default 'open',
  marks text[] not null default '{}',
  total numeric(10,2),
  at timestamptz
);
create table "Lager"."Kiste 1" (id int primary key, order_id bigint unique references orders);
create table notes (
  order_id bigint primary key references orders,
  text text
);
create table tags (name text primary key, short text unique, words text[]);
create table gifts (id int primary key, order_id bigint unique references orders);
create table orders_tags (
  order_id bigint references orders,
  tag text references tags,
  primary key (order_id, tag)
);
create table events (at date not null, order_id bigint references orders, what jsonb)
  partition by range (at);
create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
create table events_default partition of events default;
"""


@pytest.fixture(scope="session")
def catalog_after() -> Iterator[Callable[[str], Catalog]]:
    """Return the catalog of the shop after some more statements."""
    numbers = count(1)
    with open_server(ServerKind.EMBEDDED, ServerDeclaration()) as server:
        with server.connect(server.create_database("shop")) as connection:
            connection.execute(SHOP)

        def read(statements: str) -> Catalog:
            return _changed(server, f"shop_{next(numbers)}", statements)

        yield read


def _changed(server: Server, name: str, statements: str) -> Catalog:
    database = server.create_database(name, template="shop")
    with server.connect(database) as connection:
        if statements:
            connection.execute(statements.encode())
        return read_catalog(connection)


@pytest.fixture(scope="session")
def sound(catalog_after: Callable[[str], Catalog]) -> Catalog:
    return catalog_after("")
