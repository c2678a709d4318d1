"""Puts a volume into a database by plain COPY, and says what the database thinks of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgassay.core.volume import Stream, VolumeSource

Connection = psycopg.Connection[Any]
HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"

_KEYS = """
    select conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    from pg_constraint where contype = 'f' and conparentid = 0 order by 1, 2
"""


@dataclass(frozen=True)
class Key:
    table: str
    name: str
    definition: str


def load(connection: Connection, volume: VolumeSource) -> list[str]:
    """Load all streams without foreign keys, put those back, and return which do not validate."""
    keys = [Key(*row) for row in connection.execute(_KEYS).fetchall()]
    for key in keys:
        name = sql.Identifier(key.name).as_string()
        connection.execute(f"alter table {key.table} drop constraint {name}".encode())
    for stream in volume.streams():
        copy(connection, volume, stream)
    refused = []
    for key in keys:
        name = sql.Identifier(key.name).as_string()
        try:
            connection.execute(
                f"alter table {key.table} add constraint {name} {key.definition}".encode()
            )
        except psycopg.errors.ForeignKeyViolation as refusal:
            refused.append(str(refusal))
    return refused


def copy(connection: Connection, volume: VolumeSource, stream: Stream) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, stream.columns))
    table = sql.Identifier(stream.relation.schema, stream.relation.name)
    statement = sql.SQL("copy {} ({}) from stdin (format binary)").format(table, columns)
    with connection.cursor() as cursor, cursor.copy(statement) as into:
        into.write(HEADER)
        for number in range(stream.chunks):
            into.write(volume.chunk(stream, number).payload)
        into.write(TRAILER)


def digest(volume: VolumeSource, order: Sequence[int] | None = None) -> str:
    """Return a digest of all chunks, made in another order if one is given."""
    found = hashlib.sha256()
    made: dict[tuple[int, int], bytes] = {}
    todo = [(s, n) for s, stream in enumerate(volume.streams()) for n in range(stream.chunks)]
    for at in order or range(len(todo)):
        s, n = todo[at]
        made[s, n] = bytes(volume.chunk(volume.streams()[s], n).payload)
    for piece in todo:
        found.update(made[piece])
    return found.hexdigest()


def one(connection: Connection, query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]
