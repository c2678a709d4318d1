"""flyway_schema_history: which files have run, in the form that Flyway itself reads and writes."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

from pgassay.core.names import QualifiedName

if TYPE_CHECKING:
    from pgassay.postgres.script.execution import Connection
    from pgassay.postgres.script.naming import Migration

TABLE = "flyway_schema_history"

_COLUMNS = """
    installed_rank int NOT NULL CONSTRAINT {pk} PRIMARY KEY,
    version varchar(50),
    description varchar(200) NOT NULL,
    type varchar(20) NOT NULL,
    script varchar(1000) NOT NULL,
    checksum int,
    installed_by varchar(100) NOT NULL,
    installed_on timestamp NOT NULL DEFAULT now(),
    execution_time int NOT NULL,
    success boolean NOT NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """One row: a file that has run."""

    rank: int
    version: str | None
    script: str
    description: str
    checksum: int | None


class History:
    """The history table of one database.

    Args:
        connection: in autocommit mode.
        schema: where the table is (`flyway.defaultSchema`).
    """

    def __init__(self, connection: Connection, schema: str = "public") -> None:
        self._connection = connection
        self.name = QualifiedName(schema, TABLE)
        self._table = sql.Identifier(schema, TABLE)

    def read(self) -> list[Applied]:
        """Return what has run, in that order; creates the table if there is none."""
        with self._connection.transaction():
            there = self._connection.execute(
                "SELECT pg_catalog.to_regclass(%s) IS NOT NULL", [self.name.sql]
            ).fetchone()
            if there != (True,):
                self._create()
            rows = self._connection.execute(
                sql.SQL(
                    "SELECT installed_rank, version, script, description, checksum FROM {} "
                    "WHERE success ORDER BY installed_rank"
                ).format(self._table)
            ).fetchall()
        return [
            Applied(rank=rank, version=version, script=script, description=words, checksum=checksum)
            for rank, version, script, words, checksum in rows
        ]

    def add(self, migration: Migration, script: str, checksum: int, milliseconds: int) -> None:
        """Remember that a file has run."""
        self._connection.execute(
            sql.SQL(
                "INSERT INTO {0} (installed_rank, version, description, type, script, checksum, "
                "installed_by, execution_time, success) SELECT coalesce(max(installed_rank), 0) "
                "+ 1, %s, %s, 'SQL', %s, %s, current_user, %s, true FROM {0}"
            ).format(self._table),
            [migration.version, migration.description, script, checksum, milliseconds],
        )

    def _create(self) -> None:
        execute = self._connection.execute
        execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(self.name.schema)))
        columns = sql.SQL(_COLUMNS).format(pk=sql.Identifier(f"{TABLE}_pk"))
        execute(sql.SQL("CREATE TABLE {} ({})").format(self._table, columns))
        execute(
            sql.SQL("CREATE INDEX {} ON {} (success)").format(
                sql.Identifier(f"{TABLE}_s_idx"), self._table
            )
        )


def checksum_of(text: str) -> int:
    """Return Flyway's checksum: CRC-32 over the lines without their ends, as a signed number."""
    total = 0
    for line in text.removeprefix("\ufeff").splitlines():
        total = zlib.crc32(line.encode(), total)
    return total - 2**32 if total >= 2**31 else total
