from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from psycopg.conninfo import conninfo_to_dict

from pgassay.core.errors import ConfigError, MachineError
from pgassay.postgres.servers.configuration import configuration_text, profile_settings
from pgassay.postgres.servers.declaration import Profile, ServerDeclaration
from pgassay.postgres.servers.engine import find_engine
from pgassay.postgres.servers.external import _parsed, _shortened
from pgassay.postgres.servers.opening import choose
from pgassay.postgres.servers.server import as_url, withhold

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "p@ss:w/rd %&?#ß"


@pytest.mark.parametrize(
    "parameters",
    [
        {"host": "127.0.0.1", "port": "5432", "user": "u", "password": PASSWORD, "dbname": "d"},
        {"host": "::1", "port": "5432", "user": "u", "dbname": 'a"b/Straße ?'},
        {"host": "/dev/shm/a b", "port": "5432", "user": "u@x", "dbname": "d"},
        {"host": "db.example", "user": "u", "dbname": "d", "sslmode": "verify-full"},
    ],
)
def test_a_url_says_to_libpq_what_the_parameters_said(parameters: dict[str, str]) -> None:
    assert conninfo_to_dict(as_url(parameters, "postgresql")) == parameters


@pytest.mark.parametrize(
    "message",
    [
        f"no such host for {PASSWORD}",
        "at postgresql://u:p%40ss%3Aw%2Frd%20%25%26%3F%23%C3%9F@host/db",
        "connection to 'host=h password=secret' failed",
    ],
)
def test_a_password_is_withheld_in_every_form(message: str) -> None:
    said = withhold(message, {"password": PASSWORD, "user": "u"})
    assert "***" in said
    assert "ss:w" not in said
    assert "ss%3A" not in said
    assert "secret" not in said


def test_words_that_are_no_secret_stay() -> None:
    parameters = {"password": "postgres", "user": "postgres"}
    assert withhold('role "postgres" may not', parameters) == 'role "postgres" may not'


@pytest.mark.parametrize(
    "url",
    ["postgresql://u:secret%zz@h/d", "postgresql://u:sec ret@h/d", "host=h password='secret"],
)
def test_a_url_that_cannot_be_read_is_not_repeated(url: str) -> None:
    with pytest.raises(ConfigError) as refused:
        _parsed(url)
    shown = str(refused.value)
    assert "secret" not in shown
    assert "sec ret" not in shown
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("size", range(1, 12))
def test_a_name_is_shortened_between_characters(size: int) -> None:
    assert len(_shortened("aßc€d", size).encode()) <= size
    assert "aßc€d".startswith(_shortened("aßc€d", size))
    assert _shortened("aßc€d", 9) == "aßc€d"


def test_a_setting_is_quoted_whatever_it_holds() -> None:
    text = configuration_text({"a": "it's \\ a\nb", "c": ""})
    assert text == "a = 'it''s \\\\ a\\nb'\nc = ''\n"


def test_a_declared_setting_wins_over_the_profile() -> None:
    declaration = ServerDeclaration(settings={"autovacuum": "on"})
    assert profile_settings(declaration, 18)["autovacuum"] == "on"


def test_declared_replication_is_not_undercut_by_the_profile() -> None:
    """wal_level = minimal and senders above none would keep the server from starting."""
    for settings in ({"wal_level": "logical"}, {"max_wal_senders": "3"}):
        found = profile_settings(ServerDeclaration(settings=settings), 18)
        assert found.get("wal_level") != "minimal"
        assert found.get("max_wal_senders") != "0"


def test_only_18_is_told_how_to_read(tmp_path: Path) -> None:
    assert "io_method" in profile_settings(ServerDeclaration(profile=Profile.FAST), 18)
    assert "io_method" not in profile_settings(ServerDeclaration(profile=Profile.FAST), 17)


@pytest.mark.parametrize("name", ["port", "Data_Directory", "listen_addresses"])
def test_where_a_server_is_cannot_be_declared(name: str) -> None:
    with pytest.raises(ConfigError, match=name):
        ServerDeclaration(settings={name: "1"})


@pytest.mark.parametrize("locale", ["icu:", "libC:x", "other:de"])
def test_an_unknown_locale_provider_is_wrong_use(locale: str) -> None:
    with pytest.raises(ConfigError, match=locale):
        ServerDeclaration(locale=locale)


@pytest.mark.parametrize(
    ("variables", "want"),
    [
        ({}, "unix:///var/run/docker.sock"),
        ({"DOCKER_HOST": "tcp://engine:2375"}, "tcp://engine:2375"),
    ],
)
def test_the_engine_is_the_one_docker_would_use(
    variables: dict[str, str], want: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert find_engine().address == want


def test_what_no_kind_can_give_is_said_for_each_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    with pytest.raises(MachineError, match=r"container.*embedded.*system") as refused:
        choose("auto", ServerDeclaration(extensions=("postgis_of_nobody",)))
    assert "postgis_of_nobody" in str(refused.value)
    assert "--server container" in (refused.value.fix or "")
