"""The stands of a pytest session, shared by derived suites and by databases lent to tests."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from pgassay.core.config import load_config
from pgassay.core.errors import PgassayError
from pgassay.run.day import day
from pgassay.run.populated import PopulatedStand
from pgassay.run.stand import Request, Stand
from pgassay.run.volume_order import order_of

if TYPE_CHECKING:
    from pathlib import Path

    from pgassay.run.testbed.lending import Lending


class Stands:
    """The stands of a pytest session, one for each system, opened when first collected."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._exit = ExitStack()
        self._open: dict[tuple[Path, str], Stand] = {}
        self._populated: dict[tuple[Path, str], PopulatedStand] = {}
        self._lendings: dict[Stand, Lending] = {}

    @classmethod
    def of(cls, config: pytest.Config) -> Stands:
        """Return the session's own, made at the first call."""
        known: Stands | None = getattr(config, "_pgassay_stands", None)
        if known is None:
            known = cls(config)
            config._pgassay_stands = known  # type: ignore[attr-defined]  # noqa: SLF001 - the plugin's own mark, found again by its hooks
        return known

    def get(self, system: str, folder: Path) -> Stand:
        """Return the stand of a system configured in `folder` or above it."""
        key, request = self._request(system, folder)
        if key not in self._open:
            self._open[key] = self._exit.enter_context(Stand(request))
        return self._open[key]

    def populated(self, system: str, folder: Path) -> PopulatedStand:
        """Return the stand of a system with the rows of `--pgassay-profile`, filled."""
        key, request = self._request(system, folder)
        if key not in self._populated:
            order = order_of(request, profile=self._config.getoption("pgassay_profile"))
            stand = self._exit.enter_context(PopulatedStand(request, order))
            for _ in stand.fill():
                pass
            self._populated[key] = stand
        return self._populated[key]

    def _request(self, system: str, folder: Path) -> tuple[tuple[Path, str], Request]:
        configuration, option = load_config(folder), self._config.getoption
        request = Request(
            config=configuration,
            system=configuration.system(system),
            server=option("pgassay_server"),
            postgres=option("pgassay_postgres"),
            seed=option("pgassay_seed"),
            today=day(option("pgassay_today")),
            thorough=option("pgassay_thorough"),
        )
        return (configuration.root, system), request

    def lending(self, system: str, folder: Path) -> Lending:
        """Return what lends the databases of a system to tests."""
        from pgassay.run.testbed.lending import Lending  # noqa: PLC0415 - factory_boy, SQLAlchemy

        stand = self.get(system, folder)
        if stand not in self._lendings:
            self._lendings[stand] = Lending(stand)
        return self._lendings[stand]

    def close(self) -> None:
        """End the servers."""
        self._exit.close()


class StandCollector(pytest.Collector):
    """What collects from a stand, and says in words why it cannot be had."""

    def repr_failure(  # type: ignore[override]  # pytest's own Collector takes no style either
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> str | Any:
        """Show what is wrong with the system, not pgassay's stack."""
        if isinstance(excinfo.value, PgassayError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)
