"""Tiny histories on one server: each test writes its own revisions and looks at what is found."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from pgassay.core.finding import Finding
from pgassay.core.route import Revision
from pgassay.postgres.servers import Profile, Server, ServerDeclaration, ServerKind, open_server
from pgassay.run.history.course import Course
from pgassay.run.history.trials import history_trials
from pgassay.run.trial import Runnable
from pgassay.sqla.alembic_route import AlembicRoute

ENV = """
from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)


def configure(**more):
    context.configure(transaction_per_migration=True, **more)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    configure(dialect_name="postgresql", literal_binds=True)
else:
    with engine.connect() as connection:
        configure(connection=connection)
"""
LOCKED = ENV.replace("from sqlalchemy import", "import time\nfrom sqlalchemy import text,").replace(
    "        configure(connection=connection)",
    """        take = text("SELECT pg_try_advisory_lock(7)")
        while not connection.scalar(take):
            connection.commit()
            time.sleep(0.02)
        connection.commit()
        try:
            configure(connection=connection)
        finally:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(7)"))
            connection.commit()""",
)
INI = """
[alembic]
script_location = %(here)s/migrations
sqlalchemy.url = driver://
"""


class Project:
    """A project of revisions, each a few lines of `upgrade()` and `downgrade()`."""

    def __init__(self, root: Path, server: Server, closing: ExitStack) -> None:
        self.root, self._server, self._exit = root, server, closing
        self.versions = root / "migrations" / "versions"
        self.versions.mkdir(parents=True)
        (root / "alembic.ini").write_text(INI)
        self.env(ENV)
        self.head: str | None = None
        self.revisions: list[Revision] = []
        self.statements: dict[str, str] = {}
        self.lock: Path | None = None

    def env(self, text: str) -> None:
        (self.root / "migrations" / "env.py").write_text(text)

    def revision(
        self, name: str, upgrade: str, downgrade: str = "pass", *, parent: str | None = None
    ) -> Path:
        """Add a revision on top of the last one, or on another parent."""
        path = self.versions / f"{name}.py"
        path.write_text(
            f'"""Revision {name}."""\n\nimport sqlalchemy as sa\nfrom alembic import op\n\n'
            f'revision = "{name}"\ndown_revision = {parent or self.head!r}\n\n\n'
            f"def upgrade():\n{_indented(upgrade)}\n\n\ndef downgrade():\n{_indented(downgrade)}\n"
        )
        under = parent or self.head
        self.revisions.append(
            Revision(
                id=name,
                parents=(under,) if under else (),
                message=f"Revision {name}.",
                path=f"migrations/versions/{name}.py",
            )
        )
        self.head = name
        return path

    def sql(self, name: str, upgrade: str, downgrade: str = "") -> Path:
        """Add a revision of plain SQL."""
        self.statements[name] = upgrade
        up, down = (f"op.execute({text!r})" if text else "pass" for text in (upgrade, downgrade))
        return self.revision(name, up, down)

    @property
    def route(self) -> AlembicRoute:
        return AlembicRoute(config=self.root / "alembic.ini")

    def trials(self) -> list[Runnable]:
        """The history cases of all revisions."""
        route = self.route
        every = tuple(self.revisions)

        def course() -> Course:
            return Course(
                system="tiny",
                route=route,
                server=self._server,
                every=every,
                asked=every,
                closing=self._exit.callback,
            )

        return list(history_trials(every, every, "tiny", course, self.lock))

    def findings(self, *kinds: str) -> list[Finding]:
        """What the cases find, those of some kinds or of all."""
        trials = [trial for trial in self.trials() if not kinds or trial.trial.kind in kinds]
        assert trials
        return [finding for trial in trials for finding in trial.run("tiny").findings]

    def told(self, *kinds: str) -> Mapping[str, str]:
        """The titles of what is found, by subject."""
        return {str(finding.subject): finding.title for finding in self.findings(*kinds)}


def _indented(lines: str) -> str:
    return "\n".join(f"    {line}" for line in lines.splitlines())


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    declaration = ServerDeclaration(profile=Profile.FAITHFUL)
    with open_server(ServerKind.EMBEDDED, declaration) as server:
        yield server


@pytest.fixture
def exit_stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


NewProject = Callable[[], Project]


@pytest.fixture
def project(tmp_path: Path, server: Server, exit_stack: ExitStack) -> Project:
    return Project(tmp_path / "tiny", server, exit_stack)
