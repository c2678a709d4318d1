"""The last wall: every connect() in the enclosure is decided by the process that opened it.

Drivers written in C, other languages and programs that env.py starts know nothing of Python's
audit hooks. On Linux, a seccomp filter with user notification (seccomp_unotify(2), kernel 5.5)
stops each connect(2) until the supervisor has read its address and answered. No rights are
needed. Where the kernel has no such thing, `install` returns None, and the guard refuses to start
programs at all.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import platform
import select
import socket
import struct
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.core.route import Target

# From linux/seccomp.h, linux/audit.h, linux/filter.h and the system call tables.
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_SET_MODE_FILTER, _NEW_LISTENER = 1, 8
_ALLOW, _NOTIFY, _ERRNO = 0x7FFF0000, 0x7FC00000, 0x00050000
_RECEIVE, _SEND, _CONTINUE = 0xC0502100, 0xC0182101, 1
_NOTIFICATION, _RESPONSE = struct.Struct("=QIIiIQ6Q"), struct.Struct("=QqiI")
_IO_URING_SETUP, _PIDFD_OPEN, _PIDFD_GETFD = 425, 434, 438


@dataclass(frozen=True, slots=True, kw_only=True)
class _Machine:
    audit: int
    seccomp: int
    connect: int


_MACHINES = {
    "x86_64": _Machine(audit=0xC000003E, seccomp=317, connect=42),
    "aarch64": _Machine(audit=0xC00000B7, seccomp=277, connect=203),
}
_X32 = 0x40000000  # x86_64 only: the same calls under other numbers
_POSTGRES_PORTS = frozenset({*range(5432, 5440), 6432, 6543})
_SOCKET_NAME = ".s.PGSQL."


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A connection that the wall did not let through.

    `postgres` is true where the place looks like a PostgreSQL server or a client of it asked.
    """

    place: str
    program: str
    postgres: bool


class _Instruction(ctypes.Structure):
    _fields_: ClassVar = [
        ("code", ctypes.c_ushort),
        ("jt", ctypes.c_ubyte),
        ("jf", ctypes.c_ubyte),
        ("k", ctypes.c_uint),
    ]


class _Program(ctypes.Structure):
    _fields_: ClassVar = [
        ("len", ctypes.c_ushort),
        ("filter", ctypes.POINTER(_Instruction)),
    ]


def install() -> int | None:
    """Put this process and all it will start behind the wall; return the listener, or None.

    The supervisor must get the listener before anything here connects.
    """
    machine = _MACHINES.get(platform.machine())
    if not sys.platform.startswith("linux") or machine is None or sys.maxsize < 2**32:
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, 9, 0, 0, 0)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return None
    code = _filter(machine)
    program = _Program(len(code), (_Instruction * len(code))(*code))
    listener: int = libc.syscall(
        machine.seccomp, _SET_MODE_FILTER, _NEW_LISTENER, ctypes.byref(program)
    )
    return listener if listener >= 0 else None


def end_with(parent: int) -> None:
    """Let this process, behind a wall that it was born behind, end with the one that made it."""
    if platform.machine() in _MACHINES:
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, 9, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def _filter(machine: _Machine) -> list[_Instruction]:
    """Return the program: connect() asks, io_uring (which could connect) is not there."""

    def load(offset: int) -> _Instruction:
        return _Instruction(0x20, 0, 0, offset)

    def equal(value: int, yes: int, no: int) -> _Instruction:
        return _Instruction(0x15, yes, no, value)

    def at_least(value: int, yes: int, no: int) -> _Instruction:
        return _Instruction(0x35, yes, no, value)

    def give(action: int) -> _Instruction:
        return _Instruction(0x06, 0, 0, action)

    return [
        load(4),
        equal(machine.audit, 1, 0),
        give(_ERRNO | errno.EPERM),  # a program of another architecture
        load(0),
        at_least(_X32, 0, 1),
        give(_ERRNO | errno.EPERM),
        equal(machine.connect, 0, 1),
        give(_NOTIFY),
        equal(_IO_URING_SETUP, 0, 1),
        give(_ERRNO | errno.ENOSYS),
        give(_ALLOW),
    ]


class Watch:
    """The supervisor's side: answers every connect() until the enclosure is empty.

    Args:
        listener: what `install` returned, received over a socket; closed at the end.
        target: the only place that is let through.
        alarm: called once for each refusal, from the watching thread.
    """

    def __init__(self, listener: int, target: Target, alarm: Callable[[Refusal], None]) -> None:
        self._listener = listener
        self._alarm = alarm
        self._places = _places(target)
        self._end, self._ended = os.pipe()
        self._thread = threading.Thread(target=self._run, name="pgassay wall", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop watching; whatever is still behind the wall connects to nothing any more."""
        os.write(self._ended, b".")
        self._thread.join()
        for descriptor in (self._listener, self._end, self._ended):
            os.close(descriptor)

    def _run(self) -> None:
        poll = select.poll()
        poll.register(self._listener, select.POLLIN)
        poll.register(self._end, select.POLLIN)
        while True:
            events = dict(poll.poll())
            if self._end in events or events.get(self._listener, 0) & select.POLLHUP:
                return
            with contextlib.suppress(OSError):  # the one who asked may be gone
                self._answer()

    def _answer(self) -> None:
        question = bytearray(_NOTIFICATION.size)
        fcntl.ioctl(self._listener, _RECEIVE, question, True)
        number, task, _, _, _, _, descriptor, pointer, length, *_ = _NOTIFICATION.unpack(question)
        try:
            refusal = self._judge(task, descriptor, pointer, length)
        except OSError:
            refusal = _UNREADABLE
        error, flags = (-errno.ECONNREFUSED, 0) if refusal else (0, _CONTINUE)
        fcntl.ioctl(self._listener, _SEND, bytearray(_RESPONSE.pack(number, 0, error, flags)))
        if refusal and refusal.place:
            self._alarm(refusal)

    def _judge(self, task: int, descriptor: int, pointer: int, length: int) -> Refusal | None:
        with Path(f"/proc/{task}/mem").open("rb", buffering=0) as memory:
            memory.seek(pointer)
            address = memory.read(min(length, 128))
        family = int.from_bytes(address[:2], sys.byteorder)
        program = Path(f"/proc/{task}/comm").read_text(errors="replace").strip()
        client = program.startswith(("psql", "pg_"))
        if family == socket.AF_UNIX:
            path = address[2:].split(b"\0")[0].decode(errors="replace")
            if path in self._places:
                return None
            server = _SOCKET_NAME in path
            return Refusal(place=path if server else "", program=program, postgres=server)
        if family not in (socket.AF_INET, socket.AF_INET6):
            return None  # netlink and the like lead to the kernel
        host, port = _inet(family, address)
        if (host, port) in self._places or _is_datagram(task, descriptor):
            return None
        suspect = client or port in _POSTGRES_PORTS
        return Refusal(place=f"{host}:{port}", program=program, postgres=suspect)


_UNREADABLE = Refusal(place="", program="", postgres=False)


def _places(target: Target) -> set[object]:
    if target.is_socket:
        return {f"{target.host}/{_SOCKET_NAME}{target.port}"}
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    return {(str(address[0]), address[1]) for *_, address in found}


def _inet(family: int, address: bytes) -> tuple[str, int]:
    """Return host and port of a sockaddr_in or sockaddr_in6; IPv4 in IPv6 clothes as IPv4."""
    port = int.from_bytes(address[2:4], "big")
    if family == socket.AF_INET:
        return socket.inet_ntop(socket.AF_INET, address[4:8]), port
    host = address[8:24]
    if host[:12] == b"\0" * 10 + b"\xff\xff":
        return socket.inet_ntop(socket.AF_INET, host[12:]), port
    return socket.inet_ntop(socket.AF_INET6, host), port


def _is_datagram(task: int, descriptor: int) -> bool:
    """Return whether it is no stream: names are looked up, and addresses sorted, by datagrams."""
    libc = ctypes.CDLL(None, use_errno=True)
    status = Path(f"/proc/{task}/status").read_text()
    process = int(status.partition("Tgid:")[2].split(None, 1)[0])
    handle = libc.syscall(_PIDFD_OPEN, process, 0)
    if handle < 0:
        return False
    try:
        copy = libc.syscall(_PIDFD_GETFD, handle, descriptor, 0)
        if copy < 0:
            return False
        with socket.socket(fileno=copy) as taken:
            return taken.type == socket.SOCK_DGRAM
    finally:
        os.close(handle)
