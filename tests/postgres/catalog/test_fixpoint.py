"""Expressions come to a fixed point, at every place where one can stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from pgassay.core.names import QualifiedName
from pgassay.drift.fixpoint import Expression, Place
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.catalog.fixpoint import ServerFixpoint

if TYPE_CHECKING:
    from pgassay.core.catalog import Catalog

    Connection = psycopg.Connection[tuple[object, ...]]

HOLDER = QualifiedName("shop", "Order")
SCHEMA = """
create schema shop;
create type shop.mood as enum ('sad', 'ok');
create function shop.touch() returns trigger language plpgsql as 'begin return new; end';
create table shop."Order" (
  id integer primary key, code varchar(10) collate "C", kind varchar(5), at timestamptz,
  mood shop.mood, "x y" integer, total numeric
);
create table shop.members (id integer, code text);
create view shop.seen as select id, code from shop."Order" where kind in ('a', 'b');
"""
# How PostgreSQL deparses `code in ('a', 'b')` at first, and once it has been built again.
FIRST = "((code)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))"
AGAIN = (
    "((code)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]))"
)


@pytest.fixture
def order(connection: Connection) -> Catalog:
    connection.execute(SCHEMA.encode())
    return read_catalog(connection)


@pytest.fixture
def fixpoint(connection: Connection) -> ServerFixpoint:
    return ServerFixpoint(connection)


def expression(order: Catalog, place: Place, text: str, of: str | None = None) -> Expression:
    columns = order.table(HOLDER).columns
    return Expression(text=text, place=place, holder=HOLDER, columns=columns, type=of)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((Place.CHECK, FIRST, None), AGAIN),
        ((Place.CHECK, AGAIN, None), AGAIN),
        ((Place.PREDICATE, FIRST, None), AGAIN),
        ((Place.POLICY, FIRST, None), AGAIN),
        ((Place.KEY, FIRST, None), AGAIN),
        ((Place.GENERATED, FIRST, "boolean"), AGAIN),
        ((Place.WHEN, FIRST.replace("code", "new.code"), None), AGAIN.replace("code", "new.code")),
        (
            (Place.DOMAIN_CHECK, FIRST.replace("code", "VALUE"), "character varying(10)"),
            AGAIN.replace("code", "VALUE"),
        ),
        ((Place.CHECK, '("x y" > 3)', None), '("x y" > 3)'),
        ((Place.CHECK, "(mood = 'ok'::shop.mood)", None), "(mood = 'ok'::shop.mood)"),
        ((Place.CHECK, '("Order".* IS NOT NULL)', None), '("Order".* IS NOT NULL)'),
        ((Place.KEY, "lower((code)::text)", None), "lower((code)::text)"),
        ((Place.KEY, "(id + 1)", None), "(id + 1)"),
        ((Place.WHEN, "(old.* IS DISTINCT FROM new.*)", None), "(old.* IS DISTINCT FROM new.*)"),
        (
            (
                Place.POLICY,
                '(EXISTS ( SELECT 1\n   FROM shop.members m\n  WHERE (m.id = "Order".id)))',
                None,
            ),
            '(EXISTS ( SELECT 1\n   FROM shop.members m\n  WHERE (m.id = "Order".id)))',
        ),
        ((Place.DEFAULT, "'ok'::shop.mood", "shop.mood"), "'ok'::shop.mood"),
        ((Place.DEFAULT, "'a'::character varying(10)", "text"), "'a'::character varying(10)"),
        ((Place.DEFAULT, "1", "numeric(10,2)"), "1"),
        ((Place.DEFAULT, "'{}'", "text[]"), "'{}'::text[]"),
        (
            (
                Place.DEFAULT,
                "'2025-01-01 00:00:00+02'::timestamp with time zone",
                "timestamp with time zone",
            ),
            "'2024-12-31 22:00:00+00'::timestamp with time zone",
        ),
    ],
)
def test_an_expression_is_built_and_read_until_it_stands_still(
    order: Catalog, connection: Connection, given: tuple[Place, str, str | None], expected: str
) -> None:
    place, text, of = given
    fixpoint = ServerFixpoint(connection)
    assert fixpoint.settle([expression(order, place, text, of)]) == [expected]
    assert fixpoint.settle([expression(order, place, expected, of)]) == [expected]


def test_a_view_is_settled_by_its_query(order: Catalog, fixpoint: ServerFixpoint) -> None:
    (view,) = order.views
    given = Expression(text=view.definition, place=Place.VIEW, holder=view.name)
    (settled,) = fixpoint.settle([given])
    assert "ANY ((ARRAY[" in view.definition
    assert "ANY (ARRAY[('a'" in settled
    again = Expression(text=settled, place=Place.VIEW, holder=view.name)
    assert fixpoint.settle([again]) == [settled]


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place.CHECK, "(missing > 3)"),
        (Place.CHECK, "(id > "),
        (Place.CHECK, "(EXISTS ( SELECT 1))"),
        (Place.DEFAULT, "shop.nothing()"),
        (Place.DEFAULT, "'x'::integer"),
        (Place.VIEW, " SELECT 1\n   FROM shop.nowhere;"),
        (Place.DOMAIN_CHECK, "(VALUE > 'x'::shop.gone)"),
    ],
)
def test_what_the_server_refuses_comes_back_as_it_was(
    order: Catalog, fixpoint: ServerFixpoint, place: Place, text: str
) -> None:
    good = expression(order, Place.CHECK, FIRST)
    bad = expression(order, place, text, "integer")
    assert fixpoint.settle([good, bad, good]) == [AGAIN, text, AGAIN]


def test_a_column_of_a_type_that_is_not_there_does_not_hinder_the_others(
    order: Catalog, connection: Connection
) -> None:
    connection.execute("drop type shop.mood cascade")
    given = [
        expression(order, Place.CHECK, FIRST),
        expression(order, Place.CHECK, "(mood = 'ok'::shop.mood)"),
    ]
    assert ServerFixpoint(connection).settle(given) == [AGAIN, "(mood = 'ok'::shop.mood)"]


def test_nothing_is_left_behind(order: Catalog, connection: Connection) -> None:
    fixpoint = ServerFixpoint(connection)
    texts = [expression(order, place, FIRST, "boolean") for place in (Place.CHECK, Place.KEY)]
    fixpoint.settle([*texts, expression(order, Place.CHECK, "(")])
    assert read_catalog(connection) == order
    assert connection.execute(
        "select count(*) from pg_class where relpersistence = 't'"
    ).fetchone() == (0,)


def test_no_expression_needs_no_server(rich_database: str) -> None:
    connection = psycopg.connect(rich_database)
    connection.close()
    assert ServerFixpoint(connection).settle([]) == []


def test_a_lost_connection_is_not_taken_for_a_refusal(rich_database: str) -> None:
    with psycopg.connect(rich_database) as connection:
        given = Expression(text="1", place=Place.DEFAULT, holder=HOLDER, type="integer")
        with psycopg.connect(rich_database, autocommit=True) as other:
            other.execute(f"select pg_terminate_backend({connection.info.backend_pid}, 5000)")
        with pytest.raises(psycopg.OperationalError):
            ServerFixpoint(connection).settle([given])
