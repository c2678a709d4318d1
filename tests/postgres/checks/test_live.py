"""Checks of databases that live: what the server has counted, and what should be gone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from pgassay.checks.ground import Ground, Relations
from pgassay.checks.registry import built_in
from pgassay.core.errors import ConfigError
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.session import PipelineSession

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psycopg

    from pgassay.checks.check import Problem
    from pgassay.postgres.servers import Server

    Connection = psycopg.Connection[tuple[object, ...]]

TRAFFIC = """
create schema "Shop";
create table "Shop"."Kind" (id int primary key);
create table "Shop"."Job" (
    id int primary key, "Note" text, code int unique, kind int references "Shop"."Kind"
);
create index "By note" on "Shop"."Job" ("Note");
create index "By kind" on "Shop"."Job" (kind);
create table "Shop"."Used" (id int primary key, note text);
create index used on "Shop"."Used" (note);
create table "Shop"."Quiet" (id int primary key, note text);
create index quiet on "Shop"."Quiet" (note);
create table "Shop"."Roomy" (id int, note int) with (fillfactor = 40);
create index on "Shop"."Roomy" (note);
insert into "Shop"."Job" select i, 'n', i from generate_series(1, 2000) i;
insert into "Shop"."Used" select i, 'n' || i from generate_series(1, 2000) i;
insert into "Shop"."Roomy" select i, i from generate_series(1, 2000) i;
vacuum analyze "Shop"."Job", "Shop"."Used", "Shop"."Roomy";
update "Shop"."Job" set "Note" = "Note" || id;
update "Shop"."Job" set "Note" = "Note" || id;
update "Shop"."Roomy" set note = note + 1 where id < 1500;
"""


class Live:
    """A database with some traffic."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        for statement in TRAFFIC.split(";\n"):
            connection.execute(statement.encode())
        for _ in range(9):
            connection.execute('select count(*) from "Shop"."Job"')
            connection.execute("""select * from "Shop"."Used" where note = 'n7'""")
        connection.execute("select pg_stat_force_next_flush()")

    def problems(self, slug: str, today: date | None = None, **options: Any) -> list[Problem]:
        check = built_in()[slug]
        session = PipelineSession(self.connection)
        ground = Ground(
            relations=Relations(read_catalog(self.connection)),
            options={**check.options, **options},
            today=today,
            session=session,
            rows=session,
            live=True,
        )
        return list(check.find(ground))

    def found(self, slug: str, **options: Any) -> list[str]:
        return sorted(str(problem.subject) for problem in self.problems(slug, **options))


@pytest.fixture(scope="module")
def live(server_of: Callable[[int], Server], major: int) -> Iterator[Live]:
    server = server_of(major)
    with server.connect(server.create_database("live")) as connection:
        yield Live(connection)


def test_an_index_that_nobody_uses_is_found_and_dropped(live: Live):
    options = {"reads": 5, "days": 0}
    assert live.found("index_never_used", **options) == ['"Shop"."Job".By note']
    assert live.found("index_never_used", reads=1000, days=0) == []
    (problem,) = live.problems("index_never_used", **options)
    assert problem.fix == 'drop index concurrently "Shop"."By note";'


def test_statistics_that_began_lately_say_nothing_of_an_index(live: Live):
    live.connection.execute("create table other (id int)")
    reset = "select stats_reset is null from pg_stat_database where datname = current_database()"
    if live.connection.execute(reset).fetchone() == (False,):
        assert live.found("index_never_used", reads=5, days=30) == []
    else:
        assert live.found("index_never_used", reads=5, days=30) == ['"Shop"."Job".By note']


def test_a_table_that_is_read_whole_is_found(live: Live):
    assert live.found("table_often_read_whole", scans=9, rows=1000) == ['"Shop"."Job"']
    assert live.found("table_often_read_whole", scans=9, rows=5000) == []


def test_dead_rows_are_found(live: Live):
    # How many of them scans have pruned meanwhile is the server's affair.
    (problem,) = live.problems("dead_rows_pile_up", rows=1, percent=1)[:1]
    assert str(problem.subject) == '"Shop"."Job"'
    assert problem.fix == 'vacuum (analyze) "Shop"."Job";'
    assert '"Shop"."Used"' not in live.found("dead_rows_pile_up", rows=1, percent=1)
    assert live.found("dead_rows_pile_up", rows=1, percent=99) == []


def test_updates_that_write_to_every_index_are_found(live: Live):
    assert live.found("updates_never_hot", updates=1000) == ['"Shop"."Job"']


def test_partitions_that_should_be_gone_are_found(live: Live):
    live.connection.execute(
        """
        create table "Shop"."Logs" ("Day" date not null) partition by range ("Day");
        create table "Shop"."Logs 1" partition of "Shop"."Logs"
          for values from ('2024-10-01') to ('2024-11-01');
        create table "Shop"."Logs 2" partition of "Shop"."Logs"
          for values from ('2024-11-01') to ('2024-12-01');
        create table "Shop"."Logs rest" partition of "Shop"."Logs" default;
        """
    )
    slug, today = "partitions_past_retention", date(2026, 11, 28)
    assert live.problems(slug, today) == []
    (problem,) = live.problems(slug, today, months={"Shop.Logs": 24})
    assert str(problem.subject) == '"Shop"."Logs 1"'
    live.connection.execute(problem.fix.encode())
    assert live.problems(slug, today, months={"Shop.Logs": 24}) == []
    with pytest.raises(ConfigError, match=r'called "Shop\.Log"'):
        live.problems(slug, today, months={"Shop.Log": 24})
