"""The catalog: what a database is. Plain data, ordered, comparable, serialisable.

A `Catalog` is read from `pg_catalog` by `pgassay.postgres` and never written by hand. Expressions
are the server's own deparsed text, read with an empty `search_path`, so every name in them is
qualified. Sequences of children are sorted by name, except where order is meaning: columns of a
table (by position), of a key and of an index, labels of an enum, attributes of a composite type.

Defaults are chosen so that a field that says nothing is left out when a catalog is serialised.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pgassay.core.names import QualifiedName  # noqa: TC001 - the codec resolves annotations

if TYPE_CHECKING:
    from collections.abc import Iterator


class TypeKind(StrEnum):
    """`pg_type.typtype` in words; of the element type where the column is an array."""

    BASE = "base"
    ENUM = "enum"
    DOMAIN = "domain"
    COMPOSITE = "composite"
    RANGE = "range"
    MULTIRANGE = "multirange"
    PSEUDO = "pseudo"


class TableKind(StrEnum):
    """`pg_class.relkind` of what holds rows."""

    ORDINARY = "ordinary"
    PARTITIONED = "partitioned"
    FOREIGN = "foreign"


class Persistence(StrEnum):
    """`pg_class.relpersistence`; temporary relations are not part of a catalog."""

    PERMANENT = "permanent"
    UNLOGGED = "unlogged"


class ConstraintKind(StrEnum):
    """`pg_constraint.contype`, trigger constraints left out."""

    PRIMARY_KEY = "primary key"
    UNIQUE = "unique"
    FOREIGN_KEY = "foreign key"
    CHECK = "check"
    EXCLUSION = "exclusion"
    NOT_NULL = "not null"


class Action(StrEnum):
    """A referential action (CREATE TABLE, REFERENCES)."""

    NO_ACTION = "NO ACTION"
    RESTRICT = "RESTRICT"
    CASCADE = "CASCADE"
    SET_NULL = "SET NULL"
    SET_DEFAULT = "SET DEFAULT"


class Match(StrEnum):
    """The match type of a foreign key."""

    SIMPLE = "SIMPLE"
    FULL = "FULL"


class PartitionStrategy(StrEnum):
    """`pg_partitioned_table.partstrat`."""

    RANGE = "RANGE"
    LIST = "LIST"
    HASH = "HASH"


class Enabled(StrEnum):
    """When a trigger or a rule fires (`tgenabled`, `ev_enabled`)."""

    ORIGIN = "origin"
    DISABLED = "disabled"
    REPLICA = "replica"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class Privilege:
    """One right of one grantee, as it differs from what a new object has.

    The owner's own rights are not listed, nor are the rights that PUBLIC has by default (EXECUTE
    on functions, USAGE on types). Where such a right was taken away it is listed with `revoked`,
    the owner's among them under the owner's name.
    `privilege` is PostgreSQL's word (SELECT, USAGE, …), `grantee` a role name or `PUBLIC`.
    """

    grantee: str
    privilege: str
    grantable: bool = False
    revoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnType:
    """A type with its modifiers.

    `sql` is what `format_type` says. `name` and `kind` are of the element type of an array.
    `base` is the base type's name (`pg_type.typname`) after every domain is unwrapped: for an
    ordinary type the same as `name.name`. `length` is in characters (bits for bit types),
    `precision` and `scale` are numeric's, or the fractional seconds of a time type.
    For an array column, `array` is true and the modifiers are the element's.
    """

    sql: str
    name: QualifiedName
    kind: TypeKind = TypeKind.BASE
    base: str
    array: bool = False
    length: int | None = None
    precision: int | None = None
    scale: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table, a view or a composite type.

    `position` counts from 1 over the columns that exist, is informational, and never compared.
    `default` is the default expression; `generated` the generation expression, and then
    `default` is None. `identity` is `ALWAYS`, `BY DEFAULT` or None; the sequence behind it is in
    `Catalog.sequences`, with `identity=True`. `collation` only if it is not the type's own,
    `storage` and `compression` only if they are not the type's or the server's default.
    `inherited` is true where a parent declares the column and the table does not (attislocal).
    """

    name: str
    position: int
    type: ColumnType
    not_null: bool = False
    default: str | None = None
    identity: str | None = None
    generated: str | None = None
    generated_virtual: bool = False
    collation: QualifiedName | None = None
    storage: str | None = None
    compression: str | None = None
    statistics_target: int | None = None
    options: tuple[str, ...] = ()
    inherited: bool = False
    privileges: tuple[Privilege, ...] = ()
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """One constraint of a table or a domain.

    `definition` is `pg_get_constraintdef`. `columns` are the constrained ones in key order.
    `expression` is a CHECK's expression without the word CHECK and its outer parentheses.
    For a foreign key: `references`, `referenced_columns`, `on_delete`, `on_update`, `match`,
    `set_columns` (ON DELETE SET NULL (a, b)). `index` is the name of the index that a primary
    key, unique or exclusion constraint owns. `operators` are an exclusion constraint's, in key
    order. `inherited` is true where the constraint only comes from a parent (partitions).
    NOT NULL constraints are listed from PostgreSQL 18 on, and only where their name is not the
    one the server would have made up or they are not validated or NO INHERIT.
    """

    name: str
    kind: ConstraintKind
    columns: tuple[str, ...] = ()
    definition: str
    expression: str | None = None
    references: QualifiedName | None = None
    referenced_columns: tuple[str, ...] = ()
    on_delete: Action = Action.NO_ACTION
    on_update: Action = Action.NO_ACTION
    match: Match = Match.SIMPLE
    set_columns: tuple[str, ...] = ()
    deferrable: bool = False
    initially_deferred: bool = False
    validated: bool = True
    enforced: bool = True
    nulls_not_distinct: bool = False
    without_overlaps: bool = False
    no_inherit: bool = False
    operators: tuple[str, ...] = ()
    index: str | None = None
    inherited: bool = False
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexKey:
    """One key of an index: a column or an expression.

    `opclass` only if it is not the default one of the access method for the type;
    `collation` only if it is not the column's. `descending` and `nulls_first` are as stored:
    an ascending btree key has neither, a descending one both unless NULLS LAST was said.
    """

    column: str | None = None
    expression: str | None = None
    opclass: str | None = None
    opclass_options: tuple[str, ...] = ()
    collation: QualifiedName | None = None
    descending: bool = False
    nulls_first: bool = False
    statistics_target: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """One index. `definition` is `pg_get_indexdef` (ONLY of partitioned ones removed).

    `constraint` names the constraint that owns it. `parent` is the partitioned index it is
    attached to. `valid` is indisvalid and indisready and indislive.
    """

    name: str
    method: str
    keys: tuple[IndexKey, ...]
    include: tuple[str, ...] = ()
    predicate: str | None = None
    unique: bool = False
    nulls_not_distinct: bool = False
    valid: bool = True
    constraint: str | None = None
    parent: QualifiedName | None = None
    options: tuple[str, ...] = ()
    clustered: bool = False
    definition: str
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """One trigger that a person made. `definition` is `pg_get_triggerdef`.

    `inherited` is true for the copy that a partitioned parent's trigger has on a partition.
    """

    name: str
    definition: str
    function: QualifiedName
    timing: str
    events: tuple[str, ...]
    columns: tuple[str, ...] = ()
    for_each_row: bool
    condition: str | None = None
    constraint: bool = False
    deferrable: bool = False
    initially_deferred: bool = False
    enabled: Enabled = Enabled.ORIGIN
    inherited: bool = False
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One row-level security policy."""

    name: str
    command: str
    permissive: bool = True
    roles: tuple[str, ...] = ("PUBLIC",)
    using: str | None = None
    check: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rewrite rule, views' own excluded. `definition` is `pg_get_ruledef`."""

    name: str
    definition: str
    enabled: Enabled = Enabled.ORIGIN
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendedStatistics:
    """One CREATE STATISTICS object. `definition` is `pg_get_statisticsobjdef`."""

    name: QualifiedName
    definition: str
    target: int | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionKey:
    """How a partitioned table is divided.

    `definition` is `pg_get_partkeydef`; `columns` holds None where the key is an expression.
    """

    strategy: PartitionStrategy
    columns: tuple[str | None, ...]
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """What makes a table a partition: its parent and its bound.

    `bound` is the deparsed text (`FOR VALUES FROM ('…') TO ('…')` or `DEFAULT`).
    """

    parent: QualifiedName
    bound: str

    @property
    def is_default(self) -> bool:
        """Whether it takes what no other partition does."""
        return self.bound == "DEFAULT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: ordinary, partitioned, a partition, or foreign.

    `options` are storage parameters (`reloptions`, those of its TOAST table as `toast.…`) as
    `name=value`, and the options of a foreign table. `access_method` only if it is not heap,
    `replica_identity` only if it is not the default (FULL, NOTHING, or the index name).
    `of_type` is the composite type of a typed table, `server` a foreign table's.
    """

    name: QualifiedName
    kind: TableKind = TableKind.ORDINARY
    columns: tuple[Column, ...]
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    policies: tuple[Policy, ...] = ()
    rules: tuple[Rule, ...] = ()
    statistics: tuple[ExtendedStatistics, ...] = ()
    partition_key: PartitionKey | None = None
    partition: Partition | None = None
    inherits: tuple[QualifiedName, ...] = ()
    persistence: Persistence = Persistence.PERMANENT
    access_method: str | None = None
    options: tuple[str, ...] = ()
    replica_identity: str | None = None
    row_security: bool = False
    force_row_security: bool = False
    of_type: QualifiedName | None = None
    server: str | None = None
    privileges: tuple[Privilege, ...] = ()
    comment: str | None = None

    def column(self, name: str) -> Column:
        """Return the column of that name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def of_kind(self, kind: ConstraintKind) -> tuple[Constraint, ...]:
        """Return its constraints of one kind."""
        return tuple(c for c in self.constraints if c.kind is kind)

    @property
    def primary_key(self) -> Constraint | None:
        """Its primary key, if it has one."""
        return next(iter(self.of_kind(ConstraintKind.PRIMARY_KEY)), None)

    @property
    def foreign_keys(self) -> tuple[Constraint, ...]:
        """Its foreign keys."""
        return self.of_kind(ConstraintKind.FOREIGN_KEY)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view or a materialised view. `definition` is `pg_get_viewdef`."""

    name: QualifiedName
    definition: str
    columns: tuple[Column, ...]
    materialised: bool = False
    populated: bool = True
    indexes: tuple[Index, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    rules: tuple[Rule, ...] = ()
    statistics: tuple[ExtendedStatistics, ...] = ()
    options: tuple[str, ...] = ()
    privileges: tuple[Privilege, ...] = ()
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """One sequence. `owned_by` is the table and column that it goes with."""

    name: QualifiedName
    type: str
    start: int
    minimum: int
    maximum: int
    increment: int
    cache: int = 1
    cycle: bool = False
    owned_by: QualifiedName | None = None
    owned_column: str | None = None
    identity: bool = False
    persistence: Persistence = Persistence.PERMANENT
    privileges: tuple[Privilege, ...] = ()
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumType:
    """One enum type; the order of its labels is their sort order."""

    name: QualifiedName
    labels: tuple[str, ...]
    privileges: tuple[Privilege, ...] = ()
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """One domain over `type`."""

    name: QualifiedName
    type: ColumnType
    not_null: bool = False
    default: str | None = None
    collation: QualifiedName | None = None
    constraints: tuple[Constraint, ...] = ()
    privileges: tuple[Privilege, ...] = ()
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompositeType:
    """One stand-alone composite type."""

    name: QualifiedName
    columns: tuple[Column, ...]
    privileges: tuple[Privilege, ...] = ()
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeType:
    """One range type that a person made."""

    name: QualifiedName
    subtype: str
    multirange: QualifiedName
    collation: QualifiedName | None = None
    opclass: str | None = None
    canonical: QualifiedName | None = None
    subtype_diff: QualifiedName | None = None
    privileges: tuple[Privilege, ...] = ()
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One function, procedure or aggregate. `definition` is `pg_get_functiondef`.

    `arguments` is `pg_get_function_identity_arguments`: with the name, the identity.
    An aggregate has no `pg_get_functiondef`; its definition is rendered from `pg_aggregate`.
    """

    name: QualifiedName
    arguments: str
    kind: str = "function"
    returns: str | None = None
    language: str
    definition: str
    security_definer: bool = False
    volatility: str = "volatile"
    settings: tuple[str, ...] = ()
    privileges: tuple[Privilege, ...] = ()
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """One installed extension. The version is told, and not compared between majors."""

    name: str
    schema: str
    version: str
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """One schema. `public` is listed like any other; its stock comment and rights are not."""

    name: str
    privileges: tuple[Privilege, ...] = ()
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultPrivileges:
    """ALTER DEFAULT PRIVILEGES: what objects made later will grant."""

    role: str
    schema: str | None
    object_type: str
    privileges: tuple[Privilege, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTrigger:
    """One event trigger."""

    name: str
    event: str
    function: QualifiedName
    tags: tuple[str, ...] = ()
    enabled: Enabled = Enabled.ORIGIN
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Everything a database is, without its rows.

    `major` is the server's major version: where the catalog was read, never compared.
    Members of extensions, temporary relations and TOAST are left out.
    """

    major: int
    schemas: tuple[Schema, ...] = ()
    extensions: tuple[Extension, ...] = ()
    enums: tuple[EnumType, ...] = ()
    domains: tuple[Domain, ...] = ()
    composites: tuple[CompositeType, ...] = ()
    ranges: tuple[RangeType, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    tables: tuple[Table, ...] = ()
    views: tuple[View, ...] = ()
    functions: tuple[Function, ...] = ()
    event_triggers: tuple[EventTrigger, ...] = ()
    default_privileges: tuple[DefaultPrivileges, ...] = ()

    def table(self, name: QualifiedName) -> Table:
        """Return the table of that name; KeyError if there is none."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(str(name))

    def roots(self) -> Iterator[Table]:
        """Yield the tables that are not partitions."""
        return (table for table in self.tables if table.partition is None)

    def partitions_of(self, name: QualifiedName) -> tuple[Table, ...]:
        """Return the direct partitions of a table, by name."""
        return tuple(t for t in self.tables if t.partition and t.partition.parent == name)

    def enum(self, name: QualifiedName) -> EnumType:
        """Return the enum type of that name; KeyError if there is none."""
        for enum in self.enums:
            if enum.name == name:
                return enum
        raise KeyError(str(name))

    def domain(self, name: QualifiedName) -> Domain:
        """Return the domain of that name; KeyError if there is none."""
        for domain in self.domains:
            if domain.name == name:
                return domain
        raise KeyError(str(name))
