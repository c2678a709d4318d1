"""What PostgreSQL named by itself is called as the models' database calls it, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.drift.compare import compare
from pgassay.drift.namesakes import called_alike
from pgassay.drift.policy import DriftPolicy
from pgassay.postgres.catalog import read_catalog

if TYPE_CHECKING:
    import psycopg

    from pgassay.core.catalog import Catalog

    Connection = psycopg.Connection[tuple[object, ...]]

MODELS = """
create schema namesakes; set search_path = namesakes;
create table "Ord er" (id serial primary key, code text unique check (code <> ''));
create index on "Ord er" (code, id);
create table left_one (id int primary key);
create table right_one (id int primary key);
create table "line" (id int primary key, order_id int references "Ord er");
"""
# Renamed tables; two that changed places; and names that somebody gave.
MIGRATIONS = """
create schema namesakes; set search_path = namesakes;
create table orders (id serial primary key, code text unique check (code <> ''));
create index on orders (code, id);
alter table orders rename to "Ord er";
create table left_one (id int primary key);
create table right_one (id int primary key);
alter table left_one rename to other; alter table right_one rename to left_one;
alter table other rename to right_one;
create table "line" (id int constraint given primary key, order_id int references "Ord er");
"""


def built(connection: Connection, script: str) -> Catalog:
    with connection.transaction(force_rollback=True):
        connection.execute(script.encode())
        return read_catalog(connection)


def names(catalog: Catalog) -> dict[str, set[str]]:
    return {
        str(table.name): {c.name for c in table.constraints if c.kind.value != "not null"}
        | {i.name for i in table.indexes}
        for table in catalog.tables
        if table.name.schema == "namesakes"
    }


def test_made_up_names_become_those_of_the_models(connection: Connection) -> None:
    promised = built(connection, MODELS)
    migrated = built(connection, MIGRATIONS)
    assert names(promised) != names(migrated)

    renaming = "; ".join(called_alike(promised, migrated))
    staged = built(connection, MIGRATIONS + renaming)

    given = {"namesakes.line": {"given", "line_order_id_fkey"}}
    assert names(staged) == names(promised) | given
    assert {s.name for s in staged.sequences} == {s.name for s in promised.sequences}


def test_names_that_are_alike_need_no_statement(connection: Connection) -> None:
    promised = built(connection, MODELS)
    assert called_alike(promised, promised) == ()


@pytest.mark.parametrize("script", [MODELS, MIGRATIONS])
def test_drift_tells_only_what_stays_otherwise(connection: Connection, script: str) -> None:
    promised, other = built(connection, MODELS), built(connection, script)
    told = compare(
        promised,
        other,
        fixpoint=None,
        promised_by="models",
        built_by="migrations",
        policy=DriftPolicy(),
    )
    assert [finding.subject.part for finding in told] == (
        ["line_pkey"] if script == MIGRATIONS else []
    )


def test_a_name_that_something_else_has_is_left(connection: Connection) -> None:
    promised = built(connection, MODELS)
    taken = MIGRATIONS + 'create table "Ord er_pkey" (a int);'
    statements = called_alike(promised, built(connection, taken))
    assert not any('to "Ord er_pkey"' in statement for statement in statements)
    staged = built(connection, taken + "; ".join(statements))
    assert "orders_pkey" in names(staged)['namesakes."Ord er"']
