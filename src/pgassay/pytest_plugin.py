"""The pytest front door: hooks only. What is heavy is imported when a suite is collected."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pgassay.pytest_loans import KEPT, tell

if TYPE_CHECKING:
    from collections.abc import Generator

    from pgassay.pytest_plans import Planners
    from pgassay.pytest_stands import Stands

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
    group.addoption(
        "--pgassay-keep",
        action="store_true",
        help="keep the databases of tests that fail until Ctrl-C; not with -n",
    )


@pytest.fixture(scope="session")
def plan_of(pytestconfig: pytest.Config) -> Planners:
    """Explain a statement on a populated database: `plan_of("select …", user=7).indexes`."""
    from pgassay.pytest_plans import Planners  # noqa: PLC0415 - heavy, only where it is asked for

    return Planners(pytestconfig)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker that derived items carry."""
    if config.getoption("pgassay_keep") and config.getoption("numprocesses", None):
        raise pytest.UsageError(
            "--pgassay-keep: a worker of -n ends, and its server with it; run the tests that "
            "failed without it: pytest --lf --pgassay-keep"
        )
    config.addinivalue_line("markers", "pgassay(system, kind): a test derived by pgassay")


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str, obj: object
) -> pytest.Collector | None:
    """Collect what a `Suite` or the `Timings` of `pgassay.testing` adopt in a test module."""
    kind = type(obj)
    if kind.__module__ != "pgassay.testing":
        return None
    if kind.__name__ == "Timings":
        from pgassay.pytest_timing import TimingsCollector  # noqa: PLC0415 - as said below

        return TimingsCollector.from_parent(collector, name=name, timings=obj)
    if kind.__name__ != "Suite":
        return None
    from pgassay.pytest_items import SuiteCollector  # noqa: PLC0415 - heavy, only where a suite is
    from pgassay.pytest_shortcut import Shortcut  # noqa: PLC0415 - as said above

    plugins = collector.config.pluginmanager
    if not plugins.has_plugin(_SHORTCUT):
        plugins.register(Shortcut(collector.config), _SHORTCUT)
    return SuiteCollector.from_parent(collector, name=name, suite=obj)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell by what statements the rows of a test that failed were made."""
    report = yield
    tell(item, report)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say where the databases of tests that failed are kept."""
    kept = terminalreporter.config.stash.get(KEPT, [])
    if kept:
        terminalreporter.section("pgassay: databases kept until Ctrl-C")
        for test, url in kept:
            terminalreporter.write_line(f"{test}\n  {url}")


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the servers that were started, once the person has looked at what is kept."""
    if config.stash.get(KEPT, []):
        from pgassay.run.waiting import until_interrupted  # noqa: PLC0415 - only where asked for

        until_interrupted()
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
