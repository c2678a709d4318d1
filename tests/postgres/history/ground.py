"""The ground of a validation on the shared server: a tiny history, rows as a test writes them."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from functools import cached_property
from itertools import count

from pgassay.core.catalog import Catalog
from pgassay.core.config import AlembicSettings, Config, System
from pgassay.core.event import CaseFinished
from pgassay.core.finding import Finding
from pgassay.core.route import Revision
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.servers import Server
from pgassay.postgres.session import PipelineSession
from pgassay.run.migration.ground import Ground, MigrationOrder
from pgassay.run.migration.parts import Part
from pgassay.run.migration.selection import select
from pgassay.run.stand import Request
from tests.postgres.history.conftest import Project

_NUMBERS = count(1)


class TinyStand:
    """The database at the revision before, empty and with the rows that a test gave."""

    proven = "before"

    def __init__(
        self,
        project: Project,
        server: Server,
        closing: ExitStack,
        *,
        earlier: tuple[Revision, ...],
        rows: str,
    ) -> None:
        self.server, self._closing = server, closing
        self._books = frozenset(project.route.bookkeeping)
        self._empty = server.create_database(f"before_{next(_NUMBERS)}")
        # What Alembic would do, without a process for it: plain SQL, in a line.
        with server.connect(self._empty) as connection:
            connection.execute("create table alembic_version (version_num varchar(32) primary key)")
            for revision in earlier:
                connection.execute(project.statements[revision.id].encode())
            for revision in earlier[-1:]:
                connection.execute("insert into alembic_version values (%s)", [revision.id])
        self._filled = server.create_database(f"filled_{next(_NUMBERS)}", template=self._empty)
        with server.connect(self._filled) as connection:
            connection.execute(rows.encode())

    @property
    def volume(self) -> str:
        return self._filled

    def template_of(self, route: str) -> str:
        assert route == self.proven
        return self._empty

    def read(self, database: str) -> Catalog:
        with self.server.connect(database) as connection:
            return read_catalog(connection, exclude=self._books)

    @cached_property
    def contract(self) -> Catalog:
        return self.read(self._empty)

    def session(self, database: str) -> PipelineSession:
        return PipelineSession(self._closing.enter_context(self.server.connect(database)))

    def with_it(self, close: Callable[[], object]) -> None:
        self._closing.callback(close)


def ground_of(
    project: Project, server: Server, closing: ExitStack, revision: str, rows: str = ""
) -> Ground:
    """Return the ground of one revision of a project."""
    selection = select(project.revisions, revision, base=None, root=project.root)
    system = System(name="tiny", alembic=AlembicSettings(config=project.root / "alembic.ini"))
    config = Config(root=project.root, systems={"tiny": system})
    stand = TinyStand(project, server, closing, earlier=selection.earlier, rows=rows)
    return Ground(
        request=Request(config=config, system=system, today=date(2026, 1, 1)),
        order=MigrationOrder(revision=revision),
        route=project.route,
        selection=selection,
        stand=stand,  # type: ignore[arg-type]  # as much of a stand as the parts use
    )


def findings_of(part: Part, ground: Ground) -> list[Finding]:
    """What a part finds; it must try something."""
    outcomes = [event.outcome for event in part(ground) if isinstance(event, CaseFinished)]
    assert outcomes
    return [finding for outcome in outcomes for finding in outcome.findings]


def tried(part: Part, ground: Ground) -> int:
    """How many cases a part has."""
    return sum(isinstance(event, CaseFinished) for event in part(ground))
