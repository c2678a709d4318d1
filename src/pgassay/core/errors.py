"""Errors a person can act on. Handled ones print their parts without a traceback.

Exit codes: 2 wrong use or configuration, 3 the environment (server, disk, network). Anything
that is not a `PgassayError` is a fault of pgassay itself: 4, with the traceback.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class ExitCode(IntEnum):
    """What the process says to its caller."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    ENVIRONMENT = 3
    INTERNAL = 4


# To the last @ of the word: a password that somebody forgot to percent-encode may hold one.
_URL_PASSWORD = re.compile(r"(?P<head>[a-z][a-z0-9+.-]*://[^\s:/@]*):\S*@", re.IGNORECASE)
_QUERY_PASSWORD = re.compile(r"(?P<head>[?&](?:ssl)?password=)[^\s&]*", re.IGNORECASE)
# password, sslpassword, PGPASSWORD
_KEY_PASSWORD = re.compile(
    r"(?P<head>(?<![?&a-z_])[a-z]*password\s*=\s*)('(?:[^'\\]|\\.)*'|\S+)", re.IGNORECASE
)


def redact(text: str) -> str:
    """Return `text` with the password of every URL and conninfo string replaced by `***`."""
    text = _URL_PASSWORD.sub(r"\g<head>:***@", text)
    text = _QUERY_PASSWORD.sub(r"\g<head>***", text)
    return _KEY_PASSWORD.sub(r"\g<head>***", text)


class PgassayError(Exception):
    """The base of every handled error.

    Args:
        found: what was found, in one sentence.
        where: the place (system, file, table, revision), if there is one.
        expected: what would have been right.
        why: why it matters.
        fix: what to do next.
    """

    exit_code: ExitCode = ExitCode.USAGE

    def __init__(
        self,
        found: str,
        *,
        where: str | None = None,
        expected: str | None = None,
        why: str | None = None,
        fix: str | None = None,
    ) -> None:
        self.found = redact(found)
        self.where = redact(where) if where else None
        self.expected = redact(expected) if expected else None
        self.why = redact(why) if why else None
        self.fix = redact(fix) if fix else None
        super().__init__(self.found)

    def __str__(self) -> str:
        """Render the parts that are known, one per line."""
        head = f"{self.where}: {self.found}" if self.where else self.found
        parts = [("expected", self.expected), ("why", self.why), ("fix", self.fix)]
        return "\n".join([head, *(f"  {label:<9}{_indent(text)}" for label, text in parts if text)])


class ConfigError(PgassayError):
    """The configuration or the command line is wrong (exit 2)."""


class SchemaError(PgassayError):
    """The system under test cannot be built: a migration fails, a model fails to import (2)."""


class MachineError(PgassayError):
    """The machine or a server cannot give what is needed (exit 3)."""

    exit_code = ExitCode.ENVIRONMENT


class TrialError(PgassayError):
    """One trial cannot be performed on what was built: it fails, and the run goes on (1)."""

    exit_code = ExitCode.FINDINGS


# Class 53, insufficient resources (PostgreSQL, Appendix A: Error Codes).
_EXHAUSTED = re.compile(r"\(SQLSTATE 53[0-9A-Z]{3}\)")


def refused(
    found: str,
    *,
    where: str | None = None,
    expected: str | None = None,
    why: str | None = None,
    fix: str | None = None,
) -> PgassayError:
    """Return the error for a statement of a schema that the server refuses.

    Where the server lacks disk, memory or connections, it is the machine's and not the schema's.

    Args:
        found: the server's words, with `(SQLSTATE …)` among them.
        where: as all others, as `PgassayError` has it.
        expected: see there.
        why: see there.
        fix: see there.
    """
    if _EXHAUSTED.search(found):
        return MachineError(
            found,
            where=where,
            expected="room for the schema",
            why="the server has run out of it",
            fix="free some disk or memory, or point PGASSAY_TMP at another folder",
        )
    return SchemaError(found, where=where, expected=expected, why=why, fix=fix)


def suggestion(name: str, valid: Iterable[str]) -> str:
    """Return the valid names, and which of them a near miss may have meant."""
    names = sorted(valid)
    near = get_close_matches(name, names, n=1, cutoff=0.6)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    return f"one of {', '.join(names)}{hint}" if names else "none: there is none yet"


def _indent(text: str) -> str:
    return text.replace("\n", "\n" + " " * 11)
