"""Nothing outlives its owner, however the owner ends."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pgassay.postgres.servers import open_server

from .conftest import run_folders, servers_below, wait_until

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

HOLD = """
    import time
    from pgassay.postgres.servers import open_server
    with open_server("embedded") as server:
        server.create_database("held")
        print("ready", flush=True)
        time.sleep(60)
"""
INITDB = """
    from pgassay.postgres.servers import local, open_server
    launch = local.LocalServer._run_program
    def told(self, argv):
        print("ready", flush=True)
        return launch(self, argv)
    local.LocalServer._run_program = told
    open_server("embedded")
    import time; time.sleep(60)
"""
FORKED = """
    import os, time
    from pgassay.postgres.servers import open_server
    server = open_server("embedded")
    heard, said = os.pipe()
    if os.fork() == 0:
        server.close()
        os.write(said, b"closed")
        time.sleep(60)
        os._exit(0)
    os.read(heard, 6)
    with server.connect("postgres"):
        print("ready", flush=True)
    time.sleep(60)
"""


def unattached_segments() -> set[str]:
    """The System V segments that no process uses."""
    rows = Path("/proc/sysvipc/shm").read_text().splitlines()[1:]
    return {row.split()[1] for row in rows if row.split()[6] == "0"}


def watchers(place: Path) -> list[int]:
    """The watcher processes of the servers below `place`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_text().split("\0")
            except OSError:
                continue
            of_a_watcher = len(words) > 4 and words[3].endswith("watcher_process.py")
            if of_a_watcher and any(word.startswith(str(place)) for word in words[5:]):
                found.append(int(entry.name))
    return found


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_running_server_ends_with_its_owner(
    place: Path, own: Callable[[str], subprocess.Popen[str]], number: signal.Signals
) -> None:
    owner = own(HOLD)
    assert owner.stdout is not None
    assert owner.stdout.readline() == "ready\n"
    assert servers_below(place)

    owner.send_signal(number)
    owner.wait(timeout=20)

    assert wait_until(lambda: not servers_below(place)), servers_below(place)
    assert wait_until(lambda: not run_folders(place)), run_folders(place)


def test_initdb_ends_with_its_owner(
    place: Path, cold_cache: Path, own: Callable[[str], subprocess.Popen[str]]
) -> None:
    before = unattached_segments()
    owner = own(INITDB)
    assert owner.stdout is not None
    assert owner.stdout.readline() == "ready\n"

    assert wait_until(lambda: bool(servers_below(place)))
    owner.kill()
    owner.wait(timeout=20)

    assert wait_until(lambda: not servers_below(place)), servers_below(place)
    assert wait_until(lambda: not run_folders(place)), run_folders(place)
    assert wait_until(lambda: not unattached_segments() - before)
    assert not list(cold_cache.glob("*.pack"))
    assert not list(cold_cache.glob("*.partial"))


def test_a_forked_child_neither_ends_the_server_nor_keeps_it(
    place: Path, own: Callable[[str], subprocess.Popen[str]]
) -> None:
    owner = own(FORKED)
    assert owner.stdout is not None
    assert owner.stdout.readline() == "ready\n"
    (child,) = Path(f"/proc/{owner.pid}/task/{owner.pid}/children").read_text().split()[1:]
    try:
        owner.kill()
        owner.wait(timeout=20)

        assert wait_until(lambda: not servers_below(place)), servers_below(place)
        assert wait_until(lambda: not run_folders(place)), run_folders(place)
    finally:
        os.kill(int(child), signal.SIGKILL)


def test_a_server_ends_with_its_watcher_and_the_next_run_removes_the_folder(
    place: Path, own: Callable[[str], subprocess.Popen[str]]
) -> None:
    owner = own(HOLD)
    assert owner.stdout is not None
    assert owner.stdout.readline() == "ready\n"
    (watcher,) = watchers(place)

    os.kill(watcher, signal.SIGKILL)
    owner.kill()
    owner.wait(timeout=20)

    assert wait_until(lambda: not servers_below(place)), servers_below(place)
    assert run_folders(place)
    open_server("embedded").close()
    assert not run_folders(place)


def test_a_folder_that_only_looks_like_one_of_ours_is_left_alone(place: Path) -> None:
    """Of two folders left long ago, the one with another name than a run's stays."""
    for name in ("pgassay-notes", "pgassay-0123456789ab"):
        (place / name).mkdir()
        os.utime(place / name, (1, 1))
    open_server("embedded").close()
    assert run_folders(place) == [place / "pgassay-notes"]


def test_another_run_is_not_touched(
    place: Path, own: Callable[[str], subprocess.Popen[str]]
) -> None:
    survivor, victim = own(HOLD), own(HOLD)
    for owner in (survivor, victim):
        assert owner.stdout is not None
        assert owner.stdout.readline() == "ready\n"
    before = len(run_folders(place))

    victim.kill()
    victim.wait(timeout=20)

    assert before == 2
    assert wait_until(lambda: len(run_folders(place)) == 1)
    assert servers_below(place)
    assert survivor.poll() is None
