"""The ground: what every part of a validation stands on.

One selection of revisions, the database at the revision before it (migrated, populated, kept as a
template), and fresh copies of that for whoever needs one.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import psycopg

from pgassay.core.errors import MachineError
from pgassay.postgres.servers.local import LocalServer
from pgassay.run.database_names import DatabaseNames
from pgassay.run.history.course import Steps
from pgassay.run.migration.once import Once
from pgassay.run.routes import target_of
from pgassay.sqla.alembic_route import AlembicRoute
from pgassay.sqla.workshop import Workshop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pgassay.core.catalog import Catalog
    from pgassay.core.names import QualifiedName
    from pgassay.core.route import Target
    from pgassay.core.trace import RevisionTrace
    from pgassay.postgres.servers import Server
    from pgassay.run.migration.before import BeforeStand
    from pgassay.run.migration.files import SqlFile
    from pgassay.run.migration.production import Production
    from pgassay.run.migration.selection import Selection
    from pgassay.run.stand import Request
    from pgassay.sqla.alembic_route import Watched


_COPIES = 8  # of the populated database, at most at once: some grow while a revision runs there
_UNSEEN = 2 * 1024**3  # bytes that any server has room for
_END = (
    "select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity"
    " where datname = any(%s) and pid <> pg_catalog.pg_backend_pid()"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationOrder:
    """What a validation is asked for.

    Args:
        revision: which revisions, see `selection.select`.
        base: the branch that the current one is held against.
        every: validate every revision of the history, each by itself.
        profile: how many rows.
        production: what stands for production, to whose size times are projected, and at whose
            plans are asked if it is a snapshot; None for none.
        parts: only these; all if empty.
    """

    revision: str | None = None
    base: str | None = None
    every: bool = False
    profile: str = "small"
    production: Production | None = None
    parts: tuple[str, ...] = ()


class Upgrades(Protocol):
    """What runs revisions one by one."""

    def upgrade(self, revision: str = "head") -> tuple[str, ...]:
        """Upgrade; SchemaError if that fails."""
        ...


class History(Steps, Protocol):
    """Migrations on one database; a context manager."""

    def heads(self) -> tuple[str, ...]:
        """Return the ids of the heads."""
        ...

    def watched(self, revision: str, *, down: bool = False) -> Watched:
        """Upgrade under watch; the database has a probe in it."""
        ...


class Ground:
    """One selection on one stand.

    Attributes:
        request: what was asked for; its system is the whole one, models and all.
        order: likewise.
        route: the history, or the file.
        selection: the revisions that are validated.
        stand: the database at the revision before, with rows.
        traces: of the revisions that a part has traced, for the parts that follow.
        keeps_to_its_database: whether the revisions were seen to write no shared object, so that
            two databases may be upgraded at once.
    """

    def __init__(
        self,
        *,
        request: Request,
        order: MigrationOrder,
        route: AlembicRoute | SqlFile,
        selection: Selection,
        stand: BeforeStand,
        workshop: Workshop | None = None,
    ) -> None:
        self.request, self.order, self.route = request, order, route
        self._workshop = workshop
        self.selection, self.stand = selection, stand
        self.traces: list[RevisionTrace] = []
        self.keeps_to_its_database = False
        self._bare = Once(self._made_bare)
        self._after = Once(lambda: self.read(self.bare))
        self._upgraded = Once(self._made_upgraded)
        self._behind = Once(lambda: self.read(self.upgraded))

    @property
    def name(self) -> str:
        """The system's name."""
        return self.request.system.name

    @property
    def server(self) -> Server:
        """The server, which writes as production does but for fsync."""
        return self.stand.server

    def populated(self, *, aside: bool = False) -> str:
        """Return the name of a fresh database at the revision before, with rows.

        `aside`: no revision will run there, see `DatabaseNames`.
        """
        return self._copy(self.stand.volume, aside=aside)

    def empty(self, *, aside: bool = False) -> str:
        """Return the name of a fresh database at the revision before, without rows; likewise."""
        return self._copy(self.without_rows, aside=aside)

    @property
    def without_rows(self) -> str:
        """The name of the database at the revision before without rows: to be copied."""
        return self.stand.template_of(self.stand.proven)

    def blank(self) -> str:
        """Return the name of a fresh database with nothing in it."""
        return self._copy(None)

    def _copy(self, template: str | None, *, aside: bool = False) -> str:
        return self.names.made(
            lambda wanted: self.server.create_database(wanted, template), aside=aside
        )

    def drop(self, database: str) -> None:
        """Drop a database that is not needed any more."""
        self.server.drop_database(database)
        self.names.dropped(database)

    def script(self) -> Path:
        """Return the folder of the history: acceptances are beside the revisions."""
        return self.route.script()

    def target(self, database: str) -> Target:
        """Return where a route may work."""
        return target_of(self.server, database)

    @cached_property
    def names(self) -> DatabaseNames:
        """Names of the databases that are made here."""
        return DatabaseNames(self.name)

    @cached_property
    def opener(self) -> Workshop | SqlFile:
        """Opens the history, or the file, on them; its own workshop unless one was given."""
        if not isinstance(self.route, AlembicRoute):
            return self.route
        workshop = self._workshop or Workshop(self.route)
        self.stand.with_it(workshop.forget if self._workshop else workshop.close)
        return workshop

    @property
    def bookkeeping(self) -> tuple[QualifiedName, ...]:
        """Tables that are the tools' own."""
        return self.route.bookkeeping

    def on(self, target: Target) -> History:
        """Return the history on a database of any server, a context manager."""
        return self.route.open(target)

    def open(self, database: str) -> History:
        """Return the history on a database, a context manager."""
        return self.opener.open(self.target(database))

    def upgrade(self, history: Upgrades) -> Iterator[str]:
        """Run the revisions of the selection, one by one; yield the id of each that has run.

        Raises:
            SchemaError: one fails.
        """
        for one in self.selection.revisions:
            history.upgrade(one.id)
            yield one.id

    def read(self, database: str) -> Catalog:
        """Read the catalog of a database, tools' own tables aside."""
        return self.stand.read(database)

    @property
    def before(self) -> Catalog:
        """The catalog before the selection."""
        return self.stand.contract

    @property
    def after(self) -> Catalog:
        """The catalog behind the selection, from an upgrade without rows.

        Raises:
            SchemaError: a revision fails even so.
        """
        return self._after()

    @property
    def bare(self) -> str:
        """The name of a database without rows behind the selection: to look at, not to write.

        Raises:
            SchemaError: a revision fails even so.
        """
        return self._bare()

    @property
    def upgraded(self) -> str:
        """The name of a database with rows behind the selection: to look at, not to write.

        Raises:
            SchemaError: a revision fails on the rows.
        """
        return self._upgraded()

    def is_upgraded(self, database: str) -> None:
        """Make `upgraded` of a database where nothing but the selection has run, on rows."""
        self._upgraded.is_(lambda: self._vacuumed(database))

    @property
    def behind(self) -> Catalog:
        """The catalog of `upgraded`: other than `after` where rows decide on partitions."""
        return self._behind()

    @property
    def has_room(self) -> bool:
        """Whether several parts may have copies of the populated database at once."""
        with self.server.connect(self.without_rows) as connection:
            asked = "select pg_catalog.pg_database_size(%s)"
            (size,) = connection.execute(asked, [self.stand.volume]).fetchone() or (0,)
        needed = _COPIES * int(str(size))
        if isinstance(self.server, LocalServer):
            return shutil.disk_usage(self.server.data).free >= needed
        return needed <= _UNSEEN  # of a server elsewhere it is not known how much room there is

    def end_sessions(self) -> None:
        """End every session on the databases that were made here: nobody waits for anything."""
        with suppress(psycopg.Error, MachineError), self.server.connect("postgres") as connection:
            connection.execute(_END, [list(self.names.given)])

    def _made_bare(self) -> str:
        database = self.empty()
        try:
            self._ran_on(database)
            return self._copy(database, aside=True)
        finally:
            self.drop(database)

    def _made_upgraded(self) -> str:
        database = self.populated()
        try:
            self._ran_on(database)
            return self._vacuumed(database)
        finally:
            self.drop(database)

    def _ran_on(self, database: str) -> None:
        with self.open(database) as history:
            for _ in self.upgrade(history):
                pass

    def _vacuumed(self, database: str) -> str:
        copy = self._copy(database, aside=True)
        with self.server.connect(copy) as connection:
            connection.execute("vacuum")  # as autovacuum will; statistics are left as they are
        return copy
