"""What must hold of the models without a database."""

import re
import subprocess
import sys
from typing import Any

import pytest
from sqlalchemy import Table
from sqlalchemy.orm import configure_mappers

from schema.pulse import Base, metadata
from schema.pulse.base import utc_now
from schema.pulse.cuid import cuid

TABLES = sorted(metadata.tables.values(), key=lambda table: table.name)
JOIN = "_ConnectionToConnectionTag"


def test_there_is_a_class_for_each_table_but_the_join():
    mapped = {mapper.local_table.name for mapper in Base.registry.mappers}
    assert mapped == {table.name for table in TABLES} - {JOIN}


def test_the_mappers_agree_on_every_relationship():
    configure_mappers()


def test_every_foreign_key_of_a_class_can_be_followed():
    for mapper in Base.registry.mappers:
        followed = {
            column.name for relation in mapper.relationships for column in relation.local_columns
        }
        table = mapper.local_table
        assert isinstance(table, Table)
        assert {c.name for c in table.columns if c.foreign_keys} <= followed, table.name


def test_importing_the_schema_needs_no_driver_and_no_engine():
    code = (
        "import sys; sys.path.insert(0, '.'); import schema.pulse; "
        "print(sorted({'psycopg', 'psycopg2', 'asyncpg', 'alembic', 'pgassay'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_attributes_are_spelled_as_the_columns_are():
    for mapper in Base.registry.mappers:
        differ = {a.key: a.columns[0].name for a in mapper.column_attrs}
        differ = {key: name for key, name in differ.items() if key != name}
        assert differ in ({}, {"metadata_": "metadata"})


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_says_in_one_sentence_what_it_holds(table: Table):
    assert table.comment
    assert re.fullmatch(r"[A-Z][^.]{10,}\.", table.comment)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_application_fills_what_the_facts_leave_to_it(table: Table, facts: dict[str, Any]):
    columns = facts["tables"][table.name]["columns"]
    for column in table.columns:
        client = columns[column.name].get("client")
        default = getattr(column.default, "arg", None)
        onupdate = getattr(column.onupdate, "arg", None)
        assert (named(default) == "cuid") == (client == "cuid()"), column
        assert (named(onupdate) == "utc_now") == (client == "updatedAt"), column


def named(function: object) -> str | None:
    return getattr(function, "__name__", None)


def test_ids_have_the_form_of_a_cuid_and_are_never_alike():
    ids = [cuid() for _ in range(10_000)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"c[0-9a-z]{24}", one) for one in ids)
    assert ids[0][1:9] <= ids[-1][1:9]


def test_times_hold_utc_without_a_zone():
    assert utc_now().tzinfo is None
