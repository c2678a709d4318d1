"""Timings as pytest items: functions that ask for pytest-benchmark's fixture, made by pgassay.

So its own options and commands hold for them: `--benchmark-only`, `--benchmark-compare`,
`--benchmark-max-time`, `pytest-benchmark compare`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgassay.core.errors import SchemaError
from pgassay.pytest_stands import StandCollector, Stands
from pgassay.run.timing import Timer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgassay.run.timing import Timing
    from pgassay.testing import Timings


class TimingsCollector(StandCollector):
    """Collects the timings of one system."""

    def __init__(self, *, timings: Timings, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.timings = timings

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for each query and run, and for each write."""
        stand = Stands.of(self.config).populated(self.timings.system, self.path.parent)
        timer = Timer(stand)
        for timing in timer.timings(self.timings.writes):
            timed = _timed(timer, timing, self.timings.rounds)
            item = pytest.Function.from_parent(self, name=timing.name, callobj=timed)
            item.add_marker(pytest.mark.benchmark(group=f"{stand.name}: {timing.group}"))
            yield item


def _timed(timer: Timer, timing: Timing, rounds: int) -> Callable[..., None]:
    def timed(benchmark: Any) -> None:
        ready = timer.ready(timing)
        benchmark.extra_info.update(timer.conditions)
        begin, end = ready.begin, ready.end
        if begin is None or end is None:
            benchmark.extra_info["rows"] = ready.run()
            benchmark(ready.run)
            return
        # A round is ended before the next is begun, and the first, which warms the caches, and
        # the last by hand: pytest-benchmark 5.0 has no teardown yet.
        begin()
        try:
            try:
                benchmark.extra_info["rows"] = ready.run()
            except SchemaError as error:
                if not timing.derived:
                    raise
                pytest.skip(f"the server refuses it: {error.found}")  # a reference forbids it

            def next_round() -> None:
                end()
                begin()

            benchmark.pedantic(ready.run, setup=next_round, rounds=rounds, iterations=1)
        finally:
            end()

    return timed
