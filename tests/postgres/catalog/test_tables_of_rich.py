"""What the reader says of tables, columns and what hangs on them, in the rich schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.core.catalog import (
    Column,
    ColumnType,
    Enabled,
    ExtendedStatistics,
    Persistence,
    Policy,
    Privilege,
    Rule,
    TableKind,
    Trigger,
    TypeKind,
)
from pgassay.core.names import QualifiedName

if TYPE_CHECKING:
    from pgassay.core.catalog import Catalog, Table

LONG = "übermäßig_langer_name_mit_genau_63_bytes_in_der_kodierung_u8"


def shop(name: str) -> QualifiedName:
    return QualifiedName("shop", name)


def system(name: str) -> QualifiedName:
    return QualifiedName("pg_catalog", name)


def base(sql: str, name: str, **modifiers: int) -> ColumnType:
    return ColumnType(sql=sql, name=system(name), base=name, **modifiers)


TEXT = base("text", "text")
INTEGER = base("integer", "int4")


@pytest.fixture
def customers(rich: Catalog) -> Table:
    return rich.table(shop("customers"))


def test_every_table_is_there_once_and_sorted(rich: Catalog) -> None:
    names = [table.name for table in rich.tables if table.name.schema == "shop"]
    names = [name for name in names if name.name not in {"alone", "bookings", "guests"}]
    assert [table.name for table in rich.tables[:2]] == [
        QualifiedName("Straße", "order"),
        QualifiedName("Straße", "select"),
    ]
    assert [name.name for name in names] == [
        "base",
        "cache",
        "customers",
        "derived",
        "event_notes",
        "event_notes_1",
        "events",
        "events_2025_01",
        "events_2025_02",
        "events_2025_02_a",
        "events_2025_02_rest",
        "events_default",
        "hashed",
        "hashed_0",
        "hashed_1",
        "remote",
        "serials",
        "typed",
    ]


def test_positions_count_the_columns_that_exist(customers: Table) -> None:
    assert [c.position for c in customers.columns] == list(range(1, 22))
    assert [c.name for c in customers.columns][-4:] == ["note", "body", "period", "updated_at"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("name", base("character varying(40)", "varchar", length=40)),
        ("code", base("character(3)", "bpchar", length=3)),
        ("flags", base("bit varying(12)", "varbit", length=12)),
        ("price", base("numeric(10,2)", "numeric", precision=10, scale=2)),
        ("ratio", base("numeric", "numeric")),
        ("tiny", base("numeric(3,-2)", "numeric", precision=3, scale=-2)),
        ("at", base("time(3) with time zone", "timetz", precision=3)),
        ("seen", base("timestamp(0) with time zone", "timestamptz", precision=0)),
        ("span", base("interval(2)", "interval", precision=2)),
        (
            "email",
            ColumnType(
                sql="shop.email",
                name=shop("email"),
                kind=TypeKind.DOMAIN,
                base="varchar",
                length=255,
            ),
        ),
        (
            "others",
            ColumnType(sql="shop.emails", name=shop("emails"), kind=TypeKind.DOMAIN, base="_email"),
        ),
        (
            "tags",
            ColumnType(
                sql="character varying(20)[]",
                name=system("varchar"),
                base="varchar",
                array=True,
                length=20,
            ),
        ),
        (
            "status",
            ColumnType(sql="shop.status", name=shop("status"), kind=TypeKind.ENUM, base="status"),
        ),
        (
            "total",
            ColumnType(
                sql="shop.money_amount",
                name=shop("money_amount"),
                kind=TypeKind.COMPOSITE,
                base="money_amount",
            ),
        ),
        (
            "nick",
            ColumnType(sql="public.citext", name=QualifiedName("public", "citext"), base="citext"),
        ),
        (
            "period",
            ColumnType(
                sql="daterange", name=system("daterange"), kind=TypeKind.RANGE, base="daterange"
            ),
        ),
    ],
)
def test_types_have_their_modifiers(customers: Table, name: str, expected: ColumnType) -> None:
    assert customers.column(name).type == expected


def test_a_column_says_only_what_is_particular(customers: Table) -> None:
    others = [
        Column(name="ratio", position=9, type=base("numeric", "numeric")),
        Column(
            name="updated_at",
            position=21,
            type=base("timestamp with time zone", "timestamptz"),
            not_null=True,
            default="now()",
        ),
    ]
    assert [customers.column("ratio"), customers.column("updated_at")] == others


def test_identity_default_and_generation_are_told_apart(customers: Table) -> None:
    told = {c.name: (c.identity, c.default, c.generated) for c in customers.columns}
    assert {name: value for name, value in told.items() if any(value)} == {
        "id": ("ALWAYS", None, None),
        "code": (None, "'abc'::bpchar", None),
        "price": (None, "0.00", None),
        "seen": (None, "'2020-01-01 00:00:00+00'::timestamp with time zone", None),
        "tags": (None, "'{}'::character varying[]", None),
        "status": (None, "'open'::shop.status", None),
        "twice": (None, None, "(price * (2)::numeric)"),
        "updated_at": (None, "now()", None),
    }


def test_collation_storage_compression_and_target_only_where_they_differ(
    customers: Table,
) -> None:
    def told(column: Column) -> tuple[object, ...]:
        return (
            column.collation,
            column.storage,
            column.compression,
            column.statistics_target,
            column.options,
        )

    assert {c.name: told(c) for c in customers.columns if any(told(c))} == {
        "name": (None, None, None, None, ("n_distinct=-0.5",)),
        "code": (system("C"), None, None, None, ()),
        "note": (None, None, "pglz", None, ()),
        "body": (None, "EXTERNAL", None, 500, ()),
    }


def test_a_table_says_its_options_identity_security_and_comment(customers: Table) -> None:
    assert (
        customers.kind,
        customers.options,
        customers.replica_identity,
        customers.row_security,
        customers.force_row_security,
        customers.comment,
        customers.persistence,
        customers.access_method,
    ) == (
        TableKind.ORDINARY,
        ("fillfactor=70", "toast.autovacuum_enabled=false"),
        "customers_pkey",
        True,
        True,
        "who buys",
        Persistence.PERMANENT,
        None,
    )


def test_names_that_need_quotes_are_read_as_they_are(rich: Catalog) -> None:
    table = rich.table(QualifiedName("Straße", "select"))
    assert [c.name for c in table.columns] == [
        "from",
        'a"b',
        LONG,
        "customer",
        "parent",
        "x y",
    ]
    assert table.column('a"b').not_null
    assert len(LONG.encode()) == 63


def test_the_kinds_of_table_are_told_apart(rich: Catalog) -> None:
    cache, remote, typed = (rich.table(shop(n)) for n in ("cache", "remote", "typed"))
    assert cache.persistence is Persistence.UNLOGGED
    assert (remote.kind, remote.server, remote.options, remote.replica_identity) == (
        TableKind.FOREIGN,
        "far",
        ("table_name=Remote",),
        None,
    )
    assert remote.column("id").options == ("column_name=ID",)
    assert typed.of_type == shop("money_amount")
    assert [c.not_null for c in typed.columns] == [False, True]


def test_an_inheriting_table_names_its_parents_and_what_came_from_them(rich: Catalog) -> None:
    parent, child = rich.table(shop("base")), rich.table(shop("derived"))
    assert (child.inherits, parent.inherits, child.partition) == ((shop("base"),), (), None)
    assert [(c.name, c.inherited) for c in child.columns] == [
        ("id", True),
        ("kind", True),
        ("extra", False),
    ]
    assert [(c.name, c.inherited) for c in child.constraints] == [("kind_known", True)]
    assert [(c.name, c.inherited) for c in parent.constraints] == [("kind_known", False)]
    assert (parent.replica_identity, child.replica_identity) == ("FULL", None)


def test_triggers_are_read_with_timing_events_condition_and_state(customers: Table) -> None:
    quiet, checked, touch = customers.triggers
    assert touch == Trigger(
        name="touch",
        definition=touch.definition,
        function=shop("touch"),
        timing="BEFORE",
        events=("UPDATE",),
        columns=("name", "price"),
        for_each_row=True,
        condition=(
            "(((old.name)::text IS DISTINCT FROM (new.name)::text)"
            " AND ((new.name)::text <> ') WHEN ('::text))"
        ),
        comment="keeps the time",
    )
    assert quiet == Trigger(
        name="Quiet",
        definition='CREATE TRIGGER "Quiet" AFTER INSERT OR DELETE ON shop.customers'
        " FOR EACH STATEMENT EXECUTE FUNCTION shop.touch()",
        function=shop("touch"),
        timing="AFTER",
        events=("INSERT", "DELETE"),
        for_each_row=False,
        enabled=Enabled.DISABLED,
    )
    assert checked == Trigger(
        name="checked",
        definition=checked.definition,
        function=shop("touch"),
        timing="AFTER",
        events=("INSERT",),
        for_each_row=True,
        constraint=True,
        deferrable=True,
        initially_deferred=True,
        enabled=Enabled.ALWAYS,
    )


def test_policies_are_read_with_roles_and_both_expressions(customers: Table) -> None:
    assert customers.policies == (
        Policy(name="everyone", command="SELECT", using="true"),
        Policy(
            name="mine",
            command="UPDATE",
            permissive=False,
            roles=("reader", "Ünt el"),
            using="((name)::text = CURRENT_USER)",
            check="(price > (0)::numeric)",
            comment="own rows",
        ),
    )


def test_rules_are_read_with_their_state(rich: Catalog) -> None:
    assert rich.table(shop("base")).rules == (
        Rule(
            name="no_delete",
            definition="CREATE RULE no_delete AS\n    ON DELETE TO shop.base DO INSTEAD NOTHING;",
            enabled=Enabled.DISABLED,
            comment="kept",
        ),
    )


def test_extended_statistics_are_read_with_their_target(customers: Table) -> None:
    assert customers.statistics == (
        ExtendedStatistics(
            name=shop("linked"),
            definition="CREATE STATISTICS shop.linked (ndistinct, dependencies)"
            " ON name, code FROM shop.customers",
            target=300,
            comment="they go together",
        ),
    )


def test_privileges_of_a_table_and_of_its_columns(customers: Table) -> None:
    assert customers.privileges == (
        Privilege(grantee="reader", privilege="INSERT"),
        Privilege(grantee="reader", privilege="SELECT"),
    )
    assert {c.name: c.privileges for c in customers.columns if c.privileges} == {
        "id": (Privilege(grantee="Ünt el", privilege="SELECT"),),
        "name": (
            Privilege(grantee="Ünt el", privilege="SELECT"),
            Privilege(grantee="Ünt el", privilege="UPDATE"),
        ),
    }


def test_comments_stand_where_they_were_put(rich: Catalog, customers: Table) -> None:
    assert {c.name: c.comment for c in customers.columns if c.comment} == {"email": "personal data"}
    assert {c.name: c.comment for c in customers.constraints if c.comment} == {
        "price is right": "a bargain"
    }
    assert {i.name: i.comment for i in customers.indexes if i.comment} == {
        "customers_lower": "for search",
        "customers_pkey": "the key",
    }
    assert [(s.name, s.comment) for s in rich.schemas] == [
        ("Straße", None),
        ("public", None),
        ("shop", "what is sold"),
    ]
