"""Taking a snapshot: from a database, a script's output or a volume, and what is missing in it."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - documented parameter
from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError
from pgassay.core.snapshot import Held, Snapshot
from pgassay.core.snapshot_file import parse_snapshot
from pgassay.drift.policy import BOOKKEEPING
from pgassay.postgres.statistics import read_snapshot, snapshot_from
from pgassay.report.figures import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.run.populated import PopulatedStand


def snapshot_of(conninfo: str, *, values: bool = False, ends: bool = False) -> Snapshot:
    """Return the snapshot of a database. Raises MachineError where it cannot be read."""
    return snapshot_from(conninfo, values=values, ends=ends)


def snapshot_in(path: Path) -> Snapshot:
    """Return the snapshot in a file.

    Raises:
        ConfigError: there is no such file, or it is damaged.
    """
    return parse_snapshot(snapshot_text(path), str(path))


def snapshot_text(path: Path) -> str:
    """Return what is in the file of a snapshot. Raises ConfigError where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as failure:
        reason = getattr(failure, "strerror", None) or str(failure)
        raise ConfigError(
            f"cannot be read: {reason}",
            where=str(path),
            expected="what pgassay snapshot, or the script that it prints, has written",
        ) from failure


def snapshot_of_volume(stand: PopulatedStand) -> Snapshot:
    """Return the snapshot of a volume that pgassay made: nothing is missing in it."""
    with stand.server.connect(stand.clone()) as connection:
        connection.execute("create extension if not exists pageinspect")
        return read_snapshot(connection, values=True, ends=True)


def missing_in(snapshot: Snapshot) -> Iterator[str]:
    """Yield in words what a snapshot does not have, and what will stand for it."""
    hidden = [
        f"{relation.name}.{column.name}"
        for relation in snapshot.relations
        for column in relation.columns
        if not column.readable or relation.secured
    ]
    if hidden:
        yield (
            f"statistics of {count(len(hidden), 'column')} that {snapshot.role} may not SELECT, or "
            f"that row security hides ({_some(hidden)}): the planner's defaults stand for them"
        )
    never = [
        str(r.name)
        for r in snapshot.relations
        if r.rows < 0 and r.kind is not Held.FOREIGN and r.name.name not in BOOKKEEPING
    ]
    if never:
        tables = count(len(never), "table")
        yield f"statistics of {tables} never analysed ({_some(never)}): ANALYZE gathers them"
    if not snapshot.heights:
        yield (
            "heights of indexes (a superuser and the extension pageinspect): they are estimated "
            "from size and width"
        )
    hidden = [str(t.name) for r in snapshot.relations for t in r.together if not t.readable]
    if hidden:
        yield f"extended statistics of others' tables ({_some(hidden)}): none stand for them"
    if not snapshot.values:
        yield (
            "common values and histograms, which --with-values writes: stand-ins in the same order "
            "have their shares"
        )
    if not snapshot.ends:
        yield "ends of indexes, which --with-ends looks up: those of the histograms stand for them"


def _some(names: list[str]) -> str:
    most = 3
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
