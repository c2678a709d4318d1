"""A validation of one revision from command to verdict, part by part; and the cost of a look.

    python -m benchmarks.migration 0011 --system creativeflow
    python -m benchmarks.migration 0011 --system creativeflow --profile medium --runs 3
    python -m benchmarks.migration --looks
    python -m benchmarks.migration --long

A cold run has an empty cache: no cluster, no populated database, no notes; warm ones follow on the
same cache. The virtual environment has its byte code. `--looks` asks the probe within a
transaction that has locked so many relations, and runs a DDL command with and without the probe;
least of many, since whatever else the machine does only adds to it. `--long` runs statements that
take over a second with the watcher and without it, in turn.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from benchmarks.cost import Cost, conditions, medians, run
from pgassay.core.config import load_config
from pgassay.postgres.servers import Profile, ServerDeclaration, open_server
from pgassay.postgres.tracing.probe import install
from pgassay.postgres.tracing.session import run_watched
from pgassay.postgres.tracing.watcher import Watcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import psycopg

    from pgassay.postgres.servers import Server

PROGRAM = str(Path(sys.executable).with_name("pgassay"))
_TABLES, _AGAIN = 120, 40  # tables of three indexes each; how often each thing is measured
_LOCKED = (0, 5, 25, 60, 120)  # tables that are locked, with their indexes
_LONG = (
    # What it is, whether it is a transaction of its own, the statement.
    ("CREATE INDEX", False, "create index long_i on long (b, c)"),
    ("CREATE INDEX CONCURRENTLY", True, "create index concurrently long_i on long (b, c)"),
    ("ALTER COLUMN TYPE, a rewrite", False, "alter table long alter column b type bigint"),
    ("UPDATE of every row", False, "update long set c = c + 1"),
    ("UPDATE that commits by itself", True, "update long set c = c + 1"),
)
_ROWS = 1_500_000


class Runs:
    """Validations of one sort.

    Attributes:
        costs: of the whole command.
        parts: seconds by the clock, by part.
    """

    def __init__(self) -> None:
        self.costs: list[Cost] = []
        self.parts: dict[str, list[float]] = defaultdict(list)

    def add(self, cost: Cost, report: Path) -> None:
        """Take one run's cost and its JSON report."""
        (system,) = json.loads(report.read_text(encoding="utf-8"))["systems"]
        self.costs.append(cost)
        for phase in system["phases"]:
            self.parts[phase["phase"]].append(phase["seconds"])


def validated(root: Path, order: Sequence[str], runs: int) -> Mapping[str, Runs]:
    """Validate once on an empty cache and so often on what that has left.

    Exit code 1 is well: who met whom among the clients is left to chance.
    """
    found = {"cold": Runs(), "warm": Runs()}
    with tempfile.TemporaryDirectory(prefix="migration-") as cache:
        report = Path(cache, "report.json")
        command = [PROGRAM, "migration", *order, "--json", str(report)]
        for sort in ("cold", *["warm"] * runs):
            variables = {"PGASSAY_CACHE": cache}
            cost, _, _ = run(command, root, expected=(0, 1), variables=variables)
            found[sort].add(cost, report)
    return found


def looks() -> Iterator[str]:
    """Yield the table of what looking costs, by the number of relations that are locked."""
    yield "| relations locked | a look, ms | a DDL command, ms | the same without the probe |"
    yield "|--:|--:|--:|--:|"
    with open_server("auto", ServerDeclaration(profile=Profile.FAITHFUL)) as server:
        bare = server.create_database("bare")
        with server.connect(bare) as connection:
            for number in range(_TABLES):
                connection.execute(f"create table t{number} (a int primary key, b int, c int)")
                connection.execute(f"create index on t{number} (b)")
                connection.execute(f"create index on t{number} (c)")
        probed = server.create_database("probed", bare)
        with server.connect(probed) as connection:
            install(connection)
        for locked in _LOCKED:
            plain = _measured(server, bare, locked, _commented)
            command = _measured(server, probed, locked, _commented)
            look = _measured(server, probed, locked, _looked)
            yield f"| {4 * locked} | {look:.2f} | {command:.2f} | {plain:.2f} |"


def long_statements(runs: int) -> Iterator[str]:
    """Yield the table of what watching adds to a statement that takes long."""
    yield "| statement | without, s | watched, s | ratio of medians | ratio of the least |"
    yield "|---|--:|--:|--:|--:|"
    with open_server("auto", ServerDeclaration(profile=Profile.FAITHFUL)) as server:
        template = server.create_database("long")
        with server.connect(template) as connection:
            connection.execute("set max_parallel_workers_per_gather = 0")
            connection.execute(
                "create table long as select n a, n % 1000 b, (n * 7919::bigint % 100003)::int c"
                f" from generate_series(1, {_ROWS}) n"
            )
            connection.execute("vacuum analyze long")
        for what, alone, statement in _LONG:
            found: dict[bool, list[float]] = {False: [], True: []}
            for number in range(2 * runs):
                watched = number % 4 in (1, 2)  # neither always goes first
                found[watched].append(
                    _long(server, template, statement, alone=alone, watched=watched)
                )
            without, seen = (statistics.median(found[which]) for which in (False, True))
            least = min(found[True]) / min(found[False])
            yield f"| {what} | {without:.2f} | {seen:.2f} | {seen / without:.3f} | {least:.3f} |"


def _long(server: Server, template: str, statement: str, *, alone: bool, watched: bool) -> float:
    """Return the seconds of one statement on a fresh copy, as its client sees them."""
    database = server.create_database("long_copy", template)
    try:
        with server.connect(database) as connection:
            install(connection)  # parallel workers are off for both
        with server.connect(database, autocommit=alone) as connection:
            connection.execute("select count(*) from long")  # it is in memory for both
            if not alone:
                connection.commit()
            if not watched:
                began = perf_counter()
                connection.execute(statement.encode())
                return perf_counter() - began
            with Watcher(server.conninfo(database)) as watcher:
                began = perf_counter()
                run_watched(connection, watcher, statement)
                return perf_counter() - began
    finally:
        server.drop_database(database)


def _measured(
    server: Server, database: str, locked: int, do: Callable[[psycopg.Connection[Any], int], float]
) -> float:
    """Return the least milliseconds of something in a transaction that holds locks."""
    with server.connect(database, autocommit=False) as connection:
        for number in range(locked):
            connection.execute(f"lock table t{number} in share row exclusive mode")
            connection.execute(f"select from t{number} where b = 1")
        return 1000 * min(do(connection, number) for number in range(_AGAIN))


def _looked(connection: psycopg.Connection[Any], _: int) -> float:
    began = perf_counter()
    connection.execute("select pgassay_trace.taken(false)").fetchone()
    return perf_counter() - began


def _commented(connection: psycopg.Connection[Any], number: int) -> float:
    if connection.info.dbname == "probed":
        _looked(connection, number)  # as the watcher does before it
    began = perf_counter()
    connection.execute(f"comment on table t0 is '{number}'".encode())
    return perf_counter() - began


def table(found: Mapping[str, Runs]) -> Iterator[str]:
    """Yield the tables of a validation."""
    yield "| | wall s, least | median | CPU s, least | median |"
    yield "|---|--:|--:|--:|--:|"
    for sort, runs in found.items():
        yield f"| {sort} | {medians(runs.costs)} |"
    yield ""
    names = list(dict.fromkeys(name for runs in found.values() for name in runs.parts))
    yield f"| part | {' | '.join(found)} |"
    yield f"|---|{'--:|' * len(found)}"
    for name in names:
        cells = [
            f"{statistics.median(runs.parts[name]):.2f}" if name in runs.parts else ""
            for runs in found.values()
        ]
        yield f"| {name} | {' | '.join(cells)} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("revision", nargs="?", help="as pgassay migration takes it; the head")
    parser.add_argument("--system", default="creativeflow")
    parser.add_argument("--profile", default="small")
    parser.add_argument("--config", type=Path, default=Path())
    parser.add_argument("--runs", type=int, default=3, help="of the warm ones")
    parser.add_argument("--looks", action="store_true", help="what a look costs, and nothing else")
    parser.add_argument(
        "--long", action="store_true", help="what watching adds to a long statement"
    )
    given = parser.parse_args(arguments)
    print(conditions(), "", sep="\n")
    if given.looks:
        print(*looks(), sep="\n")
        return 0
    if given.long:
        print(*long_statements(given.runs), sep="\n")
        return 0
    order = [given.revision or "head", "--system", given.system, "--profile", given.profile]
    found = validated(load_config(given.config).root, order, given.runs)
    print(f"{' '.join(order)}: one cold run, {given.runs} warm", "", sep="\n")
    print(*table(found), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
