"""Public names for suites: adopt what is derived, in a few lines.

    from pgassay.testing import Suite

    creativeflow = Suite("creativeflow")

collects everything that `pgassay gate --system creativeflow` proves, as pytest items.
"""

from __future__ import annotations

__all__ = ["PHASES", "Suite"]

PHASES = ("drift", "cases", "rules", "properties", "schedules")
"""The phases of a gate, in the order in which they run."""


class Suite:
    """What one test module adopts of a system's derived tests.

    Args:
        system: a name under `[tool.pgassay.systems]`.
        phases: which phases of the gate; all by default.
        kinds: which kinds of cases; all by default.

    Raises:
        ValueError: a phase that there is none of.
    """

    def __init__(
        self,
        system: str,
        *,
        phases: tuple[str, ...] = PHASES,
        kinds: tuple[str, ...] | None = None,
    ) -> None:
        unknown = [phase for phase in phases if phase not in PHASES]
        if unknown:
            raise ValueError(f"no phase is called {unknown[0]!r}; valid: {', '.join(PHASES)}")
        self.system = system
        self.phases = phases
        self.kinds = kinds

    def __repr__(self) -> str:
        return f"Suite({self.system!r}, phases={self.phases!r}, kinds={self.kinds!r})"
