"""What a command costs: by the clock, and in CPU time of all that it started, servers included.

Where other programs run, the clock tells of them as well; CPU time tells less of them. So both are
shown, as medians, and beside them how long this machine takes for a loop that never changes.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter, process_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_ROUNDS = 5_000_000
_NOT_FOR_A_USER = ("PYTHONDONTWRITEBYTECODE", "PYTHONPROFILEIMPORTTIME", "PYTHONUNBUFFERED")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds of one command.

    Args:
        wall: by the clock.
        cpu: user and system, of the process and of every one that it waited for.
    """

    wall: float
    cpu: float


def run(
    command: Sequence[str],
    root: Path,
    *,
    expected: Sequence[int] = (0,),
    variables: Mapping[str, str] | None = None,
) -> tuple[Cost, int, str]:
    """Run a command; return what it cost, its exit code and what it said.

    It may write byte code, as in a virtual environment that was used before, whatever the
    environment of the benchmark says. RuntimeError for an exit code that is not expected.
    """
    environment = {k: v for k, v in os.environ.items() if k not in _NOT_FOR_A_USER}
    environment |= variables or {}
    started = perf_counter()
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(
            command, cwd=root, env=environment, stdin=subprocess.DEVNULL, stdout=told, stderr=told
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        said = told.read().decode(errors="replace")
    if process.returncode not in expected:
        raise RuntimeError(f"exit code {process.returncode}: {said[-3000:]}")
    return Cost(wall=wall, cpu=usage.ru_utime + usage.ru_stime), process.returncode, said


def medians(costs: Sequence[Cost]) -> str:
    """Return the cells `wall, least | median | CPU, least | median` of a table."""
    cells = []
    for values in ([c.wall for c in costs], [c.cpu for c in costs]):
        cells += [f"{min(values):.2f}", f"{statistics.median(values):.2f}"]
    return " | ".join(cells)


def conditions() -> str:
    """Say what it is measured on: Python, processors, load, and a loop of always the same work."""
    wall, cpu = perf_counter(), process_time()
    for _ in range(_ROUNDS):
        pass
    wall, cpu = perf_counter() - wall, process_time() - cpu
    python = ".".join(map(str, sys.version_info[:3]))
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, Python {python}, {os.cpu_count()} processors, "
        f"load {os.getloadavg()[0]:.1f}; {_ROUNDS // 1_000_000} million empty rounds take "
        f"{wall:.2f} s by the clock, {cpu:.2f} s of CPU"
    )
