"""Embedded servers: they answer, share nothing, and leave nothing."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import psycopg
import pytest

from pgassay.core.errors import ConfigError, MachineError
from pgassay.postgres.servers import ClusterCache, ServerDeclaration, TemplateStore, open_server

from .conftest import run_folders, servers_below

if TYPE_CHECKING:
    from pathlib import Path

    from pgassay.postgres.servers import Server


def test_a_server_answers_by_socket_and_by_loopback(place: Path) -> None:
    with open_server("embedded") as server:
        for tcp in (False, True):
            with psycopg.connect(server.conninfo("postgres", tcp=tcp)) as connection:
                assert connection.execute("select 1").fetchone() == (1,)


def test_loopback_lets_nobody_in_without_the_password(place: Path) -> None:
    with open_server("embedded") as server:
        parameters = server.parameters("postgres", tcp=True) | {"password": "guess"}
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(**parameters)


def test_nothing_is_left_after_close(place: Path) -> None:
    with open_server("embedded"):
        assert servers_below(place)
        assert run_folders(place)

    assert not servers_below(place)
    assert not run_folders(place)


def test_two_servers_never_meet(place: Path) -> None:
    with open_server("embedded") as one, open_server("embedded") as other:
        one.create_database("mine")
        names = "select array_agg(datname) from pg_database"
        with other.connect("postgres") as connection:
            row = connection.execute(names).fetchone()

        assert row is not None
        assert "mine" not in row[0]


def test_a_database_is_a_copy_of_its_template(place: Path) -> None:
    with open_server("embedded") as server:
        server.create_database("template")
        with server.connect("template") as connection:
            connection.execute("create table t (a int); insert into t values (1)")
        server.create_database("Copy äß", template="template")
        with server.connect("Copy äß") as connection:
            assert connection.execute("select a from t").fetchone() == (1,)


def test_a_warm_lease_builds_nothing(place: Path) -> None:
    built = []

    def build(server: Server) -> None:
        built.append(1)
        server.create_database("made")

    store = TemplateStore(declaration=ServerDeclaration(), choice="embedded")
    for expected in (True, False):
        lease = store.lease("key", build)
        with lease.server as server, server.connect("made"):
            assert lease.built is expected
    assert built == [1]


def test_another_key_builds_anew(place: Path) -> None:
    store = TemplateStore(declaration=ServerDeclaration(), choice="embedded")
    for key in ("one", "two"):
        lease = store.lease(key, lambda server: None)
        lease.server.close()
        assert lease.built


def test_a_damaged_cache_is_built_again(place: Path) -> None:
    store = TemplateStore(declaration=ServerDeclaration(), choice="embedded")
    store.lease("key", lambda server: None).server.close()
    for pack in ClusterCache.default().folder.glob("*.pack"):
        content = bytearray(pack.read_bytes())
        content[len(content) // 2] ^= 0xFF
        pack.write_bytes(content)

    lease = store.lease("key", lambda server: None)
    with lease.server as server, server.connect("postgres"):
        assert lease.built


def test_a_failed_build_keeps_nothing(place: Path) -> None:
    store = TemplateStore(declaration=ServerDeclaration(), choice="embedded")

    def fail(server: Server) -> None:
        raise ConfigError("no")

    with pytest.raises(ConfigError, match="no"):
        store.lease("key", fail)

    assert not servers_below(place)
    lease = store.lease("key", lambda server: None)
    lease.server.close()
    assert lease.built


def test_a_setting_is_declared(place: Path) -> None:
    declaration = ServerDeclaration(settings={"work_mem": "13MB"})
    with open_server("embedded", declaration) as server, server.connect("postgres") as connection:
        assert connection.execute("show work_mem").fetchone() == ("13MB",)


def test_a_setting_that_stops_the_server_is_named(place: Path) -> None:
    declaration = ServerDeclaration(settings={"work_mem": "a lot"})
    with pytest.raises(MachineError, match="work_mem"):
        open_server("embedded", declaration)
    assert not run_folders(place)


def test_an_extension_that_is_not_there_is_said_first(place: Path) -> None:
    with pytest.raises(MachineError, match="no_such_extension"):
        open_server("embedded", ServerDeclaration(extensions=("no_such_extension",)))
    assert not run_folders(place)


def test_a_too_old_major_is_refused() -> None:
    with pytest.raises(MachineError, match="too old"):
        ServerDeclaration(postgres=12)


def test_an_unknown_choice_gets_a_suggestion() -> None:
    with pytest.raises(ConfigError, match="embeded") as refused:
        open_server("embeded")
    assert "embedded" in (refused.value.expected or "")


def test_a_full_disk_is_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount a small disk to fill")
    import subprocess

    small = place / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", small],
        check=False,
        capture_output=True,
        text=True,
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    try:
        monkeypatch.setenv("PGASSAY_TMP", str(small))
        with pytest.raises(MachineError) as refused:
            open_server("embedded", ServerDeclaration(room=2**20))
        assert "full" in str(refused.value)
        assert not run_folders(small)
    finally:
        subprocess.run(["umount", small], check=True)


def test_a_folder_without_room_is_refused(place: Path) -> None:
    with pytest.raises(MachineError, match="MiB free"):
        open_server("embedded", ServerDeclaration(room=2**50))


def test_an_ordinary_user_can_do_it(place: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("this process is an ordinary user: every other test shows it")
    import subprocess
    import sys

    reachable = subprocess.run(
        ["test", "-x", os.path.realpath(sys.executable)],
        user="nobody",
        group="nogroup",
        extra_groups=[],
        check=False,
    )
    if reachable.returncode:
        pytest.skip("this interpreter is below a folder that an ordinary user cannot enter")
    home = place / "home"
    home.mkdir()
    home.chmod(0o777)
    code = (
        "from pgassay.postgres.servers import open_server\n"
        "with open_server('embedded') as server, server.connect('postgres') as c:\n"
        "    print(c.execute('show data_directory').fetchone()[0])\n"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PGASSAY_TMP": str(home),
        "PGASSAY_CACHE": str(home / "cache"),
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        user="nobody",
        group="nogroup",
        extra_groups=[],
        capture_output=True,
        text=True,
        env=environment,
        cwd=home,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(home))
    assert not run_folders(home)
