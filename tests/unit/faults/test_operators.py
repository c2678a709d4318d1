"""Operators on a small catalog with hostile names: what they plant, and what they leave alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.core.catalog import (
    Action,
    Catalog,
    Column,
    ColumnType,
    Constraint,
    ConstraintKind,
    Domain,
    EnumType,
    Function,
    Index,
    IndexKey,
    Partition,
    PartitionKey,
    PartitionStrategy,
    Policy,
    Privilege,
    Schema,
    Sequence,
    Table,
    Trigger,
    TypeKind,
    View,
)
from pgassay.core.names import QualifiedName
from pgassay.faults.checks import mutations
from pgassay.faults.fault import Fault, families, generate
from pgassay.faults.partitions import moved_bounds


def base(name: str) -> ColumnType:
    return ColumnType(sql=name, name=QualifiedName("pg_catalog", name), base=name)


INTEGER = replace(base("int4"), sql="integer")
SHORT = replace(base("varchar"), length=1, sql="character varying(1)")
PRICE = replace(base("numeric"), precision=4, scale=0)
ORDER = QualifiedName("Straße", "order")
USER = QualifiedName("public", 'a"b')
STATE = ColumnType(sql="state", name=QualifiedName("x", "State"), kind=TypeKind.ENUM, base="State")

KEY = Constraint(
    name="select",
    kind=ConstraintKind.FOREIGN_KEY,
    columns=("User",),
    definition="",
    references=USER,
    referenced_columns=("id",),
    on_delete=Action.SET_NULL,
)
PRIMARY = Constraint(
    name="pk", kind=ConstraintKind.PRIMARY_KEY, columns=("id",), definition="", index="pk"
)
CHECK = Constraint(
    name="Größe",
    kind=ConstraintKind.CHECK,
    columns=("n",),
    definition="",
    expression="((n >= 1) AND (n < 5))",
)
TRIGGER = Trigger(
    name="touch it",
    definition="… EXECUTE FUNCTION public.touch('a', \"b\")".replace("…", "CREATE TRIGGER"),
    function=QualifiedName("public", "touch"),
    timing="BEFORE",
    events=("UPDATE",),
    for_each_row=True,
)
INDEX = Index(
    name="table",
    method="btree",
    keys=(IndexKey(column="n"), IndexKey(column="User", descending=True, nulls_first=True)),
    predicate="(n > 0)",
    definition="",
)
CATALOG = Catalog(
    major=18,
    schemas=(Schema(name="Straße"),),
    enums=(EnumType(name=QualifiedName("x", "State"), labels=("o'n", "off")),),
    domains=(Domain(name=QualifiedName("x", "D"), type=INTEGER, not_null=True),),
    sequences=(
        Sequence(
            name=QualifiedName("x", "S"),
            type="bigint",
            start=1,
            minimum=1,
            maximum=9,
            increment=1,
            owned_by=ORDER,
            owned_column="n",
        ),
    ),
    tables=(
        Table(
            name=ORDER,
            columns=(
                Column(name="n", position=1, type=INTEGER, not_null=True, default="1"),
                Column(name="User", position=2, type=INTEGER),
                Column(name="c", position=3, type=SHORT),
                Column(name="state", position=4, type=STATE),
                Column(name="price", position=5, type=PRICE),
                Column(name="own", position=6, type=INTEGER, identity="ALWAYS", not_null=True),
                Column(name="sum", position=7, type=INTEGER, generated="(n + 1)"),
            ),
            constraints=(KEY, CHECK),
            indexes=(INDEX,),
            triggers=(TRIGGER,),
            policies=(Policy(name="mine", command="ALL", using="(n = 1)"),),
            privileges=(Privilege(grantee="Reader", privilege="SELECT"),),
            row_security=True,
        ),
        Table(
            name=USER,
            columns=(Column(name="id", position=1, type=INTEGER, not_null=True),),
            constraints=(PRIMARY,),
            indexes=(
                Index(
                    name="pk",
                    method="btree",
                    keys=(IndexKey(column="id"),),
                    unique=True,
                    constraint="pk",
                    definition="",
                ),
            ),
        ),
    ),
    views=(View(name=QualifiedName("x", "V"), definition=" SELECT 1 AS a;", columns=()),),
    functions=(
        Function(
            name=QualifiedName("x", "F"),
            arguments="a integer",
            returns="integer",
            language="sql",
            definition="CREATE FUNCTION … AS $function$ SELECT 1 $function$\n",
        ),
    ),
)


def planted(operator: str, change: str = "") -> list[str]:
    """The statements of every fault of an operator whose change has this in it."""
    found = [f for f in generate(CATALOG) if f.operator == operator and change in f.change]
    assert found
    return [statement.sql for fault in found for statement in fault.statements]


@pytest.mark.parametrize(
    ("operator", "change", "sql"),
    [
        (
            "reference-on-delete",
            "to CASCADE",
            (
                'ALTER TABLE "Straße"."order" DROP CONSTRAINT "select", ADD CONSTRAINT "select" '
                'FOREIGN KEY ("User") REFERENCES public."a""b" (id) MATCH SIMPLE ON DELETE CASCADE'
            ),
        ),
        (
            "reference-timing",
            "initially deferred",
            (
                'ALTER TABLE "Straße"."order" DROP CONSTRAINT "select", ADD CONSTRAINT "select" '
                'FOREIGN KEY ("User") REFERENCES public."a""b" (id) MATCH SIMPLE '
                "ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED"
            ),
        ),
        ("not-null-lost", "", 'ALTER TABLE "Straße"."order" ALTER COLUMN n DROP NOT NULL'),
        ("not-null-added", "", 'ALTER TABLE "Straße"."order" ALTER COLUMN "User" SET NOT NULL'),
        ("default-changed", "to 7", 'ALTER TABLE "Straße"."order" ALTER COLUMN n SET DEFAULT 7'),
        (
            "default-added",
            "o''n",
            "ALTER TABLE \"Straße\".\"order\" ALTER COLUMN state SET DEFAULT 'o''n'",
        ),
        (
            "length",
            "(2)",
            (
                'ALTER TABLE "Straße"."order" ALTER COLUMN c TYPE character varying(2) '
                "USING c::character varying(2)"
            ),
        ),
        (
            "precision",
            "(5,0)",
            (
                'ALTER TABLE "Straße"."order" ALTER COLUMN price TYPE numeric(5,0) '
                "USING price::numeric(5,0)"
            ),
        ),
        (
            "identity-kind",
            "",
            'ALTER TABLE "Straße"."order" ALTER COLUMN own SET GENERATED BY DEFAULT',
        ),
        ("generated-dropped", "", 'ALTER TABLE "Straße"."order" ALTER COLUMN sum DROP EXPRESSION'),
        ("sequence-owner", "", 'ALTER SEQUENCE x."S" OWNED BY NONE'),
        (
            "enum-label-added",
            "first",
            "ALTER TYPE x.\"State\" ADD VALUE 'pgassay other' BEFORE 'o''n'",
        ),
        ("enum-label-lost", "", "CREATE TYPE x.\"State\" AS ENUM ('off')"),
        ("enum-order", "", "CREATE TYPE x.\"State\" AS ENUM ('off', 'o''n')"),
        (
            "enum-order",
            "",
            (
                'ALTER TABLE "Straße"."order" ALTER COLUMN state TYPE x."State" '
                'USING state::text::x."State"'
            ),
        ),
        ("domain-not-null", "", 'ALTER DOMAIN x."D" DROP NOT NULL'),
        (
            "trigger-timing",
            "AFTER",
            (
                'CREATE TRIGGER "touch it" AFTER UPDATE ON "Straße"."order" FOR EACH ROW '
                "EXECUTE FUNCTION public.touch('a', \"b\")"
            ),
        ),
        (
            "trigger-state",
            "disabled",
            'ALTER TABLE "Straße"."order" DISABLE TRIGGER "touch it"',
        ),
        (
            "index-order",
            "",
            'CREATE INDEX "table" ON "Straße"."order" USING btree ("User" DESC, n) WHERE ((n > 0))',
        ),
        (
            "index-unique",
            "",
            (
                'CREATE UNIQUE INDEX "table" ON "Straße"."order" USING btree (n, "User" DESC) '
                "WHERE ((n > 0))"
            ),
        ),
        (
            "index-invalid",
            "",
            (
                "UPDATE pg_catalog.pg_index SET indisvalid = false "
                'WHERE indexrelid = \'"Straße"."table"\'::pg_catalog.regclass'
            ),
        ),
        ("policy-changed", "USING false", 'ALTER POLICY mine ON "Straße"."order" USING (false)'),
        ("grant-revoked", "SELECT", 'REVOKE SELECT ON TABLE "Straße"."order" FROM "Reader"'),
        ("row-security", "", 'ALTER TABLE "Straße"."order" DISABLE ROW LEVEL SECURITY'),
        (
            "view-query",
            "",
            'CREATE OR REPLACE VIEW x."V" AS SELECT * FROM ( SELECT 1 AS a) AS it WHERE false',
        ),
        (
            "function-body",
            "",
            "CREATE FUNCTION … AS $function$SELECT NULL::integer$function$\n",
        ),
    ],
)
def test_an_operator_plants_what_it_says(operator: str, change: str, sql: str) -> None:
    assert sql in planted(operator, change)


def test_a_key_that_others_refer_to_is_changed_between_two_changes_of_those() -> None:
    drop, change, again = planted("key-timing", "to deferrable")
    assert drop == 'ALTER TABLE "Straße"."order" DROP CONSTRAINT "select"'
    assert change.endswith("PRIMARY KEY (id) DEFERRABLE INITIALLY IMMEDIATE")
    assert again.endswith("MATCH SIMPLE ON DELETE SET NULL")


def test_every_action_is_swapped_for_each_other_one() -> None:
    found = [f for f in generate(CATALOG) if f.operator == "reference-on-delete"]
    assert {f.change for f in found} == {
        f"SET NULL to {action}" for action in Action if action is not Action.SET_NULL
    }


def test_what_changes_nothing_says_why() -> None:
    found = {f.name: f.explained for f in generate(CATALOG)}
    to_default = 'reference-on-delete: "Straße"."order"."select": SET NULL to SET DEFAULT'
    assert "no default" in found[to_default]
    assert found['reference-on-delete: "Straße"."order"."select": SET NULL to CASCADE'] == ""
    assert found['column-comment: "Straße"."order".n'] == "a comment"
    assert found['check-null: "Straße"."order"."Größe": NULL refused'] != ""


def test_names_of_faults_are_unique() -> None:
    names = [fault.name for fault in generate(CATALOG)]
    assert len(names) == len(set(names))


def test_every_family_applies_to_the_small_catalog_or_to_partitions() -> None:
    def faults(name: str) -> list[Fault]:
        return list(families()[name].faults(CATALOG))

    assert {name for name in families() if not faults(name)} == {"partitions"}


@pytest.mark.parametrize(
    ("expression", "operator", "expected"),
    [
        ("(n >= 1)", "check-comparison", {"(n > 1)"}),
        ("(n <> 1)", "check-comparison", {"(n = 1)"}),
        ("(n > 1)", "check-bound", {"(n > (0))", "(n > (2))"}),
        ("(n < 0.5)", "check-bound", {"(n < (0.4))", "(n < (0.6))"}),
        ("(n < 0.05)", "check-bound", {"(n < (0.04))", "(n < (0.06))"}),
        ("((a) AND (b))", "check-comparison", {"((a) OR (b))"}),
        (
            "(s = ANY (ARRAY['a,b'::text, 'it''s'::text]))",
            "check-list-shrunk",
            {"(s = ANY (ARRAY[ 'it''s'::text]))", "(s = ANY (ARRAY['a,b'::text]))"},
        ),
        (
            "(s = ANY (ARRAY['a'::text, 'abc'::text]))",
            "check-list-grown",
            {"(s = ANY (ARRAY['a'::text, 'abc'::text, 'ab!'::text]))"},
        ),
        ("(n = ANY (ARRAY[1, 20]))", "check-list-grown", {"(n = ANY (ARRAY[1, 20, 21]))"}),
    ],
)
def test_an_expression_is_changed_in_one_place(
    expression: str, operator: str, expected: set[str]
) -> None:
    assert {text for slug, _, text in mutations(expression) if slug == operator} == expected


@pytest.mark.parametrize("expression", ["(s <> '5 > 3 AND 1'::text)", '("a > 1" IS NULL)'])
def test_strings_and_quoted_names_are_left_alone(expression: str) -> None:
    texts = [text for slug, _, text in mutations(expression)]
    assert texts == ([expression.replace("<>", "=")] if "<>" in expression else [])


@pytest.mark.parametrize(
    ("bound", "moved"),
    [
        (
            "FOR VALUES FROM ('2026-11-01 00:00:00') TO ('2026-12-01 00:00:00')",
            "FOR VALUES FROM ('2026-10-31 00:00:00') TO ('2026-12-01 00:00:00')",
        ),
        (
            "FOR VALUES FROM ('2026-11-01') TO (MAXVALUE)",
            "FOR VALUES FROM ('2026-11-02') TO (MAXVALUE)",
        ),
        ("FOR VALUES FROM (0, 'x') TO (10, 'x')", "FOR VALUES FROM (0, 'x') TO (9, 'x')"),
    ],
)
def test_a_bound_moves_by_one_step(bound: str, moved: str) -> None:
    assert moved in [text for _, text in moved_bounds(bound)]


@pytest.mark.parametrize(
    "bound", ["DEFAULT", "FOR VALUES IN ('a')", "FOR VALUES FROM ('b') TO ('c')"]
)
def test_a_bound_without_steps_stays(bound: str) -> None:
    assert list(moved_bounds(bound)) == []


def test_a_partition_is_dropped_detached_and_moved() -> None:
    whole = Table(
        name=ORDER,
        columns=(Column(name="n", position=1, type=INTEGER),),
        partition_key=PartitionKey(
            strategy=PartitionStrategy.RANGE, columns=("n",), definition="RANGE (n)"
        ),
    )
    part = replace(
        whole,
        name=QualifiedName("Straße", "p"),
        partition_key=None,
        partition=Partition(parent=ORDER, bound="FOR VALUES FROM (0) TO (9)"),
    )
    catalog = Catalog(major=18, tables=(whole, part))
    found = {f.operator: f for f in families()["partitions"].faults(catalog)}
    assert set(found) == {
        "partition-dropped",
        "partition-detached",
        "partition-bound",
        "partition-default-added",
    }
    detach, attach = (s.sql for s in found["partition-bound"].statements)
    assert detach == 'ALTER TABLE "Straße"."order" DETACH PARTITION "Straße".p'
    assert attach.startswith('ALTER TABLE "Straße"."order" ATTACH PARTITION "Straße".p FOR VALUES')
