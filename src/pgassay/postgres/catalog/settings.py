"""The settings under which text is deparsed, and the transaction that holds them.

Deparsed text depends on the session: names are left unqualified where the search_path finds them,
timestamps in defaults and partition bounds follow TimeZone, numbers extra_float_digits. Everything
that pgassay deparses is deparsed under these settings, whatever the caller's session says.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any, LiteralString

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

SETTINGS = {
    "search_path": "",
    "client_encoding": "UTF8",
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "quote_all_identifiers": "off",
    "xmlbinary": "base64",
    "jit": "off",  # joins of system catalogs look expensive to the planner, and are not
}
_SET = "select " + ", ".join(["pg_catalog.set_config(%s, %s, true)"] * len(SETTINGS))


@contextmanager
def undone(
    connection: psycopg.Connection[Any], *, first: LiteralString | None = None
) -> Iterator[None]:
    """Open a transaction, or a savepoint in the caller's, with these settings; roll it back.

    `first` is a statement that must be the first of its transaction.
    """
    with connection.transaction(force_rollback=True):
        if first:
            connection.execute(first)
        connection.execute(_SET, [*chain.from_iterable(SETTINGS.items())])
        yield
