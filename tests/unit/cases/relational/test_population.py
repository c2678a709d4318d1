"""Rows that stand together: who shares a parent, and who is told apart."""

from __future__ import annotations

from pgassay.cases.population import Population
from pgassay.core.case import Accepted, Refused
from pgassay.core.catalog import Action, Table
from pgassay.rows.maker import RowMaker
from tests.unit.cases.relational.tables import catalog, refers, table, unique

USERS = table("users", "id!")
BOXES = table("boxes", "id! owner!", unique("pair", "id", "owner"), refers("of", "owner", "users"))
THINGS = table(
    "things",
    "id! box! owner!",
    refers("in", "box owner", "boxes", "id owner", delete=Action.CASCADE),
    refers("by", "owner", "users"),
)
PROFILES = table(
    "profiles", "id! user_id!", refers("of", "user_id", "users"), unique("one", "user_id")
)
NOTES = table("notes", "id! user_id", refers("about", "user_id", "users"))


def _population(*tables: Table) -> Population:
    return Population(RowMaker(catalog(*tables)))


def _names(population: Population) -> list[str]:
    return [row.table.name.name for row in population.rows]


def test_parents_come_first():
    population = _population(USERS, BOXES)
    population.add(BOXES)
    assert _names(population) == ["users", "boxes"]


def test_parents_are_shared_where_no_unique_key_forbids_it():
    population = _population(USERS, BOXES)
    population.add(BOXES)
    population.add(BOXES)
    assert _names(population) == ["users", "boxes", "boxes"]


def test_a_one_to_one_reference_gets_a_parent_of_its_own():
    population = _population(USERS, PROFILES)
    population.add(PROFILES)
    population.add(PROFILES)
    assert _names(population) == ["users", "profiles", "users", "profiles"]


def test_optional_references_stay_null_unless_a_parent_is_named():
    population = _population(USERS, NOTES)
    assert population.add(NOTES).values["user_id"] is None
    user = population.add(USERS)
    note = population.add(NOTES, parents={"about": user})
    assert note.values["user_id"] == user.values["id"]


def test_keys_that_share_a_column_agree_on_it():
    population = _population(USERS, BOXES, THINGS)
    box = population.add(BOXES)
    thing = population.add(THINGS, parents={"in": box})
    assert thing.values["owner"] == box.values["owner"]


def test_a_parent_by_the_shared_column_is_found_or_made():
    population = _population(USERS, BOXES, THINGS)
    user = population.add(USERS)
    thing = population.add(THINGS, parents={"by": user})
    box = next(row for row in population.rows if row.table is BOXES)
    assert (box.values["owner"], thing.values["box"]) == (user.values["id"], box.values["id"])


def test_a_fork_leaves_what_it_came_from_alone():
    population = _population(USERS)
    population.add(USERS)
    needs = population.needs()
    fork = population.fork()
    fork.add(USERS)
    assert population.needs() is needs
    assert fork.trial(Refused(sqlstate="23505"))[0] is needs


def test_a_trial_expects_something_of_the_last_row_alone():
    population = _population(USERS, BOXES)
    fork = population.fork()
    fork.add(BOXES)
    _, steps = fork.trial(Refused(sqlstate="23503"))
    assert [step.expect for step in steps] == [Accepted(), Refused(sqlstate="23503")]


def test_two_tables_that_need_each_other_by_composite_keys_share_their_rows():
    versions = table("versions", "id! result", refers("own", "result id", "results", "id version"))
    results = table(
        "results", "id! version!", refers("of", "version", "versions"), unique("v", "id", "version")
    )
    population = _population(versions, results)
    result = population.add(results)
    version = population.add(versions, parents={"own": result})
    assert version.values == {"id": result.values["version"], "result": result.values["id"]}
    assert _names(population) == ["versions", "results"]
