"""A dump of the rich schema, restored elsewhere, has the same catalog: an independent witness."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import psycopg

from pgassay.postgres.catalog import read_catalog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pgassay.core.catalog import Catalog


def test_a_restored_dump_has_the_same_catalog(
    rich: Catalog,
    rich_database: str,
    database: Callable[[int], str],
    binaries: Path,
    major: int,
) -> None:
    dump = subprocess.run(
        [binaries / "pg_dump", "--schema-only", "--no-sync", rich_database],
        check=True,
        capture_output=True,
    ).stdout
    conninfo = database(major)
    subprocess.run(
        [binaries / "psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", conninfo],
        check=True,
        input=dump,
        capture_output=True,
    )
    with psycopg.connect(conninfo) as connection:
        restored = read_catalog(connection)
        connection.execute('drop owned by reader, "Ünt el"')

    assert restored == rich
