"""The dockerd process: installing it, starting it beside nothing else, stopping exactly it.

An engine is known by a home directory: its socket, its data and the record of its process are in
there. A process is named by pid and start time, so a recycled pid is never signalled.
"""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from engine_api import EngineApiError, engine_version, remove_containers
from engine_bridge import add_bridge, remove_bridge
from provision_postgres import ProvisionError, apt_install

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_START_SECONDS = 30.0
_STOP_SECONDS = 20.0
_PR_SET_PDEATHSIG = 1  # prctl(2)
_SOCKET_PATH_BYTES = 107  # sun_path of unix(7), less its terminator
_ADMIN_PATH = f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin:/sbin"


class EngineUnavailableError(Exception):
    """No engine can run on this machine; the message is the reason, in one line."""


@dataclasses.dataclass(frozen=True, slots=True)
class Engine:
    """The places of one engine under its home directory."""

    home: Path

    @property
    def socket(self) -> Path:
        """Where the engine answers."""
        return self.home / "docker.sock"

    @property
    def host(self) -> str:
        """The same, as DOCKER_HOST wants it."""
        return f"unix://{self.socket}"

    @property
    def log(self) -> Path:
        """What dockerd writes."""
        return self.home / "dockerd.log"

    @property
    def record(self) -> Path:
        """Which process it is: pid and start time."""
        return self.home / "process.json"

    @property
    def exec_root(self) -> Path:
        """What it keeps while it runs."""
        return self.home / "exec"

    @property
    def bridge(self) -> str:
        """The name of its network interface."""
        # Interface names have 15 characters at most, and each home needs its own.
        return f"pga{zlib.crc32(str(self.home).encode()):08x}"

    def running_pid(self) -> int | None:
        """The pid of the engine's process, or None when it does not run."""
        try:
            record = json.loads(self.record.read_text())
        except FileNotFoundError:
            return None
        pid, started = int(record["pid"]), str(record["started"])
        return pid if _started(pid) == started else None


@contextlib.contextmanager
def sole_user(engine: Engine) -> Iterator[None]:
    """Waits until no other `run` uses this engine; the kernel frees the lock after kill -9."""
    engine.home.mkdir(parents=True, exist_ok=True)
    with (engine.home / "user.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"waiting for another run that uses {engine.home}", file=sys.stderr, flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def start(engine: Engine, *, dies_with_us: bool) -> str:
    """Starts the engine unless it runs, waits until it answers, returns its version.

    Raises EngineUnavailableError with the reason when it cannot run here.
    """
    if os.geteuid() != 0:
        raise EngineUnavailableError("starting dockerd needs root")
    if len(os.fsencode(engine.socket)) > _SOCKET_PATH_BYTES:
        raise EngineUnavailableError(f"the socket's path is too long: {engine.socket}")
    engine.home.mkdir(parents=True, exist_ok=True)
    with (engine.home / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if engine.running_pid() is None:
            _clear_leftovers(engine)
            _ensure_installed()
            try:
                add_bridge(engine.bridge)
            except ProvisionError as error:
                raise EngineUnavailableError(str(error)) from error
            process = _launch(engine, dies_with_us=dies_with_us)
            try:
                version = _wait(engine, process)
                remove_containers(engine.socket)  # of an engine that was killed outright
            except BaseException:
                stop(engine)
                raise
            return version
        return engine_version(engine.socket)


def _ensure_installed() -> None:
    needed = {"dockerd": "docker.io", "ip": "iproute2"}
    packages = [
        package
        for program, package in needed.items()
        if not shutil.which(program, path=_ADMIN_PATH)
    ]
    if not packages:
        return
    if Path("/run/systemd/system").is_dir():
        # There the package would start an engine of its own, which nobody asked for.
        raise EngineUnavailableError(
            f"not installed: {', '.join(packages)} (left to you: on a machine run by systemd"
            " installing it also starts it)"
        )
    try:
        apt_install(packages)
    except ProvisionError as error:
        raise EngineUnavailableError(str(error)) from error


def _launch(engine: Engine, *, dies_with_us: bool) -> subprocess.Popen[bytes]:
    command = [
        shutil.which("dockerd", path=_ADMIN_PATH) or "dockerd",
        *("--host", engine.host),
        *("--data-root", str(engine.home / "data")),
        *("--exec-root", str(engine.exec_root)),
        *("--pidfile", str(engine.home / "dockerd.pid")),
        *("--storage-driver", "overlay2"),
        *("--bridge", engine.bridge, "--ip", "127.0.0.1"),
        # The proxy process connects 127.0.0.1 to the container: no rule of the firewall is needed.
        *("--iptables=false", "--ip6tables=false", "--ip-forward=false", "--ip-masq=false"),
        *("--userland-proxy=true", "--shutdown-timeout", "5"),
        # An empty file instead of /etc/docker/daemon.json, which is another engine's.
        *("--config-file", str(_empty_configuration(engine))),
    ]
    with engine.log.open("wb") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env={**os.environ, "PATH": _ADMIN_PATH},
            start_new_session=True,
            # Safe: this program has a single thread.
            preexec_fn=_follow_parent(os.getpid()) if dies_with_us else None,  # noqa: PLW1509
        )
    record = {"pid": process.pid, "started": _started(process.pid), "bridge": engine.bridge}
    engine.record.write_text(json.dumps(record))
    return process


def _empty_configuration(engine: Engine) -> Path:
    path = engine.home / "daemon.json"
    path.write_text("{}\n")
    return path


def _follow_parent(parent: int) -> Callable[[], None]:
    """Makes the kernel send SIGTERM to the new process when this one dies, however it dies."""
    libc = ctypes.CDLL(None, use_errno=True)

    def ask() -> None:
        if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
        if os.getppid() != parent:  # it died before it was asked
            os._exit(1)

    return ask


def _wait(engine: Engine, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise EngineUnavailableError(f"dockerd gave up: {_last_words(engine)}")
        with contextlib.suppress(OSError, EngineApiError):
            return engine_version(engine.socket)
        time.sleep(0.05)
    raise EngineUnavailableError(
        f"dockerd did not answer within {_START_SECONDS:.0f} s: {_last_words(engine)}"
    )


def _last_words(engine: Engine) -> str:
    lines = engine.log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it logged nothing"


def stop(engine: Engine) -> bool:
    """Stops the engine and its containers; returns whether it was running.

    Raises ProvisionError when something of it cannot be ended.
    """
    pid = engine.running_pid()
    if pid is not None:
        with contextlib.suppress(OSError, EngineApiError):  # one that hangs is ended all the same
            remove_containers(engine.socket)
        _end(pid)
    _clear_leftovers(engine)
    return pid is not None


def _clear_leftovers(engine: Engine) -> None:
    """Ends what a dockerd killed outright leaves: containerd, containers, mounts, the bridge."""
    for pid in _processes_of(engine):
        _end(pid, first=signal.SIGKILL)  # nobody is left whom they could take leave of
    for mount in _mounts_under(engine.home):
        subprocess.run(["umount", "--lazy", str(mount)], check=False, capture_output=True)
    remove_bridge(engine.bridge)
    for path in (engine.socket, engine.record, engine.home / "dockerd.pid"):
        path.unlink(missing_ok=True)
    if not _mounts_under(engine.exec_root):  # never delete through a mount
        shutil.rmtree(engine.exec_root, ignore_errors=True)


def _processes_of(engine: Engine) -> list[int]:
    """Processes that name our exec root as an argument, and their descendants, these last.

    containerd is given its configuration there, each shim its address; containers descend from
    the shims. Nothing else has a reason to name that directory.
    """
    found: list[int] = []
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            arguments = (entry / "cmdline").read_bytes()
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry.name))
            program = Path(os.fsdecode(arguments.split(b"\0")[0])).name
            if program.startswith("containerd") and os.fsencode(engine.exec_root) in arguments:
                found.append(int(entry.name))
    for pid in found:
        found.extend(child for child in children.get(pid, []) if child not in found)
    return found


def _end(pid: int, *, first: signal.Signals = signal.SIGTERM) -> None:
    started = _started(pid)
    if started is None:
        return
    for number, seconds in ((first, _STOP_SECONDS), (signal.SIGKILL, 5.0)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if _started(pid) != started:
                return
            time.sleep(0.02)
    raise ProvisionError(f"process {pid} does not end")


def _started(pid: int) -> str | None:
    """When a process started, in clock ticks since boot (proc(5)); None when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    if fields[0] in "ZX":
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        return None
    return fields[19]


def _mounts_under(directory: Path) -> list[Path]:
    """Mount points below a directory, innermost first."""
    points = [
        Path(line.split()[4].encode().decode("unicode_escape"))
        for line in Path("/proc/self/mountinfo").read_text().splitlines()
    ]
    return sorted((p for p in points if directory in p.parents), reverse=True)
