"""The process that ends a server when its owner is gone, whatever ended the owner.

Run as a script (`python -I -S watcher_process.py OWNER_PID PATH...`) in a session of its
own, so that Ctrl-C and a closed terminal do not reach it. It is the parent of the server and of
initdb, so it always knows what to end. It ends them, removes every PATH and runs the registered
last command when its standard input closes, when the owner's process is gone (a forked child of
the owner may still hold the pipe) or on SIGTERM. The server in turn is told by the kernel
(PR_SET_PDEATHSIG) should this process itself be killed.

Requests: four bytes of length (big endian), then fields separated by NUL. Replies: lines of text.
Only modules that start in a few milliseconds are imported; nothing of pgassay is.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import sys
import time

GRACE_SECONDS = 8.0  # an immediate shutdown kills its own stragglers after five
POLL_SECONDS = 0.5  # how soon an owner is missed where there is no pidfd
PR_SET_PDEATHSIG = 1
NOT_STARTED = 126  # exit status of a child that could not become its program
SHM_KEY_MASK = 0xFFFFFFFF
SHM_KEY_STEPS = 16


class Child:
    """A process started on the owner's behalf."""

    def __init__(self, pid: int, *, is_server: bool) -> None:
        self.pid = pid
        self.is_server = is_server


class Watch:
    """All that has to be ended and removed."""

    def __init__(self, paths: list[str]) -> None:
        self.paths = paths
        self.children: dict[int, Child] = {}
        self.last_command: tuple[list[str], dict[str, str]] | None = None
        self.segment_keys: set[int] = set()
        self.program_groups: list[int] = []
        self.buffer = b""

    def handle(self, fields: list[str]) -> bool:
        """Carry out one request; return whether to go on."""
        verb, *rest = fields
        if verb == "spawn":
            self.spawn(rest)
        elif verb == "signal":
            self.signal(int(rest[0]), int(rest[1]))
        elif verb == "remove":
            self.paths.append(rest[0])
        elif verb == "lock":
            hold_lock(rest[0])
        elif verb == "last":
            self.last_command = (rest[1:], unpack_environment(rest[0])) if rest else None
        return verb != "stop"

    def spawn(self, fields: list[str]) -> None:
        """Start a program: its part, uid, gid, directory, log file, environment, then argv."""
        part, uid, gid, directory, log, environment, *argv = fields
        self.note_segment_key(directory)
        pid = os.fork()
        if pid == 0:
            become(argv, int(uid), int(gid), directory, log, unpack_environment(environment))
        self.children[pid] = Child(pid, is_server=part == "server")
        reply(f"pid {pid}")

    def signal(self, pid: int, number: int) -> None:
        """Send a signal to a child that has not been reaped; its number cannot be reused yet."""
        if pid in self.children:
            os.kill(pid, number)

    def note_segment_key(self, directory: str) -> None:
        """Remember the key that PostgreSQL derives for shared memory: the inode of its data."""
        try:
            self.segment_keys.add(os.stat(directory).st_ino & SHM_KEY_MASK)  # noqa: PTH116 - no pathlib here
        except OSError:
            return

    def reap(self, *, quiet: bool = False) -> None:
        """Collect the children that ended, and say so."""
        while self.children:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                self.children.clear()
                return
            if pid == 0:
                return
            if self.children.pop(pid, None) and not quiet:
                reply(f"exit {pid} {os.waitstatus_to_exitcode(status)}")

    def end(self) -> None:
        """End every child, remove every path, run the last command."""
        for child in self.children.values():
            if child.is_server:
                os.kill(child.pid, signal.SIGQUIT)  # immediate shutdown
            else:
                kill_group(child.pid)
                self.program_groups.append(child.pid)
        deadline = time.monotonic() + GRACE_SECONDS
        while self.children and time.monotonic() < deadline:
            self.reap(quiet=True)
            if self.children:
                time.sleep(0.001)
        for child in self.children.values():
            kill_group(child.pid)
        for group in self.program_groups:
            wait_for_group(group)
        self.remove_segments()
        for path in self.paths:
            remove(path)
        if self.last_command:
            argv, environment = self.last_command
            run(argv, environment)

    def remove_segments(self) -> None:
        """Remove the System V segments of servers that had no time to do it themselves."""
        for identifier in left_segments(self.segment_keys):
            try:
                import ctypes  # noqa: PLC0415 - only after a hard kill, and it costs milliseconds

                ctypes.CDLL(None).shmctl(identifier, 0, None)  # 0 is IPC_RMID
            except (ImportError, OSError, AttributeError):
                return


def hold_lock(path: str) -> None:
    """Lock a new file for as long as this process lives; it has its name once it is locked."""
    try:
        fresh = os.open(f"{path}.new", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(fresh, fcntl.LOCK_EX)
        os.rename(f"{path}.new", path)  # noqa: PTH104 - no pathlib here
    except OSError:
        return  # the owner notices a disk that cannot be written by itself


def left_segments(keys: set[int]) -> list[int]:
    """Return the ids of segments that a dead process made under one of `keys`.

    PostgreSQL counts a key up where it is taken already. A segment that nobody is attached to and
    whose maker is gone is what PostgreSQL itself would remove when it came across the key; one
    whose maker lives may be a server that is starting (proc_sysvipc_shm(5)).
    """
    try:
        with open("/proc/sysvipc/shm", encoding="ascii") as table:  # noqa: PTH123 - no pathlib here
            rows = [line.split() for line in table.readlines()[1:]]
    except OSError:
        return []
    return [
        int(row[1])
        for row in rows
        if any(0 <= (int(row[0]) & SHM_KEY_MASK) - key < SHM_KEY_STEPS for key in keys)
        and row[6] == "0"
        and not os.path.exists(f"/proc/{row[4]}")  # noqa: PTH110 - no pathlib here
    ]


def become(  # noqa: PLR0917 - called once, with the fields in their order
    argv: list[str], uid: int, gid: int, directory: str, log: str, environment: dict[str, str]
) -> None:
    """Turn this forked child into the program; never returns."""
    try:
        os.setsid()
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.chdir(directory)
        if uid >= 0:
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
        os.umask(0o077)
        die_with_parent()  # after setuid, which would clear it
        os.execve(argv[0], argv, environment)  # noqa: S606 - argv is a list, no shell
    except BaseException as error:  # noqa: BLE001 - a forked child must never return
        os.write(2, f"could not start {argv[0]}: {error}\n".encode())
    finally:
        os._exit(NOT_STARTED)


def die_with_parent() -> None:
    """Ask the kernel to send SIGQUIT when the watcher dies (prctl(2)); Linux only."""
    if "ctypes" in sys.modules:
        sys.modules["ctypes"].CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGQUIT), 0, 0, 0)


def kill_group(pid: int) -> None:
    """Kill a child and the processes it started."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except OSError:
        return


def wait_for_group(group: int) -> None:
    """Wait until the processes that a killed program had started are gone too."""
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except OSError:
            return
        time.sleep(0.001)


def remove(path: str) -> None:
    """Remove a file or a directory with all it holds; what cannot be removed stays."""
    for _attempt in range(3):
        try:
            if os.path.isdir(path) and not os.path.islink(path):  # noqa: PTH112, PTH114 - see above
                with os.scandir(path) as entries:
                    for entry in entries:
                        if entry.is_dir(follow_symlinks=False):
                            remove(entry.path)
                        else:
                            os.unlink(entry.path)  # noqa: PTH108 - no pathlib here
                os.rmdir(path)  # noqa: PTH106 - no pathlib here
            else:
                os.unlink(path)  # noqa: PTH108 - no pathlib here
        except FileNotFoundError:
            return
        except OSError:
            time.sleep(0.02)
        else:
            return


def run(argv: list[str], environment: dict[str, str]) -> None:
    """Run the last command to its end."""
    pid = os.fork()
    if pid == 0:
        try:
            os.execve(argv[0], argv, environment)  # noqa: S606 - argv is a list, no shell
        finally:
            os._exit(NOT_STARTED)
    os.waitpid(pid, 0)


def unpack_environment(text: str) -> dict[str, str]:
    """Return the variables of `name=value` parts separated by the unit separator."""
    return dict(part.split("=", 1) for part in text.split("\x1f") if part)


def reply(line: str) -> None:
    """Tell the owner, who may be gone."""
    try:
        os.write(1, line.encode() + b"\n")
    except OSError:
        return


def watch(owner: int, paths: list[str]) -> None:
    """Serve requests until the owner is gone, then end everything."""
    state = Watch(paths)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    ended: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: ended.append(number))
    poll = select.poll()
    poll.register(0, select.POLLIN)
    poll.register(wake_read, select.POLLIN)
    owner_handle = open_process(owner)
    if owner_handle is not None:
        poll.register(owner_handle, select.POLLIN)
    if sys.platform == "linux":
        import ctypes  # noqa: F401, PLC0415 - loaded once here, used by the forked children
    while not ended and os.getppid() == owner:
        ready = {number for number, _ in poll.poll(POLL_SECONDS * 1000)}
        if wake_read in ready:
            os.read(wake_read, 4096)
        state.reap()
        if owner_handle in ready or (0 in ready and not serve(state)):
            break
    state.end()


def open_process(pid: int) -> int | None:
    """Return a handle that becomes readable when the process ends (pidfd_open(2))."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


def serve(state: Watch) -> bool:
    """Read what the owner sent; return whether to go on."""
    chunk = os.read(0, 65536)
    state.buffer += chunk
    going = bool(chunk)
    while going and len(state.buffer) >= 4:  # noqa: PLR2004 - the length's own length
        size = int.from_bytes(state.buffer[:4], "big")
        if len(state.buffer) < 4 + size:
            break
        body, state.buffer = state.buffer[4 : 4 + size], state.buffer[4 + size :]
        going = state.handle([os.fsdecode(field) for field in body.split(b"\0")])
    return going


if __name__ == "__main__":
    watch(int(sys.argv[1]), sys.argv[2:])
