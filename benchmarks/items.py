"""What a derived case costs as a pytest item of its own, with its JUnit entry.

    python -m benchmarks.items
    python -m benchmarks.items --system creativeflow --runs 9

Sessions of pytest alternate: one that opens the system's stand and has no case (the start-up, with
the interpreter, pytest, its plugins, the server and the cloned template), one that runs every
derived case, and one that also writes JUnit. Their difference, divided by the number of cases, is
the cost of a case: reading it from the notes, its item, its savepoint and statements on the server,
its verdict, its reports. The first session of all is not counted: it builds the template.

CPU time is that of pytest and of the server (user and system). The last column of the table by
kind is the server's part: a share of the time that the pipelined batches took.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
from collections import Counter, defaultdict
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.cost import Cost, conditions, medians, run
from pgassay.core.case import Case, Status
from pgassay.core.config import load_config
from pgassay.run.stand import Request, Stand

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_SUITE = "from pgassay.testing import Suite\n\nderived = Suite({system!r}, phases={phases!r})\n"
_NO_TESTS = 5  # pytest's exit code of a session that has none
_LOOSE = ("-q", "-p", "no:cacheprovider")


def session(root: Path, module: Path, *arguments: str, items: int) -> Cost:
    """Run pytest on one module; RuntimeError unless so many items passed or were skipped."""
    command = [sys.executable, "-m", "pytest", *_LOOSE, *arguments, str(module)]
    cost, _, said = run(command, root, expected=(0, _NO_TESTS))
    count = sum(map(int, re.findall(r"(\d+) (?:passed|skipped)", said.splitlines()[-1])))
    if count != items:
        raise RuntimeError(f"{count} of {items} items: {said[-2000:]}")
    return cost


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
    seconds: dict[str, float] = defaultdict(float)
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
    total = f"| **all** | {counts.total()} | {1000 * sum(seconds.values()) / counts.total():.2f} |"
    heads = ["| kind | cases | ms each, on the server |", "|---|--:|--:|"]
    return [*heads, *rows, total], len(stand.cases())


def costs(found: Mapping[str, Sequence[Cost]], items: int) -> list[str]:
    """Return the table of sessions: least and median seconds, and milliseconds for one item."""
    lines = [
        "| session | wall s, least | median | CPU s, least | median | ms an item: wall | CPU |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name, sessions in found.items():
        more = ["", ""]
        if name != "start-up":
            more = [
                f"{1000 * (_median(sessions, each) - _median(found['start-up'], each)) / items:.3f}"
                for each in ("wall", "cpu")
            ]
        lines.append(f"| {name} | {medians(sessions)} | {' | '.join(more)} |")
    return lines


def _median(sessions: Sequence[Cost], each: str) -> float:
    values: list[float] = [getattr(one, each) for one in sessions]
    return statistics.median(values)


def plugins() -> str:
    """Name the plugins of pytest that take part."""
    found = sorted(
        f"{each.metadata['Name']} {each.version}"
        for each in distributions()
        if any(point.group == "pytest11" for point in each.entry_points)
    )
    return ", ".join(found)


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
        print(conditions(), f"PostgreSQL {stand.server.version}; {plugins()}", sep="\n")
        kinds, items = by_kind(stand)
    found = measured(config.root, given.system, given.runs, items, arguments)
    print("", *kinds, "", f"{items} items, {given.runs} sessions of each sort", "", sep="\n")
    print(*costs(found, items), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
