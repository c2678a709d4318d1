"""A snapshot of a volume that is not loaded: a part of it is, and the rest is foreseen.

The part is analysed by a server, and says what a page holds, how wide values are and what they are.
How many rows there will be, how many different values and how frequent, comes from whoever makes
the rows; from the profile itself, where it states it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pgassay.core.foresight import ColumnForeseen, Foresight
from pgassay.run.populated import PopulatedStand
from pgassay.run.snapshotting import snapshot_of_volume
from pgassay.run.stand import Stand
from pgassay.run.volume_order import described, order_of
from pgassay.staging.resizing import resized

if TYPE_CHECKING:
    from pgassay.core.snapshot import Snapshot
    from pgassay.run.stand import Request
    from pgassay.volumes.profile import Profile

PART = 200_000
"""Rows that are loaded where nobody says of which volume the snapshot is taken."""
_BY_BYTES = ("C", "POSIX", "C.UTF-8", "C.utf8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """A snapshot, how many rows were really loaded for it, and what could not be foreseen."""

    snapshot: Snapshot
    loaded: float
    kept: tuple[str, ...]


def snapshot_foretold(request: Request, profile: str, *, volume: str | None = None) -> Foretold:
    """Return the snapshot of a profile's volume as if it had been loaded.

    Args:
        request: which system; its seed decides the rows.
        profile: a size, or the path of a profile.
        volume: what is loaded, a profile too; a part of the profile's own rows if None.

    Raises:
        ConfigError: there is no such profile, or it is of another schema.
        PgassayError: the part cannot be made or loaded.
    """
    foresight, scale = _foresight(request, profile)
    part = volume or profile
    order = order_of(request, profile=part, scale=scale if volume is None else None)
    with PopulatedStand(request, order) as stand:
        for _ in stand.fill():
            pass
        taken = snapshot_of_volume(stand)
    snapshot, kept = resized(taken, foresight)
    return Foretold(snapshot=snapshot, loaded=taken.rows, kept=kept)


def _foresight(request: Request, profile: str) -> tuple[Foresight, float]:
    """Return what is foreseen of a profile, and the scale at which a part of it is loaded."""
    order = order_of(request, profile=profile)
    with Stand(request) as stand:
        note = stand.note("foresight", order.digest)
        known: tuple[Foresight, float] | None = note.read()
        if known is None:
            # NumPy and Arrow come with them; a note does without.
            from pgassay.volumes.foresight import foresee  # noqa: PLC0415 - as said above
            from pgassay.volumes.volume import Volume  # noqa: PLC0415 - as above

            source = order.make(stand)
            assert isinstance(source, Volume)
            row = stand.connect(stand.lent(stand.proven)).execute(
                "select datcollate from pg_catalog.pg_database where datname = current_database()"
            ).fetchone()  # fmt: skip
            foresight = foresee(source, collated=row is not None and row[0] in _BY_BYTES)
            wished = described(stand, profile)
            share = min(1.0, PART / max(source.rows, 1))
            known = _stated(foresight, wished), wished.scale * share
            note.write(known)
    return known


def _stated(foresight: Foresight, profile: Profile) -> Foresight:
    """Put what a profile states of a column in the place of what was foreseen."""
    found = dict(foresight)
    for name, volume in profile.tables.items():
        ahead = found.get(name)
        if ahead is None or len(volume.sections) != 1 or not volume.sections[0].statistics:
            continue
        columns = dict(ahead.columns)
        for column, stated in volume.sections[0].statistics.items():
            if stated.distinct:
                columns[column] = ColumnForeseen(
                    distinct=stated.kinds(ahead.rows),
                    common=stated.common,
                    correlation=stated.correlation,
                    null=stated.null,
                    width=stated.width or None,
                    stated=True,
                )
        found[name] = replace(ahead, columns=columns)
    return found
