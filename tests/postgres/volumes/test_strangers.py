"""Schemas that nobody described: rows follow from the catalog, and what cannot be is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pgassay.core.errors import ConfigError
from pgassay.rows.unsatisfiable import Unsatisfiable
from tests.postgres.volumes.loading import load, one

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.postgres.volumes.conftest import Strange

    Make = Callable[..., Strange]

_ONE_EACH = """
    create table u (id int primary key);
    create table p (u_id int not null unique references u);
"""
_RULES = """
    create table w (id int primary key);
    create table r (id int primary key, w_id int not null references w);
    create table v (
        id int primary key, w_id int not null references w, r_id int not null references r
    );
"""
_CIRCLE = """
    create table a (id int primary key);
    create table b (id int primary key, a_id int references a);
    alter table a add b_id int references b;
"""
_MONTH = """
    create table t (id int, at timestamp not null) partition by range (at);
    create table t1 partition of t for values from ('2026-01-01') to ('2026-02-01');
"""
_DAY = date(2020, 1, 1)
SHAPES = Path(__file__).parents[1] / "rows"
SHOP = """
    create table users (id int primary key, email text not null unique, born date not null);
    create table orders (
        id uuid primary key, user_id int not null references users, number int not null,
        total numeric(12,2) not null default 0, created_at timestamptz not null default now(),
        unique (user_id, number)
    );
    create table lines (
        order_id uuid not null references orders, product int not null, price numeric(10,2) not null
        check (price > 0), primary key (order_id, product)
    );
"""


@pytest.mark.parametrize("rows", [3, 60])
def test_every_shape_of_table_can_be_filled(stranger: Make, rows: int) -> None:
    scripts = [(SHAPES / "shapes.sql").read_text()]
    if stranger().connection.info.server_version >= 180000:
        scripts.append((SHAPES / "shapes18.sql").read_text())
    strange = stranger(*scripts)
    volume = strange.volume(rows)
    assert load(strange.connection, volume) == []
    roots = {t.name for t in strange.catalog.roots()}
    assert set(volume.tables) == roots
    for table in volume.tables.values():
        count = one(strange.connection, f"select count(*) from {table.table.name.sql}")
        assert (str(table.table.name), count) == (str(table.table.name), table.rows)
        assert count > 0


def test_sequences_sums_and_counts_fit_their_rows(stranger: Make) -> None:
    strange = stranger(SHOP + "alter table users add orders int, add spent numeric(14,2);")
    described = {
        "tables": {
            "users": {
                "rows": 50,
                "columns": {"orders": {"count": "orders"}, "spent": {"sum": "orders.total"}},
            },
            "orders": {
                "per": "user_id",
                "mean": 3.0,
                "none": 0.2,
                "columns": {"number": {"position": 1}, "total": {"sum": "lines.price"}},
            },
            "lines": {"per": "order_id", "mean": 2.0, "none": 0.3},
        }
    }
    volume = strange.volume(described=described)
    assert load(strange.connection, volume) == []
    wrong = """
        select count(*) from orders as o where total is distinct from
            coalesce((select sum(price) from lines as l where l.order_id = o.id), 0)
    """
    assert one(strange.connection, wrong) == 0
    wrong = """
        select count(*) from users as u
        cross join lateral (
            select count(*) as n, coalesce(sum(total), 0) as s from orders as o
            where o.user_id = u.id
        ) as t
        where u.orders <> t.n or u.spent <> t.s
    """
    assert one(strange.connection, wrong) == 0
    gaps = """
        select count(*)
        from (select from orders group by user_id having count(*) <> max(number)) as t
    """
    assert one(strange.connection, gaps) == 0
    assert one(strange.connection, "select count(*) from lines") > 100


def test_keys_of_listed_values_are_dealt_once_each(stranger: Make) -> None:
    strange = stranger(
        """
        create type network as enum ('x', 'y', 'z');
        create table users (id int primary key);
        create table accounts (
            id int primary key, user_id int not null references users, network network not null,
            unique (user_id, network)
        );
        """
    )
    described = {"tables": {"accounts": {"per": "user_id", "mean": 2.0, "most": 3}}}
    volume = strange.volume(100, described)
    assert load(strange.connection, volume) == []
    assert one(strange.connection, "select count(*) from accounts") == 200


def test_a_partial_unique_index_over_references_is_honoured(stranger: Make) -> None:
    strange = stranger(
        """
        create table users (id int primary key);
        create table kits (
            id int primary key, user_id int not null references users, standard boolean not null
        );
        create unique index on kits (user_id) where standard;
        """
    )
    described = {"tables": {"kits": {"per": "user_id", "mean": 4.0}}}
    volume = strange.volume(200, described)
    assert load(strange.connection, volume) == []
    assert one(strange.connection, "select count(*) from kits where standard") > 0


REFUSED: dict[str, tuple[str, Mapping[str, Any], str]] = {
    "more than a unique key allows": (
        _ONE_EACH,
        {"p": {"per": "u_id", "mean": 2.0}},
        "2 children for 1 parents|are more than 1 each",
    ),
    "a limit above that of the key": (
        _ONE_EACH,
        {"p": {"per": "u_id", "mean": 0.5, "most": 3}},
        "up to 3 rows for each u_id are asked for, and 1 can be",
    ),
    "more rows than kinds": (
        "create type k as enum ('a', 'b'); create table t (kind k primary key, x int);",
        {"t": {"rows": 3, "fixed": True}},
        "3 rows are asked for and there can be 2",
    ),
    "an ancestor without a row to choose": (
        _RULES,
        {
            "r": {"per": "w_id", "mean": 1.0, "none": 0.5},
            "v": {"references": {"r_id": {"within": "w_id"}}},
        },
        "r_id_fkey needs 1 rows of r for each w_id, and some have 0",
    ),
    "a path to nowhere": (
        SHOP,
        {"lines": {"columns": {"price": {"from": "order_id.usr_id.id"}}}},
        '"usr_id" refers to nothing',
    ),
    "a circle of groups": (
        _CIRCLE,
        {"a": {"per": "b_id"}, "b": {"per": "a_id"}},
        "are children of",
    ),
    "a section that is not there": (
        SHOP,
        {"orders": {"per": "user_id", "of": ["webb"]}},
        'users has no section "webb"',
    ),
    "a value that no CHECK lets through": (
        "create table t (id int primary key, kind text not null check (kind in ('a', 'b')));",
        {"t": {"weights": {"kind": {"c": 1}}}},
        "no row has kind = c",
    ),
    "a sum of what is no number": (
        SHOP,
        {"users": {"columns": {"id": {"sum": "orders.created_at"}}}},
        "orders.created_at cannot be added up",
    ),
    "what follows a reference that may be NULL": (
        SHOP + "alter table lines add by int references users, add who int not null;",
        {"lines": {"columns": {"who": {"from": "by.id"}}}},
        "by may lead to nothing",
    ),
    "a sum of a column that is not there": (
        SHOP,
        {"orders": {"per": "user_id", "columns": {"total": {"sum": "lines.cost"}}}},
        'lines has no column "cost"',
    ),
    "a period without a partition": (
        _MONTH,
        {"t": {"rows": 5}},
        "no partition holds a time from 2020-01-01 to 2020-02-01",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused_in_words_before_a_row_is_made(stranger: Make, name: str) -> None:
    script, tables, message = REFUSED[name]
    described: dict[str, object] = {"tables": tables}
    if name == "a period without a partition":
        described["time"] = {"start": _DAY, "end": _DAY.replace(month=2)}
    with pytest.raises(ConfigError, match=message):
        stranger(script).volume(described=described)


def test_a_check_that_no_row_satisfies_is_named_with_its_expression(stranger: Make) -> None:
    strange = stranger(
        "create table t (id int primary key, a int not null,"
        " constraint never check (a > 3 and a < 2));"
    )
    with pytest.raises(Unsatisfiable, match=r"no row satisfies never: \(\(a > 3\) AND \(a < 2\)\)"):
        strange.volume()


def test_a_check_that_computed_columns_break_is_named_before_the_load(stranger: Make) -> None:
    strange = stranger("create table t (id int primary key, constraint small check (id <= 20));")
    assert load(strange.connection, strange.volume(20)) == []
    with pytest.raises(Unsatisfiable, match=r"no row satisfies small: \(id <= 20\)"):
        strange.volume(30)


def test_a_time_decides_the_partition_and_a_list_leads_through_the_root(stranger: Make) -> None:
    strange = stranger(
        """
        create table logs (id bigint, at timestamptz not null) partition by range (at);
        create table logs_1 partition of logs for values from ('2026-01-01') to ('2026-02-01');
        create table logs_2 partition of logs for values from ('2026-02-01') to ('2026-03-01');
        create table logs_rest partition of logs default;
        create table regions (id int, region text not null) partition by list (region);
        create table regions_eu partition of regions for values in ('de', 'fr');
        create table regions_us partition of regions for values in ('us');
        """
    )
    volume = strange.volume(500)
    assert load(strange.connection, volume) == []
    by_name = {stream.relation.name: stream.rows for stream in volume.streams()}
    assert by_name.keys() == {"logs_1", "logs_2", "regions"}
    assert by_name["logs_1"] + by_name["logs_2"] == 500
    assert one(strange.connection, "select count(*) from regions_eu") > 0
    assert one(strange.connection, "select count(*) from regions_us") > 0
