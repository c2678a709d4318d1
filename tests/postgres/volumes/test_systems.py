"""Both systems at small size: every key validates and every business rule returns no row."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from pgassay.run.rules import read_rules
from tests.postgres.volumes.loading import digest, load, one

if TYPE_CHECKING:
    from tests.postgres.volumes.conftest import Ground
    from tests.postgres.volumes.loading import Connection


def broken(ground: Ground, connection: Connection) -> dict[str, int]:
    folder = ground.stand.request.system.rules
    assert folder is not None
    found = {
        rule.name: len(connection.execute(rule.query.encode()).fetchall())
        for rule in read_rules(folder)
    }
    return {name: rows for name, rows in found.items() if rows}


@pytest.fixture(params=["creativeflow", "pulse"])
def ground(request: pytest.FixtureRequest) -> Ground:
    made: Ground = request.getfixturevalue(request.param)
    return made


@pytest.fixture(scope="session")
def sold(creativeflow: Ground) -> Connection:
    connection = creativeflow.database()
    assert load(connection, creativeflow.volume()) == []
    return connection


@pytest.mark.parametrize("seed", [0, 1])
def test_every_key_validates_and_every_rule_holds(ground: Ground, seed: int) -> None:
    connection = ground.database()
    volume = ground.volume(seed=seed)
    assert load(connection, volume) == []
    assert broken(ground, connection) == {}
    for table in volume.tables.values():
        assert one(connection, f"select count(*) from {table.table.name.sql}") == table.rows
    assert all(table.rows for table in volume.tables.values())


def test_a_rule_that_is_broken_in_one_row_is_seen(creativeflow: Ground, sold: Connection) -> None:
    with sold.transaction(force_rollback=True):
        sold.execute(
            """
            update generation_results set is_selected = true
            where id = (select id from generation_results where not is_selected limit 1)
            """
        )
        assert broken(creativeflow, sold) == {"selected_result_is_the_selected_sample": 1}
    assert broken(creativeflow, sold) == {}


def test_without_its_description_the_keys_hold_and_the_rules_do_not(creativeflow: Ground) -> None:
    """The near miss: it is the description that knows what no constraint says."""
    from dataclasses import replace

    stand = creativeflow.stand
    described = stand.request.system
    stand.request = replace(stand.request, system=replace(described, volumes=None))
    try:
        volume = creativeflow.volume()
    finally:
        stand.request = replace(stand.request, system=described)
    connection = creativeflow.database()
    assert load(connection, volume) == []
    assert "outputs_belong_to_their_request" in broken(creativeflow, connection)


def test_chunks_are_the_same_in_any_order_and_in_another_process(ground: Ground) -> None:
    volume = ground.volume()
    pieces = sum(stream.chunks for stream in volume.streams())
    whole = digest(volume)
    assert digest(volume, list(reversed(range(pieces)))) == whole
    assert digest(pickle.loads(pickle.dumps(volume))) == whole
    assert digest(ground.volume()) == whole
    assert digest(ground.volume(seed=1)) != whole


def test_nobody_is_older_than_their_parents(sold: Connection) -> None:
    younger = """
        select count(*) from {child} as c join {parent} as p on p.{key} = c.{column}
        where c.{time} < p.created_at
    """
    pairs = [
        ("workbenches", "users", "user_id", "created_at"),
        ("projects", "workbenches", "workbench_id", "created_at"),
        ("projects", "templates", "template_id", "created_at"),
        ("projects", "brand_kits", "brand_kit_id", "created_at"),
        ("generation_requests", "projects", "project_id", "created_at"),
        ("generation_requests", "users", "user_id", "created_at"),
        ("assets", "generation_requests", "generation_request_id", "created_at"),
        ("asset_versions", "assets", "asset_id", "created_at"),
        ("team_members", "teams", "team_id", "joined_at"),
        ("usage_logs", "generation_requests", "generation_request_id", '"timestamp"'),
        ("credit_transactions", "users", "user_id", "created_at"),
    ]
    for child, parent, column, time in pairs:
        query = younger.format(child=child, parent=parent, key="id", column=column, time=time)
        assert (child, parent, one(sold, query)) == (child, parent, 0)


def test_rows_stand_in_the_order_of_time_in_their_partitions(sold: Connection) -> None:
    assert one(sold, "select count(*) from usage_logs_default") == 0
    assert one(sold, "select count(distinct tableoid) from usage_logs") > 3
    disorder = """
        select count(*) from (
            select "timestamp" < lag("timestamp") over (partition by tableoid order by ctid) as late
            from usage_logs where generation_request_id is null
        ) as t where late
    """
    assert one(sold, disorder) == 0


def test_shares_that_are_asked_for_come_about(creativeflow: Ground) -> None:
    connection = creativeflow.database()
    load(connection, creativeflow.volume("small"))
    tiers = dict(
        connection.execute(
            "select status, count(*) * 100 / sum(count(*)) over () from subscriptions group by 1"
        ).fetchall()
    )
    assert 60 < tiers["Active"] < 80
    assert 0 < tiers["Suspended"] < 6
    empty = "select avg((deleted_at is null)::int) from assets"
    assert 0.92 < one(connection, empty) < 0.94
    early = "select count(*) from assets where deleted_at < created_at"
    assert one(connection, early) == 0
    most = """
        select max(n) / avg(n) from (
            select count(*) as n from generation_requests group by user_id
        ) as t
    """
    assert one(connection, most) > 5
    never = """
        select avg((not exists (select from generation_requests as q where q.user_id = u.id))::int)
        from users as u
    """
    assert one(connection, never) > 0.15
