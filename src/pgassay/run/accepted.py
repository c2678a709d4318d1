"""The files of what is accepted: entries with reasons (TOML), and the baseline (a list).

An entry of the first is written by a person or by `pgassay accept`:

    [accept."foreign_key_without_index:orders.orders_status_fkey"]
    reason = "order_status has six rows, and none is ever deleted"
    until = 2027-03-01

The second holds the fingerprints of what was there when checking began, one a line.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pgassay.checks.acceptance import Acceptance
from pgassay.core.errors import ConfigError, suggestion
from pgassay.core.toml_table import TomlTable, read_toml

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

_HEAD = """\
# The findings that were there when checking began: they do not fail, new ones do.
# pgassay check --write-baseline writes this file anew; a line that goes has been mended.
"""


def read_accepted(path: Path, known: Collection[str]) -> tuple[Acceptance, ...]:
    """Return the entries of a file, none where there is no file.

    Args:
        path: the file.
        known: the slugs of all checks.

    Raises:
        ConfigError: an entry without a reason, with a date that is none, of no check.
    """
    if not path.exists():
        return ()
    table = TomlTable(read_toml(path), "", path)
    table.only("accept")
    entries = table.take("accept", dict, {})
    return tuple(_entry(finding, data, path, known) for finding, data in entries.items())


def _entry(finding: str, data: object, path: Path, known: Collection[str]) -> Acceptance:
    table = TomlTable(data, f'accept."{finding}"', path)
    table.only("reason", "until")
    _of_a_check(finding, known, f"{path}: [{table.name}]")
    reason = table.take("reason", str)
    if not reason.strip():
        raise table.wrong("reason", "it is empty", "why the finding may stay")
    return Acceptance(
        finding=finding,
        reason=" ".join(reason.split()),
        until=_date(table, table.data.get("until")),
        source=path.name,
    )


def _of_a_check(finding: str, known: Collection[str], where: str) -> None:
    slug, colon, _ = finding.partition(":")
    if "*" not in slug and (slug not in known or not colon):
        raise ConfigError(
            f'"{finding}" is no fingerprint: no check is called "{slug}"'
            if slug not in known
            else f'"{finding}" is no fingerprint: it names no object',
            where=where,
            expected="slug:object.part, with * for anything; the slug is "
            + suggestion(slug, known),
        )


def _date(table: TomlTable, given: Any) -> date | None:
    if isinstance(given, str):
        try:
            return date.fromisoformat(given)
        except ValueError:
            given = repr(given)
    if given is not None and (not isinstance(given, date) or isinstance(given, datetime)):
        raise table.wrong("until", f"{given} is no date", "YYYY-MM-DD")
    return given


def add_accepted(path: Path, entries: Collection[Acceptance], known: Collection[str]) -> None:
    """Append entries to a file, which is made where there is none.

    Raises:
        ConfigError: one of them speaks of no check.
    """
    for entry in entries:
        _of_a_check(entry.finding, known, "pgassay accept")
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    for entry in entries:
        text += "\n" if text else ""
        # JSON's strings are TOML's basic strings, save for DEL, which is escaped here.
        text += f"[accept.{_string(entry.finding)}]\nreason = {_string(entry.reason)}\n"
        text += f"until = {entry.until}\n" if entry.until else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def read_baseline(path: Path) -> frozenset[str]:
    """Return the fingerprints in a baseline, none where there is no file."""
    if not path.exists():
        return frozenset()
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def write_baseline(path: Path, fingerprints: Iterable[str]) -> None:
    """Write a baseline anew."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = sorted(one.replace("\n", " ") for one in fingerprints)
    path.write_text(_HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
