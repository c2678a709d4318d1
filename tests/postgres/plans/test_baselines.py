"""A plan against the one that was accepted: worse and other plans are seen, noise is not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pgassay.core.errors import ConfigError
from pgassay.core.finding import Severity
from pgassay.plans.baseline import (
    Baseline,
    Entry,
    better,
    compare,
    entry_of,
    other_conditions,
    read_baseline,
)
from pgassay.plans.ground import Measured
from pgassay.plans.query import HotQuery, PlanMode
from pgassay.plans.shape import shape

if TYPE_CHECKING:
    from pgassay.core.finding import Finding
    from tests.postgres.plans.conftest import Shop

LATEST = 'select * from orders where "userId" = $1 order by "createdAt" desc limit 20'
QUERY = HotQuery(name="latest", title="latest", why="hot", sql=LATEST, file="latest.sql")


def taken(shop: Shop, sql: str, *values: str) -> tuple[Entry, Measured]:
    measured = Measured(run="typical", mode=PlanMode.CUSTOM, plan=shop.plan(sql, *values))
    return entry_of(QUERY, measured, shop.places), measured


def changes(shop: Shop, before: Entry, sql: str, *values: str) -> list[Finding]:
    now, measured = taken(shop, sql, *values)
    return list(compare(before, now, QUERY, measured))


def test_the_same_plan_is_no_change_whatever_the_values(standing: Shop):
    before, _ = taken(standing, LATEST, "7")
    for value in ("7", "8", "399"):
        assert changes(standing, before, LATEST, value) == []


def test_an_index_that_went_makes_it_worse(shop: Shop):
    before, _ = taken(shop, LATEST, "7")
    shop.run('drop index "ordersByUser"')
    (found,) = changes(shop, before, LATEST, "7")
    assert found.severity is Severity.ERROR
    assert found.title == "worse than the accepted plan (typical)"
    assert 'indexes: "Shop".orders_by_time instead of "Shop"."ordersByUser"' in found.found
    assert "the accepted plan was:" in found.evidence
    assert found.fix.endswith("pgassay bench --query latest --accept")


def test_another_plan_that_is_no_worse_is_a_warning(shop: Shop):
    before, _ = taken(shop, LATEST, "7")
    shop.run(
        'create index other on orders ("userId", "createdAt", id)', 'drop index "ordersByUser"'
    )
    (found,) = changes(shop, before, LATEST, "7")
    assert found.severity is Severity.WARNING


def test_a_setting_of_the_database_is_seen(shop: Shop):
    before, _ = taken(shop, LATEST, "7")
    shop.run(f"alter database {shop.connection.info.dbname} set random_page_cost = 1.1")
    with shop.server.connect(shop.connection.info.dbname) as connection:
        connection.execute('set search_path = "Shop"')
        found = changes(type(shop)(connection, shop.server), before, LATEST, "7")
    assert "settings: random_page_cost = 1.1" in found[0].found


def test_rows_that_changed_are_seen(shop: Shop):
    sql = 'select * from orders where "userId" = $1'
    before, _ = taken(shop, sql, "7")
    shop.run('delete from orders where "userId" = 7 and id % 2 = 0')
    assert "rows returned" in changes(shop, before, sql, "7")[0].found


def test_what_became_better_is_told(shop: Shop):
    sql = "select * from orders where note = $1"
    before, _ = taken(shop, sql, "none")
    shop.run("create index by_note on orders (note)", "analyze orders")
    now, measured = taken(shop, sql, "none")
    assert "shared buffers" in better(before, now)
    assert [f.severity for f in compare(before, now, QUERY, measured)] == [Severity.WARNING]
    assert better(now, now) == ""


def test_months_and_values_are_no_part_of_a_shape(standing: Shop):
    sql = 'select * from events where "userId" = $1 and at >= $2 and at < $3 order by at'
    one = standing.plan(sql, "7", "2025-02-01", "2025-03-01")
    two = standing.plan(sql, "9", "2025-01-01", "2025-03-01")
    generic = standing.plan(sql, "7", "2025-02-01", "2025-03-01", mode=PlanMode.GENERIC)
    places = standing.places
    assert shape(one, places) == shape(two, places)
    scan = next(line for line in shape(one, places) if "events" in line)
    assert "events_2" not in "\n".join(shape(one, places))
    assert 'on "Shop".events' in scan
    assert not [line for line in shape(generic, places) if "$" in line or "2025" in line]


def test_a_baseline_is_read_as_it_was_written(standing: Shop):
    entry, _ = taken(standing, LATEST, "7")
    written = Baseline(postgres=18, profile="small", seed=3, volume="abc", entries=(entry,))
    assert read_baseline(written.text(), "b.json") == written
    assert written.entry(entry.key) == entry
    assert written.entry(("latest", "absent")) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"postgres": 18}', '{"format": 9}'])
def test_a_damaged_baseline_is_refused(text: str):
    with pytest.raises(ConfigError) as error:
        read_baseline(text, "b.json")
    assert error.value.where == "b.json"
    assert "--accept" in (error.value.fix or "")


def test_another_format_is_refused():
    text = Baseline(postgres=18, profile="small").text().replace("{", '{\n "format": 2,', 1)
    with pytest.raises(ConfigError, match="format 2"):
        read_baseline(text, "b.json")


def test_other_conditions_are_said_and_not_compared():
    one = Baseline(postgres=18, profile="small", seed=0, volume="a")
    assert other_conditions(one, one) == ""
    for other, said in (
        (replace(one, postgres=17), "PostgreSQL 17, now 18"),
        (replace(one, profile="medium"), "profile medium, now small"),
        (replace(one, seed=1), "seed 1, now 0"),
        (replace(one, volume="b"), "rows made from b, now a"),
    ):
        assert other_conditions(other, one) == said
