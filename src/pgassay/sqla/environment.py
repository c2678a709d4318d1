"""What a project's code sees of the environment while a route runs.

Nothing of the caller's environment but a few harmless names and those that the system declares:
what is not in the digest must not decide the result. Wherever the project looks for a database,
it finds the throwaway: variables that carry a database URL, and those whose names say that they
describe a database (`POSTGRES_HOST`, `ASYNC_DATABASE_URL`, a settings field `db_dsn`).
"""

from __future__ import annotations

import hashlib
import re
from importlib.util import find_spec
from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pgassay.core.route import Target

_KEPT = frozenset(
    """
    PATH HOME USER LOGNAME SHELL LANG LANGUAGE TZ TMPDIR TEMP TMP TERM VIRTUAL_ENV CONDA_PREFIX
    LD_LIBRARY_PATH DYLD_LIBRARY_PATH SSL_CERT_FILE SSL_CERT_DIR SYSTEMROOT XDG_CACHE_HOME
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
_KEPT_PREFIXES = ("LC_", "PYTHON", "COVERAGE_", "COV_CORE_")

_URL = re.compile(
    r"\s*(?:jdbc:)?(?P<scheme>postgres(?:ql)?|cockroachdb|mysql|mariadb|mssql|oracle|sqlite)"
    r"(?P<driver>\+\w+)?:/",
    re.IGNORECASE,
)
_CONNINFO = re.compile(r"(?:^|\s)(?:host|hostaddr|dbname|service)\s*=\s*\S", re.IGNORECASE)

_ABOUT_DATABASES = (
    r"(?:DATABASE|DB|POSTGRES|POSTGRESQL|PG|PSQL|SQLALCHEMY|SQL|ALEMBIC|MIGRATIONS?|RDS)"
)
_DESCRIBES = [
    ("url", r"(?:URL|URI|DSN|CONNINFO|CONN_STR|CONN_STRING|CONNECTION|CONNECTION_STRING)"),
    ("host", r"(?:HOST|HOSTNAME|SERVER|ADDRESS|ADDR)"),
    ("port", r"PORT"),
    ("user", r"(?:USER|USERNAME|LOGIN)"),
    ("password", r"(?:PASSWORD|PASSWD|PASS|PWD)"),
    ("dbname", r"(?:NAME|DATABASE|DB|DBNAME)"),
]
# Behind such a word these words mean another thing: SQL_DATABASE_SCHEMA, DB_PASSWORD_FILE.
_OTHERWISE = r"(?:SCHEMA|TABLE|PREFIX|SUFFIX|FILE|PATH|DIR|KEY|ID|TYPE|LENGTH|TIMEOUT|POOL|SIZE)"
_ROLES = [
    (
        role,
        re.compile(
            rf"(?:.*_)?{_ABOUT_DATABASES}_?(?:[A-Z0-9]+_)*?{word}(?:_(?!{_OTHERWISE}\Z)[A-Z0-9]+)?"
        ),
    )
    for role, word in _DESCRIBES
]
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_READS_ENVIRONMENT = re.compile(r"\b(?:environ|getenv|BaseSettings|decouple|environs|dotenv)\b")
_PREFIX = re.compile(r"""env_prefix["']?\s*[=:]\s*["'](\w+)["']""")
_DECLARED = re.compile(r"(?P<name>[A-Za-z_]\w*)(?:=(?P<template>.*))?\Z", re.DOTALL)


def looks_like_database(value: str) -> bool:
    """Return whether a variable's value is a database URL or a libpq connection string."""
    return bool(_URL.match(value) or _CONNINFO.search(value))


def role_of(name: str) -> str | None:
    """Return what a variable of that name holds: url, host, port, user, password or dbname."""
    return next((role for role, shape in _ROLES if shape.fullmatch(name.upper())), None)


def environment_of_route(
    caller: Mapping[str, str], declared: Sequence[str], target: Target, texts: Iterable[str]
) -> dict[str, str]:
    """Return the environment for a process that runs a project's code against `target`.

    Args:
        caller: the environment of pgassay itself.
        declared: `NAME` lets the caller's value through; `NAME=text` sets it, with `{url}`,
            `{host}`, `{port}`, `{user}`, `{password}` and `{dbname}` of the throwaway.
        target: the throwaway.
        texts: the project's Python files, searched for names of variables.

    Raises:
        ConfigError: a declaration is malformed.
    """
    seen = {
        name: value
        for name, value in caller.items()
        if name in _KEPT or name.startswith(_KEPT_PREFIXES)
    }
    offer = offered(target)
    for name in ("DATABASE_URL", *_names_in(texts)):
        seen[name] = _value(name, offer, "")
    for line in declared:
        name, template = _parsed(line)
        if template is not None:
            seen[name] = _filled(template, offer, line)
        elif name in caller:
            seen[name] = _value(name, offer, caller[name])
    return seen | _libpq(target) | {"PGASSAY_ROUTE": "1"}


def declared_facts(caller: Mapping[str, str], declared: Sequence[str]) -> dict[str, str]:
    """Return what the declared variables add to a digest: values hashed, URLs only as such."""
    facts = {}
    for line in declared:
        name, template = _parsed(line)
        value = template if template is not None else caller.get(name)
        if value is None:
            continue
        told = "a database" if looks_like_database(value) or role_of(name) else value
        facts[f"environment {name}"] = hashlib.sha256(told.encode()).hexdigest()
    return facts


def offered(target: Target) -> dict[str, str]:
    """Return the throwaway as a project may read it.

    A socket is offered as `localhost`: many projects build URLs from parts, and validators want a
    host in them. The drivers are led to the socket whatever they are told.
    """
    host = "localhost" if target.is_socket else target.host
    shown = type(target)(
        host=host,
        port=target.port,
        user=target.user,
        password=target.password or "pgassay",
        dbname=target.dbname,
    )
    return {
        "url": shown.url(),
        "host": host,
        "port": str(target.port),
        "user": shown.user,
        "password": shown.password,
        "dbname": shown.dbname,
    }


def _value(name: str, offer: Mapping[str, str], given: str) -> str:
    """Return what a variable holds: the throwaway, or what it held if it names no database."""
    role = role_of(name)
    if looks_like_database(given) or role == "url":
        return _url_like(given, name, offer["url"])
    return offer[role] if role else given


def _url_like(given: str, name: str, url: str) -> str:
    """Return the throwaway's URL with the driver that the given one asks for."""
    found = _URL.match(given)
    if found and found["driver"] and found["scheme"].lower().startswith("postgres"):
        return url.replace("postgresql:", f"postgresql{found['driver']}:", 1)
    words = name.upper().split("_")
    if "ASYNC" in words and not given:
        driver = "asyncpg" if find_spec("asyncpg") else "psycopg"
        return url.replace("postgresql:", f"postgresql+{driver}:", 1)
    return url


def _names_in(texts: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for text in texts:
        if not _READS_ENVIRONMENT.search(text):
            continue
        words = set(_WORD.findall(text))
        prefixed = {prefix + word for prefix in _PREFIX.findall(text) for word in words}
        found.update(word.upper() for word in words | prefixed if role_of(word))
    return found


def _libpq(target: Target) -> dict[str, str]:
    return {
        "PGHOST": target.host,
        "PGPORT": str(target.port),
        "PGUSER": target.user,
        "PGPASSWORD": target.password,
        "PGDATABASE": target.dbname,
        "PGPASSFILE": "/dev/null",
        "PGSERVICEFILE": "/dev/null",
        "PGSYSCONFDIR": "/dev/null",
        "PGSSLMODE": "disable",
        "PGGSSENCMODE": "disable",
    }


def _parsed(line: str) -> tuple[str, str | None]:
    found = _DECLARED.match(line)
    if not found:
        raise ConfigError(
            f'"{line}" declares no environment variable',
            where="environment",
            expected="NAME, or NAME=value",
        )
    return found["name"], found["template"]


def _filled(template: str, offer: Mapping[str, str], line: str) -> str:
    try:
        return template.format_map(offer)
    except (KeyError, ValueError, IndexError) as error:
        raise ConfigError(
            f"{line}: {error} cannot be filled in",
            where="environment",
            expected=", ".join(f"{{{name}}}" for name in offer),
            fix="write {{ and }} for braces of its own",
        ) from error
