"""What the server refuses during a load, as errors that a person can act on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from pgassay.core.errors import MachineError, PgassayError, SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterator

_DISK_FULL, _OUT_OF_MEMORY = "53100", "53200"
_GONE = frozenset({"57P01", "57P02", "57P03", "08000", "08003", "08006"})
_ROWS_AT_FAULT = frozenset({"22", "23", "P0"})  # data exceptions, constraints, raised by functions


def in_words(error: psycopg.Error, where: str) -> PgassayError:
    """Return an error of the driver as one of ours.

    Args:
        error: what psycopg raised.
        where: the relation or index that was worked on.
    """
    state = error.sqlstate or ""
    said = ": ".join(_said(error)) or type(error).__name__
    if state == _DISK_FULL or "No space left on device" in said:
        return MachineError(
            f"the disk is full: {said}",
            where=where,
            expected="room for all rows and their indexes",
            fix="ask for a smaller profile, or set PGASSAY_TMP to a folder with more room",
        )
    if state == _OUT_OF_MEMORY:
        return MachineError(f"the server has no memory left: {said}", where=where)
    if state in _GONE or (not state and isinstance(error, psycopg.OperationalError)):
        return MachineError(
            f"the server is gone in the middle of the load: {said}",
            where=where,
            why="rows that were not committed went with it",
            fix="see whether the machine has memory and disk left, and run it again",
        )
    if state[:2] in _ROWS_AT_FAULT:
        return SchemaError(
            f"{state} {said}",
            where=where,
            expected="rows that keep every constraint",
            why="the volume is of no use where it does not keep what the schema promises",
            fix="say in the profile or in a factory what valid rows of this table look like",
        )
    return MachineError(f"{state} {said}".strip(), where=where)


def _said(error: psycopg.Error) -> Iterator[str]:
    """Yield the parts of the server's report; the driver's text where there is none."""
    report = error.diag
    parts = (report.message_primary, report.message_detail)
    if any(parts):
        yield from (part for part in parts if part)
        if report.context:
            yield report.context.splitlines()[0][:200]
    else:
        yield " ".join(str(error).split())
