"""A shorter protocol for cases that passed: three reports, and no fixture, capture or log between.

pytest's own protocol (`_pytest.runner`) costs more than a case does on the server. A case has no
fixture to set up and prints nothing, and its outcome is known from a batch, so here the hooks that
tell of an item are called alone: logstart, logreport for each phase, logfinish. Everything else
takes pytest's own way: a case that did not pass, the first and the last of a suite (which set the
collectors up and tear them down), markers that skip, `--setup-show` and its like, and every case
as soon as a plugin or a conftest.py takes part in how items are run.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Literal

import pytest

from pgassay.core.case import Status
from pgassay.pytest_items import CaseItem

if TYPE_CHECKING:
    from pgassay.core.case import Outcome

_TAKING_PART = (
    "pytest_runtest_protocol",
    "pytest_runtest_setup",
    "pytest_runtest_call",
    "pytest_runtest_teardown",
    "pytest_runtest_makereport",
)
# What these do there concerns functions with fixtures, or the state of a test's random numbers.
_UNCONCERNED = (
    "_pytest",
    "_hypothesis_pytestplugin",
    "pytest_benchmark",
    "pytest_randomly",
)
_SHOWING = ("setupshow", "setuponly", "setupplan")
_SKIPPING = frozenset(("skip", "skipif", "xfail"))


class Shortcut:
    """A pytest plugin; registered with the first suite of a session."""

    def __init__(self, config: pytest.Config) -> None:
        """Look at the options only; the plugins are looked at when the first case is run."""
        self._open = not any(config.getoption(name, False) for name in _SHOWING)
        self._asked: dict[object, bool] = {}

    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> bool | None:
        """Tell of a case that passed; leave everything else to the next in line."""
        if (
            not self._open
            or not isinstance(item, CaseItem)
            or nextitem is None
            or nextitem.parent is not item.parent
            or not item.parent.standing
            or not self._unattended(item)
        ):
            return None
        try:
            outcome = item.parent.outcome(item)
        except Exception:  # noqa: BLE001 - pytest's own protocol meets it again and tells it
            return None
        if outcome.status is not Status.PASSED:
            item.parent.give_back(outcome)
            return None
        _tell(item, outcome)
        return True

    def _unattended(self, item: CaseItem) -> bool:
        """Whether nobody takes part in how this item is run."""
        if any(mark.name in _SKIPPING for mark in item.own_markers):
            return False
        known = self._asked.get(item.parent)
        if known is None:
            marked = any(mark.name in _SKIPPING for mark in item.parent.iter_markers())
            known = self._asked[item.parent] = not marked and not self._attended(item)
        return known

    def _attended(self, item: CaseItem) -> bool:
        for name in _TAKING_PART:
            for found in getattr(item.ihook, name).get_hookimpls():
                if name == "pytest_runtest_protocol" and (found.wrapper or found.hookwrapper):
                    continue  # it is around this one as well
                home = found.function.__module__.partition(".")[0]
                if found.function.__module__ == "pgassay.pytest_plugin":
                    continue  # it remembers which tests with borrowed databases failed
                if found.plugin is not self and home not in _UNCONCERNED:
                    return True
        return False


def _tell(item: CaseItem, outcome: Outcome) -> None:
    """Call the hooks that tell of an item, with reports of three phases."""
    hook = item.ihook
    hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    call = pytest.CallInfo.from_call(_nothing, "call")
    call.duration = outcome.seconds
    call.start = call.stop - outcome.seconds
    report = pytest.TestReport.from_item_and_call(item, call)
    hook.pytest_runtest_logreport(report=_beside(report, "setup", call.start))
    hook.pytest_runtest_logreport(report=report)
    hook.pytest_runtest_logreport(report=_beside(report, "teardown", call.stop))
    hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)


def _nothing() -> None:
    """Nothing is left to do: the case ran in its batch."""


def _beside(
    report: pytest.TestReport, when: Literal["setup", "teardown"], at: float
) -> pytest.TestReport:
    other = copy(report)
    other.when, other.start, other.stop, other.duration = when, at, at, 0.0
    other.user_properties, other.sections = list(report.user_properties), []
    return other
