"""Who is there while a migration runs: hot queries, reads and writes of what it touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.errors import PgassayError
from pgassay.core.statement import Statement
from pgassay.core.traffic import Unit
from pgassay.postgres.traffic.experiment import Crowd
from pgassay.run.query_values import Values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pgassay.core.catalog import Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Session
    from pgassay.plans.places import Places
    from pgassay.plans.query import HotQuery
    from pgassay.run.migration.traffic.application import Application

_KEYS = 3  # rows of each table that clients read and write
_WRITER = 15  # which of the known rows a writer has that stays open, far from those
MOST = 20  # tables that are given clients and open transactions of their own


def crowd_of(
    queries: Sequence[tuple[str, Statement, str | None]],
    application: Application,
    touched: Sequence[QualifiedName],
    *,
    clients: int = 4,
    around: float = 0.3,
    patience: float = 3.0,
) -> Crowd:
    """Return the crowd for a migration that touches these tables.

    Args:
        queries: hot queries with their values, as `asked` returns them.
        application: knows the catalog before the migration.
        touched: tables that the migration locks or writes.
        clients: how many there are.
        around: seconds of traffic before and after.
        patience: how long a migration may wait before it is called one without a limit.
    """
    tables = application.tables(touched)[:MOST]
    own = [unit for table in tables for unit in _units(application, table, clients)]
    hot = [
        Unit(name=name, statements=(statement,), source=source)
        for name, statement, source in queries
    ]
    return Crowd(
        units=tuple(_mixed(own, hot)),
        clients=clients,
        around=around,
        patience=patience,
        reads={table.name: _any(table) for table in tables},
        writes={table.name: _writes(application, table) for table in tables},
    )


def asked(
    queries: Iterable[HotQuery], session: Session, places: Places
) -> Iterator[tuple[str, Statement, str | None]]:
    """Yield the hot queries with typical values, those left out for which none are found."""
    values = Values(session, places)
    for query in queries:
        try:
            given = values.of(query, "typical")
        except PgassayError:
            continue  # it speaks of what this revision does not have yet
        if given is not None:
            yield query.name, Statement(query.sql, given), f"{query.file}:{query.line}"


def _units(application: Application, table: Table, clients: int) -> Iterator[Unit]:
    name = table.name
    for number in range(_KEYS):
        read = application.read(table, number)
        yield Unit(name=f"read {name}", statements=(read,), tables=(name,))
        update = application.update(table, number)
        if update is not None:
            yield Unit(name=f"update {name}", statements=(update,), tables=(name,))
    for number in range(clients):
        made = application.insertion(table, 600 + number)
        if made is not None:
            yield Unit(
                name=f"insert into and delete from {name}",
                statements=(made.insert, made.delete),
                tables=(name,),
            )


def _mixed(own: list[Unit], hot: list[Unit]) -> Iterator[Unit]:
    """Yield both kinds in turn, the shorter list again and again."""
    if not own or not hot:
        yield from own or hot
        return
    for number in range(max(len(own), len(hot))):
        yield own[number % len(own)]
        yield hot[number % len(hot)]


def _any(table: Table) -> Statement:
    return Statement(f"select 1 from {table.name.sql} limit 1")


def _writes(application: Application, table: Table) -> Statement:
    update = application.update(table, _WRITER)
    return update or Statement(f"lock table {table.name.sql} in row exclusive mode")
