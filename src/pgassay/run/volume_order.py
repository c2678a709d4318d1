"""From a profile's name to the order of a volume: which rows, and what decides them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError, suggestion
from pgassay.core.processors import processors
from pgassay.rows.maker import RowMaker
from pgassay.run.populated import VolumeOrder
from pgassay.volumes.reading import load_earlier, load_profile
from pgassay.volumes.sizes import SIZES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgassay.core.catalog import Catalog, Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.nearness import ColumnNearness
    from pgassay.core.volume import Chunk, Stream, VolumeSource
    from pgassay.rows.maker import RowSource
    from pgassay.run.populated import PopulatedStand
    from pgassay.run.stand import Request, Stand
    from pgassay.volumes.profile import Profile


def order_of(
    request: Request,
    *,
    profile: str,
    tables: tuple[str, ...] = (),
    workers: int | None = None,
    scale: float | None = None,
    earlier: bool = False,
) -> VolumeOrder:
    """Return the order of a volume.

    Args:
        request: which system; its seed decides all that is random.
        profile: a size, or the path of a profile.
        tables: only these, and those that they refer to; all if empty.
        workers: how many streams are made and copied at once; one a core if left out.
        scale: how many times the rows that the profile's file names; what it says itself if None.
        earlier: the schema is an earlier one than the system's description speaks of: what does
            not fit it is left out of the description.
    """
    facts = [profile if profile in SIZES else "", *sorted(tables)]
    facts += [f"scale {scale}"] if scale is not None else []
    files = [path for path in (request.system.volumes, Path(profile)) if path and path.is_file()]
    facts += [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
    wish = Wish(
        profile=profile,
        tables=tables,
        scale=scale,
        earlier=earlier,
        digest=hashlib.sha256("\n".join(facts).encode()).hexdigest(),
    )
    return VolumeOrder(
        name=Path(profile).stem,
        digest=wish.digest,
        make=partial(_make, wish),
        workers=workers or processors(),
        compare=partial(_compare, wish),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person asks for, and the digest of all of it."""

    profile: str
    tables: tuple[str, ...]
    scale: float | None
    digest: str
    earlier: bool = False

    def described(self, stand: Stand) -> Profile:
        """Return the profile."""
        found = described(stand, self.profile, earlier=self.earlier)
        return found if self.scale is None else replace(found, scale=self.scale)


def described(stand: Stand, profile: str, *, earlier: bool = False) -> Profile:
    """Return what a profile says of a system. Raises ConfigError where it does not fit it."""
    load = load_earlier if earlier else load_profile
    return load(profile, stand.contract, stand.request.system.volumes)


def _compare(wish: Wish, stand: PopulatedStand) -> Iterator[ColumnNearness]:
    """Yield how near the statistics of a populated database are to the profile's."""
    profile = wish.described(stand)
    if not profile.asks:
        return
    # NumPy and Arrow come with some of it; a profile without statistics does without.
    from pgassay.postgres.statistics import read  # noqa: PLC0415 - as said above
    from pgassay.volumes.nearness import compare  # noqa: PLC0415 - as said above

    with stand.server.connect(stand.volume) as connection:
        connection.autocommit = True
        found = read(connection)
    yields = stand.note("yields", wish.digest).read()
    yield from compare(profile, found, stand.contract, yields)


def _make(wish: Wish, stand: Stand) -> VolumeSource:
    # NumPy and Arrow come with it; what is kept from an earlier run does without.
    from pgassay.volumes.volume import make_volume  # noqa: PLC0415 - as said above

    described = wish.described(stand)
    wanted = _with_parents(stand.contract, wish.tables)
    sources = _sources(stand)
    maker = RowMaker(
        stand.contract,
        sources=sources,
        ask=stand.scratch,
        built=stand.catalogs[stand.proven],
    )
    whole = make_volume(
        described,
        maker=maker,
        ask=stand.scratch,
        built=stand.catalogs[stand.proven],
        sources=sources,
        seed=stand.request.seed,
    )
    stand.note("yields", wish.digest).write(whole.yields)
    return Part(whole=whole, wanted=wanted) if wish.tables else whole


def _sources(stand: Stand) -> Mapping[QualifiedName, RowSource]:
    request = stand.request
    if not request.system.factories:
        return {}
    from pgassay.run.factories import row_sources  # noqa: PLC0415 - imports SQLAlchemy

    root = request.system.root or request.config.root
    return row_sources(request.system.factories, stand.contract, root=root, seed=request.seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some tables of a volume; their rows are those that they have in the whole of it."""

    whole: VolumeSource
    wanted: frozenset[QualifiedName]

    def streams(self) -> Sequence[Stream]:
        """Return the streams of these tables."""
        return [stream for stream in self.whole.streams() if stream.root in self.wanted]

    def chunk(self, stream: Stream, number: int) -> Chunk:
        """Return piece `number` of a stream."""
        return self.whole.chunk(stream, number)


def _with_parents(catalog: Catalog, names: tuple[str, ...]) -> frozenset[QualifiedName]:
    """Return tables by name, and all that they refer to."""
    known = {str(table.name): table for table in catalog.roots()}
    wanted: set[QualifiedName] = set()
    ahead: list[Table] = []
    for name in names:
        if name not in known:
            raise ConfigError(
                f'there is no table "{name}"',
                where="--tables",
                expected=suggestion(name, known),
            )
        ahead.append(known[name])
    while ahead:
        table = ahead.pop()
        if table.name not in wanted:
            wanted.add(table.name)
            parents = {key.references for key in table.foreign_keys if key.references is not None}
            ahead += [_root(catalog, parent) for parent in parents]
    return frozenset(wanted)


def _root(catalog: Catalog, name: QualifiedName) -> Table:
    table = catalog.table(name)
    while table.partition is not None:
        table = catalog.table(table.partition.parent)
    return table
