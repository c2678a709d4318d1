"""A cache and a folder for the servers of one test, and owners in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


MEMORY = Path("/dev/shm")


@pytest.fixture(scope="session")
def warm_cache() -> Iterator[Path]:
    """A cache for tests that are about something else: one initdb for all of them."""
    with tempfile.TemporaryDirectory(prefix="pgt-cache-", dir=MEMORY) as name:
        yield Path(name)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, warm_cache: Path) -> Iterator[Path]:
    """A folder in memory for the servers of one test, reachable by every user."""
    with tempfile.TemporaryDirectory(prefix="pgt-", dir=MEMORY) as name:
        folder = Path(name)
        folder.chmod(0o755)
        monkeypatch.setenv("PGASSAY_TMP", name)
        monkeypatch.setenv("PGASSAY_CACHE", str(warm_cache))
        yield folder


@pytest.fixture
def cold_cache(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the test's own; the folder of the packs."""
    monkeypatch.setenv("PGASSAY_CACHE", str(place / "cache"))
    return place / "cache" / "clusters"


@pytest.fixture
def own(place: Path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Start Python code in a process of its own; it prints one line when it is ready."""
    started: list[subprocess.Popen[str]] = []

    def start(code: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code)],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ.copy(),
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def servers_below(place: Path) -> list[int]:
    """The processes that work in a folder below `place`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                folder = (entry / "cwd").resolve()
            except OSError:
                continue
            if place in folder.parents:
                found.append(int(entry.name))
    return found


def run_folders(place: Path) -> list[Path]:
    return [*place.glob("pgassay-*")]


def wait_until(happened: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happened():
            return True
        time.sleep(0.02)
    return happened()
