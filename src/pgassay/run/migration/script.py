"""Plain SQL under watch: statements on a database, and the trace of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from pgassay.core.trace import RevisionTrace
from pgassay.postgres.tracing.probe import remember
from pgassay.postgres.tracing.session import run_watched
from pgassay.postgres.tracing.sizes import sizes_of
from pgassay.postgres.tracing.watcher import Watcher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgassay.core.route import Revision
    from pgassay.postgres.servers import Server


def watch_script(
    server: Server,
    database: str,
    revision: Revision,
    statements: Sequence[str],
    *,
    alone: bool = False,
) -> RevisionTrace:
    """Run statements and return what they did; it ends with the first that is refused.

    Args:
        server: where.
        database: a database with a probe in it.
        revision: what the trace is called.
        statements: each as a client would send it; one may hold several.
        alone: each commits by itself; otherwise all of them are one transaction.
    """
    with server.connect(database) as eye:
        remember(eye)
        sizes = sizes_of(eye)
    error = None
    with (
        server.connect(database, autocommit=alone) as connection,
        Watcher(server.conninfo(database)) as watcher,
    ):
        try:
            for text in statements:
                run_watched(connection, watcher, text, source=revision.path)
            if not alone:
                connection.commit()
                watcher.transaction_ended("commit")
        except psycopg.Error as refused:
            error = " ".join(str(refused).split())
            connection.rollback()
            watcher.transaction_ended("rollback")
        traces, seconds = watcher.traces()
    return RevisionTrace(
        revision=revision,
        statements=traces,
        seconds=sum(seconds),
        transactions=seconds,
        wal=sum(one.wal for one in traces),
        sizes=sizes,
        error=error,
    )
