"""Clusters kept between runs, one pack per key, shared by any number of runs at once.

A key is a digest of all that went into a cluster, so nothing is ever updated in place: a change
leads to another key, and what has not been used for a while is pruned. Readers take no lock.
Builders of one key wait for each other; the kernel releases the lock of one that is killed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

from pgassay.postgres.servers.pack import (
    DamagedPackError,
    UnpackableClusterError,
    read_pack,
    write_pack,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pgassay.postgres.servers.identity import Identity

CACHE_VARIABLE = "PGASSAY_CACHE"
FORMAT = "1"  # part of every key
SIZE_LIMIT = 2 * 1024**3
VOLUMES_SIZE_LIMIT = 8 * 1024**3
AGE_LIMIT_SECONDS = 14 * 24 * 3600
_PACK, _PARTIAL, _LOCK = ".pack", ".partial", ".lock"


def digest(facts: Mapping[str, str]) -> str:
    """Return the key for named facts; the order of the names does not matter."""
    lines = (f"{len(name)}:{name}={len(fact)}:{fact}" for name, fact in sorted(facts.items()))
    return hashlib.sha256("\n".join((FORMAT, *lines)).encode()).hexdigest()[:40]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterCache:
    """A folder of packs.

    Attributes:
        folder: where they are; made when first written to.
        size_limit: bytes kept after pruning.
        age_limit: seconds an unused pack is kept.
    """

    folder: Path
    size_limit: int = SIZE_LIMIT
    age_limit: float = AGE_LIMIT_SECONDS

    @classmethod
    def default(cls) -> ClusterCache:
        """Return the user's cache: PGASSAY_CACHE, otherwise the platform's cache folder."""
        given = os.environ.get(CACHE_VARIABLE)
        root = Path(given) if given else user_cache_path("pgassay", appauthor=False)
        return cls(folder=root.absolute() / "clusters")

    @classmethod
    def of_volumes(cls) -> ClusterCache:
        """Return the cache of populated clusters: beside the others, larger, and pruned alone."""
        beside = cls.default().folder.with_name("volumes")
        return cls(folder=beside, size_limit=VOLUMES_SIZE_LIMIT)

    def read(self, key: str, target: Path, identity: Identity) -> bool:
        """Unpack a cluster into `target`; return False, with nothing there, if there is none.

        A damaged pack counts as none and is removed.

        Raises:
            OSError: `target` cannot be written.
        """
        pack = self._pack(key)
        try:
            read_pack(pack, target, identity)
        except OSError as error:
            if error.filename != str(pack):
                raise  # not the cache, but the place of the server
            return False
        except DamagedPackError:
            shutil.rmtree(target, ignore_errors=True)
            with contextlib.suppress(OSError):
                pack.unlink()
            return False
        with contextlib.suppress(OSError):
            os.utime(pack)  # used now: pruned later
        return True

    def write(self, key: str, cluster: Path, *, on_partial: Callable[[Path], None]) -> str | None:
        """Keep the stopped cluster in the directory `cluster`; return why not, if not.

        Args:
            key: what `digest` returned.
            cluster: a data directory with no server in it.
            on_partial: told the path of the unfinished file before it exists.
        """
        partial = self.folder / f"{key}.{os.getpid()}{_PARTIAL}"
        try:
            self._make_folder()
            on_partial(partial)
            with partial.open("xb") as file:
                os.fchmod(file.fileno(), 0o600)
                write_pack(cluster, file, {"key": key})
            partial.rename(self._pack(key))
            self.prune()
        except UnpackableClusterError as error:
            partial.unlink(missing_ok=True)
            return str(error)
        except OSError as error:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
            return f"{self.folder} cannot be written: {error.strerror}"
        return None

    @contextlib.contextmanager
    def building(self, key: str) -> Iterator[None]:
        """Hold the right to build `key`; waits for another run that is building it.

        Where the cache cannot be written, everybody builds alone.
        """
        lock = FileLock(self.folder / f"{key}{_LOCK}")
        try:
            self._make_folder()
            lock.acquire()
        except (OSError, Timeout):
            yield
            return
        try:
            yield
        finally:
            lock.release()

    def prune(self, *, now: float | None = None) -> list[Path]:
        """Remove packs by age, then the least recently used above the size limit.

        A pack that is being read stays readable to its reader. Unfinished files are removed when
        the run that wrote them no longer holds its lock.
        """
        now = time.time() if now is None else now
        removed = []
        packs = sorted(self._files(_PACK), key=lambda found: found[1].st_mtime, reverse=True)
        total = 0
        for path, status in packs:
            total += status.st_size
            too_old = now - status.st_mtime > self.age_limit
            newest = total == status.st_size
            if too_old or (total > self.size_limit and not newest):
                removed.append(path)
        leftovers = [path for path, _ in self._files(_PARTIAL)]
        leftovers += [
            path
            for path, status in self._files(_LOCK)
            if now - status.st_mtime > self.age_limit and not path.with_suffix(_PACK).exists()
        ]
        removed += [path for path in leftovers if not self._is_being_built(_key_of(path))]
        for path in removed:
            with contextlib.suppress(OSError):
                path.unlink()
        return removed

    def size_of(self, key: str) -> int | None:
        """Return the bytes that a cluster takes here; None if there is none."""
        try:
            return self._pack(key).stat().st_size
        except OSError:
            return None

    def size(self) -> int:
        """Return the bytes that all packs take."""
        return sum(status.st_size for _, status in self._files(_PACK))

    def _pack(self, key: str) -> Path:
        return self.folder / f"{key}{_PACK}"

    def _make_folder(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _files(self, suffix: str) -> Iterator[tuple[Path, os.stat_result]]:
        for path in self.folder.glob(f"*{suffix}"):
            with contextlib.suppress(OSError):
                yield path, path.stat()

    def _is_being_built(self, key: str) -> bool:
        lock = FileLock(self.folder / f"{key}{_LOCK}", timeout=0)
        try:
            with lock:
                return False
        except (Timeout, OSError):
            return True


def _key_of(path: Path) -> str:
    return path.name.split(".")[0]
