"""One stream put in place by one transaction of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.postgres.bulk.copying import copy_stream

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    from pgassay.core.volume import VolumeSource
    from pgassay.postgres.bulk.orders import Order


def place(
    connection: psycopg.Connection[tuple[object, ...]],
    source: VolumeSource,
    order: Order,
    report: Callable[[int, int], None],
) -> None:
    """Copy a stream, all of it or nothing.

    An empty relation is emptied again first: what is written to a file that is as young as the
    transaction is not written to WAL as well where wal_level is minimal, and may be frozen.
    """
    with connection.transaction():
        if order.freeze:
            connection.execute(f"truncate only {order.stream.relation.sql}".encode())
        copy_stream(connection, source, order.stream, report, freeze=order.freeze)
