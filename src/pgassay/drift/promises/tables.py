"""What is promised of tables, and of what belongs to them."""

from __future__ import annotations

from pgassay.core.catalog import (
    Column,
    ColumnType,
    Constraint,
    ExtendedStatistics,
    Index,
    IndexKey,
    Partition,
    PartitionKey,
    Policy,
    Rule,
    Table,
    Trigger,
)
from pgassay.core.names import quote
from pgassay.drift.fixpoint import Place
from pgassay.drift.promises.promise import (
    COMMENT,
    GRANTS,
    Promise,
    Thing,
    children,
    columns_text,
    flag,
    last,
    listed,
    name,
    silent,
    unordered,
    value,
)

_DEFINITION_REPEATS = "deparsed from the other fields, each of which is compared"
_TRIGGER_STATE = "a trigger that does not fire is a rule that nobody keeps"


def _key_text(key: object) -> str:
    assert isinstance(key, IndexKey)
    parts = [quote(key.column) if key.column is not None else str(key.expression)]
    if key.collation:
        parts.append(f"COLLATE {key.collation.sql}")
    if key.opclass:
        options = f" ({', '.join(key.opclass_options)})" if key.opclass_options else ""
        parts.append(key.opclass + options)
    if key.descending:
        parts.append("DESC")
    if key.nulls_first != key.descending:
        parts.append("NULLS FIRST" if key.nulls_first else "NULLS LAST")
    if key.statistics_target is not None:
        parts.append(f"STATISTICS {key.statistics_target}")
    return " ".join(parts)


def keys_text(value: object) -> str:
    """Return the keys of an index as CREATE INDEX writes them."""
    assert isinstance(value, tuple)
    return f"({', '.join(map(_key_text, value))})"


def _constraint_word(constraint: object) -> str:
    assert isinstance(constraint, Constraint)
    return constraint.kind.value


def _table_word(table: object) -> str:
    assert isinstance(table, Table)
    return "partition" if table.partition else "table"


def _type_text(type_: object) -> str:
    assert isinstance(type_, ColumnType)
    return type_.sql


def _key_definition(key: object) -> str:
    assert isinstance(key, PartitionKey)
    return key.definition


def _partition_text(partition: object) -> str:
    assert isinstance(partition, Partition)
    return f"PARTITION OF {partition.parent} {partition.bound}"


TYPE: Promise = value(
    "type",
    "another type takes other values, sorts and compares otherwise, and breaks what reads it",
    lead="",
    text=_type_text,
    by=_type_text,
)

_COLUMN = {
    "name": name(),
    "position": silent("order matters in keys and enums, not in a table; told as information"),
    "type": TYPE,
    "not_null": flag(
        "nullability",
        "code that relies on a value meets NULL, or an insert that was fine is refused",
        yes="NOT NULL",
        no="nullable",
    ),
    "default": value(
        "default",
        "rows inserted without this column get another value, or are refused",
        place=Place.DEFAULT,
    ),
    "identity": value(
        "identity",
        "it decides whether the server numbers the rows and whether an explicit number is refused",
        lead="GENERATED AS IDENTITY",
    ),
    "generated": value(
        "generation expression",
        "the server computes other values for this column",
        lead="GENERATED ALWAYS AS",
        none="not generated",
        place=Place.GENERATED,
    ),
    "generated_virtual": flag(
        "generation",
        "a virtual column is computed when read and takes no index; a stored one takes space",
        yes="VIRTUAL",
        no="STORED",
    ),
    "collation": value(
        "collation",
        "it decides order and equality of the text, and which queries an index serves",
        lead="COLLATE",
    ),
    "storage": value("storage", "it decides whether long values are compressed or moved out"),
    "compression": value("compression", "it decides the size and the cost of long values"),
    "statistics_target": value(
        "statistics target", "the planner estimates this column with more or fewer statistics"
    ),
    "options": unordered("column options", "the planner estimates this column differently"),
    "inherited": flag(
        "inheritance of the column",
        "dropping the parent's column takes an inherited one along, and leaves a local one",
        yes="inherited only",
        no="declared locally",
    ),
    "privileges": GRANTS,
    "comment": COMMENT,
}

_CONSTRAINT = {
    "name": name(),
    "kind": value("kind", "another kind of constraint accepts and refuses other rows", lead=""),
    "columns": value(
        "columns", "it holds for other columns, or in another order", lead="", text=columns_text
    ),
    "definition": silent(_DEFINITION_REPEATS),
    "expression": value(
        "expression", "rows that should be refused are accepted, or the reverse",
        place=Place.CHECK, lead="CHECK",
    ),
    "references": value("referenced table", "it points to other rows", lead="REFERENCES"),
    "referenced_columns": value(
        "referenced columns", "it points to other keys", lead="REFERENCES", text=columns_text
    ),
    "on_delete": value(
        "on delete", "deleting the parent row takes other rows with it, or none, or is refused"
    ),
    "on_update": value("on update", "changing the parent's key changes other rows, or is refused"),
    "match": value("match", "a key that is NULL in part is accepted or refused"),
    "set_columns": value(
        "set columns",
        "deleting the parent row empties other columns",
        lead="sets only",
        none="sets all columns of the key",
        text=columns_text,
    ),
    "deferrable": flag(
        "deferrability",
        "transactions that write both sides in the wrong order are refused at once, or it no "
        "longer serves ON CONFLICT or as the target of a foreign key",
        yes="DEFERRABLE",
        no="NOT DEFERRABLE",
    ),
    "initially_deferred": flag(
        "initial deferral",
        "the refusal comes at COMMIT instead of at the statement, or the reverse",
        yes="INITIALLY DEFERRED",
        no="INITIALLY IMMEDIATE",
    ),
    "validated": flag(
        "validation", "rows that break it may be there already", yes="validated", no="NOT VALID"
    ),
    "enforced": flag(
        "enforcement", "rows that break it are accepted", yes="ENFORCED", no="NOT ENFORCED"
    ),
    "nulls_not_distinct": flag(
        "treatment of NULLs",
        "several rows without a value are accepted or refused",
        yes="NULLS NOT DISTINCT",
        no="NULLS DISTINCT",
    ),
    "without_overlaps": flag(
        "temporal key",
        "periods that overlap are accepted or refused",
        yes="WITHOUT OVERLAPS",
        no="no WITHOUT OVERLAPS",
    ),
    "no_inherit": flag(
        "inheritance of the constraint", "child tables take rows that the parent refuses",
        yes="NO INHERIT", no="inherited by children",
    ),
    "operators": value("operators", "other pairs of rows exclude each other", lead="WITH",
                       text=listed),
    "index": silent("its index is compared among the indexes, and says whose it is"),
    "inherited": flag(
        "origin of the constraint",
        "dropping the parent's constraint takes an inherited one along, and leaves a local one",
        yes="inherited only",
        no="declared locally",
    ),
    "comment": COMMENT,
}  # fmt: skip

_INDEX = {
    "name": name(),
    "method": value("method", "other operators can use it", lead="USING"),
    "keys": value(
        "keys", "queries that need it cannot use it, or no longer for sorting", lead="",
        text=keys_text,
    ),
    "include": value("included columns", "index-only scans read the table again", lead="INCLUDE",
                     none="no INCLUDE", text=columns_text),
    "predicate": value(
        "predicate", "it covers other rows: queries lose it, or uniqueness holds for other rows",
        lead="WHERE", none="no WHERE", place=Place.PREDICATE,
    ),
    "unique": flag("uniqueness", "duplicates are accepted or refused", yes="UNIQUE",
                   no="not unique"),
    "nulls_not_distinct": _CONSTRAINT["nulls_not_distinct"],
    "valid": flag(
        "validity", "an invalid index costs every write and serves no query; a unique one does "
        "not hold for the rows that were there", yes="valid", no="INVALID",
    ),
    "constraint": value("owning constraint", "it goes with another constraint, or with none",
                        lead="owned by constraint", none="owned by no constraint"),
    "parent": value("parent index", "it is not the partition's part of the parent's index",
                    lead="attached to", none="attached to no index"),
    "options": unordered("storage parameters", "it fills and is kept up differently", lead="WITH"),
    "clustered": flag("clustering", "CLUSTER without an index name takes another one",
                      yes="marked for CLUSTER", no="not marked for CLUSTER"),
    "definition": silent(_DEFINITION_REPEATS),
    "comment": COMMENT,
}  # fmt: skip

_TRIGGER = {
    "name": name(),
    "definition": last("definition", "it fires otherwise, or passes something else"),
    "function": value("function", "something else happens when it fires", lead="EXECUTE FUNCTION"),
    "timing": value("timing", "it sees the row too early or too late to do its work", lead=""),
    "events": unordered("events", "changes of that kind pass it by", lead="ON"),
    "columns": unordered("columns", "updates of other columns pass it by", lead="UPDATE OF",
                         none="any column"),
    "for_each_row": flag("level", "it fires once a statement instead of once a row, or the reverse",
                         yes="FOR EACH ROW", no="FOR EACH STATEMENT"),
    "condition": value("condition", "it fires for other rows", lead="WHEN", none="no WHEN",
                       place=Place.WHEN),
    "constraint": flag("kind", "only a constraint trigger can be deferred",
                       yes="CONSTRAINT TRIGGER", no="ordinary trigger"),
    "deferrable": flag("deferrability", "it cannot wait for the end of the transaction, or can",
                       yes="DEFERRABLE", no="NOT DEFERRABLE"),
    "initially_deferred": flag("initial deferral", "it fires at COMMIT instead of at the "
                               "statement, or the reverse", yes="INITIALLY DEFERRED",
                               no="INITIALLY IMMEDIATE"),
    "enabled": value("state", _TRIGGER_STATE, lead="enabled:"),
    "inherited": flag("origin of the trigger", "it does not follow the parent's trigger",
                      yes="the parent's", no="its own"),
    "comment": COMMENT,
}  # fmt: skip

_POLICY = {
    "name": name(),
    "command": value("command", "it guards other commands", lead="FOR"),
    "permissive": flag("combination", "a permissive policy lets rows in, a restrictive one keeps "
                       "them out", yes="PERMISSIVE", no="RESTRICTIVE"),
    "roles": unordered("roles", "it holds for other roles", lead="TO"),
    "using": value("using", "other rows are visible", none="no USING", place=Place.POLICY),
    "check": value("with check", "other rows may be written", none="no WITH CHECK",
                   place=Place.POLICY),
    "comment": COMMENT,
}  # fmt: skip

_RULE = {
    "name": name(),
    "definition": value("definition", "statements are rewritten otherwise", lead=""),
    "enabled": value("state", "a rule that is off rewrites nothing", lead="enabled:"),
    "comment": COMMENT,
}

_STATISTICS = {
    "name": name(),
    "definition": value("definition", "the planner knows other dependencies", lead=""),
    "target": value("statistics target", "the planner estimates with more or fewer statistics"),
    "comment": COMMENT,
}

_TABLE = {
    "name": name(),
    "kind": value("kind", "rows are kept and divided otherwise", lead=""),
    "columns": children("columns"),
    "constraints": children("constraints"),
    "indexes": children("indexes"),
    "triggers": children("triggers"),
    "policies": children("policies"),
    "rules": children("rules"),
    "statistics": children("statistics"),
    "partition_key": value("partition key", "rows go to other partitions and queries prune "
                           "otherwise", lead="PARTITION BY", none="not partitioned",
                           text=_key_definition),
    "partition": value("partition", "rows go to another partition, or to none", lead="",
                       none="no partition", text=_partition_text),
    "inherits": value("parents", "queries on the parent see other rows", lead="INHERITS",
                      text=listed),
    "persistence": value("persistence", "an unlogged table is emptied by a crash and is not "
                         "replicated", lead=""),
    "access_method": value("access method", "rows are kept by another access method",
                           lead="USING", none="heap"),
    "options": unordered("storage parameters", "it fills and is vacuumed differently",
                         lead="WITH"),
    "replica_identity": value("replica identity", "logical replication sends other columns, or "
                              "refuses updates and deletes", none="default replica identity"),
    "row_security": flag("row security", "its policies hold, or are ignored",
                         yes="ROW LEVEL SECURITY enabled", no="ROW LEVEL SECURITY disabled"),
    "force_row_security": flag("forced row security", "the owner passes its policies, or not",
                               yes="ROW LEVEL SECURITY forced", no="ROW LEVEL SECURITY not forced"),
    "of_type": value("row type", "changing the type changes the table, or not", lead="OF"),
    "server": value("server", "its rows come from another server", lead="SERVER"),
    "privileges": GRANTS,
    "comment": COMMENT,
}  # fmt: skip

TABLES = {
    Table: Thing(
        word="table",
        missing="everything that reads or writes it fails",
        extra="a table that no model knows is written by nobody and kept by everybody",
        fields=_TABLE,
        words=_table_word,
    ),
    Column: Thing(
        word="column",
        missing="everything that names it fails",
        extra="no model knows it: inserts leave it out, and it is refused if it may not be null",
        fields=_COLUMN,
    ),
    ColumnType: Thing(
        word="type",
        missing="",
        extra="",
        fields={
            "sql": TYPE,
            "name": silent("sql says it, with its schema"),
            "kind": silent("follows from the type of that name, which is compared itself"),
            "base": silent("follows from the domain of that name, which is compared itself"),
            "array": silent("sql says it"),
            "length": silent("sql says it"),
            "precision": silent("sql says it"),
            "scale": silent("sql says it"),
        },
    ),
    Constraint: Thing(
        word="constraint",
        missing="rows that should be refused are accepted",
        extra="rows that should be accepted are refused",
        fields=_CONSTRAINT,
        words=_constraint_word,
    ),
    Index: Thing(
        word="index",
        missing="queries that rely on it read the whole table, and a unique one holds no more",
        extra="every write pays for an index that nobody asked for",
        fields=_INDEX,
    ),
    IndexKey: Thing(
        word="key",
        missing="",
        extra="",
        fields={
            field: value(field.replace("_", " "), "compared with the whole key")
            for field in (
                "column",
                "opclass",
                "opclass_options",
                "collation",
                "descending",
                "nulls_first",
                "statistics_target",
            )
        }
        | {"expression": value("expression", "compared with the whole key", place=Place.KEY)},
    ),
    Trigger: Thing(
        word="trigger",
        missing="what it keeps up or refuses is left to the application",
        extra="writes do something that nobody asked for",
        fields=_TRIGGER,
    ),
    Policy: Thing(
        word="policy",
        missing="rows are hidden or shown that should not be",
        extra="rows are hidden or shown that should not be",
        fields=_POLICY,
    ),
    Rule: Thing(
        word="rule",
        missing="statements are not rewritten as promised",
        extra="statements are rewritten in a way that nobody asked for",
        fields=_RULE,
    ),
    ExtendedStatistics: Thing(
        word="statistics",
        missing="the planner takes dependent columns for independent",
        extra="ANALYZE pays for statistics that nobody asked for",
        fields=_STATISTICS,
    ),
    PartitionKey: Thing(
        word="partition key",
        missing="",
        extra="",
        fields={
            "strategy": value("strategy", "compared with the whole key"),
            "columns": value("columns", "compared with the whole key"),
            "definition": value("definition", "compared with the whole key"),
        },
    ),
    Partition: Thing(
        word="partition",
        missing="",
        extra="",
        fields={
            "parent": value("parent", "compared with the bound"),
            "bound": value("bound", "compared with the parent"),
        },
    ),
}
