"""The container server, against a real engine: which one is taken, what it gives, what it leaves.

The reaper of testcontainers is never asked for: its image is on no machine by itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from pgassay.core.errors import ExitCode, MachineError
from pgassay.postgres.servers import (
    Profile,
    Server,
    ServerDeclaration,
    ServerKind,
    TemplateStore,
    open_server,
)
from pgassay.postgres.servers.opening import choose

from .footprint import Footprint, all_containers, staying

if TYPE_CHECKING:
    from collections.abc import Iterator

    import docker

OWNER = Path(__file__).with_name("owner.py")
DOCKER_ENGINE = Path(__file__).parents[3] / ".ci" / "docker_engine.py"
NOWHERE = "127.0.0.1:1/pgassay/nothing:0"  # an image that no engine has and no pull can bring
HARD_NAMES = ["select", 'a"b', "Straße", "x" * 63, "per cent %s", " "]


def test_auto_takes_a_container_where_the_engine_has_the_image(major: int) -> None:
    with open_server("auto", ServerDeclaration(postgres=major)) as server:
        assert server.kind is ServerKind.CONTAINER
        assert server.major == major
        assert f"postgres:{major}" in server.why
        assert "\n" not in server.why
        assert scalar(server, "show server_version_num").startswith(str(major))


@pytest.mark.skipif(
    os.geteuid() != 0 or "PGASSAY_REQUIRE_CONTAINER" not in os.environ,
    reason="starting a second engine, one without images, needs root and .ci/docker_engine.py",
)
def test_auto_takes_something_else_where_the_engine_lacks_the_image_and_pulls_nothing() -> None:
    code = """
import docker
from pgassay.postgres.servers import ServerDeclaration
from pgassay.postgres.servers.opening import choose

choice = choose("auto", ServerDeclaration())
print(choice.kind, "|", choice.why, "|", docker.from_env().images.list())
"""
    outer = {name: value for name, value in os.environ.items() if name != "DOCKER_HOST"}
    with tempfile.TemporaryDirectory(prefix="pga") as folder:  # a socket's path is short
        command = [sys.executable, str(DOCKER_ENGINE), "--dir", folder, "run", "--required"]
        run = subprocess.run(
            [*command, "--images", "--", sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=False,
            env=outer,
            timeout=120,
        )

    assert run.returncode == 0, run.stderr
    kind, why, images = run.stdout.strip().split(" | ")
    assert kind in {ServerKind.EMBEDDED, ServerKind.SYSTEM}
    assert "the Docker engine has no image postgres:18" in why
    assert images == "[]"


def test_auto_never_pulls_the_declared_image(engine: docker.DockerClient) -> None:
    """Nothing else can stand in for an image that the system asks for by name."""
    with pytest.raises(MachineError, match=f"the Docker engine has no image {NOWHERE}"):
        choose("auto", ServerDeclaration(image=NOWHERE))


def test_auto_takes_something_else_where_no_engine_answers_and_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nobody.sock")

    choice = choose("auto", ServerDeclaration())

    assert choice.kind is not ServerKind.CONTAINER
    assert f"no Docker engine answers at unix://{tmp_path}/nobody.sock" in choice.why


def test_a_container_that_was_asked_for_fails_in_words_where_no_engine_answers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nobody.sock")

    with pytest.raises(MachineError, match="no Docker engine answers") as caught:
        open_server("container", ServerDeclaration())

    assert caught.value.exit_code is ExitCode.ENVIRONMENT
    assert caught.value.fix


def test_an_image_that_cannot_be_pulled_is_named(newest: int) -> None:
    with pytest.raises(MachineError) as caught:
        open_server("container", ServerDeclaration(postgres=newest, image=NOWHERE))

    assert NOWHERE in str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert caught.value.exit_code is ExitCode.ENVIRONMENT


def test_an_image_of_another_version_than_declared_is_refused_and_removed(
    newest: int, engine: docker.DockerClient
) -> None:
    before = all_containers(engine)

    with pytest.raises(MachineError, match="17"):
        open_server("container", ServerDeclaration(postgres=17, image=f"postgres:{newest}"))

    assert not staying(engine, before)


def test_an_image_that_is_not_postgres_fails_in_words_and_is_removed(
    newest: int, engine: docker.DockerClient
) -> None:
    """Its first process ends at once, so waiting for the port would take for ever."""
    name = "pgassay-test/not-postgres:1"
    container = engine.containers.create(f"postgres:{newest}", entrypoint=["/bin/false"])
    made = container.commit("pgassay-test/not-postgres", "1", conf={"Entrypoint": ["/bin/false"]})
    container.remove(v=True)
    before = all_containers(engine)
    began = time.monotonic()
    try:
        with pytest.raises(MachineError) as caught:
            open_server("container", ServerDeclaration(image=name))
    finally:
        engine.images.remove(made.id, force=True)

    assert name in str(caught.value)
    assert time.monotonic() - began < 30
    assert not staying(engine, before)


def test_closing_removes_container_and_volumes(major: int, engine: docker.DockerClient) -> None:
    server = open_server("container", ServerDeclaration(postgres=major))
    try:
        footprint = Footprint.of(engine, server.run_id)
        assert len(footprint.containers) == 1
    finally:
        server.close()
        server.close()

    assert footprint.left == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_no_signal_that_ends_the_owner_leaves_anything(
    number: signal.Signals, owner: Owner, engine: docker.DockerClient
) -> None:
    footprint = Footprint.of(engine, owner.facts["run_id"])
    assert len(footprint.containers) == 1

    owner.process.send_signal(number)
    owner.process.wait(timeout=60)
    footprint.wait_until_gone()

    assert footprint.left == []


def test_a_killed_owner_leaves_nothing_on_any_version(
    major: int, engine: docker.DockerClient, tmp_path: Path
) -> None:
    with owning(major, tmp_path) as owner:
        footprint = Footprint.of(engine, owner.facts["run_id"])
        assert len(footprint.containers) == 1
        owner.process.kill()
        owner.process.wait()
        footprint.wait_until_gone()

    assert footprint.left == []


def test_a_forked_child_neither_ends_the_container_nor_keeps_it(
    newest: int, engine: docker.DockerClient, tmp_path: Path
) -> None:
    with owning(newest, tmp_path, "fork") as owner:
        footprint = Footprint.of(engine, owner.facts["run_id"])
        assert [one.status for one in footprint.containers] == ["running"]
        owner.process.kill()
        owner.process.wait()
        footprint.wait_until_gone()

    assert footprint.left == []


def test_an_owner_killed_while_the_container_starts_leaves_nothing(
    newest: int, engine: docker.DockerClient, tmp_path: Path
) -> None:
    """At moments from before the request to the engine until the server is nearly there."""
    for delay in (0.3, 0.6, 0.9, 1.2):
        before = all_containers(engine)
        process = start_owner(newest, tmp_path / "owner.log")
        time.sleep(delay)
        end_owner(process)
        time.sleep(1.0)  # a request that was under way may still make one
        assert not staying(engine, before), f"killed after {delay} s"


def test_two_runs_side_by_side_do_not_meet(newest: int, engine: docker.DockerClient) -> None:
    declaration = ServerDeclaration(postgres=newest)
    with open_server("container", declaration) as first:
        with open_server("container", declaration) as second:
            assert first.run_id != second.run_id
            one, other = (server.parameters("postgres", tcp=True) for server in (first, second))
            assert one["port"] != other["port"]
            assert one["password"] != other["password"]
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(**{**one, "password": other["password"]})
            first.create_database("mine")
            second_footprint = Footprint.of(engine, second.run_id)
        assert second_footprint.left == []
        assert scalar(first, "select 1", database="mine") == "1"


def test_the_password_is_long_and_random_and_in_nothing_that_people_see(owner: Owner) -> None:
    password = owner.facts["password"]
    said, _ = owner.process.communicate(timeout=60)
    log = owner.log.read_text()

    assert len(set(password)) >= 8
    assert len(password) >= 16
    assert "docker" in log.lower(), "the log that is searched holds what was done"
    for text in (said, log, *(owner.facts[name] for name in ("why", "repr", "safe_url"))):
        assert password not in text


def test_the_password_is_in_no_command_line_and_no_label(
    owner: Owner, engine: docker.DockerClient
) -> None:
    (container,) = Footprint.of(engine, owner.facts["run_id"]).containers
    processes = json.dumps(container.top(ps_args="-eo pid,args"))

    assert "postgres" in processes
    for text in (
        json.dumps(container.labels),
        processes,
        container.logs().decode(),
        command_line(owner.process.pid),
    ):
        assert owner.facts["password"] not in text


def test_a_refused_connection_does_not_show_the_password(newest: int) -> None:
    with open_server("container", ServerDeclaration(postgres=newest)) as server:
        password = server.parameters("postgres", tcp=True)["password"]
        with pytest.raises(MachineError) as caught:
            server.connect("no such database", tcp=True)

    assert "no such database" in str(caught.value)
    assert password not in str(caught.value)


def test_the_port_is_asked_for_on_loopback_only(newest: int, engine: docker.DockerClient) -> None:
    with open_server("container", ServerDeclaration(postgres=newest)) as server:
        (container,) = Footprint.of(engine, server.run_id).containers
        asked = container.attrs["HostConfig"]["PortBindings"]["5432/tcp"]

    assert [binding["HostIp"] for binding in asked] == ["127.0.0.1"]


FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "autovacuum": "off",
}
FAITHFUL = {
    "fsync": "off",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_level": "replica",
    "autovacuum": "on",
}


@pytest.mark.parametrize(
    ("profile", "expected"), [(Profile.FAST, FAST), (Profile.FAITHFUL, FAITHFUL)]
)
def test_the_profile_is_what_the_server_runs_with(
    profile: Profile, expected: dict[str, str], major: int
) -> None:
    with open_server("container", ServerDeclaration(postgres=major, profile=profile)) as server:
        assert {name: scalar(server, f"show {name}") for name in expected} == expected


def test_declared_settings_reach_the_server_whatever_is_in_them(newest: int) -> None:
    settings = {
        "shared_preload_libraries": "pg_stat_statements",
        "work_mem": "5MB",
        "search_path": """"$user", public, 'it''s'""",
    }
    with open_server("container", ServerDeclaration(postgres=newest, settings=settings)) as server:
        assert {name: scalar(server, f"show {name}") for name in settings} == settings


def test_a_setting_that_the_server_does_not_know_is_named(
    newest: int, engine: docker.DockerClient
) -> None:
    before = all_containers(engine)
    began = time.monotonic()

    with pytest.raises(MachineError, match="no_such_setting"):
        open_server(
            "container", ServerDeclaration(postgres=newest, settings={"no_such_setting": "1"})
        )

    assert time.monotonic() - began < 30, "a container that has ended is not waited for"
    assert not staying(engine, before)


@pytest.mark.parametrize(
    ("declared", "collation"),
    [(None, "C.UTF-8"), ("en_US.UTF-8", "en_US.UTF-8"), ("C", "C")],
)
def test_the_locale_is_the_declared_one_and_not_the_images(
    declared: str | None, collation: str, newest: int
) -> None:
    with open_server("container", ServerDeclaration(postgres=newest, locale=declared)) as server:
        database = server.create_database("fresh")
        query = "select datcollate from pg_database where datname = current_database()"
        assert scalar(server, query, database=database) == collation
        assert scalar(server, "show server_encoding", database=database) == "UTF8"


def test_an_extension_that_the_image_lacks_is_named_before_anything_runs(
    newest: int, engine: docker.DockerClient
) -> None:
    before = all_containers(engine)

    with pytest.raises(MachineError, match="no_such_extension"):
        open_server(
            "container", ServerDeclaration(postgres=newest, extensions=("no_such_extension",))
        )

    assert not staying(engine, before)


def test_an_extension_that_the_image_has_can_be_created(major: int) -> None:
    with open_server(
        "container", ServerDeclaration(postgres=major, extensions=("btree_gist",))
    ) as server:
        database = server.create_database("with extension")
        with server.connect(database) as connection:
            connection.execute("create extension btree_gist")


def test_databases_are_made_cloned_and_dropped_whatever_their_names(newest: int) -> None:
    with open_server("container", ServerDeclaration(postgres=newest)) as server:
        template = server.create_database("template")
        with server.connect(template) as connection:
            connection.execute("create table t as select 42 as answer")
        for name in HARD_NAMES:
            clone = server.create_database(name, template)
            assert scalar(server, "select answer from t", database=clone) == "42"
            assert psycopg.conninfo.conninfo_to_dict(server.conninfo(clone))["dbname"] == clone
            with psycopg.connect(server.url(clone)) as connection:
                row = connection.execute("select current_database()").fetchone()
            assert row == (clone,)
            server.drop_database(clone)
        left = "select count(*) from pg_database where datname <> all(%s)"
        standard = ["postgres", "template0", "template1", "template"]
        assert scalar(server, left, standard) == "0"


def test_the_environment_of_the_caller_leads_nowhere_else(
    newest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGHOST": "192.0.2.1", "PGHOSTADDR": "192.0.2.1", "PGPORT": "1"}.items():
        monkeypatch.setenv(name, value)
    with open_server("container", ServerDeclaration(postgres=newest)) as server:
        assert scalar(server, "show server_version_num").startswith(str(newest))


def test_a_template_store_builds_in_a_container_and_gives_back_what_was_built(
    major: int, engine: docker.DockerClient
) -> None:
    def build(server: Server) -> None:
        name = server.create_database("built")
        with server.connect(name) as connection:
            connection.execute("create table t (id int primary key)")

    store = TemplateStore(declaration=ServerDeclaration(postgres=major), choice="container")
    lease = store.lease("container test", build)
    try:
        footprint = Footprint.of(engine, lease.server.run_id)
        copy = lease.server.create_database("copy", "built")
        query = "select conname from pg_constraint where conrelid = 't'::regclass and contype = 'p'"
        assert scalar(lease.server, query, database=copy) == "t_pkey"
    finally:
        lease.server.close()

    assert footprint.left == []


def test_a_build_that_fails_leaves_no_container(newest: int, engine: docker.DockerClient) -> None:
    seen: list[Footprint] = []

    def build(server: Server) -> None:
        seen.append(Footprint.of(engine, server.run_id))
        raise RuntimeError("the migration fails")

    store = TemplateStore(declaration=ServerDeclaration(postgres=newest), choice="container")
    with pytest.raises(RuntimeError, match="the migration fails"):
        store.lease("container test that fails", build)

    assert [footprint.left for footprint in seen] == [[]]


def scalar(server: Server, query: str, *parameters: object, database: str = "postgres") -> str:
    """The one value that a query gives, as text."""
    with server.connect(database) as connection:
        row = connection.execute(sql.SQL(query), parameters or None).fetchone()  # type: ignore[arg-type]  # queries are the tests' own
    assert row is not None
    return str(row[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A process whose server is up, the facts it told, and the file all its logging went to."""

    process: subprocess.Popen[str]
    facts: dict[str, str]
    log: Path


def start_owner(version: int, log: Path, *arguments: str) -> subprocess.Popen[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TESTCONTAINERS_RYUK", "COV_", "PYTEST_"))
    }
    # Its log goes to a file: a pipe that nobody reads would stop it once full.
    with log.open("w") as errors:
        return subprocess.Popen(
            [sys.executable, str(OWNER), str(version), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=kept,
            start_new_session=True,
        )


def end_owner(process: subprocess.Popen[str]) -> None:
    """Ends it and whatever it forked."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()


@pytest.fixture
def owner(newest: int, tmp_path: Path) -> Iterator[Owner]:
    with owning(newest, tmp_path) as one:
        yield one


@contextlib.contextmanager
def owning(version: int, folder: Path, *arguments: str) -> Iterator[Owner]:
    log = folder / "owner.log"
    process = start_owner(version, log, *arguments)
    try:
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], 120)
        line = process.stdout.readline() if ready else ""
        if not line:
            pytest.fail(f"the owner did not get its server:\n{log.read_text()[-3000:]}")
        yield Owner(process=process, facts=json.loads(line), log=log)
    finally:
        end_owner(process)


def command_line(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
