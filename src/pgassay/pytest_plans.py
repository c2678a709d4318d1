"""What the fixture `plan_of` gives: a planner on a populated database, one for each system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.config import load_config
from pgassay.core.errors import ConfigError, suggestion
from pgassay.pytest_stands import Stands
from pgassay.run.query_plan import Planner, QueryPlan

if TYPE_CHECKING:
    import pytest

    from pgassay.core.statement import Value


class Planners:
    """Calls the planner of a system; opened when first asked; the session closes it."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._configuration = load_config(config.rootpath)
        self._open: dict[str, Planner] = {}

    def __call__(
        self, statement: object, /, *, system: str | None = None, **asked: object
    ) -> QueryPlan:
        """Return the plan of a statement; see `run.query_plan.Planner`."""
        return self.of(system)(statement, **asked)  # type: ignore[arg-type]  # values are the caller's own names

    def typical(self, column: str, *, system: str | None = None) -> Value:
        """Return an ordinary value of `table.column`."""
        return self.of(system).typical(column)

    def heaviest(self, column: str, *, system: str | None = None) -> Value:
        """Return the most frequent value of `table.column`."""
        return self.of(system).heaviest(column)

    def absent(self, column: str, *, system: str | None = None) -> Value:
        """Return a value that `table.column` does not have."""
        return self.of(system).absent(column)

    def of(self, system: str | None) -> Planner:
        """Return the planner of a system, or of the only one there is."""
        name = system or self._only()
        if name not in self._open:
            stands = Stands.of(self._config)
            self._open[name] = Planner(stands.populated(name, self._config.rootpath))
        return self._open[name]

    def _only(self) -> str:
        systems = list(self._configuration.systems)
        if len(systems) != 1:
            raise ConfigError(
                "several systems are configured",
                expected=f"plan_of(…, system=…); {suggestion('', systems)}",
            )
        return systems[0]
