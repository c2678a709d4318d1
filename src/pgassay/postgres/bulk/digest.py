"""A digest of the rows of a table, in their physical order: equal rows at equal places, or not."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from pgassay.postgres.bulk.copying import HEADER

if TYPE_CHECKING:
    from collections.abc import Iterable

    import psycopg

    from pgassay.core.names import QualifiedName

_IN_ORDER = (
    "set local synchronize_seqscans = off",
    "set local max_parallel_workers_per_gather = 0",
)


def digests(
    connection: psycopg.Connection[Any], relations: Iterable[QualifiedName]
) -> dict[QualifiedName, str]:
    """Return a digest for each table that holds rows itself, over every value of every row.

    Values are in their binary form, so that it is to the byte; the order is that of the file.
    """
    found = {}
    with connection.transaction():
        for setting in _IN_ORDER:
            connection.execute(setting.encode())
        for relation in relations:
            total = hashlib.blake2b(digest_size=16)
            command = f"copy (select * from only {relation.sql}) to stdout (format binary)"
            with connection.cursor() as cursor, cursor.copy(command.encode()) as copy:
                for block in copy:
                    total.update(bytes(block).removeprefix(HEADER))
            found[relation] = total.hexdigest()
    return found
