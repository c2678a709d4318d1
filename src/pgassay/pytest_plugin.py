"""The pytest front door: hooks only. What is heavy is imported when a suite is collected."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.pytest_items import Stands
    from pgassay.pytest_plans import Planners

_SHORTCUT = "pgassay-shortcut"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options, all with the prefix `--pgassay`."""
    group = parser.getgroup("pgassay", "pgassay: derived tests of a PostgreSQL schema")
    group.addoption(
        "--pgassay-server",
        metavar="KIND",
        default=os.environ.get("PGASSAY_SERVER"),
        help="auto, container, embedded, system or a URL (default: what pyproject.toml says)",
    )
    group.addoption("--pgassay-postgres", type=int, metavar="MAJOR", help="16, 17 or 18")
    group.addoption(
        "--pgassay-seed", type=int, default=0, metavar="N", help="decides all that is random (0)"
    )
    group.addoption(
        "--pgassay-thorough",
        action="store_true",
        help="properties run longer and at random, schedules in full",
    )
    group.addoption(
        "--pgassay-today", metavar="DATE", help="the date that partitions are judged by (today)"
    )
    group.addoption(
        "--pgassay-profile",
        default="small",
        metavar="NAME",
        help="the volume that plan_of explains on: smoke, small, medium, large or a path (small)",
    )


@pytest.fixture(scope="session")
def plan_of(pytestconfig: pytest.Config) -> Iterator[Planners]:
    """Explain a statement on a populated database: `plan_of("select …", user=7).indexes`."""
    from pgassay.pytest_plans import Planners  # noqa: PLC0415 - heavy, only where it is asked for

    planners = Planners(pytestconfig)
    yield planners
    planners.close()


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker that derived items carry."""
    config.addinivalue_line("markers", "pgassay(system, kind): a test derived by pgassay")


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str, obj: object
) -> pytest.Collector | None:
    """Collect what a `pgassay.testing.Suite` in a test module adopts."""
    kind = type(obj)
    if kind.__name__ != "Suite" or kind.__module__ != "pgassay.testing":
        return None
    from pgassay.pytest_items import SuiteCollector  # noqa: PLC0415 - heavy, only where a suite is
    from pgassay.pytest_shortcut import Shortcut  # noqa: PLC0415 - as said above

    plugins = collector.config.pluginmanager
    if not plugins.has_plugin(_SHORTCUT):
        plugins.register(Shortcut(collector.config), _SHORTCUT)
    return SuiteCollector.from_parent(collector, name=name, suite=obj)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the servers that were started."""
    stands: Stands | None = getattr(config, "_pgassay_stands", None)
    if stands is not None:
        stands.close()


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say what decides the run, where something was said."""
    said = [
        f"{option.removeprefix('pgassay_')}: {value}"
        for option in ("pgassay_server", "pgassay_postgres", "pgassay_today")
        if (value := config.getoption(option))
    ]
    return f"pgassay: {', '.join(said)}" if said else None
