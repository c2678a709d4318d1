"""On a stage the planner decides as on the loaded database; without an ingredient it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pgassay.core.errors import ConfigError, MachineError
from pgassay.core.names import QualifiedName
from pgassay.core.plan import Plan
from pgassay.core.snapshot_file import parse_snapshot
from pgassay.core.statement import Statement
from pgassay.plans.query import PlanMode
from pgassay.postgres.explain import Asked, QueryRefusedError
from pgassay.postgres.servers import open_server
from pgassay.postgres.stage import Ingredient, Stage, within_reach
from pgassay.postgres.stage.files import Files
from pgassay.postgres.statistics import read_snapshot
from pgassay.staging import sizing
from tests.postgres.staging.conftest import LIVED, QUERIES, differing, filled, plans

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.postgres.staging.conftest import Theatre

NEW = "is in the schema and not in the snapshot: its size is estimated"
WRITTEN = """
select s::text from pg_statistic s join pg_class c on c.oid = s.starelid
where c.relnamespace::regnamespace::text in ('public', '"Odd ""x"')
order by starelid, staattnum, stainherit
"""
RESTORING = """
select format('select pg_restore_attribute_stats(%s)', string_agg(
    format('%L, %s', given.key, case given.key
      when 'schemaname' then format('%L::text', given.value)
      when 'relname' then format('%L::text', given.value)
      when 'attname' then format('%L::text', given.value)
      when 'inherited' then format('%L::boolean', given.value)
      when 'avg_width' then format('%L::integer', given.value)
      when 'null_frac' then format('%L::real', given.value)
      when 'n_distinct' then format('%L::real', given.value)
      when 'correlation' then format('%L::real', given.value)
      when 'range_empty_frac' then format('%L::real', given.value)
      when 'most_common_freqs' then format('%L::real[]', given.value)
      when 'most_common_elem_freqs' then format('%L::real[]', given.value)
      when 'elem_count_histogram' then format('%L::real[]', given.value)
      else format('%L::text', given.value) end), ', '))
from pg_stats s
cross join lateral (values
  ('schemaname', schemaname::text), ('relname', tablename::text), ('attname', attname::text),
  ('inherited', inherited::text), ('null_frac', null_frac::text), ('avg_width', avg_width::text),
  ('n_distinct', n_distinct::text), ('most_common_vals', most_common_vals::text),
  ('most_common_freqs', most_common_freqs::text), ('histogram_bounds', histogram_bounds::text),
  ('correlation', correlation::text), ('most_common_elems', most_common_elems::text),
  ('most_common_elem_freqs', most_common_elem_freqs::text),
  ('elem_count_histogram', elem_count_histogram::text),
  ('range_length_histogram', range_length_histogram::text),
  ('range_empty_frac', range_empty_frac::text),
  ('range_bounds_histogram', range_bounds_histogram::text)) as given (key, value)
where schemaname in ('public', 'Odd "x') and given.value is not null
group by s.schemaname, s.tablename, s.attname, s.inherited
"""
BEYOND = "select * from orders where id > 7000"


@pytest.mark.parametrize("major", [16, 17, 18])
def test_every_node_is_as_on_the_loaded_database(
    theatres: Callable[[int], Theatre], major: int
) -> None:
    theatre = theatres(major)
    truth = theatre.truth(*QUERIES)
    stage = theatre.stage(theatre.snapshot())
    assert stage.differences == ()
    assert stage.told == []
    stage.set_scale(1)
    assert differing(truth, plans(stage.explainer(), *QUERIES)) == []


def test_every_node_is_as_on_a_database_that_was_written_to(theatre: Theatre) -> None:
    with filled(theatre.loaded, "lived", LIVED) as connection:
        snapshot = read_snapshot(connection, values=True, ends=True)
    things = snapshot.relation(QualifiedName('Odd "x', "Things"))
    orders = snapshot.relation(QualifiedName("public", "orders"))
    assert things is not None
    assert things.blocks > things.pages
    assert any(index.gin.pending for index in things.indexes if index.gin is not None)
    assert orders is not None
    assert orders.visible < orders.pages
    ends = orders.columns[0]
    assert (ends.low, ends.high) == ("20", "5980")
    assert ends.statistics[0].bounds[-1] == "6000"  # as it was analysed
    queries = (*QUERIES, "select * from orders where id < 15", "select max(id) from orders")
    truth = theatre.truth(*queries, database="lived")
    stage = theatre.stage(snapshot)
    stage.set_scale(1)
    assert differing(truth, plans(stage.explainer(), *queries)) == []


def test_each_ingredient_is_worth_something(theatre: Theatre) -> None:
    truth, snapshot = theatre.truth(*QUERIES), theatre.snapshot()
    lost = {}
    for one in Ingredient:
        stage = theatre.stage(snapshot, without=[one])
        stage.set_scale(1)
        lost[one] = differing(truth, plans(stage.explainer(), *QUERIES))
        stage.close()
    assert BEYOND in lost[Ingredient.ENDS]
    assert len(lost[Ingredient.ENDS]) < len(lost[Ingredient.HEIGHTS])
    assert len(lost[Ingredient.FILES]) > len(QUERIES) / 2
    assert len(lost[Ingredient.STATISTICS]) > len(QUERIES) / 2
    assert any("group by 1, 2" in query for query in lost[Ingredient.TOGETHER])


def test_statistics_are_written_as_the_servers_own_functions_write_them(theatre: Theatre) -> None:
    """18 has functions that restore the statistics of a column; the catalogs come out the same."""
    stage = theatre.stage(theatre.snapshot())
    stage.set_scale(1)
    with theatre.empty.connect(stage.database) as connection:
        connection.autocommit = True
        ours = connection.execute(WRITTEN).fetchall()
        calls = [sql for (sql,) in connection.execute(RESTORING).fetchall()]
        connection.execute(
            "delete from pg_statistic where starelid in (select oid from pg_class"
            " where relnamespace in ('public'::regnamespace, '\"Odd \"\"x\"'::regnamespace))"
        )
        assert all(connection.execute(sql).fetchone() == (True,) for sql in calls)
        theirs = connection.execute(WRITTEN).fetchall()
    assert len(ours) == len(calls)
    assert ours == theirs


def test_many_questions_at_once_have_the_plans_that_they_have_alone(theatre: Theatre) -> None:
    stage = theatre.stage(theatre.snapshot())
    stage.set_scale(10_000)
    many = [
        (Statement(sql, values), replace(asked, analyze=False))
        for asked in (Asked(parallel=True), Asked(mode=PlanMode.GENERIC), Asked(limit_ms=77))
        for sql, values in (
            ("select count(*) from orders where city = $1", ("qqmarker city 3",)),
            ("select * from orders where no_such_column = $1", ("1",)),
            ("select * from orders where id > $1", ("7000",)),
        )
    ]
    together = stage.explainer().plans(many)
    for question, found in zip(many, together, strict=True):
        alone = stage.explainer()
        if isinstance(found, QueryRefusedError):
            with pytest.raises(QueryRefusedError, match="42703"):
                alone.plan(*question)
            continue
        assert found == alone.plan(*question)
        # What goes before a statement is undone behind it, and settings do not stay.
        statement, asked = question
        undone = replace(asked, before=(Statement("set local enable_seqscan = off"),))
        explainer = stage.explainer()
        explainer.plans(many)
        explainer.plan(statement, undone)
        assert explainer.plan(statement, asked) == found
    gathered = [any(n.type == "Gather" for n in p.nodes()) for p in together if isinstance(p, Plan)]
    assert gathered[0]
    assert not any(gathered[2:])
    with pytest.raises(ConfigError, match="explained there and not executed"):
        stage.explainer().plans([(Statement("select 1"), Asked())])


def test_what_the_schema_and_the_snapshot_do_not_share_is_told(theatre: Theatre) -> None:
    snapshot = theatre.snapshot()
    changes = (
        "alter table customers drop column nickname; alter table customers add column phone text",
        "drop index orders_customer_id_idx; create index on orders (city, id)",
        "create table novelties (id int)",
        "drop table visits_2026_02",
        "create table late partition of visits for values from ('2031-01-01') to ('2032-01-01')",
        "drop table reviews",
        # The same index by another name is known again.
        'alter index "Odd ""x"."by tag" rename to "tagged"',
    )
    with pytest.raises(ConfigError, match="the schema differs"):
        theatre.stage(snapshot, *changes, strict=True)
    stage = theatre.stage(snapshot, *changes)
    assert sorted(stage.differences) == sorted(
        (
            "column customers.nickname is in the snapshot and not in the schema",
            "column customers.phone is in the schema and not in the snapshot",
            "index orders_customer_id_idx of orders is in the snapshot and not in the schema",
            f"index orders_city_id_idx of orders {NEW}",
            "novelties is in the schema and not in the snapshot: it is empty",
            "reviews is in the snapshot and not in the schema",
        )
    )
    stage.set_scale(1)
    found = plans(stage.explainer(), "select * from visits", "select * from novelties")
    months = {str(n.relation) for n in found["select * from visits"].nodes() if n.relation}
    assert months == {f"visits_2026_0{month}" for month in (1, 2, 3)}


def test_another_size_costs_nothing_and_changes_plans(theatre: Theatre) -> None:
    stage = theatre.stage(theatre.snapshot())
    query = "select * from orders where customer_id < 30"
    rows, kinds = [], []
    room = stage.taken()
    for scale in (1, 1e6, 1):
        stage.set_scale(scale)
        root = plans(stage.explainer(), query)[query].root
        assert root.estimate is not None
        rows.append(root.estimate.rows)
        kinds.append(root.type)
        assert stage.taken() < room + 5 * 2**20
    assert rows[1] == pytest.approx(rows[0] * 1e6, rel=0.01)
    assert (rows[0], kinds[0]) == (rows[2], kinds[2])
    stage.set_scale(1e6)
    assert stage.size > 5 * 2**40
    with pytest.raises(ConfigError, match="more than"):
        stage.set_scale(1e10)


def test_an_index_is_made_for_nothing(theatre: Theatre) -> None:
    stage = theatre.stage(theatre.snapshot())
    stage.set_scale(1000)
    query = "select * from orders where token = '00000000-0000-4000-8000-000000000000'"
    before = plans(stage.explainer(), query)[query]
    create = Statement("create index on orders (token)")
    impossible = Statement("create index on orders using gist (city)")
    made = stage.make_indexes([create, impossible])
    assert [name.name for name in made.values()] == ["orders_token_idx"]
    after = plans(stage.explainer(), query)[query]
    assert after.root.index == "orders_token_idx"
    assert before.root.estimate is not None
    assert after.root.estimate is not None
    assert after.root.estimate.total_cost < before.root.estimate.total_cost
    assert stage.pages_of(made[create]) > 10_000


def test_sizes_of_indexes_are_near_those_that_are_built(theatre: Theatre) -> None:
    cases = (("i", 8, 100_000), ("i % 500", 8, 500), ("md5(i::text)", 33, 100_000))
    for key, width, distinct in cases:
        theatre.connection.execute(
            f"create table sized as select {key} as k from generate_series(1, 100000) i;"
            " create index sized_idx on sized (k)".encode()
        )
        row = theatre.connection.execute("select pg_relation_size('sized_idx') / 8192").fetchone()
        theatre.connection.execute("drop table sized")
        assert row is not None
        estimate = sizing.btree_pages(100_000, [width], distinct)
        assert estimate == pytest.approx(int(row[0]), rel=0.1), key


def test_executing_is_refused(theatre: Theatre) -> None:
    stage = theatre.stage(theatre.snapshot())
    stage.set_scale(1)
    for asked in (None, Asked(), Asked(analyze=True)):
        with pytest.raises(ConfigError, match="a stage has no rows"):
            stage.explainer().plan(Statement("select * from orders"), asked)


def test_a_value_of_another_type_is_refused_with_its_place(theatre: Theatre) -> None:
    text = theatre.snapshot().text()
    assert '"low": "1", "high": "500"' in text
    at = text.index('"bounds": ["1"', text.index('["public", "products"]'))
    forged = text[:at] + text[at:].replace('["1"', '["1); drop table orders; --"', 1)
    assert forged != text
    stage = theatre.stage(parse_snapshot(forged, "forged.json"), without=[Ingredient.ENDS])
    with pytest.raises(ConfigError, match=r"statistics of products\.id: invalid input syntax"):
        stage.set_scale(1)


def test_another_server_than_production_is_told(theatre: Theatre) -> None:
    snapshot = replace(theatre.snapshot(), version=160009, collation="de_DE.UTF-8")
    told = theatre.stage(snapshot).told
    assert [text.split(" and the stage")[0] for text in told] == [
        "production runs PostgreSQL 16",
        "production sorts text by de_DE.UTF-8",
    ]


def test_planner_settings_come_along(theatre: Theatre) -> None:
    theatre.connection.execute("set random_page_cost = 1.1; set work_mem = '64MB'")
    try:
        snapshot = theatre.snapshot()
    finally:
        theatre.connection.execute("reset random_page_cost; reset work_mem")
    stage = theatre.stage(snapshot)
    stage.set_scale(1)
    found = plans(stage.explainer(), BEYOND)[BEYOND]
    assert found.settings == {"random_page_cost": "1.1", "work_mem": "64MB"}


def test_without_values_the_shares_stay(theatre: Theatre) -> None:
    stage = theatre.stage(theatre.snapshot(values=False, ends=False))
    assert [text.split(" values of ")[1] for text in stage.told] == [
        """"Odd ""x"."Things".span, "Odd ""x"."Things".tags: the planner's defaults"""
    ]
    stage.set_scale(1)
    queries = (
        "select count(*) from orders where status = 'paid'",  # a label is no value
        "select city, count(*) from orders group by 1",
        "select * from orders where token = '00000000-0000-4000-8000-000000000000'",
        "select * from orders order by id limit 3",
        "select * from orders o join customers c on c.id = o.customer_id",
    )
    assert differing(theatre.truth(*queries), plans(stage.explainer(), *queries)) == []


def test_without_values_a_month_has_its_rows(theatre: Theatre) -> None:
    stage = theatre.stage(theatre.snapshot(values=False, ends=False))
    stage.set_scale(1)
    queries = (
        "select * from visits where seen_at >= '2026-02-01' and seen_at < '2026-03-01'",
        "select * from visits where seen_at >= '2026-02-10' and seen_at < '2026-02-20'",
        "select * from visits where seen_at >= '2026-01-20'",
    )
    truth, got = theatre.truth(*queries), plans(stage.explainer(), *queries)
    for query in queries:
        expected, found = truth[query].root.estimate, got[query].root.estimate
        assert expected is not None
        assert found is not None
        assert found.rows == pytest.approx(expected.rows, rel=0.15), query


def test_a_server_whose_files_are_out_of_reach_is_told(theatre: Theatre) -> None:
    snapshot = theatre.snapshot()

    class Elsewhere:
        kind = "container"

    with pytest.raises(MachineError, match="data directory of the container server"):
        Stage(Elsewhere(), "shop", snapshot)  # type: ignore[arg-type]  # no more of it is looked at


def test_a_disk_without_holes_is_told(
    theatre: Theatre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = Files(tmp_path, theatre.empty.identity)  # type: ignore[attr-defined]  # a local server
    files.check_holes()

    def filled(path: Path, size: int) -> None:
        path.write_bytes(b"\1" * size)

    monkeypatch.setattr("os.truncate", filled)
    with pytest.raises(MachineError, match="keeps no sparse files"):
        files.check_holes()
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_dropped_on_a_server_that_is_not_ours(theatre: Theatre) -> None:
    """A stage drops the other databases of its server."""
    with open_server(theatre.loaded.url("postgres")) as external:
        with pytest.raises(MachineError, match="data directory of the external server"):
            within_reach(external)
        assert within_reach(theatre.empty) is theatre.empty
