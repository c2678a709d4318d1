"""A snapshot comes back as it was written; what no server could have written is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pgassay.core.errors import ConfigError
from pgassay.core.names import QualifiedName
from pgassay.core.snapshot import (
    ColumnSeen,
    GinPages,
    Held,
    IndexSeen,
    KeySeen,
    PlannerSetting,
    RelationSeen,
    Snapshot,
    TogetherSeen,
)
from pgassay.core.snapshot_file import parse_snapshot
from pgassay.core.statistics import ColumnStatistics

if TYPE_CHECKING:
    from collections.abc import Callable

ORDERS = QualifiedName("public", 'Orders of "us"')
MONTH = QualifiedName("public", "visits_2026_01")
SEEN = Snapshot(
    database="shop",
    role="reader",
    version=180006,
    taken="2026-11-28T20:00:00Z",
    values=True,
    settings=(PlannerSetting(name="random_page_cost", value="1.1"),),
    relations=(
        RelationSeen(
            name=ORDERS,
            rows=6000.0,
            pages=95,
            blocks=96,
            columns=(
                ColumnSeen(
                    name="city",
                    type="text",
                    statistics=(
                        ColumnStatistics(
                            null=0.1, distinct=51.0, common=(0.5, 0.2), values=("a'b", 'c"d')
                        ),
                    ),
                    low="Aachen",
                ),
            ),
            indexes=(
                IndexSeen(
                    name=QualifiedName("public", "orders_lower"),
                    method="btree",
                    keys=("lower(city)",),
                    blocks=16,
                    height=1,
                    expressions=(KeySeen(number=1, statistics=ColumnStatistics(width=8)),),
                ),
                IndexSeen(
                    name=QualifiedName("public", "orders_words"),
                    method="gin",
                    gin=GinPages(total=9, entry=3, data=5, entries=4_000_000_000),
                ),
            ),
            together=(
                TogetherSeen(
                    name=QualifiedName("public", "place"),
                    columns=("city", "postcode"),
                    numbers=(8, 9),
                    distinct='{"8, 9": 201}',
                ),
            ),
        ),
        RelationSeen(name=QualifiedName("public", "visits"), kind=Held.PARTITIONED),
        RelationSeen(
            name=MONTH,
            parent=QualifiedName("public", "visits"),
            bound="FOR VALUES FROM ('2026-01-01 00:00:00+00') TO (MAXVALUE)",
        ),
    ),
)


def test_it_comes_back_as_it_was_written() -> None:
    assert parse_snapshot(SEEN.text(), "prod.json") == SEEN


def test_a_truncated_one_is_told_with_its_place() -> None:
    with pytest.raises(ConfigError, match="not valid JSON") as told:
        parse_snapshot(SEEN.text()[:-200], "prod.json")
    assert told.value.where == "prod.json"


def test_another_format_is_told_as_such() -> None:
    with pytest.raises(ConfigError, match='format "pgassay snapshot 9"') as told:
        parse_snapshot(SEEN.text().replace("snapshot 1", "snapshot 9"), "prod.json")
    assert "another version" in str(told.value)
    with pytest.raises(ConfigError, match='no "format"'):
        parse_snapshot('{"format": "pgassay statistics 1"}', "prod.json")
    with pytest.raises(ConfigError, match='no "format"'):
        parse_snapshot("[]", "prod.json")


def change(relation: int, **fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: data["relations"][relation].update(fields)


def statistics(**fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: data["relations"][0]["columns"][0]["statistics"][0].update(fields)


FORGED: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "negative pages": (change(0, blocks=-1), "blocks: -1 is no number of pages"),
    "too many pages": (change(0, blocks=2**32), "is no number of pages"),
    "rows": (change(0, rows=-7.0), "rows: -7.0 is no number of rows"),
    "wrong type": (change(0, pages="95"), "pages: expected int"),
    "unknown field": (change(0, sql="drop table x"), "unknown field 'sql'"),
    "share": (statistics(null=1.5), "a share that is not between 0 and 1"),
    "distinct": (statistics(distinct=-2.0), "is no number of values"),
    "correlation": (statistics(correlation=3.0), "is not between -1 and 1"),
    "values without shares": (statistics(values=["x"]), "1 values and 2 shares"),
    "zero byte": (statistics(values=["x", "y\0"]), "a value with a zero byte"),
    "bound": (
        change(2, bound="FOR VALUES IN ('a'); drop table users"),
        "is no bound of a partition",
    ),
    "bound with a function": (
        change(2, bound="FOR VALUES FROM (pg_sleep(9)) TO (MAXVALUE)"),
        "is no bound of a partition",
    ),
    "no parent": (change(2, parent=["public", "gone"]), "is not in the snapshot"),
    "empty name": (change(0, name=["public", ""]), "is no name"),
    "long name": (change(0, name=["public", "x" * 64]), "is no name"),
    "twice": (change(0, name=["public", "visits"]), "it is there twice"),
    "setting": (
        lambda data: data["settings"][0].update(name="a = 1; drop"),
        "is no name of a setting",
    ),
    "height": (
        lambda data: data["relations"][0]["indexes"][0].update(height=99),
        "no height of a B-tree",
    ),
    "block size": (lambda data: data.update(block_size=4097), "is no block size"),
    "together": (
        lambda data: data["relations"][0]["together"][0].update(distinct="{8"),
        "is not what pg_stats_ext shows",
    ),
}


@pytest.mark.parametrize(("forge", "message"), FORGED.values(), ids=FORGED.keys())
def test_what_no_server_could_have_written_is_refused(
    forge: Callable[[dict[str, Any]], None], message: str
) -> None:
    data = json.loads(SEEN.text())
    forge(data)
    with pytest.raises(ConfigError) as told:
        parse_snapshot(json.dumps(data), "prod.json")
    assert message in told.value.found


@pytest.mark.parametrize(
    "bound",
    [
        "DEFAULT",
        "FOR VALUES IN ('it''s', NULL, 7, true)",
        "FOR VALUES FROM (MINVALUE, 1) TO ('2026-01-01', -2.5)",
        "FOR VALUES WITH (modulus 4, remainder 0)",
    ],
)
def test_every_form_of_a_bound_is_read(bound: str) -> None:
    data = json.loads(SEEN.text())
    data["relations"][2]["bound"] = bound
    assert parse_snapshot(json.dumps(data), "prod.json").relations[2].bound == bound
