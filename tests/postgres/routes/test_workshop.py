"""Copies of a process that has read the project: they do what a process of its own does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pgassay.core.errors import SchemaError
from pgassay.core.route import Target
from pgassay.sqla.alembic_route import AlembicHistory, AlembicRoute
from pgassay.sqla.workshop import Workshop
from tests.postgres.routes.project import copy_of_shop
from tests.postgres.routes.throwaway import Decoy, Server

NOWHERE = {"@DECOY_PORT@": "1", "@DECOY_PASSWORD@": "none"}
# What it does with a connection it does online only, so that the project can be read.
ONLINE = """
from alembic import context

if context.is_offline_mode():
    context.configure(dialect_name="postgresql")
    context.run_migrations()
else:
    {lines}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_of_shop(tmp_path, "env/ini_url", NOWHERE)


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> list[Target]:
    """The targets for which a process of its own was started."""
    started: list[Target] = []
    original = AlembicRoute.open

    def open_(self: AlembicRoute, target: Target) -> AlembicHistory:
        started.append(target)
        return original(self, target)

    monkeypatch.setattr(AlembicRoute, "open", open_)
    return started


@pytest.fixture
def workshop(root: Path) -> Iterator[Workshop]:
    workshop = Workshop(AlembicRoute(config=root / "alembic.ini"))
    yield workshop
    workshop.close()


def online(root: Path, lines: str) -> None:
    (root / "migrations" / "env.py").write_text(ONLINE.format(lines=lines))


def test_a_history_is_walked_by_copies_two_of_them_at_once(
    workshop: Workshop, target: Target, own: list[Target]
) -> None:
    with workshop.open(target) as one, workshop.open(target) as other:
        assert one.upgrade("0001") == ("0001",)
        assert other.upgrade() == ("0002",)
        assert one.downgrade("base") == ()
        one.kill()
        with pytest.raises(SchemaError, match="the process ended with -9"):
            one.upgrade()
        assert other.upgrade() == ("0002",)
    with workshop.open(target) as later:
        assert later.downgrade("0001") == ("0001",)
    assert own == []


def test_a_copy_that_ends_by_itself_leaves_its_last_words(
    root: Path, workshop: Workshop, target: Target, own: list[Target]
) -> None:
    online(root, "import os; print('last words', flush=True); os._exit(9)")

    with workshop.open(target) as history, pytest.raises(SchemaError) as told:
        history.upgrade()

    assert "the process ended with 9" in told.value.found
    assert "last words" in told.value.found
    assert own == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            "import psycopg; psycopg.connect('host=127.0.0.1 port={port} dbname=x user=y')",
            "psycopg was asked to connect to 127.0.0.1 port {port}",
            id="driver",
        ),
        pytest.param(
            "import subprocess, sys; subprocess.run([sys.executable, '-c', "
            "'import socket; socket.create_connection((\"127.0.0.1\", {port}))'])",
            "asked for 127.0.0.1:{port}",
            id="program",
        ),
    ],
)
def test_the_walls_stand_around_a_copy(  # noqa: PLR0917 - fixtures
    lines: str,
    expected: str,
    root: Path,
    workshop: Workshop,
    target: Target,
    own: list[Target],
    decoy: Decoy,
) -> None:
    port = decoy.server.port
    online(root, lines.format(port=port))

    with workshop.open(target) as history, pytest.raises(SchemaError) as refused:
        history.upgrade()

    assert expected.format(port=port) in str(refused.value)
    assert own == []


@pytest.mark.parametrize(
    "module",
    [
        pytest.param(
            "from threading import Event, Thread\nThread(target=Event().wait, daemon=True).start()",
            id="thread",
        ),
        pytest.param("import socket\nkept = socket.socketpair()", id="socket"),
    ],
)
def test_a_project_that_cannot_be_copied_has_a_process_of_its_own(
    module: str, root: Path, workshop: Workshop, target: Target, own: list[Target]
) -> None:
    env = root / "migrations" / "env.py"
    env.write_text(f"{module}\n{env.read_text()}")

    with workshop.open(target) as history:
        assert history.upgrade() == ("0002",)

    assert own == [target]


def test_a_copy_for_another_target_reaches_that_one(
    workshop: Workshop, server: Server, own: list[Target]
) -> None:
    first, second = server.create(), server.create()

    with workshop.open(first) as one, workshop.open(second) as other:
        assert one.upgrade("0001") == ("0001",)
        assert other.upgrade() == ("0002",)
        assert one.upgrade("0001") == ("0001",)
    assert own == []


def test_nothing_outlives_the_workshop(root: Path, target: Target) -> None:
    workshop = Workshop(AlembicRoute(config=root / "alembic.ini"))
    with workshop.open(target) as history:
        history.upgrade("0001")
        assert not has_ended(history.process)

        workshop.close()

        with pytest.raises(SchemaError):  # its end of the channel is closed once it is gone
            history.upgrade()
        assert has_ended(history.process)


def has_ended(process: int) -> bool:
    """Whether a process is gone; its parent may not have asked how it ended (proc(5), stat)."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True
