"""`.ci/docker_engine.py`: nothing of the engine outlives the command it was started for.

Needs root and a machine that has shown that an engine runs there (PGASSAY_REQUIRE_CONTAINER, which
the same script sets); the engines of these tests hold no image and stand beside that one.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import docker
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPT = Path(__file__).parents[2] / ".ci" / "docker_engine.py"
needs_engine = pytest.mark.skipif(
    os.geteuid() != 0 or "PGASSAY_REQUIRE_CONTAINER" not in os.environ,
    reason=os.environ.get("PGASSAY_CONTAINER_UNAVAILABLE")
    or "not under .ci/docker_engine.py, or not root",
)


@pytest.fixture
def directory() -> Iterator[Path]:
    """A short path, as a socket's has 107 bytes at most; no engine is left there in any case."""
    with tempfile.TemporaryDirectory(prefix="pga") as name:
        yield Path(name)
        call(Path(name), "stop")


def call(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), "--dir", str(directory), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={key: value for key, value in os.environ.items() if key != "DOCKER_HOST"},
    )


def run(directory: Path, code: str, *options: str) -> subprocess.CompletedProcess[str]:
    return call(directory, "run", *options, "--images", "--", sys.executable, "-c", code)


def traces(directory: Path) -> list[str]:
    """What of an engine is still on this machine: processes, mounts, its socket."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                arguments = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if arguments[0].endswith(
                (b"dockerd", b"containerd", b"containerd-shim-runc-v2")
            ) and any(os.fsencode(directory) in argument for argument in arguments):
                found.append(f"process {entry.name}")
    mounts = Path("/proc/self/mountinfo").read_text()
    found += [line for line in mounts.splitlines() if str(directory) in line]
    return found + [str(path) for path in directory.glob("engine/docker.sock")]


@needs_engine
def test_the_engine_answers_while_the_command_runs_and_is_gone_after_it(directory: Path) -> None:
    code = f"""
import docker, shutil
shutil.copy("{directory}/engine/process.json", "{directory}/record.json")
print(docker.from_env().ping())
"""
    result = run(directory, code, "--required")
    bridge = json.loads((directory / "record.json").read_text())["bridge"]

    assert result.returncode == 0, result.stderr
    assert result.stdout == "True\n"
    assert traces(directory) == []
    assert not Path("/sys/class/net", bridge).exists()


@needs_engine
def test_the_exit_code_is_the_commands_own(directory: Path) -> None:
    assert run(directory, "raise SystemExit(7)").returncode == 7
    assert traces(directory) == []


@needs_engine
def test_nothing_is_left_of_the_engine_of_a_killed_run(directory: Path) -> None:
    command = [sys.executable, str(SCRIPT), "--dir", str(directory), "run", "--images", "--"]
    owner = subprocess.Popen(
        [*command, sys.executable, "-c", "import sys; print('up', flush=True); sys.stdin.read()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert owner.stdin is not None
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"up\n"
    assert len(traces(directory)) >= 2

    owner.send_signal(signal.SIGKILL)
    owner.wait()
    owner.stdin.close()  # ends the command
    owner.stdout.close()

    deadline = time.monotonic() + 20
    while traces(directory) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert traces(directory) == []


@needs_engine
def test_an_engine_killed_outright_is_cleared_by_stop_with_its_containers(
    directory: Path, engine: docker.DockerClient
) -> None:
    assert call(directory, "start", "--images").returncode == 0
    content = json.loads((directory / "engine" / "process.json").read_text())
    assert Path("/sys/class/net", content["bridge"]).exists()
    client = docker.DockerClient(base_url=f"unix://{directory}/engine/docker.sock")
    try:
        client.images.load(engine.images.get("postgres:18").save(named=True))
        container = client.containers.run("postgres:18", ["sleep", "600"], detach=True)
        container.reload()
        inside = Path(f"/proc/{container.attrs['State']['Pid']}")
    finally:
        client.close()
    os.kill(content["pid"], signal.SIGKILL)
    time.sleep(0.5)
    assert inside.exists(), "containers outlive their engine, so somebody has to end them"

    assert call(directory, "stop").returncode == 0
    assert not is_alive(inside)
    assert traces(directory) == []
    assert not Path("/sys/class/net", content["bridge"]).exists()


def is_alive(process: Path) -> bool:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@needs_engine
def test_a_second_start_finds_the_first(directory: Path) -> None:
    first, second = call(directory, "start", "--images"), call(directory, "start", "--images")

    assert first.returncode == 0, first.stderr
    assert f"export DOCKER_HOST=unix://{directory}/engine/docker.sock" in first.stdout
    assert first.stdout == second.stdout
    assert call(directory, "status").returncode == 0
    call(directory, "stop")
    assert call(directory, "status").returncode == 1


def test_where_no_engine_can_run_the_command_learns_why(directory: Path) -> None:
    """The path is too long for a socket, which holds on every machine; without root, that."""
    hopeless = directory / ("x" * 100)

    result = run(hopeless, "import os; print(os.environ['PGASSAY_CONTAINER_UNAVAILABLE'])")

    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith(
        ("the socket's path is too long", "starting dockerd needs root")
    )


def test_where_no_engine_can_run_and_one_is_required_the_exit_code_is_75(directory: Path) -> None:
    result = run(directory / ("x" * 100), "print('ran')", "--required")

    assert result.returncode == 75
    assert result.stdout == ""
    assert "no container engine here: " in result.stderr
