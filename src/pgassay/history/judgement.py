"""All hazards of one revision, the worst first."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from pgassay.core.finding import Severity
from pgassay.history import acceptance
from pgassay.history import hazards as package

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


class Hazard(Protocol):
    """One module of `history.hazards`."""

    __name__: str
    __doc__: str | None

    def detect(self, evidence: Evidence) -> Iterator[Finding]:
        """Yield what it finds."""
        ...


def judge(evidence: Evidence) -> tuple[Finding, ...]:
    """Return what is wrong with a revision: errors first, then warnings, then information."""
    order = list(Severity)
    found = [finding for hazard in hazards().values() for finding in hazard.detect(evidence)]
    return tuple(sorted(found, key=lambda one: (order.index(one.severity), one.slug)))


@cache
def hazards() -> Mapping[str, Hazard]:
    """Return the modules that detect, by name."""
    modules = (
        import_module(f"{package.__name__}.{m.name}")
        for m in pkgutil.iter_modules(package.__path__)
    )
    found = {m.__name__.rpartition(".")[2]: m for m in modules if hasattr(m, "detect")}
    return dict(sorted(found.items()))


def pages() -> dict[str, str]:
    """Return the page of every hazard, by slug."""
    found: dict[str, str] = {}
    for name, module in hazards().items():
        several: Mapping[str, str] | None = getattr(module, "PAGES", None)
        found |= several if several is not None else {name: module.__doc__ or ""}
    found |= acceptance.PAGES
    return dict(sorted(found.items()))
