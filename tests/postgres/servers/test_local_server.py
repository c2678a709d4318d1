"""Embedded servers: they answer, share nothing, and leave nothing."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psycopg
import pytest

from pgassay.core.errors import ConfigError, MachineError
from pgassay.postgres.servers import Profile, ServerDeclaration, TemplateStore, local, open_server
from pgassay.postgres.servers.binaries import Binaries, find_embedded

from .conftest import run_folders, servers_below

if TYPE_CHECKING:
    from pathlib import Path

    from pgassay.postgres.servers import Server


def nothing(server: Server) -> None:
    """Build nothing."""


def settings(server: Server, *names: str) -> dict[str, str]:
    with server.connect("postgres") as connection:
        rows = connection.execute(
            "select name, setting from pg_settings where name = any(%s)", [list(names)]
        ).fetchall()
    return {str(name): str(value) for name, value in rows}


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


def test_a_database_is_made_while_another_one_cannot_be_dropped(place: Path) -> None:
    """DROP DATABASE waits for a session whose replies nobody reads; whoever reads them goes on."""
    with (
        open_server("embedded") as server,
        server.connect(server.create_database("busy")) as busy,
        ThreadPoolExecutor(2) as pool,
    ):
        server.create_database("old")
        busy.pgconn.send_query(b"select repeat('x', 1000) from generate_series(1, 200000)")
        with server.connect("postgres") as watching:
            _until_somebody_waits(watching, "ClientWrite")
            dropped = pool.submit(server.drop_database, "old")
            _until_somebody_waits(watching, "ProcSignalBarrier")
        assert not dropped.done()
        # Over the connection that drops, this would wait for the drop, and the drop waits for us.
        try:
            assert pool.submit(server.create_database, "new").result(20) == "new"
            assert not dropped.done()
        finally:
            while busy.pgconn.get_result():
                pass
        dropped.result(20)
        with pytest.raises(MachineError, match="old"):
            server.connect("old")


def _until_somebody_waits(watching: psycopg.Connection[tuple[object, ...]], event: str) -> None:
    asked = "select count(*) from pg_stat_activity where wait_event = %s"
    for _ in range(3000):
        if watching.execute(asked, [event]).fetchone() != (0,):
            return
        time.sleep(0.01)
    pytest.fail(f"nobody waits for {event}")


def test_a_warm_lease_builds_nothing(place: Path, cold_cache: Path) -> None:
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


def test_another_key_builds_anew(place: Path, cold_cache: Path) -> None:
    store = TemplateStore(declaration=ServerDeclaration(), choice="embedded")
    for key in ("one", "two"):
        lease = store.lease(key, nothing)
        lease.server.close()
        assert lease.built


def test_a_failed_build_keeps_nothing(place: Path, cold_cache: Path) -> None:
    store = TemplateStore(declaration=ServerDeclaration(), choice="embedded")

    def fail(server: Server) -> None:
        raise ConfigError("no")

    with pytest.raises(ConfigError, match="no"):
        store.lease("key", fail)

    assert not servers_below(place)
    lease = store.lease("key", nothing)
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


def test_fast_writes_nothing_durably_and_faithful_all_but_fsync(place: Path) -> None:
    names = ("fsync", "full_page_writes", "synchronous_commit", "wal_level", "autovacuum")
    with open_server("embedded", ServerDeclaration(profile=Profile.FAST)) as server:
        assert settings(server, *names) == {
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "wal_level": "minimal",
            "autovacuum": "off",
        }
    with open_server("embedded", ServerDeclaration(profile=Profile.FAITHFUL)) as server:
        assert settings(server, *names) == {
            "fsync": "off",
            "full_page_writes": "on",
            "synchronous_commit": "on",
            "wal_level": "replica",
            "autovacuum": "on",
        }


def test_variables_of_libpq_lead_nowhere_else(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "PGHOST": "203.0.113.1",
        "PGHOSTADDR": "203.0.113.1",
        "PGPORT": "1",
        "PGDATABASE": "precious",
        "PGUSER": "owner",
        "PGOPTIONS": "-c search_path=nowhere",
        "PGSSLMODE": "verify-full",
        "PGPASSWORD": "wrong",
        "PGDATA": "/var/lib/precious",
    }.items():
        monkeypatch.setenv(name, value)
    with open_server("embedded") as server:
        for tcp in (False, True):
            with server.connect("postgres", tcp=tcp) as connection:
                row = connection.execute(
                    "select current_setting('search_path'), current_setting('data_directory')"
                ).fetchone()
                assert row is not None
                assert row[0] == '"$user", public'
                assert str(row[1]).startswith(str(place))


def test_a_port_taken_in_the_meantime_is_not_used(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the choice of the port is steered: as if another process had been faster, twice."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        free = local._free_port
        answers = [taken, taken]
        monkeypatch.setattr(local, "_free_port", lambda: answers.pop() if answers else free())

        with open_server("embedded") as server, server.connect("postgres", tcp=True):
            assert server.parameters("postgres", tcp=True)["port"] != str(taken)
        assert answers == []


def test_the_password_is_in_no_message_and_no_file(place: Path) -> None:
    with open_server("embedded") as server:
        password = server.parameters("postgres", tcp=True)["password"]
        with pytest.raises(MachineError) as refused:
            server.connect("no such database", tcp=True)
        said = [str(refused.value), repr(server), server.why, server.safe_url("postgres")]
        assert not [text for text in said if password in text]
        logs = [path.read_text() for path in place.glob("pgassay-*/server.log")]
        assert logs
        assert not [log for log in logs if password in log]


def test_the_data_is_out_of_reach_for_others(place: Path) -> None:
    with open_server("embedded"):
        (run,) = run_folders(place)
        assert [stat.S_IMODE((run / name).stat().st_mode) for name in ("data", "socket")] == [
            0o700,
            0o700,
        ]


def test_a_locale_the_machine_lacks_is_said(place: Path) -> None:
    with pytest.raises(MachineError, match="xx_XX") as refused:
        open_server("embedded", ServerDeclaration(locale="xx_XX.UTF-8"))
    assert refused.value.exit_code == 3
    assert not run_folders(place)


def test_programs_in_a_private_folder_are_used_and_its_mode_is_kept(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root runs a server as another user than itself")
    found = find_embedded(ServerDeclaration())
    assert isinstance(found, Binaries)
    private = place / "private"
    package = found.directory.resolve().parent.parent
    shutil.copytree(package, private / package.name)
    beside = package.with_name(f"{package.name}.libs")
    if beside.exists():
        shutil.copytree(beside, private / beside.name)
    private.chmod(0o700)
    prefix = private / package.name / found.directory.resolve().parent.name
    monkeypatch.setenv("PGASSAY_PG_BIN", str(prefix / "bin"))

    with open_server("embedded") as server, server.connect("postgres") as connection:
        row = connection.execute("select count(*) from pg_available_extensions").fetchone()

    assert row is not None
    assert row[0]
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert not run_folders(place)


def test_root_without_the_right_to_change_its_user_goes_into_a_namespace(place: Path) -> None:
    setpriv = shutil.which("setpriv")
    if os.geteuid() != 0 or not setpriv:
        pytest.skip("only root has capabilities to drop, with setpriv")
    code = (
        "from pgassay.postgres.servers import open_server\n"
        "from pgassay.postgres.servers.identity import server_identity\n"
        "print(server_identity().story)\n"
        "with open_server('embedded') as server, server.connect('postgres') as c:\n"
        "    print(c.execute('select 1').fetchone())\n"
    )
    done = subprocess.run(
        [setpriv, "--bounding-set=-setuid,-setgid,-chown", sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
    )
    if "unshare" in done.stderr:
        pytest.skip(f"no user namespaces here: {done.stderr.splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    assert "namespace" in done.stdout
    assert "(1,)" in done.stdout
    assert not run_folders(place)


def test_an_ordinary_user_can_do_it(place: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("this process is an ordinary user: every other test shows it")
    interpreter = reachable_interpreter()
    if interpreter is None:
        pytest.skip("no interpreter of this version is where an ordinary user can run it")
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
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PGASSAY_TMP": str(home),
        "PGASSAY_CACHE": str(home / "cache"),
    }
    done = subprocess.run(
        [interpreter, "-c", code],
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


def reachable_interpreter() -> str | None:
    """An interpreter of this version that `nobody` can start, with this environment's packages."""
    probe = "import sys; assert sys.version_info[:2] == tuple(map(int, sys.argv[1:3]))"
    version = [str(part) for part in sys.version_info[:2]]
    for interpreter in (sys.executable, "/usr/bin/python3"):
        try:
            done = subprocess.run(
                [interpreter, "-c", f"{probe}; import psycopg", *version],
                user="nobody",
                group="nogroup",
                extra_groups=[],
                capture_output=True,
                env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
                cwd="/",
                check=False,
            )
        except OSError:
            continue
        if done.returncode == 0:
            return interpreter
    return None
