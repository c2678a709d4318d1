"""A volume from the profile of a database that pgassay did not make has its statistics."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from pgassay.postgres.statistics import read
from pgassay.run.profiling import profile_of
from pgassay.volumes.writing import toml
from tests.postgres.profiling.conftest import MARKER, filled, opened
from tests.postgres.volumes.loading import digest, one

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack
    from typing import Any

    from pgassay.postgres.servers import Server
    from tests.postgres.profiling.conftest import Filled, Market

# What a CHECK over two columns binds is taken from few rows of content, and said to be.
BOUND = {("reviews", "opened_at", "distinct"), ("reviews", "closed_at", "distinct")}


def changed(market: Market, change: Callable[[dict[str, Any]], None]) -> str:
    document = tomllib.loads(market.taken())
    change(document["tables"])
    return toml(document)


def test_every_statistic_is_within_its_tolerance(market: Market, twin: Filled) -> None:
    assert twin.refused == []
    assert twin.missed == BOUND
    columns = [near for near in twin.nearness if near.column is not None]
    stated = tomllib.loads(market.taken())["tables"].values()
    assert len(columns) == sum(len(table["statistics"]) for table in stated) == 47
    assert sum(len(near.measures) for near in twin.nearness) > 200
    for near in columns:
        assert not near.missed or near.yields == "the CHECK reviews_check"


def test_the_rows_of_the_two_are_counted_alike(market: Market, twin: Filled) -> None:
    for table in ("customers", "orders", "order_lines", "visits", "visits_2026_02"):
        rows = [
            one(c, f"select count(*) from {table}") for c in (market.connection, twin.connection)
        ]
        assert abs(rows[0] - rows[1]) <= rows[0] * 0.01, table


@pytest.mark.parametrize(
    "query",
    [
        "select count(*) from orders where placed_at is null",
        "select count(distinct customer_id) from orders",
        "select max(n) from (select count(*) n from orders group by customer_id) q",
        "select max(n) from (select count(*) n from orders group by status) q",
        "select count(distinct customer_id) from visits",
        "select max(n) from (select count(*) n from order_lines group by order_id) q",
        "select sum(pg_column_size(description)) from products",
    ],
)
def test_queries_count_alike_in_both(market: Market, twin: Filled, query: str) -> None:
    """Not what ANALYZE says of itself, but what is really there."""
    asked, got = one(market.connection, query), one(twin.connection, query)
    assert abs(asked - got) <= max(0.1 * asked, 3)


def test_what_is_referred_to_comes_before_a_row_of_the_same_table(twin: Filled) -> None:
    assert one(twin.connection, "select count(*) from customers where referrer_id is not null") > 50
    assert one(twin.connection, "select count(*) from customers where referrer_id >= id") == 0


def test_no_value_of_the_database_is_in_the_profile_or_in_the_volume(
    market: Market, twin: Filled
) -> None:
    assert one(market.connection, f"select count(*) from orders where city like '{MARKER}%'") > 1000
    assert MARKER not in market.taken()
    rows = twin.connection.execute(
        "select c.oid::regclass::text from pg_class c where relkind = 'r'"
        " and relnamespace = 'public'::regnamespace"
    ).fetchall()
    for (table,) in rows:
        found = one(twin.connection, f"select count(*) from {table} t where t::text ~ '{MARKER}'")
        assert (table, found) == (table, 0)


def test_values_are_written_of_the_columns_that_are_named(
    server: Server, market: Market, stack: ExitStack
) -> None:
    text = market.taken(("customers", "tier"), ("orders", "city"), ("orders", "status"))
    columns = tomllib.loads(text)["tables"]["orders"]["statistics"]
    assert {c for c, stated in columns.items() if "values" in stated} == {"city", "status"}
    assert MARKER in str(columns.pop("city"))
    assert MARKER not in str(columns)

    copy = filled(server, text, stack)
    assert copy.missed == BOUND
    query = "select {0} from {1} group by 1 order by count(*) desc, 1 limit 1"
    for table, column in (("customers", "tier"), ("orders", "city"), ("orders", "status")):
        most = query.format(column, table)
        assert one(copy.connection, most) == one(market.connection, most), column


def test_a_changed_share_of_null_is_told(server: Server, market: Market, stack: ExitStack) -> None:
    def change(tables: dict[str, Any]) -> None:
        stated = tables["orders"]["statistics"]["placed_at"]
        stated["null"] += 0.05

    copy = filled(server, changed(market, change), stack)
    assert copy.missed == BOUND, "a volume has what its profile says, whatever that is"
    text = market.taken()
    before = tomllib.loads(text)["tables"]["orders"]["statistics"]["placed_at"]["null"]
    got = copy.measure("orders", "placed_at", "null").got
    assert got == pytest.approx(before + 0.05, abs=0.001)


@pytest.mark.parametrize(
    ("statement", "missed"),
    [
        ("update orders set placed_at = null where id % 20 = 0", ("orders", "placed_at", "null")),
        ("update orders set city = city || id % 3", ("orders", "city", "distinct")),
        ("update orders set customer_id = id % 1000 + 1", ("orders", "customer_id", "common")),
        ("update orders set city = 'x' || city || 'xxxxxxxxxxxxxxx'", ("orders", "city", "width")),
        ("delete from orders where id % 25 = 0", ("orders", None, "rows")),
        (
            """create table o as select * from orders order by md5(id::text);
            delete from orders; insert into orders select * from o""",
            ("orders", "id", "correlation"),
        ),
        ("delete from visits where id < 500", ("visits", None, "rows of visits_2026_01")),
        ("update orders set city = city || '' || id % 2", ("orders", None, "postcode => city")),
    ],
    ids=["null", "distinct", "skew", "width", "rows", "correlation", "partition", "dependency"],
)
def test_a_volume_that_differs_is_told(
    twin: Filled,
    stack: ExitStack,
    statement: str,
    missed: tuple[str, str | None, str],
) -> None:
    copy = twin.copied(stack)
    assert missed not in copy.missed
    copy.connection.execute("alter table order_lines drop constraint order_lines_order_id_fkey")
    copy.connection.execute(statement.encode())
    copy.connection.execute("vacuum full")
    copy.connection.execute("analyze")
    assert missed in copy.missed


def test_any_worker_makes_any_piece(server: Server, market: Market, stack: ExitStack) -> None:
    first, second = (filled(server, market.taken(), stack) for _ in range(2))
    pieces = sum(stream.chunks for stream in first.volume.streams())
    assert digest(first.volume) == digest(second.volume, list(reversed(range(pieces))))


def test_a_scaled_volume_has_the_same_shares(
    server: Server, market: Market, stack: ExitStack
) -> None:
    copy = filled(server, market.taken().replace('size = "medium"', "scale = 0.5"), stack)
    asked = one(market.connection, "select count(*) from orders")
    assert copy.measure("orders", None, "rows").got == asked / 2
    assert copy.missed <= BOUND | {("order_lines", "order_id", "distinct")}


SHAPES = """
    create table people (id uuid primary key default gen_random_uuid(), name text not null);
    create table parts (
        id int not null, region text not null, label text, primary key (id, region)
    ) partition by list (region);
    create table parts_north partition of parts for values in ('n', 'nw');
    create table parts_south partition of parts for values in ('s');
    create table tags (
        person_id uuid not null references people, word text not null,
        primary key (person_id, word)
    );
    create table marks (
        id int primary key, person_id uuid references people, part_id int,
        boss_id int references marks, spot inet, words text[],
        kind text check (kind ~ '^[a-z]{3}$'),
        check (person_id is not null or part_id is not null)
    );
"""
_SHAPED = """
    insert into people select gen_random_uuid(), 'p' || i % 90 from generate_series(1, 900) i;
    insert into parts
        select i, case when i % 10 < 7 then 's' when i % 10 < 9 then 'n' else 'nw' end, 'l' || i % 3
        from generate_series(1, 3000) i;
    insert into tags select id, 'w' || k from people, generate_series(1, 3) k;
    insert into marks select i, (select id from people where i % 3 > 0 limit 1 offset i % 800),
        case when i % 2 = 0 or i % 3 = 0 then i end,
        case when i > 60 and i % 5 = 0 then i % 60 + 1 end,
        '10.0.0.1', array['a', 'b'], case when i % 4 > 0 then 'abc' end
        from generate_series(1, 1500) i;
    analyze;
"""


def test_what_binds_rows_comes_before_their_statistics(server: Server, stack: ExitStack) -> None:
    owner = opened(server, server.create_database("shapes"), stack)
    owner.execute(SHAPES.encode())
    owner.execute(_SHAPED.encode())
    copy = filled(server, profile_of(read(owner)).text, stack, schema=SHAPES)
    assert copy.refused == []
    counts = "select count(*) filter (where region = 's'), count(*) from parts"
    assert copy.connection.execute(counts.encode()).fetchone() == (
        pytest.approx(2100, abs=60),
        3000,
    )
    told = {(near.table, near.column): near.yields for near in copy.nearness}
    assert told["parts", "region"] == "the partitions there are"
    assert told["tags", "word"] == "a unique key"
    assert told["tags", "person_id"] == "the order of the keys it refers to"
    assert told["marks", "boss_id"] == "rows refer to earlier ones only"
    assert str(told["marks", "spot"]).startswith("no values in order are known for inet")
    assert told["people", "name"] is None
    # Every one of them may be missed for its reason, and nothing else is.
    assert {key[:2] for key in copy.missed if not told.get(key[:2])} == set()


def test_a_check_that_some_values_of_a_scale_break_comes_first(
    server: Server, stack: ExitStack
) -> None:
    """1, 3 and 5 pass; that 2 does not is only found when rows are made."""
    schema = "create table t (id int primary key, n int not null constraint odd check (n % 2 = 1))"
    owner = opened(server, server.create_database("odd"), stack)
    owner.execute(schema.encode())
    owner.execute("insert into t select i, i % 5 * 2 + 1 from generate_series(1, 900) i; analyze")
    text = profile_of(read(owner)).text
    copy = filled(server, text, stack, schema=schema)
    assert one(copy.connection, "select count(*) from t") == 900
    (told,) = (near.yields for near in copy.nearness if near.column == "n")
    assert told == "the CHECK odd"

    # The near miss: a CHECK that all of them pass gives way to nothing.
    other = schema.replace("n % 2 = 1", "n < 10")
    free = filled(server, text, stack, schema=other)
    assert free.missed == set()
    assert {near.yields for near in free.nearness if near.column == "n"} == {None}


NUMBERS = [
    ("customers", "balance"),
    ("customers", "birthday"),
    ("orders", "placed_at"),
    ("products", "supplier_code"),
    ("visits", "duration_ms"),
]


def test_numbers_and_times_are_spread_as_their_histogram_says(
    server: Server, market: Market, stack: ExitStack
) -> None:
    text = market.taken(*NUMBERS, ("customers", "is_active"))
    copy = filled(server, text, stack)
    assert copy.refused == []
    assert copy.missed == BOUND
    assert one(copy.connection, "select count(*) from customers where is_active") == one(
        market.connection, "select count(*) from customers where is_active"
    )
    for table, column in NUMBERS:
        number = column if column in ("balance", "supplier_code", "duration_ms") else None
        value = number or f"extract(epoch from {column})"
        query = f"select (percentile_cont(array[0.1, 0.5, 0.9]) within group (order by {value}))"
        spans = f"select max({value}) - min({value}) from {table}"
        asked, got = (one(c, f"{query} from {table}") for c in (market.connection, copy.connection))
        room = 0.05 * float(one(market.connection, spans))
        assert [float(value) for value in got] == pytest.approx(
            [float(value) for value in asked], abs=room
        ), column
