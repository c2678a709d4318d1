"""How fast rows get into a database: beside the limit, and beside what people use.

    python -m benchmarks.populate --system creativeflow --profile medium
    python -m benchmarks.populate --system creativeflow --growth a.toml medium large
    python -m benchmarks.populate --peers

Side by side, on the same tables of one server: the limit before and after, ours between. The limit
are the same rows in files made beforehand, loaded by server-side COPY FROM into bare tables by as
many sessions as ours has workers, then every index built and every foreign key validated, in
parallel too. Ours makes the rows as well. Neither vacuums; that is told apart. Wall clock, and the
CPU time of the machine, which a busy machine disturbs less.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.core.config import Config, System, load_config
from pgassay.core.processors import processors
from pgassay.postgres.bulk import Copied, Done, Planned, Stage, load
from pgassay.postgres.bulk.bareness import lay_bare
from pgassay.postgres.bulk.copying import HEADER, TRAILER, copy_command
from pgassay.postgres.bulk.validation import foreign_keys, validate
from pgassay.run.stand import Request, Stand
from pgassay.run.volume_order import order_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import psycopg

    from pgassay.core.names import QualifiedName
    from pgassay.core.volume import Stream, VolumeSource
    from pgassay.postgres.bulk.validation import ForeignKey
    from pgassay.postgres.servers import Server

    Connection = psycopg.Connection[tuple[object, ...]]
    Work = Callable[[Connection], None]

_BUILDING = (Stage.COPY, Stage.INDEX, Stage.VALIDATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One run: what it was, its rows, seconds by the clock and by the processors."""

    name: str
    rows: int
    seconds: float
    cpu: float
    parts: str = ""

    def __str__(self) -> str:
        """Return one line."""
        rate = self.rows / self.seconds
        return (
            f"{self.name:<28}{self.rows:>12,} rows {self.seconds:>8.2f} s {rate:>11,.0f} rows/s"
            f"  {self.cpu:>7.2f} CPU s  {self.parts}"
        )


def main() -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--system", default="creativeflow")
    parser.add_argument("--profile", default="medium")
    parser.add_argument("--workers", type=int, default=processors())
    parser.add_argument("--growth", nargs="*", metavar="PROFILE", help="seconds and memory of each")
    parser.add_argument("--peers", action="store_true", help="other ways to fill PostgreSQL")
    asked = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, load {_load()}")
    if asked.peers:
        _beside_peers(asked.workers)
    elif asked.growth:
        for profile in asked.growth:
            _growth(asked.system, profile, asked.workers)
    else:
        _beside_the_limit(asked.system, asked.profile, asked.workers)


def _beside_the_limit(system: str, profile: str, workers: int) -> None:
    with _stand(load_config(Path.cwd()), system, profile, workers) as (stand, source):
        server, proven = stand.server, stand.clone(stand.proven)
        with tempfile.TemporaryDirectory(dir=_place(server), prefix="rows-") as folder:
            files = _files(source, Path(folder))
            print(f"{system} {profile}: PostgreSQL {server.version}, {workers} workers")
            runs = [
                _timed("limit", lambda: _limit(server, proven, files, workers)),
                _ours(server, proven, source, workers),
                _timed("limit again", lambda: _limit(server, proven, files, workers)),
            ]
        for run in runs:
            print(run)
        limit = (runs[0].seconds + runs[2].seconds) / 2
        of_cpu = (runs[0].cpu + runs[2].cpu) / 2
        print(f"ours is {limit / runs[1].seconds:.2f} of the limit by the clock, ", end="")
        print(f"{of_cpu / runs[1].cpu:.2f} by CPU time")


def _growth(system: str, profile: str, workers: int) -> None:
    with _stand(load_config(Path.cwd()), system, profile, workers) as (stand, source):
        run = _ours(
            stand.server, stand.clone(stand.proven), source, workers, name=profile, watched=True
        )
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(run, f" owner {memory} MB, largest worker {_largest_worker} MB")


class _stand:  # noqa: N801 - reads as the function that it is used as
    """A stand and the volume of a profile, made outside of all measuring."""

    def __init__(self, config: Config, system: str, profile: str, workers: int) -> None:
        today = datetime.now(UTC).date()
        self._request = Request(config=config, system=config.system(system), today=today)
        self._order = order_of(self._request, profile=profile, workers=workers)

    def __enter__(self) -> tuple[Stand, VolumeSource]:
        self._stand = Stand(self._request)
        return self._stand, self._order.make(self._stand)

    def __exit__(self, *_: object) -> None:
        self._stand.close()


def _files(source: VolumeSource, folder: Path) -> list[tuple[Stream, Path]]:
    """Write every stream to a file that the server can read."""
    folder.chmod(0o755)
    found = []
    for number, stream in enumerate(source.streams()):
        if not stream.rows:
            continue
        path = folder / f"{number}.bin"
        with path.open("wb") as file:
            file.write(HEADER)
            for chunk in range(stream.chunks):
                file.write(source.chunk(stream, chunk).payload)
            file.write(TRAILER)
        path.chmod(0o644)
        found.append((stream, path))
    return sorted(found, key=lambda entry: -entry[1].stat().st_size)


def _limit(
    server: Server, template: str, files: Sequence[tuple[Stream, Path]], workers: int
) -> tuple[int, str]:
    database = server.create_database("limit", template=template)
    try:
        with server.connect(database) as connection:
            bareness = lay_bare(connection, [stream.relation for stream, _ in files])
            keys = foreign_keys(connection)
        clock = _Lap()
        _spread(server, database, workers, [_copying(*entry) for entry in files])
        clock.lap("copy")
        _spread(server, database, workers, [_building(i.sql) for i in bareness.indexes])
        clock.lap("index")
        by_relation = {
            key.relation: [k for k in keys if k.relation == key.relation] for key in keys
        }
        work = [_validating(relation, some) for relation, some in by_relation.items()]
        _spread(server, database, workers, work)
        clock.lap("validate")
    finally:
        server.drop_database(database)
    return sum(stream.rows for stream, _ in files), clock.told


def _copying(stream: Stream, path: Path) -> Work:
    command = copy_command(stream, freeze=True).replace("from stdin", f"from '{path}'")

    def work(connection: Connection) -> None:
        with connection.transaction():
            connection.execute(f"truncate only {stream.relation.sql}".encode())
            connection.execute(command.encode())

    return work


def _building(index: str) -> Work:
    def work(connection: Connection) -> None:
        connection.execute(f"reindex index {index}".encode())

    return work


def _validating(relation: QualifiedName, keys: Sequence[ForeignKey]) -> Work:
    return lambda connection: validate(connection, relation, keys)


def _spread(server: Server, database: str, workers: int, work: Iterable[Work]) -> None:
    left = list(reversed(list(work)))

    def lane() -> None:
        with server.connect(database) as connection:
            connection.execute("set maintenance_work_mem = '256MB'")
            connection.execute("set max_parallel_maintenance_workers = 0")
            while left:
                try:
                    task = left.pop()
                except IndexError:
                    return
                task(connection)

    with ThreadPoolExecutor(workers) as lanes:
        for done in [lanes.submit(lane) for _ in range(workers)]:
            done.result()


def _ours(
    server: Server,
    template: str,
    source: VolumeSource,
    workers: int,
    *,
    name: str = "ours",
    watched: bool = False,
) -> Measured:
    database = server.create_database("ours", template=template)
    started, before = perf_counter(), _cpu()
    built = cpu = 0.0
    rows = 0
    left: Counter[Stage] = Counter()
    ends: dict[Stage, float] = {}
    try:
        for step in load(server, database, source, workers=workers):
            match step:
                case Planned():
                    rows = step.rows
                    left.update(step.pieces)
                case Done():
                    left[step.stage] -= 1
                    ends[step.stage] = perf_counter() - started
                    if not built and not any(left[stage] for stage in _BUILDING):
                        built, cpu = perf_counter() - started, _cpu() - before
                case Copied() if watched:
                    _look_at_workers()
    finally:
        server.drop_database(database)
    parts = ", ".join(f"{stage} by {ends[stage]:.2f}" for stage in ends)
    return Measured(name=name, rows=rows, seconds=built, cpu=cpu, parts=parts)


_largest_worker = 0


def _look_at_workers() -> None:
    """Remember the largest resident set of a worker process."""
    global _largest_worker  # noqa: PLW0603 - a high-water mark of the whole run
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            words = (status.parent / "cmdline").read_bytes()
            if b"bulk.worker_process" in words:
                lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
                _largest_worker = max(_largest_worker, int(lines["VmHWM"].split()[0]) // 1024)
        except (OSError, KeyError):
            continue


def _beside_peers(workers: int) -> None:
    """Each way its own rows, as many as it makes in reasonable time; the rate is what compares."""
    from benchmarks.peers import ACCOUNTS, PEERS, fill  # noqa: PLC0415 - heavy libraries

    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "peers.toml"
        profile.write_text(
            f"rows = {_OURS}\n[tables.account]\nrows = {ACCOUNTS}\n", encoding="utf-8"
        )
        system = System(name="peers", metadata="benchmarks.peers:metadata")
        config = Config(root=Path.cwd(), systems={"peers": system})
        with _stand(config, "peers", str(profile), workers) as (stand, source):
            ours = _ours(stand.server, stand.clone(), source, workers)
            for name, peer in PEERS.items():
                database = stand.clone()
                with stand.server.connect(database) as connection:
                    connection.execute(
                        "insert into account (email) select n || '@example.org'"
                        f" from generate_series(1, {ACCOUNTS}) n"
                    )
                url = stand.server.url(database, scheme="postgresql+psycopg")
                run = _timed(name, lambda url=url, peer=peer: (fill(url, peer, _THEIRS), ""))
                rate = (ours.rows / ours.seconds) / (run.rows / run.seconds)
                print(run, f"ours is {rate:,.0f} times as fast")
            print(ours)


_OURS, _THEIRS = 500_000, 5_000


def _timed(name: str, work: Callable[[], tuple[int, str]]) -> Measured:
    started, before = perf_counter(), _cpu()
    rows, parts = work()
    return Measured(
        name=name, rows=rows, seconds=perf_counter() - started, cpu=_cpu() - before, parts=parts
    )


class _Lap:
    def __init__(self) -> None:
        self._last = perf_counter()
        self.told = ""

    def lap(self, name: str) -> None:
        now = perf_counter()
        self.told += f"{name} {now - self._last:.2f} "
        self._last = now


def _cpu() -> float:
    """Return the CPU seconds of this process and its children, the server's processes included."""
    total = 0.0
    tick = os.sysconf("SC_CLK_TCK")
    below = {os.getpid()}
    stats = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        stats[int(stat.parent.name)] = (int(words[1]), words[11:15])
    grown = True
    while grown:
        more = {pid for pid, (parent, _) in stats.items() if parent in below} - below
        grown = bool(more)
        below |= more
    for pid in below & stats.keys():
        total += sum(map(int, stats[pid][1])) / tick  # with those of children that ended
    return total


def _place(server: Server) -> str:
    with server.connect("postgres") as connection:
        row = connection.execute("show data_directory").fetchone()
    assert row is not None
    return str(Path(str(row[0])).parent.parent)


def _load() -> str:
    return ", ".join(f"{one:.1f}" for one in os.getloadavg())


if __name__ == "__main__":
    sys.exit(main())
