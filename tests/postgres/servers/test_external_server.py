"""Somebody's server by URL: what is not ours is refused, what is ours goes."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import zlib
from typing import TYPE_CHECKING

import psycopg
import pytest

from pgassay.core.errors import ConfigError, MachineError
from pgassay.postgres.servers import Capability, ServerDeclaration, open_server
from pgassay.postgres.servers.local import LocalServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pgassay.postgres.servers import Server

SECRET = "s3cret-of-the-owner"


@pytest.fixture
def theirs(place: Path) -> Iterator[Server]:
    """A server with an empty database `empty` and a role that may create databases."""
    with open_server("embedded") as server:
        let_a_guest_in(server)
        yield server


def let_a_guest_in(server: Server) -> None:
    server.create_database("empty")
    with server.connect("postgres") as connection:
        connection.execute(f"create role guest login createdb password '{SECRET}'")
        connection.execute("alter database empty owner to guest")


def url(server: Server, database: str = "empty", user: str = "guest") -> str:
    parts = server.parameters("postgres", tcp=True)
    return f"postgresql://{user}:{SECRET}@127.0.0.1:{parts['port']}/{database}"


def databases(server: Server) -> list[str]:
    with server.connect("postgres") as connection:
        rows = connection.execute("select datname from pg_database order by 1").fetchall()
    return [str(row[0]) for row in rows]


def test_an_empty_database_is_taken(theirs: Server) -> None:
    before = databases(theirs)
    with open_server(url(theirs)) as guest:
        name = guest.create_database("work")
        with guest.connect(name) as connection:
            connection.execute("create table t ()")
        assert name in databases(theirs)

    assert databases(theirs) == before


@pytest.mark.parametrize(
    "holding",
    [
        "create table precious (a int)",
        "create schema precious",
        "create type precious as enum ('a')",
        "create function precious() returns int language sql as 'select 1'",
        "create sequence precious",
        "create type precious as (a int)",
        "create publication precious",
        "create extension citext",
        "select lo_create(4711)",
    ],
)
def test_a_database_that_holds_something_is_refused(theirs: Server, holding: str) -> None:
    with theirs.connect("empty") as connection:
        connection.execute(holding)
    with pytest.raises(MachineError, match=r"precious|citext|4711") as refused:
        open_server(url(theirs))
    assert refused.value.exit_code == 3
    assert SECRET not in str(refused.value)


def test_a_marked_database_is_taken_whatever_it_holds(theirs: Server) -> None:
    with theirs.connect("empty") as connection:
        connection.execute("create table ours (a int)")
        connection.execute("comment on database empty is 'made by pgassay: run x'")
    open_server(url(theirs)).close()


def test_a_near_miss_of_the_mark_is_refused(theirs: Server) -> None:
    with theirs.connect("empty") as connection:
        connection.execute("create table precious (a int)")
        connection.execute("comment on database empty is 'not made by pgassay'")
    with pytest.raises(MachineError, match="precious"):
        open_server(url(theirs))


def test_without_createdb_it_says_so(theirs: Server) -> None:
    with theirs.connect("postgres") as connection:
        connection.execute("alter role guest nocreatedb")
    with pytest.raises(MachineError, match="may not create databases"):
        open_server(url(theirs))


def test_what_an_ordinary_role_lacks_is_listed(theirs: Server) -> None:
    with open_server(url(theirs)) as guest:
        assert Capability.SUPERUSER not in guest.capabilities
        assert guest.not_available


def test_a_database_of_others_is_never_dropped(theirs: Server) -> None:
    with open_server(url(theirs)) as guest, pytest.raises(MachineError, match="did not make"):
        guest.drop_database("empty")
    assert "empty" in databases(theirs)


def test_a_wrong_password_is_not_repeated(theirs: Server) -> None:
    wrong = url(theirs).replace(SECRET, "wr0ng-pass")
    with pytest.raises(MachineError) as refused:
        open_server(wrong)
    assert refused.value.exit_code == 3
    assert "wr0ng-pass" not in str(refused.value)


@pytest.fixture
def encrypted(place: Path) -> Iterator[Server]:
    """The same on PostgreSQL 17, whose programs speak TLS too; those of the wheel do not."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl is not on this machine to make a certificate")
    try:
        server = open_server("embedded", ServerDeclaration(postgres=17))
    except MachineError as error:
        pytest.skip(error.found)
    with server:
        assert isinstance(server, LocalServer)
        key, certificate = server.data / "server.key", server.data / "server.crt"
        subprocess.run(
            [program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
             "/CN=localhost", "-keyout", key, "-out", certificate],
            check=True, capture_output=True,
        )  # fmt: skip
        owner = server.data.stat()
        for file in (key, certificate):
            file.chmod(0o600)
            os.chown(file, owner.st_uid, owner.st_gid)
        with server.connect("postgres") as connection:
            try:
                connection.execute("alter system set ssl = on")
            except psycopg.errors.InvalidParameterValue as error:
                pytest.skip(str(error))
            connection.execute("select pg_reload_conf()")
        let_a_guest_in(server)
        yield server


def test_a_server_that_may_speak_tls_is_taken(encrypted: Server) -> None:
    with open_server(url(encrypted) + "?sslmode=require") as guest:
        assert guest.kind == "external"


def test_a_server_that_wants_tls_of_everybody_is_refused_before_anything_runs(
    encrypted: Server,
) -> None:
    assert isinstance(encrypted, LocalServer)
    hba = encrypted.data / "pg_hba.conf"
    hba.write_text("hostnossl all guest all reject\n" + hba.read_text())
    with encrypted.connect("postgres") as connection:
        connection.execute("select pg_reload_conf()")
    before = databases(encrypted)
    with pytest.raises(MachineError, match="encrypted connections only") as refused:
        open_server(url(encrypted))
    assert SECRET not in str(refused.value)
    assert databases(encrypted) == before


def test_nobody_listening_is_said() -> None:
    with pytest.raises(MachineError) as refused:
        open_server("postgresql://me:pw-unsaid@127.0.0.1:1/db")
    assert "127.0.0.1:1" in str(refused.value)
    assert "pw-unsaid" not in str(refused.value)


def test_a_url_without_a_database_is_wrong_use() -> None:
    with pytest.raises(ConfigError, match="names no database"):
        open_server("postgresql://me@127.0.0.1:1/")


def test_an_extension_it_lacks_is_said_first(theirs: Server) -> None:
    with pytest.raises(MachineError, match="no_such_extension"):
        open_server(url(theirs), ServerDeclaration(extensions=("no_such_extension",)))


def test_what_a_killed_run_left_is_dropped_by_the_next(theirs: Server) -> None:
    with theirs.connect("postgres") as connection:
        connection.execute("create database pgassay_dead_work owner guest")
        connection.execute("create database pgassay_dead_elsewhere owner guest")
        here = f"made by pgassay: run dead, process 4194303 since 1 on {socket.gethostname()}"
        there = "made by pgassay: run dead, process 4194303 since 1 on another-machine"
        connection.execute(f"comment on database pgassay_dead_work is '{here}'")
        connection.execute(f"comment on database pgassay_dead_elsewhere is '{there}'")
    open_server(url(theirs)).close()
    left = databases(theirs)
    assert "pgassay_dead_work" not in left
    assert "pgassay_dead_elsewhere" in left


def test_what_a_living_run_made_stays_even_if_its_process_is_not_seen_here(theirs: Server) -> None:
    """Two containers may share a host name, and neither sees the other's processes."""
    with open_server(url(theirs)) as guest:
        name = guest.create_database("work")
        mark = f"made by pgassay: run {guest.run_id}, process 4194303 since 1 on "
        with theirs.connect("postgres") as connection:
            connection.execute(f"comment on database {name} is '{mark}{socket.gethostname()}'")
        open_server(url(theirs)).close()
        assert name in databases(theirs)


def test_the_lock_of_one_run_does_not_protect_another(theirs: Server) -> None:
    with theirs.connect("postgres") as connection:
        connection.execute("create database pgassay_dead_work owner guest")
        mark = f"made by pgassay: run dead, process 4194303 since 1 on {socket.gethostname()}"
        connection.execute(f"comment on database pgassay_dead_work is '{mark}'")
        other = zlib.crc32(b"alive") & 0x7FFFFFFF
        connection.execute("select pg_advisory_lock(%s, %s)", [0x70676173, other])
        open_server(url(theirs)).close()
    assert "pgassay_dead_work" not in databases(theirs)


def test_a_name_that_is_too_long_in_bytes_is_shortened_between_characters(theirs: Server) -> None:
    with open_server(url(theirs)) as guest:
        names = [guest.create_database("ß" * 40), guest.create_database("ß" * 40)]
        assert len(set(names)) == 2
        assert set(names) <= set(databases(theirs))
    assert not set(names) & set(databases(theirs))


def test_a_copy_of_a_template_is_made_there_too(theirs: Server) -> None:
    with open_server(url(theirs)) as guest:
        template = guest.create_database("template")
        with guest.connect(template) as connection:
            connection.execute("create table t (a int)")
        copy = guest.create_database("copy", template)
        with guest.connect(copy) as connection:
            assert connection.execute("select count(*) from t").fetchone() == (0,)


def test_a_declared_locale_is_given_to_its_databases(theirs: Server) -> None:
    query = "select datcollate from pg_database where datname = current_database()"
    with (
        open_server(url(theirs), ServerDeclaration(locale="C")) as guest,
        guest.connect(guest.create_database("work")) as connection,
    ):
        row = connection.execute(query).fetchone()
    assert row == ("C",)


def test_a_locale_it_lacks_is_said_first(theirs: Server) -> None:
    with pytest.raises(MachineError, match="xx_XX") as refused:
        open_server(url(theirs), ServerDeclaration(locale="xx_XX.UTF-8"))
    assert refused.value.exit_code == 3
    assert databases(theirs) == ["empty", "postgres", "template0", "template1"]


def test_the_url_handed_on_says_nothing_that_was_not_given(theirs: Server) -> None:
    with open_server(url(theirs)) as guest:
        assert guest.url("empty") == url(theirs)
        assert SECRET not in guest.safe_url("empty")
        assert SECRET not in repr(guest)
        assert SECRET not in guest.why
