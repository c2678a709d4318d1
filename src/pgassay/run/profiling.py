"""Taking a profile: from a database or from a script's output to a file, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - documented parameter
from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError, MachineError, suggestion
from pgassay.core.names import QualifiedName
from pgassay.drift.policy import BOOKKEEPING
from pgassay.postgres.statistics import parse, read_from
from pgassay.volumes.taking import take
from pgassay.volumes.writing import toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pgassay.core.statistics import DatabaseStatistics, TableStatistics
    from pgassay.volumes.taking import Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileTaken:
    """A profile, as the text of a file.

    Args:
        text: TOML.
        tables: how many tables it speaks of.
        columns: how many columns have statistics in it.
        missing: what could not be read, and what stands for it.
        left_out: tables that were not taken.
    """

    text: str
    tables: int
    columns: int
    missing: tuple[Missing, ...]
    left_out: tuple[str, ...]


def named_columns(given: Iterable[str]) -> tuple[tuple[QualifiedName, str], ...]:
    """Return the columns of which values are wanted, from `table.column` or with a schema.

    Raises:
        ConfigError: there is no dot in one.
    """
    found = []
    for text in given:
        table, dot, column = text.rpartition(".")
        schema, more, name = table.rpartition(".")
        if not dot or not table or not column or (more and not schema):
            raise ConfigError(
                f'"{text}" names no column', where="--with-values", expected="table.column"
            )
        found.append((QualifiedName(schema or "public", name), column))
    return tuple(found)


def statistics_of(conninfo: str, named: Iterable[tuple[QualifiedName, str]]) -> DatabaseStatistics:
    """Return the statistics of a database. Raises MachineError where it cannot be read."""
    return read_from(conninfo, named)


def statistics_in(path: Path, named: Sequence[tuple[QualifiedName, str]]) -> DatabaseStatistics:
    """Return the statistics in a file that the script wrote.

    Raises:
        ConfigError: there is no such file, it is damaged, or lacks values that are wanted.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as failure:
        reason = getattr(failure, "strerror", None) or str(failure)
        raise ConfigError(
            f"cannot be read: {reason}",
            where=str(path),
            expected="the output of the script that pgassay profile --script prints",
        ) from failure
    found = parse(text, str(path))
    for table, column in named:
        if f"{table.schema}.{table.name}.{column}" not in found.values:
            _known(found, table, column)
            raise ConfigError(
                f"the values of {table.label}.{column} are not in it",
                where=str(path),
                expected="a script that asked for them",
                fix=f"pgassay profile --script --with-values {table.label}.{column}",
            )
    return found


def profile_of(
    known: DatabaseStatistics,
    *,
    named: Sequence[tuple[QualifiedName, str]] = (),
    tables: Sequence[str] = (),
    leave: Sequence[str] = (),
) -> ProfileTaken:
    """Return the profile that statistics come to.

    Args:
        known: what was read.
        named: columns whose values are wanted.
        tables: only these; all if empty.
        leave: not these. What tools keep their books in is never taken.

    Raises:
        ConfigError: one of the names is none.
        MachineError: no table has statistics.
    """
    for table, column in named:
        _known(known, table, column)
    roots = {table.name.label: table for table in known.tables if table.parent is None}
    for option, names in (("--table", tables), ("--except", leave)):
        for name in names:
            if name not in roots:
                raise ConfigError(
                    f'there is no table "{name}"', where=option, expected=suggestion(name, roots)
                )
    books = {label for label, table in roots.items() if table.name.name in BOOKKEEPING}
    wanted = [label for label in tables or roots if label not in {*books, *leave}]
    _gathered(known, [roots[label] for label in wanted])
    taken = take(known, [roots[label].name for label in wanted], named)
    described = taken.document["tables"].values()
    return ProfileTaken(
        text=toml(taken.document, taken.missing),
        tables=len(wanted),
        columns=sum(len(table.get("statistics", ())) for table in described),
        missing=taken.missing,
        left_out=tuple(sorted(books - set(leave))),
    )


def _known(known: DatabaseStatistics, table: QualifiedName, column: str) -> None:
    by_name = {one.name.label: one for one in known.tables}
    if table.label not in by_name:
        raise ConfigError(
            f'there is no table "{table.label}"',
            where="--with-values",
            expected=suggestion(table.label, by_name),
        )
    columns = [one.name for one in by_name[table.label].columns]
    if column not in columns:
        raise ConfigError(
            f'{table.label} has no column "{column}"',
            where="--with-values",
            expected=suggestion(column, columns),
        )


def _gathered(known: DatabaseStatistics, wanted: Sequence[TableStatistics]) -> None:
    """Refuse a database of which nothing is known."""
    if not wanted:
        raise MachineError(
            "there is no table to take a profile of",
            where=f"database {known.database}",
            expected="tables outside of pg_catalog",
        )
    leaves = [
        leaf
        for table in wanted
        for leaf in (known.partitions_of(table.name) if table.divided else (table,))
    ]
    if all(leaf.rows is None for leaf in leaves):
        raise MachineError(
            "no statistics were ever gathered: reltuples is -1 everywhere",
            where=f"database {known.database}",
            expected="a database that ANALYZE or autovacuum has been over",
            fix="ANALYZE; it takes a sample of each table and changes no row",
        )
