"""The load of a volume: what has to be done in which order, bare or straight."""

from __future__ import annotations

import pickle
from enum import StrEnum
from queue import SimpleQueue
from typing import TYPE_CHECKING

import psycopg

from pgassay.postgres.bulk.bare import bare_tasks, put_right
from pgassay.postgres.bulk.bareness import lay_bare
from pgassay.postgres.bulk.ending import ending_tasks
from pgassay.postgres.bulk.lane import Lane
from pgassay.postgres.bulk.places import places
from pgassay.postgres.bulk.progress import Planned, Stage, Step
from pgassay.postgres.bulk.refusals import in_words
from pgassay.postgres.bulk.sequences import set_sequences
from pgassay.postgres.bulk.straight import straight_tasks
from pgassay.postgres.bulk.tasks import Crew
from pgassay.postgres.servers import Capability

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.core.volume import Stream, VolumeSource
    from pgassay.postgres.servers import Server

FEW_ROWS = 20_000  # below this a process of its own takes longer to start than to work


class Manner(StrEnum):
    """How rows get into a database.

    BARE takes indexes, keys and triggers away first and builds and validates afterwards; it needs
    a superuser and a database that nobody else uses, and a load that fails leaves one that is
    only good to be dropped. STRAIGHT copies into the finished tables, parents first; what is
    committed when it ends early is consistent.
    """

    BARE = "bare"
    STRAIGHT = "straight"


def manner_on(server: Server) -> Manner:
    """Return the faster manner that a server allows for a database that pgassay made."""
    return Manner.BARE if Capability.SUPERUSER in server.capabilities else Manner.STRAIGHT


def load(
    server: Server,
    database: str,
    source: VolumeSource,
    *,
    workers: int = 2,
    manner: Manner | None = None,
) -> Iterator[Step]:
    """Put a volume into a database that has its schema, and yield how far it is.

    Rows of a relation stand in the order of its chunks, whatever the number of workers. At the
    end every index is valid, every foreign key validated, every sequence beyond the rows, all of
    it vacuumed and analyzed, and the catalog what it was.

    Args:
        server: where.
        database: pgassay's own; nobody else is connected to it.
        source: makes the rows.
        workers: how many streams are made and copied at once.
        manner: the faster one that the server allows, if left out.

    Raises:
        SchemaError: the server refuses a row; says which constraint of which table.
        MachineError: the disk is full, or the server is gone.
    """
    manner = manner or manner_on(server)
    streams = [stream for stream in source.streams() if stream.rows]
    rows = sum(stream.rows for stream in streams)
    settings = _settings(server, manner)
    # Once, before any lane has a thread: two threads that pickle the same objects both make their
    # `__dict__`, and where a collection calls Python in between (`gc.callbacks`), CPython 3.11
    # gives an object two of them, whose values are freed with one and looked through in the other.
    apart = pickle.dumps(source) if rows > FEW_ROWS else None
    lanes = [Lane(server, database, settings, source, apart=apart) for _ in range(workers)]
    try:
        yield from _load(lanes, streams, manner)
    except psycopg.Error as error:
        raise in_words(error, database) from error
    finally:
        for lane in lanes:
            lane.close()


def _load(lanes: Sequence[Lane], streams: Sequence[Stream], manner: Manner) -> Iterator[Step]:
    told: SimpleQueue[Step | None] = SimpleQueue()
    connection = lanes[0].connection
    bareness = None
    filled = places(connection, streams)
    if manner is Manner.BARE:
        bareness = lay_bare(connection, filled)
        tasks = bare_tasks(connection, filled, bareness, told.put, workers=len(lanes))
    else:
        tasks = straight_tasks(connection, filled, told.put)
    ending = ending_tasks(connection, filled, tasks)
    tasks = [*tasks, *ending]
    pieces = {stage: sum(task.stage is stage for task in tasks) for stage in Stage}
    yield Planned(
        rows=sum(stream.rows for stream in streams),
        pieces={stage: number for stage, number in pieces.items() if number},
    )
    yield from Crew(lanes, tasks, told).steps()
    set_sequences(connection)
    if bareness is not None:
        put_right(connection, bareness)


def _settings(server: Server, manner: Manner) -> tuple[str, ...]:
    settings = [
        "set client_min_messages = error",
        "set synchronous_commit = off",
        "set statement_timeout = 0",
        "set lock_timeout = 0",
        "set idle_in_transaction_session_timeout = 0",
        "set maintenance_work_mem = '256MB'",
        "set max_parallel_maintenance_workers = 0",
        "set vacuum_cost_delay = 0",
    ]
    if manner is Manner.BARE:
        settings.append("set session_replication_role = replica")  # event triggers rest too
        if server.major >= _EVENT_TRIGGERS_CAN_REST:
            settings.append("set event_triggers = off")
    return tuple(settings)


_EVENT_TRIGGERS_CAN_REST = 17
