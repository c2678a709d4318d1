"""Errors say what was found, and never a password."""

from __future__ import annotations

import pytest

from pgassay.core.errors import (
    ConfigError,
    ExitCode,
    MachineError,
    PgassayError,
    SchemaError,
    redact,
    refused,
    suggestion,
)

SECRETS = {
    "postgresql://u:secret@h/d": "postgresql://u:***@h/d",
    "postgresql+psycopg://u:secret@h:5432/d?x=1": "postgresql+psycopg://u:***@h:5432/d?x=1",
    "postgres://u:se%40cr%2Fet@h/d": "postgres://u:***@h/d",
    "postgres://u:se:cret@h/d": "postgres://u:***@h/d",
    "postgres://u:se/cret@h/d": "postgres://u:***@h/d",
    "postgres://u:se@cret@h/d": "postgres://u:***@h/d",
    "POSTGRESQL://u:secret@h/d": "POSTGRESQL://u:***@h/d",
    "postgresql://:secret@h/d": "postgresql://:***@h/d",
    "first postgres://a:secret@h/d then postgres://b:secret@h/d": (
        "first postgres://a:***@h/d then postgres://b:***@h/d"
    ),
    "host=h password=secret dbname=d": "host=h password=*** dbname=d",
    "host=h password = 'se cr\\'et' dbname=d": "host=h password = *** dbname=d",
    "PASSWORD=secret": "PASSWORD=***",
    "postgresql://h/d?user=u&password=secret": "postgresql://h/d?user=u&password=***",
    "postgresql://h/d?password=secret&user=u": "postgresql://h/d?password=***&user=u",
    "host=h sslpassword=secret": "host=h sslpassword=***",
    "PGPASSWORD=secret psql": "PGPASSWORD=*** psql",
}


@pytest.mark.parametrize("text", SECRETS)
def test_no_password_outlives_redaction(text: str) -> None:
    assert redact(text) == SECRETS[text]
    assert "cret" not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://u@h:5432/d",
        "postgresql://h/d",
        "column password_hash of users",
        "https://www.postgresql.org/docs/18/ddl.html",
        "time 12:30 by a@b.c",
        "",
    ],
)
def test_what_holds_no_password_is_left_alone(text: str) -> None:
    assert redact(text) == text


def test_redacting_twice_is_redacting_once() -> None:
    for text in SECRETS:
        assert redact(redact(text)) == redact(text)


def test_every_part_of_an_error_is_redacted() -> None:
    url = "postgresql://u:secret@h/d"
    error = PgassayError(url, where=url, expected=url, why=url, fix=url)
    assert "secret" not in str(error) + repr(error) + str(error.args)
    assert str(error).count("***") == 5


def test_an_error_shows_the_parts_it_has_and_no_others() -> None:
    assert str(ConfigError("found")) == "found"
    assert str(ConfigError("found", where="here", fix="one\ntwo")) == (
        "here: found\n  fix      one\n           two"
    )


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (ConfigError, ExitCode.USAGE),
        (SchemaError, ExitCode.USAGE),
        (MachineError, ExitCode.ENVIRONMENT),
    ],
)
def test_the_kind_of_error_decides_the_exit_code(kind: type[PgassayError], code: ExitCode) -> None:
    assert kind("x").exit_code == code
    assert [int(c) for c in ExitCode] == [0, 1, 2, 3, 4]


def test_a_near_miss_is_suggested_and_a_far_one_is_not() -> None:
    assert (
        suggestion("uniqe", ["unique", "check"]) == 'one of check, unique; did you mean "unique"?'
    )
    assert suggestion("zzz", ["unique", "check"]) == "one of check, unique"
    assert suggestion("x", []) == "none: there is none yet"


@pytest.mark.parametrize(
    ("state", "kind"), [("53100", MachineError), ("53200", MachineError), ("42P01", SchemaError)]
)
def test_a_server_without_room_is_not_the_schemas_fault(
    state: str, kind: type[PgassayError]
) -> None:
    error = refused(f"could not extend file (SQLSTATE {state})", where="V1.sql:3", why="refused")
    assert type(error) is kind
    assert error.where == "V1.sql:3"
