"""What the fixture `plan_of` gives: a planner on a populated database, one for each system."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from pgassay.core.config import load_config
from pgassay.core.errors import ConfigError, suggestion
from pgassay.run.day import day
from pgassay.run.populated import PopulatedStand
from pgassay.run.query_plan import Planner, QueryPlan
from pgassay.run.stand import Request
from pgassay.run.volume_order import order_of

if TYPE_CHECKING:
    import pytest

    from pgassay.core.statement import Value


class Planners:
    """Calls the planner of a system; opened when first asked, closed with the session."""

    def __init__(self, config: pytest.Config) -> None:
        self._option = config.getoption
        self._configuration = load_config(config.rootpath)
        self._exit = ExitStack()
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
            option = self._option
            request = Request(
                config=self._configuration,
                system=self._configuration.system(name),
                server=option("pgassay_server"),
                postgres=option("pgassay_postgres"),
                seed=option("pgassay_seed"),
                today=day(option("pgassay_today")),
            )
            order = order_of(request, profile=option("pgassay_profile"))
            stand = self._exit.enter_context(PopulatedStand(request, order))
            for _ in stand.fill():
                pass
            self._open[name] = Planner(stand)
        return self._open[name]

    def close(self) -> None:
        """End the servers."""
        self._exit.close()

    def _only(self) -> str:
        systems = list(self._configuration.systems)
        if len(systems) != 1:
            raise ConfigError(
                "several systems are configured",
                expected=f"plan_of(…, system=…); {suggestion('', systems)}",
            )
        return systems[0]
