"""What is promised of tables, and of what belongs to them."""

from __future__ import annotations

from pgassay.core.catalog import (
    Column,
    ColumnType,
    Constraint,
    Partition,
    PartitionKey,
    Table,
)
from pgassay.drift.fixpoint import Place
from pgassay.drift.promises.promise import (
    COMMENT,
    DEFINITION_REPEATS,
    GRANTS,
    NULLS_NOT_DISTINCT,
    Promise,
    Thing,
    children,
    columns_text,
    flag,
    listed,
    name,
    silent,
    unordered,
    value,
)


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
    "definition": silent(DEFINITION_REPEATS),
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
    "nulls_not_distinct": NULLS_NOT_DISTINCT,
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
