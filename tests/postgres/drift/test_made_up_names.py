"""The names that servers really make up are known as such."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.names import QualifiedName
from pgassay.drift.compare import compare
from pgassay.drift.generated import (
    is_generated_constraint,
    is_generated_index,
    is_generated_sequence,
)
from pgassay.drift.policy import DriftPolicy
from pgassay.postgres.catalog import read_catalog

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[object, ...]]

LONG = "a_table_whose_name_is_quite_long_and_goes_on"
COLUMN = "and_a_column_with_a_long_name_too"
UNNAMED = f"""
create table {LONG} (
  id serial primary key,
  {COLUMN} integer unique check ({COLUMN} > 0) references users,
  "Größe" bigint generated always as identity,
  a integer, b text, during daterange,
  check (a > {COLUMN}), check (a > id), check (a <> id),
  unique (a, b) include (during),
  exclude using gist (a with =, during with &&)
);
create index on {LONG} ({COLUMN}, b);
create index on {LONG} (lower(b), a);
create index on {LONG} ((a + 1), (a + 2));
create index on {LONG} (a) include (b);
"""


def test_every_name_that_a_server_makes_up_is_known_as_such(connection: Connection) -> None:
    connection.execute(UNNAMED.encode())
    catalog = read_catalog(connection)
    table = catalog.table(QualifiedName("public", LONG))
    owned = {index.constraint: index for index in table.indexes if index.constraint}

    unknown = [
        c.name for c in table.constraints if not is_generated_constraint(c, LONG, owned.get(c.name))
    ]
    unknown += [
        i.name for i in table.indexes if not i.constraint and not is_generated_index(i, LONG)
    ]
    unknown += [
        str(s.name)
        for s in catalog.sequences
        if s.owned_by == table.name and not is_generated_sequence(s)
    ]

    assert unknown == []
    assert len(table.constraints) == 9


def test_no_name_that_a_person_gave_in_the_shop_is_taken_for_made_up(
    connection: Connection,
) -> None:
    users = read_catalog(connection).table(QualifiedName("public", "users"))
    owned = {index.constraint: index for index in users.indexes if index.constraint}

    made_up = [
        c.name for c in users.constraints if is_generated_constraint(c, "users", owned.get(c.name))
    ]
    made_up += [
        i.name for i in users.indexes if not i.constraint and is_generated_index(i, "users")
    ]

    assert made_up == [
        "users_email_key",
        "users_login_key",
        "users_name_check",
        "users_pkey",
    ]


def test_a_renamed_and_rebuilt_table_is_no_drift(connection: Connection) -> None:
    """The history that measured.md tells of: ul_pkey2, ul_id_not_null2, ul_id_seq2."""
    new = "create table ul (id serial primary key, a integer unique, b integer check (b > 0))"
    with connection.transaction(force_rollback=True):
        connection.execute(new.encode())
        fresh = read_catalog(connection)
    connection.execute(
        f"""
        {new};
        alter table ul rename to ul_old;
        {new};
        alter table ul rename to ul_older;
        {new};
        drop table ul_old, ul_older;
        """.encode()
    )
    rebuilt = read_catalog(connection)

    assert {c.name for c in rebuilt.table(QualifiedName("public", "ul")).constraints} >= {
        "ul_pkey2"
    }
    assert (
        compare(
            fresh,
            rebuilt,
            fixpoint=None,
            promised_by="models",
            built_by="migrations",
            policy=DriftPolicy(),
        )
        == ()
    )
