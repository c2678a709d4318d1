"""What a derived case costs as a pytest item of its own, with its JUnit entry.

    python -m benchmarks.items
    python -m benchmarks.items --system creativeflow --runs 9

Sessions of pytest alternate: one that opens the system's stand and has no case (the start-up, with
the interpreter, pytest, its plugins, the server and the cloned template), one that runs every
derived case, and one that also writes JUnit. Their difference, divided by the number of cases, is
the cost of a case: reading it from the notes, its item, its savepoint and statements on the server,
its verdict, its reports. The first session of all is not counted: it builds the template.

Wall time includes the server's work; CPU time is that of the pytest process alone (user and
system), and changes less where other programs run. The last column of the table by kind is the
server's part: a share of the time that the pipelined batches took.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.core.case import Case, Status
from pgassay.core.config import load_config
from pgassay.run.stand import Request, Stand

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_SUITE = "from pgassay.testing import Suite\n\nderived = Suite({system!r}, phases={phases!r})\n"
_NO_TESTS = 5  # pytest's exit code of a session that has none
_LOOSE = ("-q", "-p", "no:cacheprovider")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds of one session of pytest: by the clock, and of the process alone."""

    wall: float
    cpu: float


def session(root: Path, module: Path, *arguments: str, items: int) -> Cost:
    """Run pytest on one module; RuntimeError unless so many items passed or were skipped."""
    command = [sys.executable, "-m", "pytest", *_LOOSE, *arguments, str(module)]
    started = perf_counter()
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(command, cwd=root, stdout=told, stderr=told)
        _, status, usage = os.wait4(process.pid, 0)
        wall = perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        said = told.read().decode(errors="replace")
        count = sum(map(int, re.findall(r"(\d+) (?:passed|skipped)", said.splitlines()[-1])))
        if process.returncode not in (0, _NO_TESTS) or count != items:
            raise RuntimeError(f"{count} of {items} items: {said[-2000:]}")
    return Cost(wall=wall, cpu=usage.ru_utime + usage.ru_stime)


@contextmanager
def modules(root: Path, system: str) -> Iterator[tuple[Path, Path]]:
    """Write a module that adopts no phase and one that adopts the cases; gone afterwards.

    They lie in the project, as the configuration is looked for above them.
    """
    with tempfile.TemporaryDirectory(prefix=".items-", dir=root) as name:
        nothing, cases = Path(name, "test_nothing.py"), Path(name, "test_cases.py")
        nothing.write_text(_SUITE.format(system=system, phases=()), encoding="utf-8")
        cases.write_text(_SUITE.format(system=system, phases=("cases",)), encoding="utf-8")
        yield nothing, cases


def measured(
    root: Path, system: str, runs: int, items: int, arguments: Sequence[str]
) -> Mapping[str, list[Cost]]:
    """Return the costs of each sort of session, run in turns."""
    found: dict[str, list[Cost]] = defaultdict(list)
    with modules(root, system) as (nothing, cases):
        junit = f"--junitxml={cases.with_suffix('.xml')}"
        session(root, cases, *arguments, items=items)
        for _ in range(runs):
            found["start-up"].append(session(root, nothing, *arguments, items=0))
            found["items"].append(session(root, cases, *arguments, items=items))
            found["items and JUnit"].append(session(root, cases, junit, *arguments, items=items))
    return found


def by_kind(stand: Stand) -> tuple[list[str], int]:
    """Return a table of the kinds, how many cases and what the server takes; and their number."""
    counts: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    cases = [case for case in stand.cases() if isinstance(case, Case)]
    for outcome in stand.run_cases(cases):
        if outcome.status is not Status.PASSED:
            raise RuntimeError(f"{outcome.case.name}: {outcome.reason}")
        counts[outcome.case.kind] += 1
        seconds[outcome.case.kind] += outcome.seconds
    rows = [
        f"| {kind} | {number} | {1000 * seconds[kind] / number:.2f} |"
        for kind, number in sorted(counts.items())
    ]
    total = f"| **all** | {counts.total()} | {1000 * seconds.total() / counts.total():.2f} |"
    heads = ["| kind | cases | ms each, on the server |", "|---|--:|--:|"]
    return [*heads, *rows, total], len(stand.cases())


def costs(found: Mapping[str, Sequence[Cost]], items: int) -> list[str]:
    """Return the table of sessions: least and median seconds, and milliseconds for one item."""
    lines = [
        "| session | wall s, least | median | CPU s, least | median | ms an item: wall | CPU |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    start = {each: statistics.median(_of(found["start-up"], each)) for each in ("wall", "cpu")}
    for name, sessions in found.items():
        cells, each_item = [], []
        for each in ("wall", "cpu"):
            values = _of(sessions, each)
            middle = statistics.median(values)
            cells += [f"{min(values):.2f}", f"{middle:.2f}"]
            more = 1000 * (middle - start[each]) / items
            each_item.append("" if name == "start-up" else f"{more:.3f}")
        lines.append(f"| {name} | {' | '.join(cells + each_item)} |")
    return lines


def _of(sessions: Sequence[Cost], each: str) -> list[float]:
    return [getattr(one, each) for one in sessions]


def conditions(stand: Stand) -> str:
    """Say what it was measured with: versions, plugins of pytest, processors."""
    plugins = sorted(
        f"{found.metadata['Name']} {found.version}"
        for found in distributions()
        if any(point.group == "pytest11" for point in found.entry_points)
    )
    python = ".".join(map(str, sys.version_info[:3]))
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, PostgreSQL {stand.server.version}, Python {python}, "
        f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; {', '.join(plugins)}"
    )


def main() -> int:
    """Measure and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--system", default="creativeflow")
    parser.add_argument("--config", type=Path, default=Path())
    parser.add_argument("--runs", type=int, default=5, help="sessions of each sort")
    given, arguments = parser.parse_known_args()
    config = load_config(given.config)
    request = Request(
        config=config, system=config.system(given.system), today=datetime.now(UTC).date()
    )
    with Stand(request) as stand:
        print(conditions(stand))
        kinds, items = by_kind(stand)
    found = measured(config.root, given.system, given.runs, items, arguments)
    print("", *kinds, "", f"{items} items, {given.runs} sessions of each sort", "", sep="\n")
    print(*costs(found, items), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
