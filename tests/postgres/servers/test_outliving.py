"""Nothing outlives its owner, however the owner ends."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from .conftest import run_folders, servers_below, wait_until

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

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
    place: Path, own: Callable[[str], subprocess.Popen[str]]
) -> None:
    owner = own(INITDB)
    assert owner.stdout is not None
    assert owner.stdout.readline() == "ready\n"

    owner.kill()
    owner.wait(timeout=20)

    assert wait_until(lambda: not servers_below(place)), servers_below(place)
    assert wait_until(lambda: not run_folders(place)), run_folders(place)


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
