"""How large tables are in production: what times are projected to, and plans are asked at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pgassay.core.snapshot import Held, Snapshot
from pgassay.core.trace import RelationSize
from pgassay.run.snapshotting import snapshot_in
from pgassay.run.volume_order import order_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pgassay.core.config import System
    from pgassay.core.names import QualifiedName
    from pgassay.core.snapshot import RelationSeen
    from pgassay.core.volume import Stream
    from pgassay.run.migration.ground import Ground

_MARK = '"pgassay snapshot '
_HEAD = 4096  # the format stands at the beginning of the file


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """What stands for production.

    Args:
        name: of the profile, or of the file.
        snapshot: None where it is a profile: rows, and nothing that plans could be made of.
        path: of the profile, where it is a file.
    """

    name: str
    snapshot: Snapshot | None = None
    path: str | None = None


def production_of(system: System, wanted: str | None) -> Production | None:
    """Return what a person named, else what the system's configuration names.

    Args:
        system: whose `production` is taken where nothing is named.
        wanted: a size, or the path of a profile or of a snapshot.

    Raises:
        ConfigError: the snapshot is not there or damaged.
    """
    if wanted is None:
        taken = system.production
        return None if taken is None else Production(name=taken.name, snapshot=snapshot_in(taken))
    if _is_snapshot(Path(wanted)):
        return Production(name=Path(wanted).name, snapshot=snapshot_in(Path(wanted)))
    path = wanted if Path(wanted).is_file() else None
    return Production(name=Path(wanted).name if path else wanted, path=path)


def _is_snapshot(path: Path) -> bool:
    """Whether a file is a snapshot and no profile: the one is JSON, the other TOML."""
    if path.suffix == ".json":
        return True
    if not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace") as file:
        return _MARK in file.read(_HEAD)


def sizes_in_production(ground: Ground) -> Mapping[QualifiedName, RelationSize]:
    """Return how large each table is in production; nothing where nobody has said.

    Of a profile, the rows: none is made for it, a volume is only sized.
    """
    production = ground.order.production
    if production is None:
        return {}
    if production.snapshot is not None:
        return {one.relation: one for one in sizes_in(production.snapshot)}
    profile = production.path or production.name
    order = order_of(ground.stand.request, profile=profile, earlier=True)
    note = ground.stand.note("production", profile, order.digest)
    known: dict[QualifiedName, int] | None = note.read()
    if known is None:
        known = dict(_by_table(order.make(ground.stand).streams()))
        note.write(known)
    return {
        relation: RelationSize(relation=relation, rows=rows, bytes=0)
        for relation, rows in known.items()
    }


def sizes_in(snapshot: Snapshot) -> Iterator[RelationSize]:
    """Yield the sizes in a snapshot; a partitioned table has what its partitions have."""
    below: dict[QualifiedName, list[RelationSeen]] = {}
    for relation in snapshot.relations:
        if relation.parent is not None:
            below.setdefault(relation.parent, []).append(relation)

    def leaves(relation: RelationSeen) -> Iterator[RelationSeen]:
        if relation.kind is Held.PARTITIONED:
            for part in below.get(relation.name, ()):
                yield from leaves(part)
        else:
            yield relation

    for relation in snapshot.relations:
        own = list(leaves(relation))
        heap = sum(one.blocks for one in own)
        indexes = sum(index.blocks for one in own for index in one.indexes)
        yield RelationSize(
            relation=relation.name,
            rows=int(sum(max(one.rows, 0.0) for one in own)),
            bytes=(heap + indexes) * snapshot.block_size,
            heap=heap * snapshot.block_size,
        )


def _by_table(streams: Iterable[Stream]) -> Counter[QualifiedName]:
    """Count rows by table: a partition's for itself and for its root."""
    found: Counter[QualifiedName] = Counter()
    for stream in streams:
        for name in {stream.relation, stream.root}:
            found[name] += stream.rows
    return found
