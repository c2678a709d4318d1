"""The Debian base layer of the home-made images: a tar made by debootstrap, kept between runs.

It holds a minimal Debian of this machine's release, the libraries that the PostgreSQL binaries
link, the locale en_US.utf8 and the user `postgres`: what people find in the image they
pull, so that a test which leans on the server's locale or user meets the same here.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

from provision_postgres import PACKAGES_BY_LIBRARY, ProvisionError, apt_install, packages_for

# Beside the libraries of the server and its clients: those of the contrib modules uuid-ossp and
# xml2, and the sources of the locale.
_FURTHER_PACKAGES = ("libossp-uuid16", "libxslt1.1", "locales")
# Dead weight in a container; nothing reads it while the server runs.
_PRUNED = (
    *("var/cache/apt", "var/lib/apt/lists"),
    *("usr/share/doc", "usr/share/man", "usr/share/info"),
)
POSTGRES_ID = 999  # of the user and of the group
_SETUP = f"""
set -eu
groupadd --system --gid {POSTGRES_ID} postgres
useradd --system --uid {POSTGRES_ID} --gid postgres --shell /bin/bash \\
    --home-dir /var/lib/postgresql postgres
mkdir -p /var/lib/postgresql /var/run/postgresql
chown postgres:postgres /var/lib/postgresql /var/run/postgresql
chmod 3777 /var/run/postgresql
localedef --inputfile=en_US --charmap=UTF-8 en_US.UTF-8
"""


def ensure_base(directory: Path) -> Path:
    """The base layer's tar; its name changes with everything that decides its content.

    Raises ProvisionError when this is not Debian, not root, or debootstrap fails.
    """
    suite = _suite()
    key = hashlib.sha256()
    wanted = (*PACKAGES_BY_LIBRARY, *_FURTHER_PACKAGES)
    for part in (suite, platform.machine(), *wanted, *_PRUNED, _SETUP):
        key.update(part.encode() + b"\0")
    target = directory / f"debian-{suite}-{key.hexdigest()[:16]}.tar"
    if target.exists():
        return target
    if os.geteuid() != 0:
        raise ProvisionError("building the base image needs root")
    if shutil.which("debootstrap", path=f"{os.environ.get('PATH', '')}:/usr/sbin") is None:
        apt_install(["debootstrap", "gpgv", "debian-archive-keyring"])
    packages = [*packages_for(list(PACKAGES_BY_LIBRARY)), *_FURTHER_PACKAGES]
    directory.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="building.", dir=directory) as scratch:
        root = Path(scratch) / "root"
        try:
            _debootstrap(suite, packages, root)
            _set_up(root)
            unfinished = Path(scratch) / "base.tar"
            with tarfile.open(unfinished, "w") as tar:
                for entry in sorted(root.iterdir()):
                    tar.add(entry, entry.name, filter=_without_devices)
            for older in directory.glob("debian-*.tar"):
                older.unlink()
            unfinished.rename(target)
        finally:
            _unmount_below(root)
    took = time.monotonic() - began
    print(f"Debian {suite} base made ({took:.1f} s)", file=sys.stderr, flush=True)
    return target


def _suite() -> str:
    try:
        release = platform.freedesktop_os_release()
    except OSError as error:
        raise ProvisionError("this system does not say what it is; Debian is needed") from error
    if release.get("ID") != "debian" or "VERSION_CODENAME" not in release:
        raise ProvisionError(f"images are built on Debian only; this is {release.get('NAME')}")
    return release["VERSION_CODENAME"]


def _debootstrap(suite: str, packages: list[str], root: Path) -> None:
    command = ["debootstrap", "--variant=minbase", f"--include={','.join(packages)}", suite]
    mirror = _mirror_of(suite)
    run = subprocess.run(
        [*command, str(root), *([mirror] if mirror else [])],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin", "LANG": "C"},
        check=False,
    )
    if run.returncode != 0:
        last = "\n".join((run.stdout + run.stderr).strip().splitlines()[-5:])
        raise ProvisionError(f"debootstrap {suite} failed:\n{last}")


def _mirror_of(suite: str) -> str | None:
    """The place that apt fetches this release from here, or None for debootstrap's own choice."""
    run = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(CODENAME) $(REPO_URI)"],
        capture_output=True,
        text=True,
        check=False,
    )
    for line in run.stdout.splitlines():
        codename, _, uri = line.partition(" ")
        if codename == suite and uri.startswith(("http://", "https://")):
            return uri.rstrip("/")
    return None


def _set_up(root: Path) -> None:
    run = subprocess.run(
        ["chroot", str(root), "/bin/sh", "-c", _SETUP],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C"},
        check=False,
    )
    if run.returncode != 0:
        raise ProvisionError(f"setting up the base image failed:\n{run.stderr.strip()}")
    for name in _PRUNED:
        shutil.rmtree(root / name, ignore_errors=True)
        (root / name).mkdir(parents=True)


def _without_devices(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    # The engine gives every container its own devices.
    return None if member.isdev() else member


def _unmount_below(root: Path) -> None:
    """Frees what a debootstrap that failed left mounted: deleting through a mount would hurt."""
    points = [
        Path(line.split()[4]) for line in Path("/proc/self/mountinfo").read_text().splitlines()
    ]
    for point in sorted((p for p in points if root in p.parents), reverse=True):
        run = subprocess.run(["umount", str(point)], capture_output=True, text=True, check=False)
        if run.returncode != 0:
            raise ProvisionError(f"cannot unmount {point}: {run.stderr.strip()}")
