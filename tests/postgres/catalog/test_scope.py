"""What is part of a catalog and what is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.core.catalog import Privilege
from pgassay.core.names import QualifiedName
from pgassay.postgres.catalog import read_catalog

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    from pgassay.core.catalog import Catalog

    Build = Callable[[str], Catalog]
    Connection = psycopg.Connection[tuple[object, ...]]


def public(name: str) -> QualifiedName:
    return QualifiedName("public", name)


def test_excluded_tables_are_left_out_with_their_sequences(connection: Connection) -> None:
    connection.execute("""
        create schema other;
        create table alembic_version (version_num varchar(32) primary key);
        create table other.alembic_version (id serial primary key);
        create table kept (id serial primary key)
    """)
    read = read_catalog(connection, exclude=[QualifiedName("other", "alembic_version")])
    assert [t.name for t in read.tables] == [public("alembic_version"), public("kept")]
    assert [s.name for s in read.sequences] == [public("kept_id_seq")]


def test_temporary_relations_are_left_out(built: Build) -> None:
    read = built("""
        create table kept (id integer);
        create temporary table t (id serial primary key, m text check (m > ''));
        create temporary view v as select * from t;
        create temporary sequence s;
        create index on t (m);
        create type pg_temp.e as enum ('a');
        create statistics pg_temp.st on id, m from t;
        create function pg_temp.f() returns trigger language plpgsql as 'begin end';
        create trigger tg before insert on t for each row execute function pg_temp.f();
        create policy p on t;
        create rule r as on delete to t do instead nothing;
        create temporary table parted (id integer) partition by range (id);
        create temporary table parted_1 partition of parted default
    """)
    assert [t.name for t in read.tables] == [public("kept")]
    assert not (read.views + read.sequences + read.enums + read.functions)


@pytest.mark.parametrize("extension", ["citext", "pg_trgm", "btree_gist", "cube", "ltree"])
def test_an_extension_brings_nothing_but_itself(built: Build, extension: str) -> None:
    before = built("")
    after = built(f"create schema ext; create extension {extension} schema ext")
    assert [e.name for e in after.extensions if e not in before.extensions] == [extension]
    assert [s.name for s in after.schemas if s not in before.schemas] == ["ext"]
    assert (after.functions, after.domains, after.tables) == ((), (), ())


def test_a_table_that_belongs_to_an_extension_is_left_out_with_its_index(
    connection: Connection,
) -> None:
    connection.execute("""
        create extension citext;
        create table inner_of_it (id serial primary key, v text check (v > ''));
        create table kept (id integer references inner_of_it);
        alter extension citext add table inner_of_it;
        alter extension citext add sequence inner_of_it_id_seq
    """)
    read = read_catalog(connection)
    assert [t.name for t in read.tables] == [public("kept")]
    assert read.sequences == ()
    assert read.tables[0].foreign_keys[0].referenced_columns == ("id",)


def test_operator_class_options_and_classes_of_extensions_are_told(built: Build) -> None:
    read = built("""
        create schema ext; create extension pg_trgm schema ext; create extension citext;
        create table t (v text, c citext, vc varchar(10), tags text[]);
        create index i on t using gist (v ext.gist_trgm_ops (siglen = 32));
        create index plain on t (v, c, vc, tags);
        create index patterns on t (v text_pattern_ops, vc varchar_pattern_ops);
        create index as_text on t (c text_ops)
    """)
    keys = {
        i.name: [(k.opclass, k.opclass_options) for k in i.keys] for i in read.tables[0].indexes
    }
    assert keys == {
        "as_text": [("text_ops", ())],
        "i": [("ext.gist_trgm_ops", ("siglen=32",))],
        "patterns": [("text_pattern_ops", ()), ("varchar_pattern_ops", ())],
        "plain": [(None, ()), (None, ()), (None, ()), (None, ())],
    }


def test_a_key_s_collation_is_told_only_where_it_is_not_the_column_s(built: Build) -> None:
    read = built("""
        create table t (v text collate "C", w text);
        create index i on t (v, v collate "POSIX", w, w collate "C", lower(v),
          lower(v) collate "POSIX", (w || v collate "C"), (v || 'x') collate "POSIX")
    """)
    posix, c = QualifiedName("pg_catalog", "POSIX"), QualifiedName("pg_catalog", "C")
    assert [k.collation for k in read.tables[0].indexes[0].keys] == [
        None,
        posix,
        None,
        c,
        None,
        posix,
        None,
        posix,
    ]


def test_an_expression_with_commas_brackets_and_quotes_is_one_key(built: Build) -> None:
    read = built("""
        create table t ("a, b" text, n integer);
        create index i on t (("a, b" || ', '), (array[n, 2]), coalesce("a, b", 'x, (y'), n)
    """)
    assert [k.expression for k in read.tables[0].indexes[0].keys] == [
        "(\"a, b\" || ', '::text)",
        "ARRAY[n, 2]",
        "COALESCE(\"a, b\", 'x, (y'::text)",
        None,
    ]


def test_foreign_keys_between_two_partitioned_tables_are_one_for_each_table(built: Build) -> None:
    read = built("""
        create table p (id integer primary key) partition by range (id);
        create table p_1 partition of p for values from (0) to (10) partition by range (id);
        create table p_1_a partition of p_1 for values from (0) to (5);
        create table c (id integer primary key, p integer references p) partition by range (id);
        create table c_1 partition of c for values from (0) to (10);
        create table c_2 (id integer primary key, p integer references p);
        alter table c attach partition c_2 for values from (10) to (20);
        create table p_2 (id integer primary key);
        alter table p attach partition p_2 for values from (10) to (20)
    """)
    keys = {
        t.name.name: [(k.name, str(k.references), k.inherited) for k in t.foreign_keys]
        for t in read.tables
        if t.foreign_keys
    }
    assert keys == {
        "c": [("c_p_fkey", "p", False)],
        "c_1": [("c_p_fkey", "p", True)],
        "c_2": [("c_2_p_fkey", "p", True)],
    }


def test_an_identity_of_a_partitioned_table_is_one_sequence(built: Build) -> None:
    if built("").major < 17:
        pytest.skip("a partitioned table has no identity before PostgreSQL 17")
    read = built("""
        create table p (id bigint generated by default as identity, n integer)
          partition by range (n);
        create table p_1 partition of p default
    """)
    assert read.tables[0].column("id").identity == "BY DEFAULT"
    assert [s.owned_by for s in read.sequences] == [public("p")]


def test_rights_of_the_owner_are_not_listed_until_one_is_lost(built: Build) -> None:
    read = built("""
        create table t (id integer);
        grant select on t to pg_monitor;
        revoke truncate on t from current_user
    """)
    assert read.tables[0].privileges == (
        Privilege(grantee="pg_monitor", privilege="SELECT"),
        Privilege(grantee="postgres", privilege="TRUNCATE", revoked=True),
    )


def test_a_public_schema_made_anew_has_lost_the_rights_of_the_stock_one(built: Build) -> None:
    read = built("drop schema public; create schema public")
    assert read.schemas[0].privileges == (
        Privilege(grantee="PUBLIC", privilege="USAGE", revoked=True),
    )


def test_two_grantors_of_one_right_give_it_once(built: Build) -> None:
    read = built("""
        create role one; create role two;
        create table t (id integer);
        grant select on t to one with grant option;
        grant select on t to two with grant option;
        set local role one;
        grant select on public.t to two;
        reset role
    """)
    assert read.tables[0].privileges == (
        Privilege(grantee="one", privilege="SELECT", grantable=True),
        Privilege(grantee="two", privilege="SELECT", grantable=True),
    )


def test_views_of_whole_rows_and_system_types_are_read(built: Build) -> None:
    read = built("create view v as select c, c.relname, c.oid from pg_catalog.pg_class c")
    assert [c.type.sql for c in read.views[0].columns] == ["pg_class", "name", "oid"]


def test_a_domain_over_an_array_has_the_modifiers_of_its_elements(built: Build) -> None:
    read = built("create domain codes as varchar(20)[]; create table t (c codes, d codes[])")
    found = [(c.type.base, c.type.array, c.type.length) for c in read.tables[0].columns]
    assert found == [("_varchar", False, 20), ("_varchar", True, 20)]
