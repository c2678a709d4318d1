"""From a profile's name to the order of a volume: which rows, and what decides them."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError, suggestion
from pgassay.rows.maker import RowMaker
from pgassay.run.populated import VolumeOrder
from pgassay.volumes.reading import load_profile
from pgassay.volumes.sizes import SIZES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgassay.core.catalog import Catalog, Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.volume import Chunk, Stream, VolumeSource
    from pgassay.rows.maker import RowSource
    from pgassay.run.stand import Request, Stand


def order_of(
    request: Request,
    *,
    profile: str,
    tables: tuple[str, ...] = (),
    workers: int | None = None,
) -> VolumeOrder:
    """Return the order of a volume.

    Args:
        request: which system; its seed decides all that is random.
        profile: a size, or the path of a profile.
        tables: only these, and those that they refer to; all if empty.
        workers: how many streams are made and copied at once; one a core if left out.
    """
    facts = [profile if profile in SIZES else "", *sorted(tables)]
    files = [path for path in (request.system.volumes, Path(profile)) if path and path.is_file()]
    facts += [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
    return VolumeOrder(
        name=Path(profile).stem,
        digest=hashlib.sha256("\n".join(facts).encode()).hexdigest(),
        make=partial(_make, profile, tables),
        workers=workers or len(os.sched_getaffinity(0)),
    )


def _make(profile: str, tables: tuple[str, ...], stand: Stand) -> VolumeSource:
    # NumPy and Arrow come with it; what is kept from an earlier run does without.
    from pgassay.volumes.volume import make_volume  # noqa: PLC0415 - as said above

    system = stand.request.system
    described = load_profile(profile, stand.contract, system.volumes)
    wanted = _with_parents(stand.contract, tables)
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
    return Part(whole=whole, wanted=wanted) if tables else whole


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
