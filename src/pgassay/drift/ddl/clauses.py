"""Clauses of CREATE TABLE and CREATE INDEX: columns, constraints, indexes, storage parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import (
    Action,
    Column,
    Constraint,
    ConstraintKind,
    Index,
    IndexKey,
    Match,
    Sequence,
)
from pgassay.core.names import literal, quote, quote_all

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.core.names import QualifiedName

_LARGEST = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}


def column_clause(column: Column, sequence: Sequence | None = None) -> str:
    """Return a column as CREATE TABLE and ADD COLUMN take it; `sequence` is of its identity."""
    parts = [quote(column.name), column.type.sql]
    if column.compression:
        parts.append(f"COMPRESSION {column.compression}")
    if column.collation:
        parts.append(f"COLLATE {column.collation.sql}")
    if column.generated is not None:
        kind = "VIRTUAL" if column.generated_virtual else "STORED"
        parts.append(f"GENERATED ALWAYS AS ({column.generated}) {kind}")
    elif column.identity:
        parts.append(identity_clause(column.identity, sequence))
    elif column.default is not None:
        parts.append(f"DEFAULT {column.default}")
    if column.not_null:
        parts.append("NOT NULL")
    return " ".join(parts)


def identity_clause(identity: str, sequence: Sequence | None) -> str:
    """Return `GENERATED … AS IDENTITY` with the options in which its sequence is particular."""
    options = sequence_options(sequence) if sequence else ""
    return f"GENERATED {identity} AS IDENTITY{f' ({options})' if options else ''}"


def sequence_options(sequence: Sequence) -> str:
    """Return the options in which a sequence differs from what CREATE SEQUENCE would make."""
    parts = []
    usual = sequence.increment > 0
    largest = _LARGEST.get(sequence.type)
    if not usual or sequence.increment != 1:
        parts.append(f"INCREMENT BY {sequence.increment}")
    if not usual or sequence.minimum != 1:
        parts.append(f"MINVALUE {sequence.minimum}")
    if not usual or sequence.maximum != largest:
        parts.append(f"MAXVALUE {sequence.maximum}")
    if not usual or sequence.start != sequence.minimum:
        parts.append(f"START WITH {sequence.start}")
    if sequence.cache != 1:
        parts.append(f"CACHE {sequence.cache}")
    if sequence.cycle:
        parts.append("CYCLE")
    return " ".join(parts)


def options_clause(options: Iterable[str]) -> str:
    """Return storage parameters (`name=value`) as SET and WITH take them."""
    pairs = (option.partition("=") for option in options)
    return ", ".join(f"{_parameter(name)} = {literal(value).strip()}" for name, _, value in pairs)


def foreign_options_clause(options: Iterable[str]) -> str:
    """Return options of a foreign table or column (`name=value`) as OPTIONS takes them."""
    pairs = (option.partition("=") for option in options)
    return ", ".join(f"{quote(name)} {literal(value).strip()}" for name, _, value in pairs)


def changed_foreign_options(found: Iterable[str], wanted: Iterable[str]) -> str:
    """Return what ALTER … OPTIONS takes to turn the found options into the wanted ones."""
    has, wants = (
        {name: value for name, _, value in (option.partition("=") for option in side)}
        for side in (found, wanted)
    )
    parts = [f"DROP {quote(name)}" for name in has if name not in wants]
    parts += [
        f"{'SET' if name in has else 'ADD'} {quote(name)} {literal(value).strip()}"
        for name, value in wants.items()
        if has.get(name) != value
    ]
    return ", ".join(parts)


def names_clause(options: Iterable[str]) -> str:
    """Return the names of storage parameters as RESET takes them."""
    return ", ".join(_parameter(option.partition("=")[0]) for option in options)


def _parameter(name: str) -> str:
    """Return a parameter's name; `toast.` is a namespace of its own."""
    head, dot, tail = name.rpartition(".")
    return f"{quote(head)}{dot}{quote(tail)}" if dot else quote(name)


def key_clause(key: IndexKey) -> str:
    """Return one key of an index."""
    parts = [quote(key.column) if key.column is not None else f"({key.expression})"]
    if key.collation:
        parts.append(f"COLLATE {key.collation.sql}")
    if key.opclass:
        options = f" ({options_clause(key.opclass_options)})" if key.opclass_options else ""
        parts.append(key.opclass + options)
    if key.descending:
        parts.append("DESC")
    if key.nulls_first != key.descending:
        parts.append("NULLS FIRST" if key.nulls_first else "NULLS LAST")
    return " ".join(parts)


def index_statement(index: Index, table: QualifiedName, name: str | None = None) -> str:
    """Return CREATE INDEX, under another name if one is given."""
    parts = [
        f"CREATE {'UNIQUE ' if index.unique else ''}INDEX {quote(name or index.name)}",
        f"ON {table.sql} USING {quote(index.method)}",
        f"({', '.join(map(key_clause, index.keys))})",
    ]
    if index.include:
        parts.append(f"INCLUDE ({quote_all(index.include)})")
    if index.nulls_not_distinct:
        parts.append("NULLS NOT DISTINCT")
    if index.options:
        parts.append(f"WITH ({options_clause(index.options)})")
    if index.predicate is not None:
        parts.append(f"WHERE {index.predicate}")
    return " ".join(parts) + ";"


def constraint_clause(constraint: Constraint, index: Index | None) -> str:
    """Return a constraint as ADD CONSTRAINT takes it, without its name.

    `index` is the index of a primary key, unique or exclusion constraint.
    """
    kind = constraint.kind
    if kind is ConstraintKind.FOREIGN_KEY:
        text = _foreign_key(constraint)
    elif kind is ConstraintKind.CHECK:
        text = f"CHECK ({constraint.expression})"
    elif kind is ConstraintKind.NOT_NULL:
        text = f"NOT NULL {quote_all(constraint.columns)}"
    elif kind is ConstraintKind.EXCLUSION:
        text = _exclusion(constraint, index)
    else:
        text = _key(constraint, index)
    return text + _tail(constraint)


def _key(constraint: Constraint, index: Index | None) -> str:
    head = "PRIMARY KEY" if constraint.kind is ConstraintKind.PRIMARY_KEY else "UNIQUE"
    if constraint.nulls_not_distinct:
        head += " NULLS NOT DISTINCT"
    overlaps = " WITHOUT OVERLAPS" if constraint.without_overlaps else ""
    return f"{head} ({quote_all(constraint.columns)}{overlaps}){_of_index(index)}"


def _exclusion(constraint: Constraint, index: Index | None) -> str:
    if index is None or len(index.keys) != len(constraint.operators):
        return constraint.definition
    keys = ", ".join(
        f"{key_clause(key)} WITH {operator}"
        for key, operator in zip(index.keys, constraint.operators, strict=True)
    )
    where = f" WHERE ({index.predicate})" if index.predicate is not None else ""
    return f"EXCLUDE USING {quote(index.method)} ({keys}){_of_index(index)}{where}"


def _of_index(index: Index | None) -> str:
    if index is None:
        return ""
    include = f" INCLUDE ({quote_all(index.include)})" if index.include else ""
    return include + (f" WITH ({options_clause(index.options)})" if index.options else "")


def _foreign_key(constraint: Constraint) -> str:
    if constraint.references is None:
        return constraint.definition
    columns, referenced = (
        _period(side) if constraint.without_overlaps else quote_all(side)
        for side in (constraint.columns, constraint.referenced_columns)
    )
    text = f"FOREIGN KEY ({columns}) REFERENCES {constraint.references.sql} ({referenced})"
    if constraint.match is Match.FULL:
        text += " MATCH FULL"
    if constraint.on_update is not Action.NO_ACTION:
        text += f" ON UPDATE {constraint.on_update.value}"
    if constraint.on_delete is not Action.NO_ACTION:
        text += f" ON DELETE {constraint.on_delete.value}"
        if constraint.set_columns:
            text += f" ({quote_all(constraint.set_columns)})"
    return text


def _period(columns: tuple[str, ...]) -> str:
    return ", ".join([*(quote(c) for c in columns[:-1]), f"PERIOD {quote(columns[-1])}"])


def _tail(constraint: Constraint) -> str:
    text = deferral(constraint) if constraint.deferrable else ""
    if constraint.no_inherit:
        text += " NO INHERIT"
    if not constraint.enforced:
        text += " NOT ENFORCED"
    elif not constraint.validated:
        text += " NOT VALID"
    return text


def deferral(constraint: Constraint) -> str:
    """Return when it is checked, with a space before it."""
    if not constraint.deferrable:
        return " NOT DEFERRABLE"
    return " DEFERRABLE" + (" INITIALLY DEFERRED" if constraint.initially_deferred else "")
