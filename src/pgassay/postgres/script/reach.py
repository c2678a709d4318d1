"""What a statement's first words say: whether a transaction can hold it, and how far it reaches."""

from __future__ import annotations

import re

_COMMENTS = re.compile(r"\A(?:\s+|--[^\n]*(?:\n|\Z)|/\*.*?\*/)+", re.DOTALL)
_SPACE = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/)+", re.DOTALL)

# PostgreSQL refuses these inside a transaction block (SQLSTATE 25001); each command's page says so.
_ALONE = re.compile(
    r"""(?:
      create\ (?:unique\ )?index\ concurrently\b
    | drop\ index\ concurrently\b
    | reindex\b(?=.*\bconcurrently\b)
    | reindex\ (?:\([^)]*\)\ )?(?:database|system|schema)\b
    | vacuum\b
    | (?:create|drop)\ (?:database|tablespace)\b
    | alter\ system\b
    | alter\ table\b.*\bdetach\ partition\b.*\bconcurrently\b
    | (?:create|drop)\ subscription\b
    | discard\ all\b
    | cluster\ *;?\Z
    )""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_TRANSACTION = re.compile(
    r"(?:begin|start transaction|commit|end|rollback|abort|prepare transaction)\b"
    r"(?! (?:to|prepared))(?! (?:work |transaction )?to\b)",
    re.IGNORECASE,
)
_BEYOND = re.compile(
    r"(?:(?:create|drop) (?:database|tablespace)|alter (?:system|tablespace))\b", re.IGNORECASE
)
_ALTER_DATABASE = re.compile(
    r"""alter\ database\ (?:"(?P<quoted>(?:[^"]|"")+)"|(?P<plain>[^\s"]+))""",
    re.IGNORECASE | re.VERBOSE,
)


def runs_alone(statement: str) -> bool:
    """Return whether PostgreSQL refuses the statement inside a transaction block."""
    return bool(_ALONE.match(_flat(statement)))


def controls_transaction(statement: str) -> bool:
    """Return whether it begins or ends a transaction; savepoints do not count."""
    return bool(_TRANSACTION.match(_flat(statement)))


def beyond_database(statement: str, dbname: str) -> bool:
    """Return whether it acts on the cluster or on another database than `dbname`."""
    head = _flat(statement[:4000])
    if _BEYOND.match(head):
        return True
    found = _ALTER_DATABASE.match(head)
    if not found:
        return False
    quoted = found["quoted"]
    name = quoted.replace('""', '"') if quoted else found["plain"].lower()
    return name != dbname


def _flat(statement: str) -> str:
    """Return it without leading comments and with single blanks between its words."""
    start = _COMMENTS.match(statement)
    return _SPACE.sub(" ", statement[start.end() :] if start else statement)
