"""A market with rows, its snapshots, and stages made of them on another server.

A major that is not on this machine is skipped, with the reason (PGASSAY_PG_BIN).
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgassay.core.errors import MachineError
from pgassay.core.statement import Statement
from pgassay.postgres.explain import Asked, Explainer
from pgassay.postgres.servers import Server, ServerDeclaration, ServerKind, open_server
from pgassay.postgres.session import PipelineSession
from pgassay.postgres.stage import Stage
from pgassay.postgres.statistics import read_snapshot
from tests.postgres.profiling.conftest import ROWS, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgassay.core.plan import Plan
    from pgassay.core.snapshot import Snapshot

Connection = psycopg.Connection[Any]

# What the market has not: other kinds of indexes, ranges, arrays, odd names, a view, a gap.
MORE = """
create schema "Odd ""x";
create type "Odd ""x".mood as enum ('sad', 'Very happy');
create domain "Odd ""x".level as int not null check (value > 0);
create table "Odd ""x"."Things" (
    "Id" int primary key, gone int, span int4range, tags text[], "The Word" text not null,
    feeling "Odd ""x".mood, level "Odd ""x".level, near point
);
alter table "Odd ""x"."Things" drop column gone;
create index "by tag" on "Odd ""x"."Things" using gin (tags);
create index "by block" on "Odd ""x"."Things" using brin ("Id");
create index "by word" on "Odd ""x"."Things" (lower("The Word"));
create index "by words" on "Odd ""x"."Things"
    using gin (to_tsvector('simple', "The Word"));
create index "by hash" on "Odd ""x"."Things" using hash ("The Word");
create index "by place" on "Odd ""x"."Things" using gist (near);
create index "the sad" on "Odd ""x"."Things" ("Id") where feeling = 'sad';
create materialized view tiers as select tier, count(*) from customers group by 1;
create index on visits (customer_id);
create index on visits (seen_at);
create statistics mcv_place (mcv) on city, postcode from orders;
"""
MORE_ROWS = """
insert into "Odd ""x"."Things"
select i, int4range(i, i + i % 9), array['a' || i % 7, 'b', case when i % 3 = 0 then 'c' end],
       'Word ' || i % 400 || ' other', case when i % 5 = 0 then 'sad' else 'Very happy' end
           ::"Odd ""x".mood, i % 4 + 1, point(i, i % 50)
from generate_series(1, 5000) i;
refresh materialized view tiers;
vacuum (analyze);
"""
QUERIES = (
    "select * from orders where customer_id = 5",
    "select * from orders where id > 5990",
    "select * from orders where id > 7000",
    "select * from orders where id < 10 or customer_id = 3",
    "select * from orders o join customers c on c.id = o.customer_id where c.country = 'AB'",
    "select count(*) from orders where status = 'paid' and city = 'qqmarker city 3'",
    "select city, postcode, count(*) from orders group by 1, 2",
    "select * from orders where city = 'qqmarker city 3' and postcode = 'qqmarker12'",
    "select * from orders order by id desc limit 3",
    "select * from visits where seen_at > '2026-03-10' order by seen_at limit 5",
    "select * from visits where seen_at > '2026-03-28'",
    "select count(*) from visits where customer_id = 7",
    "select distinct customer_id from visits",
    "select * from order_lines l join orders o on o.id = l.order_id where l.product_id < 20",
    "select * from customers where not is_active and email > 'qqmarker99'",
    "select * from customers c where not exists (select from orders o where o.customer_id = c.id)",
    "select * from tiers where tier = 'pro'",
    """select * from "Odd ""x"."Things" where tags @> array['a1', 'c']""",
    """select * from "Odd ""x"."Things" where "Id" between 5 and 10""",
    """select * from "Odd ""x"."Things" where lower("The Word") = 'word 5 other'""",
    """select * from "Odd ""x"."Things"
       where to_tsvector('simple', "The Word") @@ to_tsquery('simple', '17')""",
    """select * from "Odd ""x"."Things" where "The Word" = 'Word 9 other'""",
    """select * from "Odd ""x"."Things" where near <@ box '(1,1),(9,9)'""",
    """select * from "Odd ""x"."Things" where feeling = 'sad' and "Id" < 40""",
    """select * from "Odd ""x"."Things" where level = 2""",
    """select * from "Odd ""x"."Things" where span @> 17""",
)


# As clients leave it between two runs of autovacuum: dead rows, at the ends of indexes too, pages
# that nothing says are visible, entries pending in GIN indexes, sizes that are no longer so, some
# tables analysed since.
LIVED = """
set session_replication_role = replica;
update orders set note = note where id % 5 = 0;
update orders set city = 'qqmarker city 3' where id % 50 = 1;
analyze orders;
delete from orders where id > 5980 or id < 20;
delete from visits where seen_at > '2026-03-25';
delete from customers where id % 9 = 2;
analyze visits_2026_03, customers;
insert into "Odd ""x"."Things"
select i, int4range(i, i + 3), array['a9', 'new'], 'Word new', 'sad', 2, point(i, 1)
from generate_series(9001, 9600) i;
update "Odd ""x"."Things" set tags = tags || array['c'] where "Id" % 7 = 0;
"""


@dataclass
class Theatre:
    """Two servers of one major: the market is loaded on one, stages are made on the other."""

    loaded: Server
    connection: Connection
    empty: Server
    numbers: Iterator[int]
    stages: ExitStack

    @property
    def major(self) -> int:
        return self.loaded.major

    def snapshot(self, *, values: bool = True, ends: bool = True) -> Snapshot:
        return read_snapshot(self.connection, values=values, ends=ends)

    def truth(self, *queries: str, database: str = "market") -> dict[str, Plan]:
        with self.loaded.connect(database) as connection:
            connection.autocommit = True
            return plans(Explainer(PipelineSession(connection)), *queries)

    def bare(self, *changes: str) -> str:
        """Return a database with the schema and no rows, changed."""
        name = self.empty.create_database(f"bare_{next(self.numbers)}")
        with self.empty.connect(name) as connection:
            connection.autocommit = True
            for sql in (SCHEMA, MORE, *changes):
                connection.execute(sql.encode())
        return name

    def stage(self, snapshot: Snapshot, *changes: str, **options: Any) -> Stage:
        """Return a stage; it is closed with the test."""
        stage = Stage(self.empty, self.bare(*changes), snapshot, **options)
        self.stages.callback(stage.close)
        return stage


def filled(server: Server, name: str, *more: str) -> Connection:
    """Return a connection to a new database that has the rows, and what else was run there."""
    server.create_database(name)
    connection = server.connect(name)
    connection.autocommit = True
    for sql in (SCHEMA, MORE, ROWS, "create extension pageinspect"):
        connection.execute(sql.encode())
    for sql in (*MORE_ROWS.split(";\n")[:-1], *more):
        connection.execute(sql.encode())
    return connection


def plans(explainer: Explainer, *queries: str) -> dict[str, Plan]:
    return {q: explainer.plan(Statement(q), Asked(analyze=False)) for q in queries}


def differing(truth: dict[str, Plan], got: dict[str, Plan]) -> list[str]:
    """Return the queries of which some node differs in anything that EXPLAIN tells."""
    return [query for query, plan in truth.items() if got[query].root != plan.root]


@pytest.fixture(scope="session")
def theatres() -> Iterator[Callable[[int], Theatre]]:
    opened: dict[int, Theatre] = {}
    with ExitStack() as stack:

        def get(major: int) -> Theatre:
            if major not in opened:
                declaration = ServerDeclaration(
                    postgres=major, settings={"log_statement": "all", "track_counts": "on"}
                )
                try:
                    loaded = stack.enter_context(open_server(ServerKind.EMBEDDED, declaration))
                except MachineError as error:
                    pytest.skip(error.found)
                plain = ServerDeclaration(postgres=major)
                empty = stack.enter_context(open_server(ServerKind.EMBEDDED, plain))
                connection = stack.enter_context(filled(loaded, "market"))
                opened[major] = Theatre(loaded, connection, empty, count(1), ExitStack())
            return opened[major]

        get.opened = opened  # type: ignore[attr-defined]  # for the fixture that closes
        yield get


@pytest.fixture(autouse=True)
def _closed(theatres: Callable[[int], Theatre]) -> Iterator[None]:
    """Let go of the stages of a test: their server is stopped by the next one."""
    yield
    for theatre in theatres.opened.values():  # type: ignore[attr-defined]  # set beside it
        theatre.stages.close()


@pytest.fixture
def theatre(theatres: Callable[[int], Theatre]) -> Theatre:
    return theatres(18)
