"""Catalogs in code: one that says something in every field, and short ways to make small ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgassay.core.catalog import (
    Action,
    Catalog,
    Column,
    ColumnType,
    CompositeType,
    Constraint,
    ConstraintKind,
    DefaultPrivileges,
    Domain,
    Enabled,
    EnumType,
    EventTrigger,
    ExtendedStatistics,
    Extension,
    Function,
    Index,
    IndexKey,
    Match,
    Partition,
    PartitionKey,
    PartitionStrategy,
    Persistence,
    Policy,
    Privilege,
    RangeType,
    Rule,
    Schema,
    Sequence,
    Table,
    TableKind,
    Trigger,
    TypeKind,
    View,
)
from pgassay.core.names import QualifiedName
from pgassay.drift.compare import compare
from pgassay.drift.policy import DriftPolicy

if TYPE_CHECKING:
    from pgassay.core.finding import Finding
    from pgassay.drift.fixpoint import Fixpoint

NO_POLICY = DriftPolicy()
TEXT = ColumnType(sql="text", name=QualifiedName("pg_catalog", "text"), base="text")
INTEGER = ColumnType(sql="integer", name=QualifiedName("pg_catalog", "int4"), base="int4")
BIGINT = ColumnType(sql="bigint", name=QualifiedName("pg_catalog", "int8"), base="int8")
TIME = ColumnType(
    sql="timestamp without time zone",
    name=QualifiedName("pg_catalog", "timestamp"),
    base="timestamp",
)
EMAIL = ColumnType(
    sql="character varying(255)",
    name=QualifiedName("pg_catalog", "varchar"),
    base="varchar",
    length=255,
)
PRICE = ColumnType(
    sql="numeric(10,2)[]",
    name=QualifiedName("pg_catalog", "numeric"),
    base="numeric",
    array=True,
    precision=10,
    scale=2,
)


def public(name: str) -> QualifiedName:
    return QualifiedName("public", name)


def drift(
    promised: Catalog,
    built: Catalog,
    *,
    policy: DriftPolicy = NO_POLICY,
    fixpoint: Fixpoint | None = None,
) -> tuple[Finding, ...]:
    return compare(
        promised,
        built,
        fixpoint=fixpoint,
        promised_by="models",
        built_by="migrations",
        policy=policy,
    )


def column(name: str, type_: ColumnType = INTEGER, **changes: Any) -> Column:
    return Column(name=name, position=changes.pop("position", 1), type=type_, **changes)


def columns(**types: ColumnType) -> tuple[Column, ...]:
    return tuple(column(n, t, position=p) for p, (n, t) in enumerate(types.items(), 1))


def primary_key(name: str, *names: str) -> tuple[Constraint, Index]:
    return unique(name, *names, kind=ConstraintKind.PRIMARY_KEY)


def unique(name: str, *names: str, **changes: Any) -> tuple[Constraint, Index]:
    kind = changes.pop("kind", ConstraintKind.UNIQUE)
    word = kind.value.upper()
    constraint = Constraint(
        name=name, kind=kind, columns=names, definition=f"{word} ({', '.join(names)})", index=name
    )
    index = Index(
        name=name,
        method="btree",
        keys=tuple(IndexKey(column=n) for n in names),
        unique=True,
        constraint=name,
        definition=f"CREATE UNIQUE INDEX {name} …",
    )
    return constraint, replace(index, **changes)


def index(name: str, *names: str, **changes: Any) -> Index:
    keys = tuple(IndexKey(column=n) for n in names)
    return Index(**{"name": name, "method": "btree", "keys": keys, "definition": "…"} | changes)


def check(name: str, expression: str, *names: str, **changes: Any) -> Constraint:
    return Constraint(
        name=name,
        kind=ConstraintKind.CHECK,
        columns=names,
        expression=expression,
        definition=f"CHECK ({expression})",
        **changes,
    )


def foreign_key(name: str, column_: str, table_: str, **changes: Any) -> Constraint:
    return Constraint(
        name=name,
        kind=ConstraintKind.FOREIGN_KEY,
        columns=(column_,),
        references=public(table_),
        referenced_columns=("id",),
        definition=f"FOREIGN KEY ({column_}) REFERENCES public.{table_} (id)",
        **changes,
    )


def trigger(name: str, table_: str, **changes: Any) -> Trigger:
    text = f"CREATE TRIGGER {name} BEFORE UPDATE ON public.{table_} FOR EACH ROW "
    fields: dict[str, Any] = {
        "name": name,
        "definition": text + "EXECUTE FUNCTION public.touch()",
        "function": public("touch"),
        "timing": "BEFORE",
        "events": ("UPDATE",),
        "for_each_row": True,
    }
    return Trigger(**fields | changes)


def table(name: str, **changes: Any) -> Table:
    fields: dict[str, Any] = {"name": public(name), "columns": columns(id=INTEGER, email=EMAIL)}
    return Table(**fields | changes)


def serial(table_: str, column_: str, name: str | None = None, **changes: Any) -> Sequence:
    fields: dict[str, Any] = {
        "name": public(name or f"{table_}_{column_}_seq"),
        "type": "integer",
        "start": 1,
        "minimum": 1,
        "maximum": 2**31 - 1,
        "increment": 1,
        "owned_by": public(table_),
        "owned_column": column_,
    }
    return Sequence(**fields | changes)


def database(*tables: Table, **changes: Any) -> Catalog:
    return Catalog(**{"major": 18, "tables": tables} | changes)


def months(parent: Table, *starts: str, **changes: Any) -> tuple[Table, ...]:
    """Monthly partitions of a table, which begin on those days (`2026-01`)."""
    return tuple(
        partition(
            parent, f"{parent.name.name}_{start.replace('-', '_')}", monthly(start), **changes
        )
        for start in starts
    )


def monthly(start: str) -> str:
    year, month = map(int, start.split("-"))
    after = f"{year + month // 12}-{month % 12 + 1:02}"
    return f"FOR VALUES FROM ('{start}-01 00:00:00') TO ('{after}-01 00:00:00')"


def partition(parent: Table, name: str, bound: str, **changes: Any) -> Table:
    """A partition as the server makes it: everything of its parent, under names it makes up."""
    fields: dict[str, Any] = {
        "name": public(name),
        "columns": tuple(
            replace(c, inherited=True, comment=None, identity=None) for c in parent.columns
        ),
        "constraints": tuple(
            replace(c, inherited=True, name=f"{name}_{n}")
            if c.index
            else replace(c, inherited=True)
            for n, c in enumerate(parent.constraints)
        ),
        "indexes": tuple(
            replace(
                i,
                name=f"{name}_{i.name}",
                parent=QualifiedName(parent.name.schema, i.name),
                constraint=i.constraint
                and f"{name}_{[c.name for c in parent.constraints].index(i.constraint)}",
            )
            for i in parent.indexes
        ),
        "triggers": tuple(replace(t, inherited=True) for t in parent.triggers),
        "partition": Partition(parent=parent.name, bound=bound),
    }
    return Table(**fields | changes)


def partitioned(name: str = "events") -> Table:
    """A table partitioned by month, with everything that a partition has of it."""
    key, key_index = primary_key(f"{name}_pkey", "id", "at")
    return table(
        name,
        kind=TableKind.PARTITIONED,
        columns=(
            *columns(id=BIGINT, at=TIME, kind=TEXT)[:2],
            column("kind", TEXT, position=3, default="'a'::text", comment="what happened"),
        ),
        constraints=(key, check("kind_known", "(kind <> ''::text)", "kind")),
        indexes=(key_index, index("events_kind", "kind")),
        triggers=(trigger("touch", name),),
        partition_key=PartitionKey(
            strategy=PartitionStrategy.RANGE, columns=("at",), definition="RANGE (at)"
        ),
    )


def family(*starts: str, default: bool = True, **changes: Any) -> tuple[Table, ...]:
    """A table by month with its partitions."""
    parent = partitioned()
    extra = (partition(parent, "events_default", "DEFAULT"),) if default else ()
    return (parent, *months(parent, *starts, **changes), *extra)


READ = Privilege(grantee="reader", privilege="SELECT")


def everything() -> Catalog:
    """A catalog in which every field of every dataclass says something."""
    key, key_index = primary_key("pk_users", "id")
    exclusion = Constraint(
        name="no_overlap",
        kind=ConstraintKind.EXCLUSION,
        columns=("id",),
        operators=("=",),
        index="no_overlap",
        definition="EXCLUDE USING gist (id WITH =)",
        deferrable=True,
        initially_deferred=True,
    )
    users = table(
        "users",
        columns=(
            column("id", BIGINT, position=1, not_null=True, identity="ALWAYS"),
            column(
                "email",
                EMAIL,
                position=2,
                default="''::character varying",
                collation=QualifiedName("pg_catalog", "C"),
                storage="EXTERNAL",
                compression="pglz",
                statistics_target=100,
                options=("n_distinct=5",),
                privileges=(READ,),
                comment="sensitive",
            ),
            column("prices", PRICE, position=3),
            column("twice", INTEGER, position=4, generated="(id * 2)"),
            column("thrice", INTEGER, position=5, generated="(id * 3)", generated_virtual=True),
            column(
                "status",
                ColumnType(
                    sql="public.status",
                    name=public("status"),
                    kind=TypeKind.ENUM,
                    base="status",
                ),
                position=6,
            ),
        ),
        constraints=(
            key,
            check("ck_users_email", "(length((email)::text) > 3)", "email", comment="an address"),
            replace(check("ck_users_id", "(id > 0)", "id"), no_inherit=True, validated=False),
            exclusion,
            Constraint(
                name="uq_users_email",
                kind=ConstraintKind.UNIQUE,
                columns=("email", "id"),
                definition="UNIQUE NULLS NOT DISTINCT (email, id)",
                nulls_not_distinct=True,
                index="uq_users_email",
            ),
            Constraint(
                name="email not null",
                kind=ConstraintKind.NOT_NULL,
                columns=("email",),
                definition="NOT NULL email NO INHERIT",
                no_inherit=True,
            ),
        ),
        indexes=(
            key_index,
            Index(
                name="no_overlap",
                method="gist",
                keys=(IndexKey(column="id"),),
                constraint="no_overlap",
                definition="…",
            ),
            replace(
                unique("uq_users_email", "email", "id", nulls_not_distinct=True)[1],
                clustered=True,
                comment="the natural key",
            ),
            Index(
                name="ix_users_email",
                method="btree",
                keys=(
                    IndexKey(
                        expression="lower((email)::text)",
                        opclass="text_pattern_ops",
                        opclass_options=("siglen=4",),
                        collation=QualifiedName("pg_catalog", "C"),
                        descending=True,
                        nulls_first=True,
                        statistics_target=50,
                    ),
                    IndexKey(column="id"),
                ),
                include=("status",),
                predicate="(id > 10)",
                options=("fillfactor=70",),
                comment="for search",
                definition="…",
            ),
        ),
        triggers=(
            trigger(
                "touch",
                "users",
                columns=("email",),
                condition="(old.id > 1)",
                comment="keeps the time",
                enabled=Enabled.ALWAYS,
                definition="CREATE TRIGGER touch BEFORE UPDATE OF email ON public.users "
                "FOR EACH ROW WHEN ((old.id > 1)) EXECUTE FUNCTION public.touch('a')",
            ),
            trigger(
                "late",
                "users",
                timing="AFTER",
                constraint=True,
                deferrable=True,
                initially_deferred=True,
            ),
        ),
        policies=(
            Policy(
                name="own",
                command="UPDATE",
                permissive=False,
                roles=("reader", "writer"),
                using="(id > 1)",
                check="(id > 2)",
                comment="own rows",
            ),
        ),
        rules=(
            Rule(
                name="no_delete",
                definition="CREATE RULE no_delete AS\n    ON DELETE TO public.users DO NOTHING;",
                enabled=Enabled.DISABLED,
                comment="kept",
            ),
        ),
        statistics=(
            ExtendedStatistics(
                name=public("linked"),
                definition="CREATE STATISTICS public.linked ON id, email FROM public.users",
                target=200,
                comment="they go together",
            ),
        ),
        persistence=Persistence.UNLOGGED,
        access_method="columnar",
        options=("autovacuum_enabled=false", "fillfactor=80"),
        replica_identity="uq_users_email",
        row_security=True,
        force_row_security=True,
        privileges=(READ, Privilege(grantee="writer", privilege="INSERT", grantable=True)),
        comment="who they are",
    )
    orders = table(
        "orders",
        columns=columns(id=INTEGER, user_id=BIGINT, at=TIME),
        constraints=(
            foreign_key(
                "fk_orders_user",
                "user_id",
                "users",
                on_delete=Action.SET_NULL,
                on_update=Action.CASCADE,
                match=Match.FULL,
                set_columns=("user_id",),
            ),
            foreign_key("fk_later", "id", "users", validated=False, enforced=False),
            Constraint(
                name="pk_orders",
                kind=ConstraintKind.PRIMARY_KEY,
                columns=("id", "at"),
                definition="PRIMARY KEY (id, at WITHOUT OVERLAPS)",
                without_overlaps=True,
                index="pk_orders",
            ),
        ),
        indexes=(
            Index(
                name="pk_orders",
                method="gist",
                keys=(IndexKey(column="id"), IndexKey(column="at")),
                unique=True,
                constraint="pk_orders",
                definition="…",
            ),
        ),
    )
    child = table(
        "child",
        columns=(column("id", INTEGER, inherited=True),),
        constraints=(replace(check("kept", "(id > 0)", "id"), inherited=True),),
        inherits=(public("orders"),),
    )
    typed = table("typed", columns=columns(x=INTEGER), of_type=public("pair"))
    remote = table("remote", kind=TableKind.FOREIGN, server="far", options=("table_name=Remote",))
    return Catalog(
        major=18,
        schemas=(
            Schema(name="public"),
            Schema(name="shop", privileges=(READ,), comment="what is sold"),
        ),
        extensions=(Extension(name="citext", schema="public", version="1.6", comment="stock"),),
        enums=(
            EnumType(
                name=public("status"),
                labels=("open", "paid", "gone, for good"),
                privileges=(READ,),
                comment="of an order",
            ),
        ),
        domains=(
            Domain(
                name=public("email"),
                type=EMAIL,
                not_null=True,
                default="'n/a'::character varying",
                collation=QualifiedName("pg_catalog", "C"),
                constraints=(check("has_at", "((VALUE)::text ~~ '%@%'::text)"),),
                privileges=(READ,),
                comment="an address",
            ),
        ),
        composites=(
            CompositeType(
                name=public("pair"),
                columns=columns(one=INTEGER, two=TEXT),
                privileges=(READ,),
                comment="two",
            ),
        ),
        ranges=(
            RangeType(
                name=public("textrange"),
                subtype="text",
                multirange=public("textmultirange"),
                collation=QualifiedName("pg_catalog", "C"),
                opclass="text_pattern_ops",
                canonical=public("canonical"),
                subtype_diff=public("difference"),
                privileges=(READ,),
                comment="from a to b",
            ),
        ),
        sequences=(
            Sequence(
                name=public("numbers"),
                type="integer",
                start=20,
                minimum=10,
                maximum=1000,
                increment=5,
                cache=3,
                cycle=True,
                persistence=Persistence.UNLOGGED,
                privileges=(READ,),
                comment="of invoices",
            ),
            serial("orders", "id"),
            serial("users", "id", identity=True),
        ),
        tables=(child, orders, remote, typed, users, *family("2026-01", "2026-02", "2026-03")),
        views=(
            View(
                name=public("totals"),
                definition=" SELECT id\n   FROM public.users;",
                columns=(column("id", BIGINT, comment="of the user"),),
                materialised=True,
                populated=False,
                indexes=(index("totals_by_id", "id"),),
                statistics=(
                    ExtendedStatistics(
                        name=public("of_totals"),
                        definition="CREATE STATISTICS public.of_totals ON id, n FROM public.totals",
                    ),
                ),
                options=("fillfactor=50",),
                privileges=(READ,),
                comment="sums",
            ),
            View(
                name=public("writable"),
                definition=" SELECT id\n   FROM public.orders;",
                columns=(column("id", INTEGER, default="7"),),
                triggers=(trigger("writes", "writable", timing="INSTEAD OF"),),
                rules=(Rule(name="also", definition="CREATE RULE also AS …"),),
            ),
        ),
        functions=(
            Function(
                name=public("touch"),
                arguments="",
                returns="trigger",
                language="plpgsql",
                definition="CREATE OR REPLACE FUNCTION public.touch()\n RETURNS trigger\n"
                "AS $$begin\n\tnew.at := now();  \n\n  return new;\nend$$\n",
                security_definer=True,
                volatility="stable",
                settings=("search_path=pg_catalog, pg_temp",),
                privileges=(Privilege(grantee="PUBLIC", privilege="EXECUTE", revoked=True),),
                comment="keeps the time",
            ),
        ),
        event_triggers=(
            EventTrigger(
                name="on_ddl",
                event="ddl_command_end",
                function=public("on_ddl"),
                tags=("CREATE TABLE",),
                enabled=Enabled.REPLICA,
                comment="watches",
            ),
        ),
        default_privileges=(
            DefaultPrivileges(
                role="owner", schema="shop", object_type="TABLES", privileges=(READ,)
            ),
            DefaultPrivileges(
                role="owner", schema=None, object_type="FUNCTIONS", privileges=(READ,)
            ),
        ),
    )
