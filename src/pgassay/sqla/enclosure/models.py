"""Inside the enclosure: import a project's MetaData and create all of it in the throwaway."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from sqlalchemy import Enum, MetaData, NullPool, create_engine, text
from sqlalchemy.schema import CreateSchema

from pgassay.core.errors import SchemaError, suggestion
from pgassay.core.names import quote
from pgassay.sqla.enclosure.failures import failure_of, place_of
from pgassay.sqla.inventory import ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pgassay.core.route import Target
    from pgassay.sqla.enclosure.migrations import Migrations


def create_models(
    names: Sequence[str],
    extensions: Sequence[str],
    target: Target,
    root: Path,
    environment: Migrations | None = None,
) -> dict[str, object]:
    """Create everything that the named MetaData hold; return how many tables.

    Args:
        names: `module:attribute` each; the attribute may be a MetaData or carry one as `metadata`
            (a declarative base, a registry).
        extensions: created first.
        target: the throwaway.
        root: the project's folder.
        environment: the Alembic environment that `env.py:target_metadata` is asked of.

    Raises:
        SchemaError: a module does not import, holds no MetaData, or the server refuses it.
    """
    found = loaded(names, root, environment)
    if not any(metadata.tables for metadata in found):
        raise SchemaError(
            "the metadata holds no table",
            where=", ".join(names),
            expected="models that are imported together with it",
            why="an empty contract would pass every test",
            fix="import the modules of the models where the metadata is defined",
        )
    try:
        engine = create_engine(target.url("psycopg"), poolclass=NullPool)
        with engine.begin() as connection:
            for extension in extensions:
                connection.execute(text(f"CREATE EXTENSION IF NOT EXISTS {quote(extension)}"))
            for schema in sorted({s for metadata in found for s in _schemas(metadata)}):
                connection.execute(CreateSchema(schema, if_not_exists=True))
            for metadata in found:
                metadata.create_all(connection)
    except Exception as error:
        where = ", ".join(names)
        failure = failure_of(error, root, doing=f"creating {where}", fix=None)
        failure.where = failure.where or place_of(error, root) or where
        raise failure from error
    return {"tables": sum(len(metadata.tables) for metadata in found)}


def loaded(names: Sequence[str], root: Path, environment: Migrations | None) -> list[MetaData]:
    """Return the MetaData of all names, each once.

    Raises:
        SchemaError: one of them does not import.
    """
    found: list[MetaData] = []
    for name in names:
        if name == ENVIRONMENT and environment is not None:
            found += environment.promised()
        else:
            found += load(name, root)
    return list(dict.fromkeys(found))


def load(name: str, root: Path) -> Iterator[MetaData]:
    """Yield the MetaData that `module:attribute` names.

    Raises:
        SchemaError: it does not import, with the cause, its file and its line.
    """
    module_name, _, path = name.partition(":")
    try:
        module = importlib.import_module(module_name)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        failure = failure_of(error, root, doing=f"importing {module_name}", fix=None)
        failure.where = failure.where or name
        raise failure from error
    value: object = module
    for part in path.split("."):
        if not hasattr(value, part):
            raise SchemaError(
                f'{module_name} has no attribute "{path}"',
                where=f"{getattr(module, '__file__', None) or module_name}",
                expected=suggestion(part, _candidates(vars(module))),
                fix='name the MetaData, or the declarative base, in metadata = "module:attribute"',
            )
        value = getattr(value, part)
    for one in value if isinstance(value, list | tuple | set | frozenset) else [value]:
        metadata = one if isinstance(one, MetaData) else getattr(one, "metadata", None)
        if not isinstance(metadata, MetaData):
            raise SchemaError(
                f"{name} is a {type(one).__name__}, not a MetaData",
                expected="a sqlalchemy.MetaData, or something with one as its metadata attribute",
            )
        yield metadata


def _schemas(metadata: MetaData) -> Iterator[str]:
    """Yield every schema that tables, sequences and types live in."""
    for table in metadata.tables.values():
        if table.schema:
            yield table.schema
        for column in table.columns:
            kind = getattr(column.type, "item_type", column.type)
            if isinstance(kind, Enum) and kind.schema:
                yield kind.schema
    for sequence in metadata._sequences.values():  # noqa: SLF001 - no public list of sequences
        if sequence.schema:
            yield sequence.schema
    if metadata.schema:
        yield metadata.schema


def _candidates(names: dict[str, object]) -> list[str]:
    holds = (MetaData,)
    return [
        name
        for name, value in names.items()
        if isinstance(value, holds) or isinstance(getattr(value, "metadata", None), holds)
    ]
