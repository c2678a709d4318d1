"""Runs the script on a database and reads its document; no other statement is sent."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pgassay.core.errors import ConfigError
from pgassay.core.names import QualifiedName
from pgassay.core.snapshot_file import parse_snapshot
from pgassay.core.statistics import (
    ColumnKnown,
    ColumnStatistics,
    DatabaseStatistics,
    TableStatistics,
    Together,
)
from pgassay.postgres.looking import looking_at
from pgassay.postgres.statistics.script import script, snapshot_script

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager

    import psycopg

    from pgassay.core.snapshot import Snapshot

FORMAT = "pgassay statistics 1"


def read_from(conninfo: str, named: Iterable[tuple[QualifiedName, str]] = ()) -> DatabaseStatistics:
    """Return the statistics of a database named by a URL or libpq's words.

    What is left out comes from libpq's environment: PGSERVICE, PGPASSFILE, PGHOST and so on.

    Raises:
        MachineError: it cannot be reached, or does not let the role read the catalog.
    """
    with _looking(conninfo, "pgassay profile") as connection:
        return read(connection, named)


def snapshot_from(conninfo: str, *, values: bool = False, ends: bool = False) -> Snapshot:
    """Return the snapshot of a database named as for `read_from`, with the same errors."""
    with _looking(conninfo, "pgassay snapshot") as connection:
        return read_snapshot(connection, values=values, ends=ends)


def _looking(conninfo: str, command: str) -> AbstractContextManager[psycopg.Connection[Any]]:
    ask = f"let somebody who can reach it run what {command} --script prints"
    return looking_at(conninfo, command, ask)


def read(
    connection: psycopg.Connection[Any], named: Iterable[tuple[QualifiedName, str]] = ()
) -> DatabaseStatistics:
    """Return the statistics of a connection's database; the connection is in autocommit mode."""
    return parse(_document(connection, script(named)), connection.info.dbname)


def read_snapshot(
    connection: psycopg.Connection[Any], *, values: bool = False, ends: bool = False
) -> Snapshot:
    """Return the snapshot of a connection's database; the connection is in autocommit mode."""
    text = _document(connection, snapshot_script(values=values, ends=ends))
    return parse_snapshot(text, connection.info.dbname)


def _document(connection: psycopg.Connection[Any], text: str) -> str:
    """Run a script and return the one value that it selects."""
    cursor = connection.execute(text.encode())
    while True:
        row = cursor.fetchone() if cursor.description is not None else None
        if row is not None:
            return str(row[0])
        if not cursor.nextset():
            return ""


def parse(text: str, where: str) -> DatabaseStatistics:
    """Return what the script's output says.

    Raises:
        ConfigError: it is not that, in words.
    """
    try:
        data = json.loads(text)
    except ValueError as damage:
        raise _damaged(where, f"not valid JSON: {damage}") from damage
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise _damaged(where, f'there is no "format": "{FORMAT}" in it')
    try:
        return DatabaseStatistics(
            database=str(data["database"]),
            role=str(data["role"]),
            version=int(data["version"]),
            taken=str(data["taken"]),
            values=tuple(map(str, data["values"])),
            tables=tuple(_table(table) for table in data["tables"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as damage:
        what = f"no {damage}" if isinstance(damage, KeyError) else str(damage)
        raise _damaged(where, what) from damage


def _table(data: Mapping[str, Any]) -> TableStatistics:
    parent = data["parent"]
    rows = float(data["rows"])
    return TableStatistics(
        name=QualifiedName(str(data["schema"]), str(data["name"])),
        rows=rows if rows >= 0 else None,
        pages=int(data["pages"]),
        outside=int(data["outside"]),
        divided=bool(data["divided"]),
        parent=None if parent is None else QualifiedName(str(parent[0]), str(parent[1])),
        secured=bool(data["secured"]),
        columns=tuple(_column(column) for column in data["columns"]),
        together=tuple(_together(one) for one in data["together"]),
    )


def _column(data: Mapping[str, Any]) -> ColumnKnown:
    known = data["statistics"]
    return ColumnKnown(
        name=str(data["name"]),
        type=str(data["type"]),
        readable=bool(data["readable"]),
        statistics=None if known is None else _statistics(known),
    )


def _statistics(data: Mapping[str, Any]) -> ColumnStatistics:
    correlation = data["correlation"]
    return ColumnStatistics(
        null=float(data["null"]),
        width=int(data["width"]),
        distinct=float(data["distinct"]),
        common=tuple(map(float, data["common"])),
        correlation=None if correlation is None else float(correlation),
        values=tuple(map(str, data["values"] or ())),
        bounds=tuple(map(str, data["bounds"] or ())),
    )


def _together(data: Mapping[str, Any]) -> Together:
    names = {str(c["number"]): str(c["name"]) for c in data["columns"]}
    gathered = data["gathered"] or {}
    return Together(
        name=str(data["name"]),
        columns=tuple(names.values()),
        distinct=_by_columns(gathered.get("distinct"), names),
        dependencies=_by_columns(gathered.get("dependencies"), names),
        readable=data["gathered"] is not None,
    )


def _by_columns(text: str | None, names: Mapping[str, str]) -> dict[tuple[str, ...], float]:
    """Return `{"1, 2": 33}` or `{"1 => 2": 0.9}` by the names of the columns.

    Expressions have negative numbers there; what is about them is left out.
    """
    found: dict[tuple[str, ...], float] = {}
    for key, value in json.loads(text or "{}").items():
        numbers = re.findall(r"-?\d+", key)
        if all(number in names for number in numbers):
            found[tuple(names[number] for number in numbers)] = float(value)
    return found


def _damaged(where: str, found: str) -> ConfigError:
    return ConfigError(
        found,
        where=where,
        expected="the output of the script that pgassay profile --script prints",
        fix="psql -XAtq -f script.sql > statistics.json",
    )
