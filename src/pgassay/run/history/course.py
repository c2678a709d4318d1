"""The course of a history: which revisions, on which server, and databases to run them in."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, Self

from psycopg import errors

from pgassay.run.database_names import DatabaseNames
from pgassay.run.history.state import NO_GAP, Gap, State, gap, read_state
from pgassay.run.routes import target_of
from pgassay.sqla.alembic_route import AlembicRoute
from pgassay.sqla.workshop import Workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from pgassay.core.names import QualifiedName
    from pgassay.core.route import Revision, Target
    from pgassay.postgres.servers import Server
    from pgassay.sqla.alembic_route import RevisionStatement

_LET_GO = (
    "select pg_catalog.pg_terminate_backend(pid, 5000) from pg_catalog.pg_stat_activity"
    " where datname = %s and pid <> pg_catalog.pg_backend_pid()"
)


class Steps(Protocol):
    """Migrations on one database, statement by statement; a context manager."""

    def __enter__(self) -> Self:
        """Make ready."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        """End it."""
        ...

    def upgrade(self, revision: str = "head") -> tuple[str, ...]:
        """Upgrade; SchemaError if that fails."""
        ...

    def downgrade(self, revision: str) -> tuple[str, ...]:
        """Downgrade; SchemaError if that fails."""
        ...

    def stepped(
        self,
        revision: str,
        *,
        fail_at: int | None = None,
        gates: Mapping[int, int] | None = None,
    ) -> tuple[RevisionStatement, ...]:
        """Upgrade with stops; return what ran, the last of which ends it."""
        ...

    def provide(self) -> None:
        """Put in place what the first revision expects."""
        ...

    def kill(self) -> None:
        """End the client at once."""
        ...


class Opener(Protocol):
    """Opens migrations on databases: a route, or a workshop that keeps a route's processes."""

    def open(self, target: Target) -> Steps:
        """Return the migrations on a database."""
        ...


class Historied(Opener, Protocol):
    """What a course goes through: a history of revisions, or a file."""

    @property
    def bookkeeping(self) -> tuple[QualifiedName, ...]:
        """Tables that are the tools' own."""
        ...

    @property
    def extensions(self) -> tuple[str, ...]:
        """What the first revision expects."""
        ...

    @property
    def baseline(self) -> str | None:
        """The like, as a script."""
        ...


@dataclass(frozen=True)
class Course:
    """A history and the server on which it is tried.

    Args:
        system: the system's name.
        route: the history.
        server: a throwaway, nobody else's databases are touched on it.
        every: all revisions, parents before children.
        asked: those that are judged one by one.
        closing: told what is to be closed with the server that all this is on.
        base: makes a database at what stands before the first one asked for, and returns its
            name; None where that is an empty one.
        names: where databases get their names from; its own if left out.
        kept: opens the history; its own if left out.
    """

    system: str
    route: Historied
    server: Server
    every: tuple[Revision, ...]
    asked: tuple[Revision, ...]
    closing: Callable[[Callable[[], object]], None]
    base: Callable[[], str] | None = None
    names: DatabaseNames = field(default_factory=lambda: DatabaseNames("history"))
    kept: Opener | None = None

    @property
    def books(self) -> frozenset[QualifiedName]:
        """The version tables."""
        return frozenset(self.route.bookkeeping)

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """The ids of the revisions that nothing stands on."""
        return tuple(one.id for one in self.every if one.id not in self.children)

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of what stands directly on each revision."""
        found: dict[str, tuple[str, ...]] = {}
        for one in self.every:
            for parent in one.parents:
                found[parent] = (*found.get(parent, ()), one.id)
        return found

    @property
    def is_line(self) -> bool:
        """Whether every revision has one parent and one child at most."""
        return all(len(one.parents) <= 1 for one in self.every) and all(
            len(ids) == 1 for ids in self.children.values()
        )

    def below(self, revision: Revision) -> str:
        """Return what Alembic is told to take back this revision and nothing else."""
        if self.is_line:
            return "-1"
        if len(revision.parents) > 1:
            return revision.parents[0]
        return f"{revision.id}@-1"

    def create(self, template: str | None = None, *, aside: bool = False) -> str:
        """Return the name of a new database, empty or a copy; `aside` if no revision runs in it."""
        return self.names.made(lambda wanted: self._created(wanted, template), aside=aside)

    def restore(self, database: str, template: str) -> None:
        """Make a database that `create` made anew, as a copy of another one."""
        self.server.drop_database(database)
        self._created(self.names.wanted(database), template)

    def drop(self, database: str) -> None:
        """Drop a database."""
        self.server.drop_database(database)
        self.names.dropped(database)

    def _created(self, wanted: str, template: str | None) -> str:
        try:
            return self.server.create_database(wanted, template=template)
        except errors.ObjectInUse:
            # A pool of the project's own keeps its connections between two commands.
            assert template is not None
            with self.server.connect("postgres") as connection:
                connection.execute(_LET_GO, [template])
            return self.server.create_database(wanted, template=template)

    def blank(self) -> str:
        """Return the name of a new database with what the first revision expects in it."""
        return self.create(self._provided)

    def first(self) -> str:
        """Return the name of a new database at what stands before the first one asked for."""
        return self.base() if self.base else self.blank()

    def open(self, database: str) -> Steps:
        """Return the history on a database, a context manager."""
        return self._opener.open(target_of(self.server, database))

    def read(self, database: str) -> State:
        """Read what a database is now."""
        with self.server.connect(database) as connection:
            return read_state(connection, self.books)

    def gap(
        self, promised: State, found: State, database: str, *, promised_by: str, built_by: str
    ) -> Gap:
        """Return how what was found in a database differs from what was promised."""
        if promised.catalog == found.catalog and promised.rows == found.rows:
            return NO_GAP
        with self.server.connect(database) as connection:
            return gap(promised, found, connection, promised_by=promised_by, built_by=built_by)

    @cached_property
    def _opener(self) -> Opener:
        if self.kept is not None:
            return self.kept
        if not isinstance(self.route, AlembicRoute):
            return self.route
        workshop = Workshop(self.route)
        self.closing(workshop.close)
        return workshop

    @cached_property
    def _provided(self) -> str:
        name = self.create()
        if self.route.extensions or self.route.baseline:
            with self.open(name) as history:
                history.provide()
        return name
