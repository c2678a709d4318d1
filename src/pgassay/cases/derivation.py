"""What a kind of case is derived from, and the registry of kinds.

A kind is a module of this package that has `derive(source) -> Iterator[Case | Unproven]`; the
module's name is the slug of its cases, its docstring the page that `pgassay explain` prints.
Adding a kind touches its own file alone.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from pgassay.core.case import Subject, Unproven
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from pgassay.core.case import Case
    from pgassay.core.catalog import Catalog
    from pgassay.core.config import PartitionRule
    from pgassay.core.statement import Ahead, Session
    from pgassay.rows.maker import RowMaker


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What cases are derived from.

    Args:
        contract: the catalog that the models promise.
        rows: makes valid rows for it.
        ask: a session on a scratch database that holds the contract; for questions that only the
            server can answer (is this CHECK true of that value), each in one round trip.
        built: the catalog that the migrations built, against which the cases will run: the names
            of partitions that exist there, for instance, are no part of the contract.
        today: the date by which rules about time judge; injected, so that a gate does not turn
            red at midnight.
        partitions: which partitions exist, by rule.
        ahead: another session on another such database, which confirms cases while the next are
            derived; without it they are confirmed by `ask`, one after the other.
    """

    contract: Catalog
    rows: RowMaker
    ask: Session
    built: Catalog
    today: date
    partitions: tuple[PartitionRule, ...] = ()
    ahead: Ahead | None = None

    @property
    def major(self) -> int:
        """The server's major version."""
        return self.built.major


class Kind(Protocol):
    """One module of this package."""

    __name__: str
    __doc__: str | None

    def derive(self, source: Source) -> Iterator[Case | Unproven]:
        """Yield the cases of this kind."""
        ...


def derived(source: Source, chosen: Mapping[str, Kind]) -> Iterator[Case | Unproven]:
    """Yield the cases of some kinds.

    A schema can be stranger than a kind foresees. Where it finds no row for what comes next, that
    is told, and the other kinds go on.
    """
    for slug, kind in chosen.items():
        try:
            yield from kind.derive(source)
        except Unsatisfiable as none:
            subject = Subject(object=none.where or slug)
            title = "its further cases"
            yield Unproven(kind=slug, subject=subject, title=title, reason=str(none))


def kinds() -> dict[str, Kind]:
    """Return every kind by its slug, in the order of the slugs."""
    package = __name__.rpartition(".")[0]
    path = import_module(package).__path__
    modules = (import_module(f"{package}.{m.name}") for m in pkgutil.iter_modules(path))
    found = {m.__name__.rpartition(".")[2]: m for m in modules if hasattr(m, "derive")}
    return dict(sorted(found.items()))
