"""The mapped classes of a project: which class stands for which table.

The models are imported in this process, as the test that wants instances of them imports them.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from sqlalchemy.orm import mapperlib

from pgassay.core.names import QualifiedName
from pgassay.sqla.enclosure.models import load
from pgassay.sqla.inventory import ENVIRONMENT, names_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from sqlalchemy import MetaData
    from sqlalchemy.orm import Mapper


def mappers(metadata: str | None, root: Path) -> Mapping[QualifiedName, Mapper[Any]]:
    """Return the mappers of a system's models by table; none where there are no mapped classes.

    Args:
        metadata: `module:attribute`, or several, separated by commas; what only env.py configures
            is not imported, for env.py connects.
        root: the project's folder, on `sys.path` while the models are imported.

    Raises:
        SchemaError: a module does not import.
    """
    if not metadata:
        return {}
    names = [name for name in names_of(metadata) if name != ENVIRONMENT]
    sys.path.insert(0, str(root))
    try:
        promised = [one for name in names for one in load(name, root)]
    finally:
        sys.path.remove(str(root))
    return _mappers(promised)


def _mappers(promised: list[MetaData]) -> Mapping[QualifiedName, Mapper[Any]]:
    found: dict[QualifiedName, Mapper[Any]] = {}
    # There is no public way from a MetaData to the classes that are mapped to its tables.
    for registry in mapperlib._all_registries():  # noqa: SLF001 - as said above
        for mapper in registry.mappers:
            table = mapper.local_table
            if getattr(table, "metadata", None) not in promised:
                continue
            name = QualifiedName(table.schema or "public", table.name)  # type: ignore[attr-defined]  # a Table: only those have metadata
            known = found.get(name)
            if known is None or known.isa(mapper):
                found[name] = mapper  # of several classes for one table, the one above the others
    return found
