"""The stand: one system on a throwaway server, each route's database built and read.

Everything that takes part in the flow is lent from here: catalogs, fresh databases, sessions, the
source of cases.
"""

from __future__ import annotations

import contextlib
import hashlib
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any, Self

from pgassay.cases.derivation import Source, derived, kinds
from pgassay.cases.second_opinion import second_opinion
from pgassay.core.case import Status
from pgassay.core.digest import digest_of
from pgassay.core.errors import PgassayError
from pgassay.drift.namesakes import called_alike
from pgassay.postgres.batches import run_cases
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.servers import (
    AUTO,
    USUAL_ROOM,
    ClusterCache,
    Lease,
    Profile,
    Server,
    TemplateStore,
)
from pgassay.postgres.session import PipelineSession
from pgassay.rows.maker import RowMaker
from pgassay.run.engine import engine_digest
from pgassay.run.notes import Note
from pgassay.run.population import population, put_in_place, realistic
from pgassay.run.routes import (
    CONTRACT,
    build_side_by_side,
    declaration_of,
    routes_of,
    target_of,
)
from pgassay.sqla.sources import Closure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date
    from types import TracebackType

    from psycopg import Connection

    from pgassay.core.case import Case, Outcome, Unproven
    from pgassay.core.catalog import Catalog
    from pgassay.core.config import Config, System
    from pgassay.core.models import ModelFacts
    from pgassay.core.names import QualifiedName
    from pgassay.core.route import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a run is asked for.

    Args:
        config: the configuration.
        system: the system under test.
        server: which server, instead of what the configuration says.
        postgres: which major version, instead of what the system says.
        seed: decides everything that is random.
        today: the date by which partitions are judged.
        thorough: properties run longer and at random, schedules in full.
        models: what the models say will be asked for, so they are to tell while they are loaded.
    """

    config: Config
    system: System
    today: date
    server: str | None = None
    postgres: int | None = None
    seed: int = 0
    thorough: bool = False
    models: bool = False


class Stand:
    """One system on a server; a context manager.

    Attributes:
        request: what was asked for.
        key: stands for all that the databases are built from.
        server: the server it is on.
        built: whether the routes ran now; False where a template from an earlier run was cloned.
        routes: the routes of the system, the contract's first.
        told: what the models said while they were created, where that was asked for.
        has_rows: whether copies of the migrated database are populated.
        durability: how durable its server writes.
    """

    has_rows = False
    durability = Profile.FAST

    def __init__(self, request: Request) -> None:
        """Build or clone the databases of all routes.

        Raises:
            ConfigError, SchemaError: the system cannot be built.
            MachineError: no server can be had.
        """
        self.request = request
        self.told: ModelFacts | None = None
        self._exit = ExitStack()
        self._sessions = ExitStack()
        self.routes: Mapping[str, Route] = self._routes()
        self._databases: dict[str, str] = {}
        self._lent: dict[str, str] = {}
        self._numbers = count(1)
        self.key = self._digest()
        lease = self._lease()
        self.server: Server = self._exit.enter_context(contextlib.closing(lease.server))
        self.built = lease.built

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the server and everything on it."""
        self.close()

    def close(self) -> None:
        """End the server and everything on it."""
        self._sessions.close()
        self._exit.close()

    def with_it(self, close: Callable[[], object]) -> None:
        """Call a function when the stand is closed, its server still up."""
        self._sessions.callback(close)

    @property
    def name(self) -> str:
        """The system's name."""
        return self.request.system.name

    @property
    def proven(self) -> str:
        """The route whose database the cases run against: the first that is not the contract."""
        return next((name for name in self.routes if name != CONTRACT), CONTRACT)

    @cached_property
    def catalogs(self) -> Mapping[str, Catalog]:
        """What each route built, by its name; read once for each template."""
        note = self.note("catalogs")
        known: dict[str, Catalog] | None = note.read()
        if known is None:
            known = {name: self.read(self._real(name)) for name in self.routes}
            note.write(known)
        return known

    @property
    def contract(self) -> Catalog:
        """The catalog that is promised: the models', or the migrations' where there are none."""
        return self.catalogs.get(CONTRACT, self.catalogs[self.proven])

    def read(self, database: str) -> Catalog:
        """Read the catalog of one database, tools' own tables aside."""
        with self.server.connect(database) as connection:
            return read_catalog(connection, exclude=self.bookkeeping)

    @property
    def bookkeeping(self) -> frozenset[QualifiedName]:
        """Tables that are the tools' own."""
        own = {name for route in self.routes.values() for name in route.bookkeeping}
        return frozenset(own | set(self.request.system.bookkeeping))

    def clone(self, route: str | None = None) -> str:
        """Return the name of a fresh copy of what a route built (the proven one)."""
        return self._copy(self._real(route or self.proven))

    def aligned(self, route: str | None = None) -> str:
        """Return the name of a fresh copy of the proven route, for what is derived from the models.

        What PostgreSQL named by itself is called in it as the contract's own database calls it.
        """
        database = self.clone(route)
        if self._namings:
            with self.server.connect(database) as connection:
                for statement in self._namings:
                    connection.execute(statement.encode())
        return database

    def _copy(self, database: str) -> str:
        wanted = f"{self.name[:40]}_{next(self._numbers)}"
        return self.server.create_database(wanted, template=database)

    @cached_property
    def _namings(self) -> tuple[str, ...]:
        """Statements that call a copy of the proven route as the contract calls it."""
        note = self.note("namings")
        known: tuple[str, ...] | None = note.read()
        if known is None:
            known = called_alike(self.contract, self.catalogs[self.proven])
            note.write(known)
        return known

    @cached_property
    def aligned_catalog(self) -> Catalog:
        """The catalog of what `aligned` returns."""
        if not self._namings:
            return self.catalogs[self.proven]
        note = self.note("aligned")
        known: Catalog | None = note.read()
        if known is None:
            known = self.read(self.aligned(self.proven))
            note.write(known)
        return known

    def connect(self, database: str) -> Connection[Any]:
        """Open a connection; it is closed with the stand."""
        return self._sessions.enter_context(self.server.connect(database))

    def session(self, database: str) -> PipelineSession:
        """Open a session; it is closed with the stand."""
        return PipelineSession(self.connect(database))

    def lent(self, route: str) -> str:
        """Return the name of one copy of what a route built, for looking only; made once."""
        if route not in self._lent:
            self._lent[route] = self.clone(route if route in self.routes else self.proven)
        return self._lent[route]

    @cached_property
    def scratch(self) -> PipelineSession:
        """A session on a database that holds the contract."""
        return self.session(self.lent(CONTRACT))

    @cached_property
    def source(self) -> Source:
        """What the cases are derived from."""
        contract, built = self.contract, self.aligned_catalog
        rows = RowMaker(contract, ask=self.scratch, built=built)
        return Source(
            contract=contract,
            rows=rows,
            ask=self.scratch,
            built=built,
            today=self.request.today,
            partitions=self.request.system.partitions,
        )

    def cases(self, only: tuple[str, ...] | None = None) -> list[Case | Unproven]:
        """Derive the cases, those that share their rows side by side; once a template and day."""
        note = self.note("cases", str(self.request.today), str(self.request.system.partitions))
        known: list[Case | Unproven] | None = note.read()
        if known is None:
            contract = CONTRACT if CONTRACT in self.routes else self.proven
            source = replace(self.source, ahead=self.session(self.clone(contract)))
            known = list(derived(source, kinds()))
            note.write(known)
        return [case for case in known if only is None or case.kind in only]

    def note(self, *facts: str) -> Note:
        """Return what is kept between runs of one template, about these facts."""
        return Note.about(self.key, self.server.version, *facts)

    def _routes(self) -> Mapping[str, Route]:
        """Return the ways to build the system, by name."""
        return routes_of(self.request.config, self.request.system)

    def _lease(self) -> Lease:
        """Return a server with the databases of all routes on it."""
        return self.store().lease(self.key, self._build, self._prepare)

    def store(self, room: int = USUAL_ROOM, cache: ClusterCache | None = None) -> TemplateStore:
        """Return where finished databases are kept, for a server with room for so many bytes."""
        return TemplateStore(
            declaration=declaration_of(self.request, room, self.durability),
            choice=self.request.server or self.request.config.server or AUTO,
            cache=cache or ClusterCache.default(),
        )

    def run_cases(self, cases: Iterable[Case], *, ahead: bool = True) -> Iterator[Outcome]:
        """Run cases on fresh copies of what the migrations built, two where there are many.

        A case that fails is put to the contract's own database as well: what fails there too is
        no fault of the migrations.
        """
        cases = list(cases)
        copies = _SIDE_BY_SIDE if len(cases) > _FEW else 1
        sessions = [self.session(self.aligned()) for _ in range(copies)]
        for outcome in run_cases(sessions, cases, ahead=ahead):
            passed = outcome.status is Status.PASSED  # then no source need be made
            yield outcome if passed else second_opinion(self.source.ask, outcome)

    def _rest(self) -> None:
        """Let go of every connection and of every database that was only lent."""
        self._sessions.close()
        for name in self._lent.values():
            self.server.drop_database(name)
        self._lent.clear()
        for name in ("scratch", "source"):
            self.__dict__.pop(name, None)

    @property
    def populated(self) -> PipelineSession:
        """A session on a database with rows: the families."""
        return self.families

    @cached_property
    def families(self) -> PipelineSession:
        """A session on a database with a few families of rows, as factories describe them.

        Raises:
            PgassayError: the rows cannot be made or are refused.
        """
        if self._has_database(_database(POPULATED)):
            return self.session(self.clone(POPULATED))
        return self.session(self._populate(self.server))

    def _populate(self, server: Server) -> str:
        """Make the populated database on a server that holds the routes' ones."""
        system = self.request.system
        source = self.source
        if system.factories:
            # SQLAlchemy and a project's models come with them; a warm run does without.
            from pgassay.run.factories import row_sources  # noqa: PLC0415 - as said above

            root = system.root or self.request.config.root
            sources = row_sources(
                system.factories, source.contract, root=root, seed=self.request.seed
            )
            source = realistic(source, sources)
        people = population(source)
        name = server.create_database(_database(POPULATED), template=self._real(self.proven))
        with server.connect(name) as connection:
            put_in_place(people, PipelineSession(connection))
        return name

    def _has_database(self, name: str) -> bool:
        with self.server.connect(self._real(self.proven)) as connection:
            asked = "select from pg_catalog.pg_database where datname = %s"
            return connection.execute(asked, [name]).fetchone() is not None

    def template_of(self, route: str) -> str:
        """Return the name of the database that a route built: to be copied."""
        return self._real(route)

    def _real(self, route: str) -> str:
        return self._databases.get(route, _database(route))

    def _digest(self) -> str:
        lines = [engine_digest(), *(f"{n} {r.digest()}" for n, r in self.routes.items())]
        lines += [str(self.request.seed), str(self.request.system.factories)]
        if self.request.system.factories:
            root = self.request.system.root or self.request.config.root
            closure = Closure((root,))
            closure.add_module(self.request.system.factories)
            lines.append(digest_of(closure.files, root))
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def _build(self, server: Server) -> None:
        for name in self.routes:
            self._databases[name] = server.create_database(_database(name))

        targets = {name: target_of(server, self._databases[name]) for name in self.routes}
        self.told = build_side_by_side(self.routes, targets, server, ask=self.request.models)
        if self.request.system.rules:
            self.server = server  # for the time of building
            # What goes wrong is told where the rules are asked, beside all other findings.
            with contextlib.suppress(PgassayError):
                self._populate(server)
            self._rest()

    def _prepare(self) -> None:
        """Do, while initdb and the routes run elsewhere, what takes this process its time later."""
        from pgassay.run.drawing import make_tables  # noqa: PLC0415 - a warm run does without

        make_tables()
        system = self.request.system
        if system.rules and system.factories:
            from pgassay.run.factory_module import imported  # noqa: PLC0415 - as in `_populate`

            with contextlib.suppress(PgassayError):  # told where the rules are asked
                imported(system.factories, system.root or self.request.config.root)


POPULATED = "populated"
_SIDE_BY_SIDE = 2  # sessions that run cases: one server process computes while another is read
_FEW = 200  # cases for which a second copy of the database does not pay


def _database(route: str) -> str:
    return f"pgassay_{route}"
