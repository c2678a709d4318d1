"""What a fault is, and the registry of families.

A family is a module of this package that has `faults(catalog) -> Iterator[Fault]`. It applies
each of its operators to every object that it fits, one at a time. A fault is a statement about
the harness: what drift does not see of it, or no case where behaviour changes, is a gap.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from pgassay.core.case import Subject
from pgassay.core.names import quote
from pgassay.core.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog
    from pgassay.core.names import QualifiedName


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One small wrong thing, planted on a database that was built right.

    Args:
        operator: the slug of what was done: `reference-on-delete`.
        subject: to what.
        change: what differs between faults of one operator and subject: `CASCADE to SET NULL`.
        statements: plant it; they run as a superuser, in one transaction.
        explained: why no statement that the contract speaks of behaves otherwise (a name, a
            comment, storage, plans only); empty where behaviour must change.
    """

    operator: str
    subject: Subject
    change: str = ""
    statements: tuple[Statement, ...]
    explained: str = ""

    @property
    def name(self) -> str:
        """Its name: unique among the faults of a catalog."""
        tail = f": {self.change}" if self.change else ""
        return f"{self.operator}: {self.subject}{tail}"


class Family(Protocol):
    """One module of this package."""

    __name__: str

    def faults(self, catalog: Catalog) -> Iterator[Fault]:
        """Yield the faults of this family."""
        ...


def families() -> dict[str, Family]:
    """Return every family by its name, sorted."""
    package = __name__.rpartition(".")[0]
    path = import_module(package).__path__
    modules = (import_module(f"{package}.{m.name}") for m in pkgutil.iter_modules(path))
    found = {m.__name__.rpartition(".")[2]: m for m in modules if hasattr(m, "faults")}
    return dict(sorted(found.items()))


def generate(catalog: Catalog) -> Iterator[Fault]:
    """Yield every fault of every family, in a stable order."""
    for family in families().values():
        yield from family.faults(catalog)


def planted(
    operator: str,
    owner: QualifiedName,
    part: str | None,
    *sql: str,
    change: str = "",
    explained: str = "",
) -> Fault:
    """Return a fault of an object; `part` is the name within it, as it is."""
    return Fault(
        operator=operator,
        subject=Subject(object=str(owner), part=quote(part) if part else None),
        change=change,
        statements=tuple(Statement(text) for text in sql),
        explained=explained,
    )


THROUGH_PARENT = "rows come through the parent, whose definition holds"
"""Why what only a partition has of its own may not matter."""

OF_ITS_OWN = "PostgreSQL makes up the names of what a partition has from its parent"
"""Why a name on a partition is no promise."""
