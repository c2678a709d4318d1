"""Every factory of the reference systems in every state: rows that the database takes."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from pgassay.core.config import load_config
from pgassay.run.rules import read_rules
from pgassay.run.testbed.building import traits
from pgassay.testing import Database

ROOT = Path(__file__).parents[3]
SYSTEMS = ("creativeflow", "pulse")


def factories(system: str) -> list[Any]:
    module = import_module(f"factories.{system}")
    return [getattr(module, name) for name in module.__all__]


def states(system: str) -> list[tuple[Any, str | None]]:
    return [(f, t) for f in factories(system) for t in (None, *traits(f))]


CASES = [
    pytest.param(system, factory, trait, id=f"{system}-{factory.__name__}-{trait or 'plain'}")
    for system in SYSTEMS
    for factory, trait in states(system)
]


def broken(database: Database, system: str) -> dict[str, list[tuple[object, ...]]]:
    folder = load_config(ROOT).system(system).rules
    assert folder is not None
    found = {
        rule.name: database.connection.execute(rule.query.encode()).fetchall()
        for rule in read_rules(folder)
    }
    assert found
    return {name: rows for name, rows in found.items() if rows}


@pytest.mark.parametrize(("system", "factory", "trait"), CASES)
def test_the_database_takes_it(
    system: str, factory: Any, trait: str | None, request: pytest.FixtureRequest
):
    database = request.getfixturevalue(system)
    given = {trait: True} if trait else {}
    made = database.make(factory, **given)
    assert isinstance(made, factory._meta.model)


@pytest.mark.parametrize("system", SYSTEMS)
def test_none_of_them_breaks_a_rule_nor_do_all_together(
    system: str, request: pytest.FixtureRequest
):
    database = request.getfixturevalue(system)
    for factory, trait in states(system):
        database.make(factory, **({trait: True} if trait else {}))
        assert broken(database, system) == {}, (factory, trait)


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_table_has_rows_for_the_asking(system: str, request: pytest.FixtureRequest):
    database = request.getfixturevalue(system)
    names = [str(table.name) for table in database._blueprint.catalog.roots()]
    for name in names:
        database.make(name)
    for name in names:
        count = database.connection.execute(f"select count(*) from {name}").fetchone()
        assert count != (0,), name
    assert broken(database, system) == {}
