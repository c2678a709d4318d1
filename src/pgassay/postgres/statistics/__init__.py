"""The planner's statistics of a database: one read-only script, and what comes of it."""

from __future__ import annotations

from pgassay.postgres.statistics.reading import (
    parse,
    read,
    read_from,
    read_snapshot,
    snapshot_from,
)
from pgassay.postgres.statistics.script import script, snapshot_script

__all__ = [
    "parse",
    "read",
    "read_from",
    "read_snapshot",
    "script",
    "snapshot_from",
    "snapshot_script",
]
