"""How long the catalog of a system takes to read, and its models to import.

    python -m benchmarks.reading
    python -m benchmarks.reading --system pulse --runs 31

The catalog is read from a fresh copy of what the migrations built, on a connection of its own each
time, as the gate reads it. Models are imported by an interpreter of their own, with byte code, and
an interpreter that imports SQLAlchemy alone is set beside it: the rest is the models' own.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from benchmarks.cost import Cost, conditions, medians, run
from pgassay.core.config import load_config
from pgassay.run.stand import Request, Stand

if TYPE_CHECKING:
    from pgassay.core.catalog import Catalog
    from pgassay.core.config import Config

_BASIS = "import sqlalchemy.orm, sqlalchemy.dialects.postgresql"


def catalog(config: Config, system: str, runs: int) -> str:
    """Return the row of one system: what it has, and what reading it takes."""
    request = Request(config=config, system=config.system(system), today=datetime.now(UTC).date())
    costs = []
    with Stand(request) as stand:
        database = stand.clone()
        found = stand.read(database)
        for _ in range(runs):
            wall, cpu = perf_counter(), process_time()
            found = stand.read(database)
            costs.append(Cost(wall=perf_counter() - wall, cpu=process_time() - cpu))
    cells = []
    for values in ([c.wall for c in costs], [c.cpu for c in costs]):
        cells += [f"{1000 * min(values):.0f}", f"{1000 * statistics.median(values):.0f}"]
    return f"| {system} | {_size(found)} | {' | '.join(cells)} |"


def _size(found: Catalog) -> str:
    tables = found.tables
    return " | ".join(
        str(count)
        for count in (
            len(tables),
            sum(len(t.columns) for t in tables),
            sum(len(t.constraints) for t in tables),
            sum(len(t.indexes) for t in tables),
        )
    )


def models(config: Config, system: str, runs: int) -> list[str]:
    """Return two rows: SQLAlchemy alone, and a system's models."""
    metadata = config.system(system).metadata
    if metadata is None:
        return []
    module = metadata.partition(":")[0]
    found: dict[str, list[Cost]] = {_BASIS: [], f"import {module}": []}
    for number in range(runs + 1):
        for statement, costs in found.items():
            cost, _, _ = run([sys.executable, "-c", statement], config.root)
            if number:  # the first writes byte code
                costs.append(cost)
    return [f"| `{statement}` | {medians(costs)} |" for statement, costs in found.items()]


def main() -> int:
    """Measure and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--system", action="append", help="one of them; all by default")
    parser.add_argument("--config", type=Path, default=Path())
    parser.add_argument("--runs", type=int, default=15, help="of each sort")
    given = parser.parse_args()
    config = load_config(given.config)
    systems = given.system or list(config.systems)
    print(conditions(), "", f"{given.runs} runs of each sort", "", sep="\n")
    counts = "tables, partitions included | columns | constraints | indexes"
    print(f"| catalog of | {counts} | wall ms, least | median | reader's CPU ms, least | median |")
    print(f"|---|{'--:|' * 8}")
    for system in systems:
        print(catalog(config, system, given.runs))
    print("", "| import | wall s, least | median | CPU s, least | median |", sep="\n")
    print(f"|---|{'--:|' * 4}")
    for system in systems:
        print(*models(config, system, given.runs), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
