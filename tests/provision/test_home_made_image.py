"""The images that `.ci/build_images.py` makes do what the tests rely on of the usual image."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    import docker
    from docker.models.containers import Container

pytestmark = pytest.mark.slow  # a minute; the container tests run on these images

READY = "database system is ready to accept connections"


@contextlib.contextmanager
def running(
    engine: docker.DockerClient, image: str, command: list[str] | None = None, **variables: str
) -> Iterator[Container]:
    container = engine.containers.run(
        image, command, environment=variables, publish_all_ports=True, detach=True
    )
    try:
        yield container
    finally:
        container.remove(force=True, v=True)


def connect(
    container: Container, *, user: str, password: str, dbname: str
) -> psycopg.Connection[tuple[object, ...]]:
    deadline = time.monotonic() + 30
    while True:
        container.reload()
        published = container.ports.get("5432/tcp")
        assert container.status in {"created", "running"}, container.logs().decode()
        port = published[0]["HostPort"] if published else "1"  # nobody's, until one is published
        try:
            return psycopg.connect(
                host="127.0.0.1",
                port=port,
                user=user,
                password=password,
                dbname=dbname,
                client_encoding="UTF8",
            )
        except psycopg.OperationalError as error:
            if "authentication failed" in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def value(connection: psycopg.Connection[tuple[object, ...]], query: str) -> object:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def test_it_serves_the_user_the_database_and_the_settings_asked_for(
    engine: docker.DockerClient, image: str
) -> None:
    user, password, dbname = "Ü ser", "p'w \"$(x)\\%", 'sel"ect Ö'
    asked = {"POSTGRES_USER": user, "POSTGRES_PASSWORD": password, "POSTGRES_DB": dbname}
    with (
        running(engine, image, ["-c", "fsync=off", "-c", "work_mem=5MB"], **asked) as container,
        connect(container, user=user, password=password, dbname=dbname) as connection,
    ):
        assert value(connection, "select current_user") == user
        assert value(connection, "select current_database()") == dbname
        assert value(connection, "show fsync") == "off"
        assert value(connection, "show work_mem") == "5MB"
        assert value(connection, "select rolsuper from pg_roles where rolname = current_user")
        assert image == f"postgres:{connection.info.server_version // 10000}"
        assert value(connection, "show server_encoding") == "UTF8"
        collation = "select datcollate from pg_database where datname = current_database()"
        assert value(connection, collation) == "en_US.utf8"


def test_it_says_that_it_is_ready_twice_and_only_the_second_time_listens(
    engine: docker.DockerClient, image: str
) -> None:
    with running(engine, image, POSTGRES_PASSWORD="x") as container:
        connect(container, user="postgres", password="x", dbname="postgres").close()
        log = container.logs().decode()

    assert log.count(READY) == 2
    assert "IPv4" not in log[: log.index(READY)]
    assert 'listening on IPv4 address "0.0.0.0", port 5432' in log


def test_a_wrong_password_is_refused(engine: docker.DockerClient, image: str) -> None:
    with running(engine, image, POSTGRES_PASSWORD="right") as container:
        connect(container, user="postgres", password="right", dbname="postgres").close()
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            connect(container, user="postgres", password="wrong", dbname="postgres")


def test_no_password_is_refused(engine: docker.DockerClient, image: str) -> None:
    with running(engine, image) as container:
        assert container.wait(timeout=30)["StatusCode"] == 1
        assert "POSTGRES_PASSWORD is empty" in container.logs().decode()


def test_a_setting_that_does_not_exist_ends_the_container(
    engine: docker.DockerClient, image: str
) -> None:
    with running(engine, image, ["-c", "no_such=1"], POSTGRES_PASSWORD="x") as container:
        assert container.wait(timeout=30)["StatusCode"] != 0
        assert 'unrecognized configuration parameter "no_such"' in container.logs().decode()


def test_the_server_runs_unprivileged_and_stops_cleanly_when_told(
    engine: docker.DockerClient, image: str
) -> None:
    with running(engine, image, POSTGRES_PASSWORD="x") as container:
        connect(container, user="postgres", password="x", dbname="postgres").close()
        processes = container.top(ps_args="-eo pid,uid")["Processes"]
        container.stop(timeout=10)
        log = container.logs().decode()

    assert {uid for _, uid in processes} == {"999"}
    assert "received fast shutdown request" in log
    assert "database system is shut down" in log


def test_the_port_is_open_on_loopback_only(engine: docker.DockerClient, image: str) -> None:
    with running(engine, image, POSTGRES_PASSWORD="x") as container:
        connect(container, user="postgres", password="x", dbname="postgres").close()

        assert {port["HostIp"] for port in container.ports["5432/tcp"]} == {"127.0.0.1"}


def test_the_contrib_modules_find_their_libraries(engine: docker.DockerClient, image: str) -> None:
    wanted = {"uuid-ossp", "pgcrypto", "xml2", "dblink", "btree_gist", "plpgsql"}
    with (
        running(engine, image, POSTGRES_PASSWORD="x") as container,
        connect(container, user="postgres", password="x", dbname="postgres") as connection,
    ):
        for extension in wanted - {"plpgsql"}:
            connection.execute(f'create extension "{extension}"'.encode())

        made = connection.execute("select extname from pg_extension").fetchall()
        assert {name for (name,) in made} == wanted
