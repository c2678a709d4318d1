"""Hot queries get their values on a stage from what the snapshot knows, or from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.names import QualifiedName
from pgassay.plans.places import Places
from pgassay.plans.query import HotQuery, QueryParameter, SourceKind, ValueSource
from pgassay.postgres.catalog import read_catalog
from pgassay.run.stage_values import StageValues

if TYPE_CHECKING:
    from tests.postgres.staging.conftest import Theatre

ORDERS = QualifiedName("public", "orders")


def asked(name: str, text: str, kind: SourceKind = SourceKind.QUERY) -> HotQuery:
    source = ValueSource(kind=kind, text=text)
    parameter = QueryParameter(name="of", sources=(("typical", source),))
    return HotQuery(name=name, title=name, sql="select $1", parameters=(parameter,))


def test_a_query_that_returns_a_column_gets_a_value_of_it(theatre: Theatre) -> None:
    snapshot = theatre.snapshot()
    stage = theatre.stage(snapshot)
    stage.set_scale(1)
    places = Places(read_catalog(theatre.connection))
    orders = snapshot.relation(ORDERS)
    assert orders is not None
    known = {c.name: {*c.statistics[0].values, *c.statistics[0].bounds} for c in orders.columns}

    values = StageValues(snapshot, places, stage.explainer())
    for name, text in (
        ("customer_id", "select customer_id from orders group by 1 order by count(*) limit 1"),
        ("city", "select o.city from orders o join customers c on c.id = o.customer_id limit 1"),
    ):
        (value,) = values.of(asked(name, text), "typical") or (None,)
        assert value in known[name]
    column = asked("status", "orders.status", SourceKind.COLUMN)
    assert values.of(column, "typical") is not None
    assert values.unknown == {}

    # What is worked out of rows is not known without rows, unless somebody has asked elsewhere.
    worked_out = asked("latest", "select max(id) - 10 from orders")
    assert values.of(worked_out, "typical") is None
    assert values.unknown == {"latest": "of"}
    elsewhere = {("latest", "typical", "of"): "5990"}
    informed = StageValues(snapshot, places, stage.explainer(), elsewhere)
    assert informed.of(worked_out, "typical") == ("5990",)
