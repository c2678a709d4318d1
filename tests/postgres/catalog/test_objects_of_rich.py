"""What the reader says of types, sequences, views, functions and the rest, in the rich schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import (
    ColumnType,
    Constraint,
    ConstraintKind,
    DefaultPrivileges,
    Domain,
    Enabled,
    EnumType,
    EventTrigger,
    ExtendedStatistics,
    Function,
    Privilege,
    RangeType,
    Rule,
    Sequence,
    TypeKind,
)
from pgassay.core.names import QualifiedName

if TYPE_CHECKING:
    from pgassay.core.catalog import Catalog

VARCHAR = QualifiedName("pg_catalog", "varchar")
C = QualifiedName("pg_catalog", "C")


def shop(name: str) -> QualifiedName:
    return QualifiedName("shop", name)


def test_enum_labels_stand_in_their_sort_order(rich: Catalog) -> None:
    assert rich.enums == (
        EnumType(
            name=shop("status"),
            labels=("open", "between", "Paid", "it's", "über"),
            privileges=(
                Privilege(grantee="PUBLIC", privilege="USAGE", revoked=True),
                Privilege(grantee="reader", privilege="USAGE"),
            ),
            comment="order status",
        ),
    )


def test_domains_are_read_with_their_constraints(rich: Catalog) -> None:
    expression = "(((VALUE)::text ~~ '%@%'::text) OR ((VALUE)::text = 'n/a'::text))"
    assert rich.domains == (
        Domain(
            name=shop("email"),
            type=ColumnType(sql="character varying(255)", name=VARCHAR, base="varchar", length=255),
            not_null=True,
            default="'n/a'::character varying",
            collation=C,
            constraints=(
                Constraint(
                    name="has_at",
                    kind=ConstraintKind.CHECK,
                    definition=f"CHECK ({expression})",
                    expression=expression,
                    comment="an at sign",
                ),
            ),
            comment="an address",
        ),
        Domain(
            name=shop("emails"),
            type=ColumnType(
                sql="shop.email[]",
                name=shop("email"),
                kind=TypeKind.DOMAIN,
                base="varchar",
                array=True,
                length=255,
            ),
        ),
    )


def test_composite_and_range_types_are_read(rich: Catalog) -> None:
    (composite,) = rich.composites
    assert composite.name == shop("money_amount")
    assert [(c.name, c.type.sql, c.comment) for c in composite.columns] == [
        ("amount", "numeric(12,3)", None),
        ("currency", "character(3)", "ISO 4217"),
    ]
    assert rich.ranges == (
        RangeType(
            name=shop("textrange"), subtype="text", multirange=shop("textmultirange"), collation=C
        ),
    )


def test_sequences_are_read_with_their_owner(rich: Catalog) -> None:
    assert rich.sequences == (
        Sequence(
            name=shop("customers_id_seq"),
            type="bigint",
            start=100,
            minimum=1,
            maximum=2**63 - 1,
            increment=2,
            owned_by=shop("customers"),
            owned_column="id",
            identity=True,
        ),
        Sequence(
            name=shop("numbers"),
            type="integer",
            start=20,
            minimum=10,
            maximum=1000,
            increment=5,
            cache=3,
            cycle=True,
            privileges=(Privilege(grantee="reader", privilege="USAGE", grantable=True),),
            comment="invoice numbers",
        ),
        Sequence(
            name=shop("serials_id_seq"),
            type="integer",
            start=1,
            minimum=1,
            maximum=2**31 - 1,
            increment=1,
            owned_by=shop("serials"),
            owned_column="id",
        ),
    )


def test_a_view_is_read_with_options_triggers_rules_and_rights(rich: Catalog) -> None:
    view = rich.views[0]
    assert (view.name, view.materialised, view.populated) == (shop("paid"), False, True)
    assert view.definition == (
        " SELECT id,\n    name,\n    price\n   FROM shop.customers\n"
        "  WHERE (status = 'Paid'::shop.status);"
    )
    assert view.options == ("check_option=cascaded", "security_barrier=true")
    assert [(c.name, c.type.sql, c.comment) for c in view.columns] == [
        ("id", "bigint", None),
        ("name", "character varying(40)", None),
        ("price", "numeric(10,2)", "gross"),
    ]
    assert [(t.name, t.timing, t.events) for t in view.triggers] == [
        ("writes", "INSTEAD OF", ("INSERT",))
    ]
    assert view.rules == (
        Rule(
            name="also_deletes",
            definition="CREATE RULE also_deletes AS\n"
            "    ON DELETE TO shop.paid DO INSTEAD NOTHING;",
        ),
    )
    assert view.privileges == (Privilege(grantee="reader", privilege="SELECT"),)
    assert view.comment == "they paid"


def test_a_materialised_view_is_read_with_indexes_and_statistics(rich: Catalog) -> None:
    totals = rich.views[1]
    assert (totals.name, totals.materialised, totals.populated) == (shop("totals"), True, False)
    assert [(i.name, i.unique) for i in totals.indexes] == [("totals_code", True)]
    assert totals.statistics == (
        ExtendedStatistics(
            name=shop("of_totals"),
            definition="CREATE STATISTICS shop.of_totals ON code, total FROM shop.totals",
        ),
    )


def test_functions_procedures_and_aggregates_are_read(rich: Catalog) -> None:
    found = {(f.name.name, f.arguments): f for f in rich.functions}
    assert {key: (f.kind, f.returns, f.language) for key, f in found.items()} == {
        ("double", "n integer, OUT twice integer"): ("function", "integer", "sql"),
        ("instead", ""): ("function", "trigger", "plpgsql"),
        ("longest", "text"): ("aggregate", "text", "internal"),
        ("on_ddl", ""): ("function", "event_trigger", "plpgsql"),
        ("secret", "text"): ("function", "text", "sql"),
        ("tidy", "INOUT n integer"): ("procedure", None, "plpgsql"),
        ("touch", ""): ("function", "trigger", "plpgsql"),
    }
    assert found["secret", "text"] == Function(
        name=shop("secret"),
        arguments="text",
        returns="text",
        language="sql",
        definition=found["secret", "text"].definition,
        security_definer=True,
        volatility="stable",
        settings=("search_path=pg_catalog, pg_temp",),
        privileges=(
            Privilege(grantee="PUBLIC", privilege="EXECUTE", revoked=True),
            Privilege(grantee="reader", privilege="EXECUTE"),
        ),
    )
    assert found["longest", "text"].definition == (
        "CREATE AGGREGATE shop.longest(text) (\n"
        "    SFUNC = textcat,\n    STYPE = text,\n    INITCOND = '',\n    PARALLEL = SAFE\n)"
    )
    assert found["double", "n integer, OUT twice integer"].volatility == "immutable"
    assert found["double", "n integer, OUT twice integer"].comment == "twice"


def test_event_triggers_are_read(rich: Catalog) -> None:
    assert rich.event_triggers == (
        EventTrigger(
            name="on_ddl",
            event="ddl_command_end",
            function=shop("on_ddl"),
            tags=("CREATE TABLE", "DROP TABLE"),
            enabled=Enabled.DISABLED,
            comment="looks on",
        ),
    )


def test_default_privileges_are_read_as_what_they_change(rich: Catalog) -> None:
    assert rich.default_privileges == (
        DefaultPrivileges(
            role="postgres",
            schema=None,
            object_type="FUNCTIONS",
            privileges=(Privilege(grantee="PUBLIC", privilege="EXECUTE", revoked=True),),
        ),
        DefaultPrivileges(
            role="postgres",
            schema=None,
            object_type="SCHEMAS",
            privileges=(Privilege(grantee="reader", privilege="USAGE"),),
        ),
        DefaultPrivileges(
            role="postgres",
            schema="shop",
            object_type="TABLES",
            privileges=(Privilege(grantee="reader", privilege="SELECT", grantable=True),),
        ),
    )


def test_extensions_are_listed_and_their_members_are_not(rich: Catalog) -> None:
    assert [(e.name, e.schema) for e in rich.extensions] == [
        ("btree_gist", "public"),
        ("citext", "public"),
        ("plpgsql", "pg_catalog"),
    ]
    assert not [f for f in rich.functions if f.name.schema != "shop"]
    assert rich.schemas[2].privileges == (Privilege(grantee="reader", privilege="USAGE"),)
    assert rich.schemas[1].privileges == ()
