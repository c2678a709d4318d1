from __future__ import annotations

from pgassay.cases.blast_radius import Fate, blast_radius
from pgassay.core.catalog import Action
from tests.unit.cases.relational.tables import catalog, refers, table

USERS = table("users", "id!")
ORDERS = table("orders", "id! user_id!", refers("by", "user_id", "users", delete=Action.CASCADE))
LINES = table("lines", "id! order_id!", refers("of", "order_id", "orders", delete=Action.CASCADE))
NOTES = table("notes", "id! line_id", refers("on", "line_id", "lines", delete=Action.SET_NULL))
PAYMENTS = table("payments", "id! order_id!", refers("for", "order_id", "orders"))
ALL = catalog(USERS, ORDERS, LINES, NOTES, PAYMENTS)


def test_it_names_every_fate_with_its_path_nearest_first():
    assert [str(reach) for reach in blast_radius(ALL, USERS).reaches] == [
        "orders deleted (orders.by)",
        "lines deleted (orders.by > lines.of)",
        "payments refused (orders.by > payments.for)",
        "notes set null (orders.by > lines.of > notes.on)",
    ]


def test_a_table_nothing_refers_to_reaches_nothing():
    assert blast_radius(ALL, NOTES).reaches == ()


def test_it_does_not_follow_what_is_not_deleted():
    far = table("far", "id! note_id", refers("to", "note_id", "notes", delete=Action.CASCADE))
    reached = {r.table.name for r in blast_radius(catalog(*ALL.tables, far), USERS).reaches}
    assert "far" not in reached


def test_a_self_reference_ends():
    own = table("own", "id! boss", refers("self", "boss", "own", delete=Action.CASCADE))
    assert [str(r) for r in blast_radius(catalog(own), own).reaches] == ["own deleted (own.self)"]


def test_fates_can_be_asked_for():
    assert [r.table.name for r in blast_radius(ALL, USERS).of(Fate.REFUSED)] == ["payments"]


def test_a_table_that_goes_by_two_ways_is_named_once_with_the_shorter():
    shared = table(
        "shared",
        "id! user_id! order_id!",
        refers("far", "order_id", "orders", delete=Action.CASCADE),
        refers("near", "user_id", "users", delete=Action.CASCADE),
    )
    reaches = blast_radius(catalog(USERS, ORDERS, shared), USERS).reaches
    assert [str(r) for r in reaches if r.table == shared.name] == ["shared deleted (shared.near)"]
