"""What must hold for every table of the CreativeFlow models, seen without a database."""

import re
import subprocess
import sys

import pytest
from sqlalchemy import DateTime, ForeignKeyConstraint, Table, UniqueConstraint
from sqlalchemy.orm import configure_mappers

from schema.creativeflow import Base, metadata, programs

TABLES = sorted(metadata.tables.values(), key=lambda table: table.name)
FOREIGN_KEYS = [
    key
    for table in TABLES
    for key in sorted(table.foreign_key_constraints, key=lambda key: key.column_keys)  # it is a set
]

# Relations 2.14 and 2.21 of the database design, and the pair that hands over projects.
ALSO_FOLLOWS_ITS_KEY = {
    ("team_members", ("team_id",)),
    ("team_members", ("user_id",)),
    ("projects", ("user_id",)),
    ("projects", ("workbench_id", "user_id")),
}


def of(key: ForeignKeyConstraint) -> str:
    return f"{key.table.name}.{','.join(key.column_keys)}"


def test_there_are_23_tables_and_a_class_for_each():
    assert len(TABLES) == 23
    assert {mapper.local_table for mapper in Base.registry.mappers} == set(TABLES)


def test_the_mappers_agree_on_every_relationship():
    configure_mappers()


def test_importing_the_schema_needs_no_driver_and_no_engine():
    code = (
        "import sys; sys.path.insert(0, '.'); import schema.creativeflow; "
        "print(sorted({'psycopg', 'psycopg2', 'asyncpg', 'alembic', 'pgassay'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_and_column_says_what_it_is_for(table: Table):
    assert table.comment
    for column in table.columns:
        assert column.comment, column
        # Tags come last and there is at most one; nothing else ends in brackets.
        assert re.fullmatch(r"[^\[\]]+\.( \[(personal|sensitive)\])?", column.comment), column


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_constraint_and_index_has_a_name_that_fits(table: Table):
    for part in (*table.constraints, *table.indexes):
        assert part.name
        assert len(str(part.name).encode()) <= 63


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_times_hold_utc_and_need_no_zone(table: Table):
    for column in table.columns:
        if isinstance(column.type, DateTime):
            assert not column.type.timezone
            assert column.server_default is None or column.server_default.arg.text == (
                "timezone('utc', now())"
            )


@pytest.mark.parametrize("key", FOREIGN_KEYS, ids=of)
def test_an_update_of_the_parents_key_goes_by_the_rule(key: ForeignKeyConstraint):
    cleared = (key.ondelete or "").startswith("SET NULL")
    follows = cleared or (key.table.name, tuple(key.column_keys)) in ALSO_FOLLOWS_ITS_KEY
    assert key.onupdate == ("CASCADE" if follows else None)


@pytest.mark.parametrize("key", FOREIGN_KEYS, ids=of)
def test_every_foreign_key_finds_its_children_by_an_index(key: ForeignKeyConstraint):
    wanted = tuple(key.column_keys)
    keys = [
        tuple(column.name for column in index.columns)
        for index in key.table.indexes
        if index.dialect_options["postgresql"]["where"] is None
    ]
    unique = [
        tuple(column.name for column in constraint.columns)
        for constraint in key.table.constraints
        if isinstance(constraint, UniqueConstraint)
    ]
    # One row at most per value of a unique prefix: the rest of the key needs no index.
    leads = any(columns[: len(wanted)] == wanted for columns in keys + unique)
    assert leads or any(wanted[: len(columns)] == columns for columns in unique)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_no_index_is_the_beginning_of_another_one(table: Table):
    keys = [
        (str(part.name), tuple(column.name for column in part.columns))
        for part in (*table.indexes, *table.constraints)
        if isinstance(part, UniqueConstraint) or part in table.indexes
    ]
    partial = {
        str(index.name)
        for index in table.indexes
        if index.dialect_options["postgresql"]["where"] is not None
    }
    beginnings = [
        name
        for name, columns in keys
        for other, wider in keys
        if name != other
        and not {name, other} & partial
        and not name.startswith("uq_")
        and wider[: len(columns)] == columns
    ]
    assert beginnings == []


def test_every_partitioned_table_has_a_default_partition():
    partitioned = {
        table.name for table in TABLES if table.dialect_options["postgresql"]["partition_by"]
    }
    assert partitioned == programs.DEFAULT_PARTITIONS.keys()
