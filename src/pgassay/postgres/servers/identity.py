"""Which user a server runs as. PostgreSQL refuses to run as root, and CI often is root.

As an ordinary user there is nothing to do. As root the server steps down to a user that exists
already (initdb looks its user up; the server would not): no user is added and no folder's mode is
changed. Where root may not change its user (dropped capabilities, a container that maps one uid
only) the server runs in a user namespace of its own instead, where files stay owned by root.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from pgassay.core.errors import MachineError

_FIRST_CHOICES = ("nobody", "daemon", "bin")
_CAP_CHOWN, _CAP_SETGID, _CAP_SETUID = 0, 6, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The user a server runs as.

    Attributes:
        uid: user id to step down to; None: stay as we are.
        gid: group id to step down to.
        prefix: what a command line begins with, where a namespace does the stepping down.
        story: one line for people.
    """

    uid: int | None = None
    gid: int | None = None
    prefix: tuple[str, ...] = ()
    story: str = "the current user"

    @property
    def steps_down(self) -> bool:
        """Whether the server's files belong to another user than this process."""
        return self.uid is not None

    def give(self, path: Path) -> None:
        """Hand a file or directory to this user."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def can_search(self, directory: Path) -> bool:
        """Whether this user may pass through `directory` and all folders above it."""
        if self.uid is None:
            return True
        real = directory.resolve()
        return all(self._permits(folder, search=True) for folder in (real, *real.parents))

    def can_read(self, path: Path) -> bool:
        """Whether this user may read the file `path`, folders included."""
        return self.can_search(path.parent) and self._permits(path, search=False)

    def _permits(self, path: Path, *, search: bool) -> bool:
        if self.uid is None:
            return True
        try:
            status = path.stat()
        except OSError:
            return False
        owner, group, other = (
            (stat.S_IXUSR, stat.S_IXGRP, stat.S_IXOTH)
            if search
            else (stat.S_IRUSR, stat.S_IRGRP, stat.S_IROTH)
        )
        if status.st_uid == self.uid:
            return bool(status.st_mode & owner)
        if status.st_gid == self.gid:
            return bool(status.st_mode & group)
        return bool(status.st_mode & other)


def server_identity() -> Identity:
    """Return the user that servers of this process run as.

    An ordinary user stays itself. One without a passwd entry (containers run under any number)
    is no user to initdb, and is given one in a user namespace of its own, where that can be had.

    Raises:
        MachineError: this is root, and neither way of stepping down is open.
    """
    candidates = _candidates()
    if os.geteuid() != 0:
        known = any(user.pw_uid == os.geteuid() for user in candidates)
        return Identity() if known else _in_namespace(candidates) or Identity()
    if _has_capabilities(_CAP_CHOWN, _CAP_SETGID, _CAP_SETUID):
        for user in candidates:
            if _is_mapped(user.pw_uid, "uid") and _is_mapped(user.pw_gid, "gid"):
                return Identity(
                    uid=user.pw_uid,
                    gid=user.pw_gid,
                    story=f"the user {user.pw_name}, stepped down from root",
                )
    elsewhere = _in_namespace(candidates)
    if elsewhere is not None:
        return elsewhere
    raise MachineError(
        "PostgreSQL refuses to run as root, and this root cannot become another user",
        expected="the capabilities SETUID, SETGID and CHOWN, or the unshare program of util-linux",
        fix="run as an ordinary user, or give a server by URL",
    )


def _in_namespace(candidates: list[pwd.struct_passwd]) -> Identity | None:
    """Return a user in a namespace of its own, files staying ours; None without unshare(1)."""
    unshare = shutil.which("unshare")
    if not unshare or not candidates:
        return None
    user = candidates[0]
    mapped = (f"--map-user={user.pw_uid}", f"--map-group={user.pw_gid}")
    return Identity(
        prefix=(unshare, "--user", *mapped, "--"),
        story=f"{user.pw_name} in a user namespace of its own",
    )


def _candidates() -> list[pwd.struct_passwd]:
    """Return the users to step down to, best first; a real postgres user comes last.

    Running as that one, a throwaway could read the data of the machine's own server.
    """
    users = [user for user in pwd.getpwall() if user.pw_uid != 0]
    rank = {name: place for place, name in enumerate(_FIRST_CHOICES)}
    return sorted(
        users,
        key=lambda user: (user.pw_name == "postgres", rank.get(user.pw_name, len(rank))),
    )


def _has_capabilities(*numbers: int) -> bool:
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return True  # no /proc, no capabilities: root is root
    effective = next((line.split()[1] for line in lines if line.startswith("CapEff:")), "")
    return all(int(effective, 16) >> number & 1 for number in numbers) if effective else True


def _is_mapped(number: int, kind: str) -> bool:
    """Whether an id exists in this user namespace (user_namespaces(7))."""
    try:
        lines = Path(f"/proc/self/{kind}_map").read_text(encoding="ascii").splitlines()
    except OSError:
        return True
    ranges = [(int(first), int(length)) for first, _, length in (line.split() for line in lines)]
    return any(first <= number < first + length for first, length in ranges)
