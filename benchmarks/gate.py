"""The gate from command to verdict, cold and warm.

    python -m benchmarks.gate
    python -m benchmarks.gate --system pulse --runs 5

Runs of `pgassay gate` alternate. A cold one has an empty cache: no cluster, no template, no notes;
the virtual environment is there, with its byte code. A warm one follows on the same cache. One run
beforehand is not counted. Every run must be clean and prove the same number of cases.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.cost import Cost, conditions, medians, run
from pgassay.core.config import load_config

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PROGRAM = str(Path(sys.executable).with_name("pgassay"))


class Runs:
    """Runs of one system's gate of one sort."""

    def __init__(self) -> None:
        self.costs: list[Cost] = []
        self.phases: dict[str, list[float]] = defaultdict(list)
        self.counts: dict[str, Mapping[str, int]] = {}

    def add(self, cost: Cost, report: Path) -> None:
        """Take one run's cost and its JSON report; RuntimeError if it proved something else."""
        (system,) = json.loads(report.read_text(encoding="utf-8"))["systems"]
        counts = {phase["phase"]: phase["counts"] for phase in system["phases"]}
        if self.counts and counts != self.counts:
            raise RuntimeError(f"{counts} instead of {self.counts}")
        self.counts = counts
        self.costs.append(cost)
        for phase in system["phases"]:
            self.phases[phase["phase"]].append(phase["seconds"])


def measured(root: Path, system: str, runs: int) -> Mapping[str, Runs]:
    """Run the gate so often, cold and warm in turns."""
    found = {"cold": Runs(), "warm": Runs()}
    for number in range(runs + 1):
        with tempfile.TemporaryDirectory(prefix="gate-") as cache:
            for sort, those in found.items():
                report = Path(cache, f"{sort}.json")
                command = [PROGRAM, "gate", "--system", system, "--json", str(report)]
                cost, _, _ = run(command, root, variables={"PGASSAY_CACHE": cache})
                if number:
                    those.add(cost, report)
    return found


def table(found: Mapping[tuple[str, str], Runs]) -> list[str]:
    """Return the table of runs."""
    lines = [
        "| system | | cases | wall s, least | median | CPU s, least | median |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    for (system, sort), runs in found.items():
        cases = sum(sum(c.values()) for phase, c in runs.counts.items() if phase != "routes")
        lines.append(f"| {system} | {sort} | {cases} | {medians(runs.costs)} |")
    return lines


def phases(found: Mapping[tuple[str, str], Runs]) -> list[str]:
    """Return the table of phases, medians in seconds by the clock; they overlap."""
    names = list(dict.fromkeys(name for runs in found.values() for name in runs.phases))
    lines = [f"| system | | {' | '.join(names)} |", f"|---|---|{'--:|' * len(names)}"]
    for (system, sort), runs in found.items():
        cells = [_cell(runs, name) for name in names]
        lines.append(f"| {system} | {sort} | {' | '.join(cells)} |")
    return lines


def _cell(runs: Runs, phase: str) -> str:
    if phase not in runs.phases:
        return ""
    count = sum(runs.counts[phase].values())
    return f"{statistics.median(runs.phases[phase]):.2f} ({count})"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--system", action="append", help="one of them; all by default")
    parser.add_argument("--config", type=Path, default=Path())
    parser.add_argument("--runs", type=int, default=5, help="of each sort")
    given = parser.parse_args(arguments)
    config = load_config(given.config)
    print(conditions())
    found: dict[tuple[str, str], Runs] = {}
    for system in given.system or list(config.systems):
        for sort, runs in measured(config.root, system, given.runs).items():
            found[system, sort] = runs
    print("", f"{given.runs} runs of each sort", "", *table(found), sep="\n")
    print("", "seconds by the clock of each phase (and how many there were):", "", sep="\n")
    print(*phases(found), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
