"""Inside the enclosure: what MetaData hold, and under which names they can be imported."""

from __future__ import annotations

import hashlib
import importlib
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import MetaData
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable

from pgassay.sqla.enclosure.guard import LIBRARY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


def inventory(found: Sequence[MetaData], root: Path) -> dict[str, object]:
    """Return what the MetaData hold, see `pgassay.sqla.inventory.Inventory`."""
    lines = sorted(line for metadata in found for line in _ddl(metadata))
    return {
        "tables": sorted(key for metadata in found for key in metadata.tables),
        "digest": hashlib.sha256("\0".join(lines).encode()).hexdigest(),
        "names": [_names(metadata, root) for metadata in found],
    }


def held_by_modules(modules: Sequence[str], root: Path) -> dict[str, object]:
    """Import modules and return the inventory of every MetaData that then exists.

    A module that does not import is passed over: it may be a script, or need what is not there.
    """
    for name in modules:
        with suppress(Exception, SystemExit):
            importlib.import_module(name)
    found: dict[int, MetaData] = {}
    for _, _, metadata, _ in _everything():
        found.setdefault(id(metadata), metadata)
    return {
        "found": [inventory([metadata], root) for metadata in found.values() if metadata.tables]
    }


def _ddl(metadata: MetaData) -> Iterator[str]:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # as SQLAlchemy ships it
    for table in metadata.tables.values():
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        elements: list[CreateTable | CreateIndex] = [CreateTable(table)]
        elements += (CreateIndex(index) for index in indexes)
        for element in elements:
            try:
                yield str(element.compile(dialect=dialect))
            except (SQLAlchemyError, NotImplementedError) as error:
                yield f"{table.key}: {type(error).__name__}"


def _names(metadata: MetaData, root: Path) -> list[str]:
    """Return `module:attribute` of one MetaData, those of the project and what is a base first."""
    defines: dict[str, int] = {}
    ranked = []
    for module, attribute, held, kind in _everything():
        if held is metadata:
            ranked.append((kind, module, attribute))
            defines[module] = defines.get(module, 0) + (kind == _MODEL)
    own = {module: _is_own(module, root) for _, module, _ in ranked}
    best: dict[str, tuple[int, str]] = {}
    for kind, module, attribute in sorted(ranked):
        best.setdefault(module, (kind, attribute))
    modules = sorted(
        best,
        key=lambda module: (
            not own[module],
            best[module][0],
            module.count("."),
            -defines[module],
            module,
        ),
    )
    # A base says what it is; but whoever defines most models brings most of them in.
    rich = sorted(modules, key=lambda module: (not own[module], -defines[module]))[:2]
    several = [module for module in modules if module in rich] + modules
    return [f"{module}:{best[module][1]}" for module in dict.fromkeys(several)]


_METADATA, _BASE, _MODEL = range(3)


def _everything() -> Iterator[tuple[str, str, MetaData, int]]:
    """Yield what every imported module holds: module, attribute, its MetaData, what it is."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("sqlalchemy.", "alembic.", "pgassay.", "__")):
            continue
        for attribute, value in list(_variables(module).items()):
            if not attribute.isidentifier() or attribute.startswith("__"):
                continue
            if isinstance(value, MetaData):
                yield name, attribute, value, _METADATA
                continue
            with suppress(Exception):  # somebody's lazy attribute
                metadata = getattr(value, "metadata", None)
                if isinstance(metadata, MetaData):
                    is_model = not isinstance(value, type) or "__table__" in _variables(value)
                    yield name, attribute, metadata, _MODEL if is_model else _BASE


def _variables(value: object) -> Mapping[str, object]:
    try:
        return vars(value)
    except TypeError:
        return {}


def _is_own(module: str, root: Path) -> bool:
    file: object = getattr(sys.modules.get(module), "__file__", None)
    if not isinstance(file, str):
        return False
    return file.startswith(str(root)) or not file.startswith(LIBRARY)
