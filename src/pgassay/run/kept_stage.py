"""The gate's share of production's size: a stage that is kept, and the plans of hot queries on it.

What makes a stage is the same until the schema, the snapshot or the server changes: the finished
cluster is kept as the routes' is, its files as long as production's and hardly taking room. With it
go the values that the queries are asked with. Every plan is asked for again.
"""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.plans.places import Places
from pgassay.postgres.session import PipelineSession
from pgassay.postgres.stage.explaining import StageExplainer
from pgassay.run.bench import queries_of
from pgassay.run.bench_at import answers
from pgassay.run.production import ProductionStand, StageBench, local_store
from pgassay.run.query_files import check_names
from pgassay.run.snapshotting import snapshot_in, snapshot_text
from pgassay.run.stage_values import KnownValues

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pgassay.core.case import Outcome
    from pgassay.plans.query import HotQuery
    from pgassay.run.stand import Stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is known of a stage that an earlier run made.

    Args:
        database: its name there.
        settings: names of settings that are production's.
        values: what the queries are asked with.
    """

    database: str
    settings: tuple[str, ...]
    values: KnownValues


def production_outcomes(stand: Stand, file: Path) -> Iterator[Outcome]:
    """Yield what becomes of every hot query's plan at the size of a snapshot.

    Args:
        stand: of the gate; its own server is left alone.
        file: the snapshot's.

    Raises:
        ConfigError: it is no snapshot, or a query names what there is not.
        MachineError: no server can be had whose files are within reach.
    """
    queries = queries_of(stand.request)
    places = Places(stand.catalogs[stand.proven])
    for query in queries:
        check_names(query, places)
    text = snapshot_text(file)
    key = hashlib.sha256(f"{stand.key}\nstage\n{text}".encode()).hexdigest()
    note = stand.note("stage", key, repr(queries))
    kept: Kept | None = note.read()
    if kept is not None:
        found = _again(stand, key, kept, places, queries)
        if found is not None:
            yield from found
            return
    snapshot = snapshot_in(file)
    with ProductionStand(stand.request, snapshot, beside=stand) as staged:
        bench = staged.bench()
        for answer in answers(bench, queries, 1.0):
            yield answer.outcome
        if staged.keep(key) is None:
            note.write(
                Kept(
                    database=staged.production.database,
                    settings=tuple(setting.name for setting in snapshot.settings),
                    values=KnownValues(staged.values.known, staged.values.unknown),
                )
            )


def _again(
    stand: Stand, key: str, kept: Kept, places: Places, queries: tuple[HotQuery, ...]
) -> list[Outcome] | None:
    """Return the outcomes on a stage that was kept; None if it was pruned."""
    server = local_store(stand.store()).kept(key)
    if server is None:
        return None
    with contextlib.closing(server), server.connect(kept.database) as connection:
        names = {*stand.request.system.settings, *kept.settings}
        explainer = StageExplainer(PipelineSession(connection), kept=names)
        bench = StageBench(places, explainer, kept.values)
        return [answer.outcome for answer in answers(bench, queries, 1.0)]
