"""The model of referential actions, by the laws of CREATE TABLE, REFERENCES."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.cases.referential import Effect, Model, edges
from pgassay.core.catalog import Action, Table
from pgassay.core.names import QualifiedName
from tests.unit.cases.relational.tables import catalog, refers, row, table, unique

if TYPE_CHECKING:
    from pgassay.rows.row import Row

Defaults = dict[tuple[QualifiedName, str], str]
PARENT = table("parent", "id!")


def _effect(
    rows: list[Row],
    *,
    defaults: Defaults | None = None,
    values: dict[str, str] | None = None,
) -> Effect | None:
    tables = {r.table.name: r.table for r in rows}
    return Model(rows, edges(catalog(*tables.values())), defaults).effect(0, values)


def _child(**actions: object) -> Table:
    return table("child", "id! parent_id", refers("fk", "parent_id", "parent", **actions))


def test_cascade_takes_the_children_of_the_row_and_no_others():
    child = _child(delete=Action.CASCADE)
    rows = [row(PARENT, "1"), row(PARENT, "2"), row(child, "1", "1"), row(child, "2", "2")]
    assert _effect(rows).gone == {0, 2}


def test_a_null_reference_is_nobodys_child():
    child = _child(delete=Action.CASCADE)
    assert _effect([row(PARENT, "1"), row(child, "1", None)]).gone == {0}


def test_set_null_keeps_the_row():
    child = _child(delete=Action.SET_NULL)
    effect = _effect([row(PARENT, "1"), row(child, "1", "1")])
    assert effect.gone == {0}
    assert effect.now == {1: {"id": "1", "parent_id": None}}


def test_set_null_on_a_not_null_column_is_refused():
    child = table(
        "child", "id! parent_id!", refers("fk", "parent_id", "parent", delete=Action.SET_NULL)
    )
    stop = _effect([row(PARENT, "1"), row(child, "1", "1")]).stop
    assert (stop.sqlstate, stop.column) == ("23502", "parent_id")


def test_set_null_of_named_columns_leaves_the_others():
    pair = table("pair", "id! team!", unique("both", "id", "team"))
    key = refers("fk", "pair_id team", "pair", "id team", delete=Action.SET_NULL, sets="pair_id")
    child = table("child", "id! pair_id team!", key)
    effect = _effect([row(pair, "1", "9"), row(child, "1", "1", "9")])
    assert effect.now[1] == {"id": "1", "pair_id": None, "team": "9"}


def test_set_default_must_find_a_parent():
    child = _child(delete=Action.SET_DEFAULT)
    rows = [row(PARENT, "1"), row(PARENT, "7"), row(child, "1", "1")]
    defaults = {(child.name, "parent_id"): "7"}
    assert _effect(rows, defaults=defaults).now[2]["parent_id"] == "7"
    missing = _effect([rows[0], rows[2]], defaults=defaults).stop
    assert missing.sqlstate == "23503"


@pytest.mark.parametrize(
    ("action", "newer"), [(Action.RESTRICT, {18: "23001"}), (Action.NO_ACTION, {})]
)
def test_restricting_actions_refuse_and_name_their_key(action: Action, newer: dict[int, str]):
    child = _child(delete=action)
    stop = _effect([row(PARENT, "1"), row(child, "1", "1")]).stop
    assert (stop.sqlstate, stop.by_major, stop.edge.key.name) == ("23503", newer, "fk")


def test_a_deferred_key_refuses_late():
    child = _child(late=True)
    assert _effect([row(PARENT, "1"), row(child, "1", "1")]).stop.late


def test_a_refusal_deep_in_the_tree_stops_everything():
    child = table(
        "child", "id! parent_id!", refers("fk", "parent_id", "parent", delete=Action.CASCADE)
    )
    grandchild = table("grandchild", "id! child_id!", refers("deep", "child_id", "child"))
    effect = _effect([row(PARENT, "1"), row(child, "1", "1"), row(grandchild, "1", "1")])
    assert effect.stop.edge.key.name == "deep"
    assert effect.gone == frozenset()


def test_a_row_that_refers_to_itself_does_not_stand_in_its_own_way():
    own = table("own", "id! boss", refers("self", "boss", "own"))
    assert _effect([row(own, "1", "1")]) == Effect(gone=frozenset([0]))


def test_a_cascade_runs_down_a_self_reference():
    own = table("own", "id! boss", refers("self", "boss", "own", delete=Action.CASCADE))
    rows = [row(own, "1", None), row(own, "2", "1"), row(own, "3", "2"), row(own, "4", None)]
    assert _effect(rows).gone == {0, 1, 2}


def test_a_diamond_whose_ends_disagree_has_no_effect_to_foretell():
    child = table(
        "child",
        "id! a b",
        refers("along", "a", "parent", delete=Action.CASCADE),
        refers("against", "b", "parent"),
    )
    assert _effect([row(PARENT, "1"), row(child, "1", "1", "1")]) is None


def test_a_diamond_whose_ends_agree_has():
    child = table(
        "child",
        "id! a b",
        refers("one", "a", "parent", delete=Action.CASCADE),
        refers("two", "b", "parent", delete=Action.SET_NULL),
    )
    assert _effect([row(PARENT, "1"), row(child, "1", "1", "1")]).gone == {0, 1}


def test_an_update_of_a_key_moves_what_refers_to_it():
    child = _child(update=Action.CASCADE)
    rows = [row(PARENT, "1"), row(child, "1", "1"), row(child, "2", None)]
    effect = _effect(rows, values={"id": "5"})
    assert effect.now == {0: {"id": "5"}, 1: {"id": "1", "parent_id": "5"}}
    assert effect.fired == {(child.name, "fk")}


def test_an_update_of_another_column_moves_nothing():
    parent = table("parent", "id! note")
    child = _child()
    effect = _effect([row(parent, "1", "x"), row(child, "1", "1")], values={"note": "y"})
    assert (effect.stop, effect.fired) == (None, frozenset())


def test_an_update_that_changes_nothing_is_never_refused():
    rows = [row(PARENT, "1"), row(_child(), "1", "1")]
    assert _effect(rows, values={"id": "1"}) == Effect()


def test_a_key_that_another_row_has_is_refused():
    stop = _effect([row(PARENT, "1"), row(PARENT, "2")], values={"id": "2"}).stop
    assert (stop.sqlstate, stop.constraint) == ("23505", "parent_pkey")


def test_only_keys_that_met_a_row_have_fired():
    child = _child(delete=Action.CASCADE)
    assert _effect([row(PARENT, "1"), row(PARENT, "2"), row(child, "1", "2")]).fired == frozenset()
