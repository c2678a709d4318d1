"""A team's module of factories, read: which classes are factories, and of which table each is.

The module is imported in this process, as factory_boy means it to be.
"""

from __future__ import annotations

import sys
from importlib import import_module
from inspect import isclass
from typing import TYPE_CHECKING, Any

from pgassay.core.errors import ConfigError, suggestion
from pgassay.core.names import QualifiedName

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from pgassay.core.catalog import Catalog, Table

Factory = Any
"""A factory class; factory_boy's own types say nothing of what is read here."""


def described(name: str, contract: Catalog, *, root: Path) -> list[tuple[Factory, Table]]:
    """Return the factories that a module offers, each with its table.

    Args:
        name: the module's dotted name.
        contract: the catalog that says which tables there are.
        root: put on `sys.path` while the module is imported.

    Raises:
        ConfigError: the module does not import or has no factory, or a factory is for no table.
    """
    found = _factories(imported(name, root), name)
    return [(factory, table_of(factory, contract, name)) for factory in found]


def imported(name: str, root: Path) -> ModuleType:
    """Return a module of factories. Raises ConfigError, with the cause, if it does not import."""
    sys.path.insert(0, str(root))
    try:
        return import_module(name)
    except Exception as failure:
        raise ConfigError(
            f"{name} does not import: {type(failure).__name__}: {failure}",
            where="factories",
            expected="the dotted name of a module of factories, from the configuration's folder",
        ) from failure
    finally:
        sys.path.remove(str(root))


def _factories(module: ModuleType, name: str) -> list[Factory]:
    from factory.base import BaseFactory  # noqa: PLC0415  # imports SQLAlchemy and Faker

    found = [
        member
        for member in vars(module).values()
        if isclass(member) and issubclass(member, BaseFactory)
    ]
    usable = [factory for factory in dict.fromkeys(found) if _described(factory)]
    if not usable:
        raise ConfigError(
            f"{name} has no factory",
            where="factories",
            expected="factory.Factory classes with a model that is a table",
            fix="import them into that module",
        )
    return usable


def _described(factory: Factory) -> bool:
    """Whether a factory is about rows; factory_boy's own base classes have no model."""
    meta = factory._meta  # noqa: SLF001  # factory_boy offers no other way to a factory's options
    return not meta.abstract and meta.model is not None


def model_of(factory: Factory) -> Any:
    """Return the model that a factory makes."""
    return factory._meta.model  # noqa: SLF001  # see _described


def mapper_of(factory: Factory) -> Any:
    """Return the mapper of that model, None where it is not mapped."""
    return getattr(model_of(factory), "__mapper__", None)


def table_of(factory: Factory, contract: Catalog, module: str) -> Table:
    """Return the table that a factory is for. Raises ConfigError where there is none."""
    known = {str(table.name): table for table in contract.roots()}
    mapped = getattr(model_of(factory), "__table__", None)
    if mapped is not None:
        name = QualifiedName(mapped.schema or "public", mapped.name)
    else:
        holder = factory if hasattr(factory, "__tablename__") else model_of(factory)
        if not hasattr(holder, "__tablename__"):
            raise ConfigError(
                f"{factory.__name__} is for no table",
                where=f"factories in {module}",
                expected='a mapped model, or __tablename__ = "…" in the factory',
            )
        name = QualifiedName(getattr(holder, "__schema__", "public"), holder.__tablename__)
    if str(name) not in known:
        raise ConfigError(
            f"{factory.__name__} is for {name}, and there is no such table",
            where=f"factories in {module}",
            expected=suggestion(str(name), known),
        )
    return known[str(name)]
