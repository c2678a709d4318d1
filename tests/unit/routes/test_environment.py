"""A project's code sees the throwaway wherever it looks for a database, and little else."""

import pytest

from pgassay.core.errors import ConfigError
from pgassay.core.route import Target
from pgassay.sqla.environment import (
    declared_facts,
    environment_of_route,
    looks_like_database,
    role_of,
)

SOCKET = Target(host="/run/pg", port=6000, user="me", dbname="throw away")
TCP = Target(host="10.0.0.7", port=6000, user="me", password="p@ss", dbname="throwaway")
REAL = "postgresql+asyncpg://real:secret@db.example.com/prod"


def seen(caller: dict[str, str], *declared: str, text: str = "", target: Target = TCP):
    return environment_of_route(caller, declared, target, [text])


def test_the_callers_environment_stays_outside() -> None:
    caller = {"PATH": "/bin", "LC_ALL": "C", "SECRET": "x", "DATABASE_URL": REAL, "PGHOST": "prod"}

    environment = seen(caller)

    assert environment["PATH"] == "/bin"
    assert environment["LC_ALL"] == "C"
    assert "SECRET" not in environment
    assert not any("prod" in value or "real" in value for value in environment.values())


def test_libpq_is_led_to_the_throwaway() -> None:
    environment = seen({"PGSERVICE": "prod", "PGHOSTADDR": "1.2.3.4", "PGPASSFILE": "/x"})

    assert environment["PGHOST"] == "10.0.0.7"
    assert environment["PGPASSFILE"] == "/dev/null"
    assert not {"PGSERVICE", "PGHOSTADDR"} & environment.keys()


def test_declared_variables_come_through_unless_they_name_a_database() -> None:
    environment = seen({"A": "1", "B": REAL, "C": "host=prod dbname=x"}, "A", "B", "C", "MISSING")

    assert environment["A"] == "1"
    assert environment["B"] == "postgresql+asyncpg://me:p%40ss@10.0.0.7:6000/throwaway"
    assert environment["C"] == "postgresql://me:p%40ss@10.0.0.7:6000/throwaway"
    assert "MISSING" not in environment


def test_declared_values_are_filled_with_the_throwaways_parts() -> None:
    environment = seen({}, "HOME_OF_IT={url}?x={{y}}", "PORT_OF_IT={port}", "FLAG=on=1", "EMPTY=")

    assert environment["HOME_OF_IT"] == "postgresql://me:p%40ss@10.0.0.7:6000/throwaway?x={y}"
    assert environment["PORT_OF_IT"] == "6000"
    assert environment["FLAG"] == "on=1"
    assert environment["EMPTY"] == ""


@pytest.mark.parametrize("line", ["", "1A", "A B", "A={where}", "A={"])
def test_a_malformed_declaration_is_refused(line: str) -> None:
    with pytest.raises(ConfigError):
        seen({}, line)


def test_variables_that_the_code_reads_are_offered() -> None:
    text = 'import os\nos.environ["MY_POSTGRES_HOST"], os.getenv("SHOP_DSN"), "API_URL"'

    environment = seen({}, text=text)

    assert environment["MY_POSTGRES_HOST"] == "10.0.0.7"
    assert not {"API_URL", "SHOP_DSN"} & environment.keys()


def test_settings_with_a_prefix_are_offered() -> None:
    text = (
        'class S(BaseSettings):\n  model_config = dict(env_prefix="DB_")\n  host: str\n  port: int'
    )

    environment = seen({}, text=text)

    assert (environment["DB_HOST"], environment["DB_PORT"]) == ("10.0.0.7", "6000")


def test_asynchronous_urls_are_offered_with_such_a_driver() -> None:
    environment = seen({}, text='os.environ["ASYNC_DATABASE_URL"]')

    assert environment["ASYNC_DATABASE_URL"].startswith("postgresql+asyncpg://")
    assert environment["DATABASE_URL"].startswith("postgresql://")


def test_a_socket_is_offered_as_localhost() -> None:
    environment = seen({}, target=SOCKET)

    assert environment["DATABASE_URL"] == "postgresql://me:pgassay@localhost:6000/throw%20away"
    assert environment["PGHOST"] == "/run/pg"


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("DATABASE_URL", "url"), ("SQLALCHEMY_DATABASE_URI", "url"), ("DB_DSN", "url"),
        ("database_url_sync", "url"), ("PGURL", "url"), ("SHOP_PG_CONNECTION_STRING", "url"),
        ("POSTGRES_HOST", "host"), ("DB_SERVER", "host"), ("PGPORT", "port"),
        ("DB_USERNAME", "user"), ("POSTGRES_PASSWORD", "password"), ("POSTGRES_DB", "dbname"),
        ("DB_NAME", "dbname"), ("DB_READ_HOST", "host"),
        ("SENTRY_DSN", None), ("REDIS_URL", None), ("API_HOST", None), ("DB_SCHEMA", None),
        ("DEBUG", None), ("USER", None), ("PASSWORD", None), ("DB_POOL_SIZE", None),
        ("SHOP_SQL_DATABASE_SCHEMA", None), ("DB_PASSWORD_FILE", None), ("DB_NAME_PREFIX", None),
        ("SQL_DATABASE_TEST", "dbname"), ("DB_HOST_PRIMARY", "host"),
    ],
)  # fmt: skip
def test_a_name_says_what_it_holds(name: str, role: str | None) -> None:
    assert role_of(name) == role


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        (REAL, True), ("postgres://h/d", True), ("jdbc:postgresql://h/d", True),
        ("mysql+pymysql://h/d", True), ("sqlite:///f", True), ("dbname=x user=y", True),
        ("host = /tmp", True), ("https://example.com/?host=1", False), ("redis://h", False),
        ("localhost", False), ("", False),
    ],
)  # fmt: skip
def test_a_value_says_whether_it_is_a_database(value: str, is_one: bool) -> None:
    assert looks_like_database(value) is is_one


def test_the_digest_holds_declared_values_and_no_throwaway() -> None:
    one = declared_facts({"A": "1", "DATABASE_URL": REAL}, ["A", "DATABASE_URL", "X={url}"])
    other = declared_facts({"A": "2", "DATABASE_URL": REAL + "x"}, ["A", "DATABASE_URL", "X={url}"])

    assert one["environment A"] != other["environment A"]
    assert one["environment DATABASE_URL"] == other["environment DATABASE_URL"]
    assert "secret" not in str(one)
