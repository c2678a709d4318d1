"""Hot queries from files: `queries/*.sql` beneath a system's `benchmarks` folder, one each.

The header says what a DBA needs to know (`plans/header.py`); beneath it stands one statement with
`:name` for its parameters, as psql has it, or the header names a SQLAlchemy statement
(`-- statement: module:attribute`). Names in expectations are looked up in the catalog at once, so
that an index that was dropped or misspelt is an error and no green.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError, SchemaError, suggestion
from pgassay.plans.header import Header, read_header
from pgassay.plans.places import parts_of, same_name
from pgassay.plans.query import (
    Expectation,
    HotQuery,
    NoSequentialScan,
    Partitions,
    QueryParameter,
    SourceKind,
    UsesIndex,
    ValueSource,
)
from pgassay.postgres.script.lexer import Kind, Lexer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pgassay.plans.places import Places

Compile = Callable[[str], tuple[str, tuple[QueryParameter, ...]]]
"""Returns the SQL of `module:attribute` and a parameter for each value that it carries."""

_LONGEST = 1_000_000  # bytes; what is longer is no query that a person wrote


def read_queries(folder: Path, root: Path, compiled: Compile) -> tuple[HotQuery, ...]:
    """Return the queries of a folder, by file name.

    Args:
        folder: where the files are.
        root: the project's folder; files are named from there.
        compiled: compiles SQLAlchemy statements.

    Raises:
        ConfigError: a file is damaged; names it and the line.
    """
    return tuple(read_query(path, root, compiled) for path in sorted(folder.glob("*.sql")))


def read_query(path: Path, root: Path, compiled: Compile) -> HotQuery:
    """Return the query of one file; see `read_queries`."""
    file = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    try:
        text = path.read_bytes()[: _LONGEST + 1].decode()
    except UnicodeDecodeError as damage:
        raise ConfigError("not valid UTF-8", where=file) from damage
    except OSError as refused:
        raise ConfigError(f"cannot be read: {refused.strerror}", where=file) from refused
    header = read_header(text, file)
    sql, names, line = numbered(text, file)
    if header.statement is not None:
        if sql:
            raise ConfigError(
                "there is a statement beneath a header that names one",
                where=f"{file}:{line}",
                expected='either SQL, or "-- statement: module:attribute"',
            )
        sql, carried = compiled(header.statement)
        given = {parameter.name: parameter for parameter in header.parameters}
        parameters = tuple(given.pop(p.name, p) for p in carried)
        _all_used(given, [p.name for p in carried], file)
        for parameter in parameters:
            if parameter.source("typical") is None:
                raise _no_source(parameter.name, file)
    else:
        if not sql:
            raise ConfigError("there is no statement beneath the header", where=file)
        parameters = _parameters(header, names, file)
    return HotQuery(
        name=path.stem,
        title=header.title,
        why=header.why,
        often=header.often,
        sql=sql,
        parameters=parameters,
        expectations=header.expectations,
        modes=header.modes,
        limit_ms=header.limit_ms,
        parallel=header.parallel,
        file=file,
        line=line,
    )


def check_names(query: HotQuery, places: Places) -> None:
    """Refuse an expectation or a source that names what there is not.

    Raises:
        ConfigError: names the file, the line and what was probably meant.
    """
    for expectation in query.expectations:
        where = f"{query.file}:{expectation.line}"
        indexes, tables = _named(expectation)
        for name in indexes:
            if places.index_named(name) is None:
                raise _unknown("index", name, places.index_names(), where)
        for name in tables:
            if places.table_named(name) is None:
                raise _unknown("table", name, places.table_names(), where)
    for parameter in query.parameters:
        for _, source in parameter.sources:
            if source.kind is SourceKind.COLUMN:
                column_of(source, places, query.file)


def column_of(source: ValueSource, places: Places, file: str) -> tuple[str, str]:
    """Return the SQL of the table and the name of the column that a source means.

    Raises:
        ConfigError: there is no such table or column.
    """
    where = f"{file}:{source.line}"
    *_, last = parts_of(source.text)
    written = source.text[: -len(_written(last))].rstrip(".")
    table = places.table_named(written)
    if table is None:
        raise _unknown("table", written, places.table_names(), where)
    for column in table.columns:
        if same_name(last, column.name):
            return table.name.sql, column.name
    names = [column.name for column in table.columns]
    raise _unknown(f"column of {table.name}", last[0], names, where)


def _written(part: tuple[str, bool]) -> str:
    text, quoted = part
    return '"' + text.replace('"', '""') + '"' if quoted else text


def _named(expectation: Expectation) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the indexes and the tables that an expectation names."""
    match expectation:
        case UsesIndex(names=names):
            return names, ()
        case NoSequentialScan(relations=names):
            return (), names
        case Partitions(relation=name):
            return (), (name,)
    return (), ()


def _unknown(what: str, name: str, valid: Iterable[str], where: str) -> ConfigError:
    return ConfigError(
        f'there is no {what} "{name}"',
        where=where,
        expected=suggestion(name, valid),
        why="an expectation about something that is not there would hold for ever",
    )


def numbered(text: str, file: str) -> tuple[str, list[str], int]:
    """Return a statement with `$1 … $n` for `:name`, the names by number, and its first line.

    Raises:
        ConfigError: it is more than one statement, or has no end, or is psql's.
    """
    lexer = Lexer(text, file)
    names: list[str] = []
    parts: list[str] = []
    first, ended = 1, False
    try:
        for token in lexer.tokens():
            if token.kind is Kind.BLANK and not parts:
                continue
            if token.kind is Kind.SEMICOLON:
                ended = True
                continue
            line = lexer.line_of(token.start)
            if ended and token.kind is not Kind.BLANK:
                raise ConfigError(
                    "there is more than one statement",
                    where=f"{file}:{line}",
                    expected="one statement in each file",
                )
            first = first if parts else line
            parts.append(_part(token.kind, token.text, names, f"{file}:{line}"))
    except SchemaError as open_ended:
        raise ConfigError(open_ended.found, where=open_ended.where) from open_ended
    return "".join(parts).strip(), names, first


def _part(kind: Kind, text: str, names: list[str], where: str) -> str:
    if kind is Kind.META:
        raise ConfigError(
            f"{text.split(maxsplit=1)[0]} is a command of psql", where=where, expected="SQL"
        )
    if kind is not Kind.VARIABLE:
        return text
    name = text.strip(":'\"")
    if text != f":{name}":
        raise ConfigError(
            f"{text} is a quoted variable",
            where=where,
            expected=f":{name}",
            why="values travel as parameters, as in an application",
        )
    if name not in names:
        names.append(name)
    return f"${names.index(name) + 1}"


def _parameters(header: Header, names: list[str], file: str) -> tuple[QueryParameter, ...]:
    given = {parameter.name: parameter for parameter in header.parameters}
    for name in names:
        if name not in given:
            raise _no_source(name, file)
    used = tuple(given.pop(name) for name in names)
    _all_used(given, names, file)
    return used


def _no_source(name: str, file: str) -> ConfigError:
    return ConfigError(
        f"the parameter :{name} has no source",
        where=file,
        expected=f'a line "-- parameter {name}: table.column", a query or a constant',
        why="a query that is asked with made-up values says nothing of the real ones",
    )


def _all_used(left: dict[str, QueryParameter], names: list[str], file: str) -> None:
    for parameter in left.values():
        raise ConfigError(
            f'the statement has no parameter ":{parameter.name}"',
            where=f"{file}:{parameter.line}",
            expected=suggestion(parameter.name, names),
        )
