"""pgbench: how many transactions a second several clients get through, and how long each waits.

The program comes with the server's own; where the server is not on this machine, from the path.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pgassay.core.errors import MachineError
from pgassay.postgres.servers.binaries import BIN_VARIABLE
from pgassay.postgres.servers.local import LocalServer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgassay.core.statement import Statement
    from pgassay.postgres.servers import Server

_WHOLE = re.compile(r"tps = (?P<tps>[\d.]+)")
_SCRIPT = re.compile(r"^SQL script \d+: .+$", re.MULTILINE)
_ONE = re.compile(r"^number of transactions actually processed: (?P<count>\d+)", re.MULTILINE)
_COUNT = re.compile(r"^ - (?P<count>\d+) transactions ", re.MULTILINE)
_LATENCY = re.compile(r"latency average = (?P<ms>[\d.]+) ms")
_DEVIATION = re.compile(r"latency stddev = (?P<ms>[\d.]+) ms")
_PLACEHOLDER = re.compile(r"\$(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Throughput:
    """What became of one statement among all that ran at once.

    Args:
        name: the statement's.
        transactions: how often it ran.
        per_second: the same by the second.
        latency_ms: how long it took on average.
        deviation_ms: by how much that varied (standard deviation).
    """

    name: str
    transactions: int
    per_second: float
    latency_ms: float
    deviation_ms: float


def find_pgbench(server: Server) -> Path | None:
    """Return the program that fits a server, None if there is none."""
    folders = [server.programs] if isinstance(server, LocalServer) else []
    folders += [Path(part) for part in os.environ.get(BIN_VARIABLE, "").split(os.pathsep) if part]
    for folder in folders:
        for place in (folder / "pgbench", folder / "bin" / "pgbench"):
            if os.access(place, os.X_OK):
                return place
    found = shutil.which("pgbench")
    return Path(found) if found else None


def run_pgbench(
    program: Path,
    server: Server,
    database: str,
    statements: Mapping[str, Statement],
    *,
    clients: int,
    seconds: int,
    settings: Sequence[str] = (),
) -> tuple[float, tuple[Throughput, ...]]:
    """Run statements, each as often as the others, and return transactions a second and of each.

    Args:
        program: pgbench.
        server: where.
        database: the name of a copy that may be written.
        statements: with their values, by name.
        clients: how many sessions at once.
        seconds: for how long.
        settings: options of the sessions (`-c name=value`).

    Raises:
        MachineError: it does not run, or the server refuses a statement.
    """
    with tempfile.TemporaryDirectory(prefix="pgassay-") as folder:
        command = [str(program), "--no-vacuum", "--protocol=prepared", "--random-seed=0",
                   f"--client={clients}", f"--jobs={min(clients, os.cpu_count() or 1)}",
                   f"--time={seconds}"]  # fmt: skip
        for number, statement in enumerate(statements.values()):
            path = Path(folder) / f"{number}.sql"
            path.write_text(_script(statement, number), encoding="utf-8")
            command += [f"--file={path}", *_values(statement, number)]
        done = subprocess.run(
            [*command, database],
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds + 120,
            env={**os.environ, **_environment(server, database, settings)},
        )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise MachineError(
            f"pgbench ended with {done.returncode}: {said[-1] if said else 'no word'}",
            where=str(program),
            expected="a run to its end",
        )
    whole = _WHOLE.search(done.stdout)
    return float(whole["tps"]) if whole else 0.0, tuple(read_report(done.stdout, list(statements)))


def _script(statement: Statement, number: int) -> str:
    """Return a statement as a script; its parameters are variables that are its own."""
    return _PLACEHOLDER.sub(rf":q{number}_\1", statement.sql.rstrip().rstrip(";")) + ";\n"


def _values(statement: Statement, number: int) -> Iterator[str]:
    for position, value in enumerate(statement.values, 1):
        yield f"--define=q{number}_{position}={value}"


def _environment(server: Server, database: str, settings: Sequence[str]) -> dict[str, str]:
    """Return libpq's variables; a password does not stand in the list of processes so."""
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    given = server.parameters(database)
    found = {variable: str(given[name]) for name, variable in names.items() if name in given}
    return {**found, "PGOPTIONS": " ".join(f"-c {setting}" for setting in settings)}


def read_report(text: str, names: Sequence[str]) -> Iterator[Throughput]:
    """Yield what pgbench says of each script, in their order.

    One script has no part of its own; where there are several, 18 puts their `tps` elsewhere than
    16 and 17.
    """
    parts = _SCRIPT.split(text)[1:] if len(names) > 1 else [text]
    for name, part in zip(names, parts, strict=False):
        count = (_COUNT if len(names) > 1 else _ONE).search(part)
        if count is None:
            continue
        whole, latency, deviation = (p.search(part) for p in (_WHOLE, _LATENCY, _DEVIATION))
        yield Throughput(
            name=name,
            transactions=int(count["count"]),
            per_second=float(whole["tps"]) if whole else 0.0,
            latency_ms=float(latency["ms"]) if latency else 0.0,
            deviation_ms=float(deviation["ms"]) if deviation else 0.0,
        )
