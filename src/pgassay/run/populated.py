"""A stand whose migrated database is populated: filled once, then kept as a template."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from pgassay.core.case import Case, Outcome, Status, Unproven
from pgassay.postgres.batches import run_cases
from pgassay.postgres.bulk import load
from pgassay.postgres.servers import ClusterCache, Lease
from pgassay.postgres.servers.local import LocalServer
from pgassay.run.stand import Stand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pgassay.core.names import QualifiedName
    from pgassay.core.nearness import ColumnNearness
    from pgassay.core.volume import Stream, VolumeSource
    from pgassay.postgres.bulk import Step
    from pgassay.postgres.servers import TemplateStore
    from pgassay.postgres.session import PipelineSession
    from pgassay.run.notes import Note
    from pgassay.run.stand import Request

VOLUME = "pgassay_volume"
_SPARE = 256 * 1024**2  # for WAL, sorts and what the rest of the run makes


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeOrder:
    """Which rows a database is to have.

    Args:
        name: what the volume is called.
        digest: stands for all that decides its rows, the seed included.
        make: derives the volume from what is there; asked only where none is kept.
        workers: how many streams are made and copied at once; the rows do not depend on it.
        compare: says how near statistics came to what the order asks for; None if it asks nothing.
    """

    name: str
    digest: str
    make: Callable[[Stand], VolumeSource]
    workers: int = 2
    compare: Callable[[PopulatedStand], Iterable[ColumnNearness]] | None = None


class PopulatedStand(Stand):
    """A stand whose copies of the migrated database have the rows of a volume.

    `fill` must have been exhausted before anything is cloned.

    Attributes:
        order: which rows.
        cloned: whether the rows are from an earlier run.
        not_kept: why the next run has to make them again; empty if it has not.
    """

    has_rows = True

    def __init__(self, request: Request, order: VolumeOrder) -> None:
        self.order = order
        self.cloned = False
        self.not_kept = ""
        self._filled = ""
        super().__init__(request)

    def fill(self) -> Iterator[Step]:
        """Populate the database, unless an earlier run has; yield how far it is.

        Raises:
            PgassayError: the volume cannot be made or loaded. Nothing of it is left.
        """
        if self._filled:
            return
        source = self.order.make(self)
        streams = source.streams()
        self.__dict__["asked"] = dict(_by_root(streams))
        self._asked_note().write(self.asked)
        self._see_to_room(source, streams)
        template = self._real(self.proven)
        database = self.server.create_database(VOLUME, template=template)
        try:
            yield from load(self.server, database, source, workers=self.order.workers)
        except BaseException:
            self.server.drop_database(database)
            raise
        self._filled = database
        self._rest()
        self.not_kept = self._volumes().keep(self.server, self._volume_key) or ""

    def clone(self, route: str | None = None) -> str:
        """Return the name of a fresh copy of the populated database, or of what a route built."""
        if route is not None:
            return super().clone(route)
        return self._copy(self._filled)

    def blank(self) -> str:
        """Return the name of a fresh database with nothing in it."""
        return self.server.create_database(f"{self.name[:40]}_{next(self._numbers)}")

    def run_cases(self, cases: Iterable[Case], *, ahead: bool = True) -> Iterator[Outcome]:
        """Run cases beside the rows of the volume.

        One that fails is tried on empty tables too: where it passes, the rows of the volume have
        what it needs for its own (a key, a number), and it is told as unproven.
        """
        empty: PipelineSession | None = None
        for outcome in super().run_cases(cases, ahead=ahead):
            case = outcome.case
            if not isinstance(case, Case) or outcome.status is Status.PASSED:
                yield outcome
                continue
            empty = empty or self.session(self.aligned(self.proven))
            (alone,) = run_cases([empty], [case])
            yield _in_the_way(outcome, case) if alone.status is Status.PASSED else outcome

    @property
    def populated(self) -> PipelineSession:
        """A session on a copy of the populated database."""
        return self.session(self.clone())

    @property
    def volume(self) -> str:
        """The name of the populated database itself: to look at, while nothing is cloned."""
        return self._filled

    @cached_property
    def asked(self) -> Mapping[QualifiedName, int] | None:
        """How many rows each table was to have; None where that is not known any more."""
        found: dict[QualifiedName, int] | None = self._asked_note().read()
        return found

    def _lease(self) -> Lease:
        server = self._volumes().kept(self._volume_key)
        if server is None:
            return super()._lease()
        self._filled, self.cloned = VOLUME, True
        return Lease(server=server, built=False)

    def _volumes(self) -> TemplateStore:
        return self.store(cache=ClusterCache.of_volumes())

    @property
    def _volume_key(self) -> str:
        return hashlib.sha256(f"{self.key}\n{self.order.digest}".encode()).hexdigest()

    def _asked_note(self) -> Note:
        return self.note("asked", self._volume_key)

    def _see_to_room(self, source: VolumeSource, streams: Sequence[Stream]) -> None:
        """Move to a server with room for the rows, if they do not fit where it is."""
        if not isinstance(self.server, LocalServer):
            return
        needed = self._room_for(source, streams)
        if shutil.disk_usage(self.server.data).free >= needed:
            return
        self._rest()
        self.server.close()
        lease = self.store(needed).lease(self.key, self._build, self._prepare)
        self.server = lease.server
        self._exit.callback(lease.server.close)

    def _room_for(self, source: VolumeSource, streams: Sequence[Stream]) -> int:
        """Estimate the bytes that the rows and their indexes take, from each stream's first rows.

        A tuple's header and item pointer take 28 bytes (Database Page Layout); COPY's lengths of
        four bytes a column make up for most of it. An entry of an index takes about 40.
        """
        catalog = self.catalogs[self.proven]
        total = _SPARE
        for stream in streams:
            if stream.rows:
                first = source.chunk(stream, 0)
                indexes = len(catalog.table(stream.relation).indexes)
                width = len(first.payload) / first.rows + 40 * indexes + 20
                total += int(stream.rows * width * _AND_SORTED)
        return total


_AND_SORTED = 1.4  # an index is sorted in files before it is written


def _by_root(streams: Sequence[Stream]) -> Counter[QualifiedName]:
    asked: Counter[QualifiedName] = Counter()
    for stream in streams:
        asked[stream.root] += stream.rows
    return asked


def _in_the_way(outcome: Outcome, case: Case) -> Outcome:
    reason = f"passes on empty tables; beside the rows of the volume: {outcome.reason}"
    unproven = Unproven(kind=case.kind, subject=case.subject, title=case.title, reason=reason)
    return replace(outcome, case=unproven, status=Status.UNPROVEN, reason=reason)
