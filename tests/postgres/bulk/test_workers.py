"""Processes that make rows: the same rows from any number of them, and none that stays."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pgassay.core.errors import MachineError
from pgassay.core.names import QualifiedName
from pgassay.postgres.bulk import Copied, Done, Manner, Planned, Stage, digests, load
from pgassay.postgres.bulk.lane import Lane
from pgassay.postgres.bulk.orders import Order
from pgassay.postgres.bulk.statistics import EXACT_ROWS
from pgassay.postgres.servers import ServerKind, open_server
from tests.postgres.bulk.wide import SCHEMA, WideSource

if TYPE_CHECKING:
    from pgassay.core.volume import Chunk, Stream
    from pgassay.postgres.bulk import Step
    from tests.postgres.bulk.conftest import Ground

TABLES = [QualifiedName("public", name) for name in ("account", "project", "asset")]
ASSETS = 40_000  # more than a process is started for, and than ANALYZE samples
_ROOT = Path(__file__).parents[3]


def _loaded(ground: Ground, workers: int, per_chunk: int) -> tuple[str, list[Step]]:
    database = ground.empty()
    source = WideSource(assets=ASSETS, per_chunk=per_chunk)
    return database, list(load(ground.server, database, source, workers=workers))


def test_one_worker_and_several_leave_the_same_rows_at_the_same_places(wide: Ground) -> None:
    found = []
    for workers, per_chunk in ((1, 7_001), (3, 20_000)):
        database, _ = _loaded(wide, workers, per_chunk)
        with wide.server.connect(database) as connection:
            found.append(digests(connection, TABLES))
    assert found[0] == found[1]


def test_a_row_elsewhere_is_another_digest(wide: Ground) -> None:
    database, _ = _loaded(wide, 2, 20_000)
    with wide.server.connect(database) as connection:
        before = digests(connection, TABLES)
        connection.execute("update project set name = name where number = 3")  # moves it
        after = digests(connection, TABLES)
    assert [before[table] == after[table] for table in TABLES] == [True, False, True]


def test_the_same_rows_lead_to_the_same_statistics(wide: Ground) -> None:
    known = []
    for _ in range(2):
        database, _ = _loaded(wide, 2, 20_000)
        with wide.server.connect(database) as connection:
            known.append(connection.execute(_STATISTICS).fetchall())
            assert connection.execute(
                "select reltuples from pg_class where relname = 'asset'"
            ).fetchone() == (ASSETS,)
    assert len(known[0]) > 10
    assert known[0] == known[1]
    assert 30_000 < ASSETS < EXACT_ROWS  # it would have been sampled


_STATISTICS = """
    select to_jsonb(s) from pg_stats s where schemaname = 'public' order by tablename, attname
"""


def test_every_row_and_every_piece_of_work_is_told(wide: Ground) -> None:
    _, steps = _loaded(wide, 2, 20_000)
    (planned,) = [step for step in steps if isinstance(step, Planned)]
    copied = [step for step in steps if isinstance(step, Copied)]
    assert sum(step.rows for step in copied) == planned.rows == ASSETS + 4_000 + 400
    done = [step.stage for step in steps if isinstance(step, Done)]
    assert {stage: done.count(stage) for stage in planned.pieces} == planned.pieces
    assert planned.pieces == {Stage.COPY: 3, Stage.INDEX: 9, Stage.VALIDATE: 2, Stage.VACUUM: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Watched:
    """Knows which threads pickled it; what comes out is the sound source."""

    sound: WideSource
    pickled_by: list[threading.Thread] = field(default_factory=list)

    def streams(self) -> tuple[Stream, ...]:
        return self.sound.streams()

    def chunk(self, stream: Stream, number: int) -> Chunk:
        return self.sound.chunk(stream, number)

    def __reduce__(self) -> tuple[object, ...]:
        self.pickled_by.append(threading.current_thread())
        return replace, (self.sound,)


def test_a_volume_is_pickled_once_before_its_lanes_have_threads(wide: Ground) -> None:
    source = _Watched(sound=WideSource(assets=ASSETS))
    steps = list(load(wide.server, wide.empty(), source, workers=2))
    assert sum(step.rows for step in steps if isinstance(step, Copied)) > ASSETS
    assert source.pickled_by == [threading.current_thread()]


def test_no_worker_outlives_a_load_that_is_left_early(wide: Ground) -> None:
    source = WideSource(assets=2_000_000)
    steps = load(wide.server, wide.empty(), source, workers=2)
    next(step for step in steps if isinstance(step, Copied))
    assert _workers_of(os.getpid())

    steps.close()

    assert _workers_of(os.getpid()) == []


def test_a_load_that_is_left_while_its_workers_start_ends_at_once(wide: Ground) -> None:
    source = WideSource(assets=50_000_000)  # it would take minutes
    steps = load(wide.server, wide.empty(), source, workers=2)
    assert isinstance(next(steps), Planned)
    waiting = threading.Thread(target=steps.__next__, daemon=True)
    waiting.start()
    waiting.join()  # the first rows: one lane is at work, the other may be starting

    steps.close()

    assert _workers_of(os.getpid()) == []


def test_an_interrupted_lane_begins_nothing(wide: Ground) -> None:
    source = WideSource(assets=100)
    lane = Lane(wide.server, wide.empty(), (), source, apart=pickle.dumps(source))
    stream = source.streams()[0]
    lane.interrupt()
    with pytest.raises(InterruptedError):
        lane.copy(Order(stream=stream, freeze=False), lambda rows, size: None)
    with pytest.raises(InterruptedError):
        _ = lane.connection
    lane.close()
    assert _workers_of(os.getpid()) == []


def test_no_worker_outlives_an_owner_that_is_killed(wide: Ground, tmp_path: Path) -> None:
    script = tmp_path / "owner.py"
    script.write_text(_OWNER)
    owner = subprocess.Popen(
        [sys.executable, str(script)],
        cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "copying\n"
        workers = _workers_of(owner.pid)
        assert workers
    finally:
        owner.send_signal(signal.SIGKILL)
        owner.communicate()
    deadline = time.monotonic() + 30
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < deadline, "a worker is still there"
        time.sleep(0.05)


_OWNER = """
from pgassay.postgres.bulk import Copied, load
from pgassay.postgres.servers import ServerKind, open_server
from tests.postgres.bulk.wide import SCHEMA, WideSource

if __name__ == "__main__":
    with open_server(ServerKind.EMBEDDED) as server:
        server.create_database("d")
        with server.connect("d") as connection:
            connection.execute(SCHEMA.encode())
        for step in load(server, "d", WideSource(assets=3_000_000), workers=2):
            if isinstance(step, Copied):
                print("copying", flush=True)
"""


def test_a_server_that_goes_away_in_the_middle_is_told_in_words() -> None:
    with open_server(ServerKind.EMBEDDED) as server:
        server.create_database("d")
        with server.connect("d") as connection:
            connection.execute(SCHEMA.encode())
        steps = load(server, "d", WideSource(assets=2_000_000), workers=2)
        next(step for step in steps if isinstance(step, Copied))
        server.close()
        with pytest.raises(MachineError, match=r"the server is gone|a worker process ended"):
            for _ in steps:
                pass
    assert _workers_of(os.getpid()) == []


@dataclass(frozen=True, slots=True, kw_only=True)
class _Broken:
    """Rows that cannot be made."""

    sound: WideSource

    def streams(self) -> tuple[Stream, ...]:
        return self.sound.streams()

    def chunk(self, stream: Stream, number: int) -> Chunk:
        raise ZeroDivisionError(f"{stream.relation} {number}")


@pytest.mark.parametrize("assets", [100, ASSETS], ids=["here", "in a process of its own"])
def test_a_fault_of_the_source_is_a_crash_with_its_trace(wide: Ground, assets: int) -> None:
    source = _Broken(sound=WideSource(assets=assets))
    with pytest.raises((ZeroDivisionError, RuntimeError), match=r"asset 0"):
        for _ in load(wide.server, wide.empty(), source, workers=1, manner=Manner.BARE):
            pass


def _workers_of(owner: int) -> list[int]:
    """Return the worker processes whose parent is `owner`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == owner and b"pgassay.postgres.bulk.worker_process" in words:
            found.append(int(entry.name))
    return found
