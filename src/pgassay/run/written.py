"""Schedules that a team writes: TOML files, one schedule each.

title = "two withdrawals of one balance are both counted"
why = "money"
setup = ["insert into …"]
a = ["update users set credit_balance = credit_balance - 30 where …", "commit"]
b = ["update users set credit_balance = credit_balance - 50 where …", "commit"]
final = "select credit_balance from users where …"

[[endings]]
when = "a1 < b1 < a2"        # which orders of the steps; exactly one ending for each order
waits = ["b1"]
refused = { b1 = "23514" }   # SQLSTATE by step; the rest is accepted
final = [["70.00"]]
"""

from __future__ import annotations

import itertools
import tomllib
from typing import TYPE_CHECKING, Any

from pgassay.core.case import Subject
from pgassay.core.errors import ConfigError, suggestion
from pgassay.core.schedule import Ending, Schedule
from pgassay.core.statement import Statement

if TYPE_CHECKING:
    from pathlib import Path

_KEYS = ("title", "why", "isolation", "setup", "a", "b", "final", "endings")
_ENDING_KEYS = ("when", "waits", "refused", "final")


def read_schedules(folder: Path) -> tuple[Schedule, ...]:
    """Return the schedules of a folder, by file name. Raises ConfigError for a damaged one."""
    return tuple(_read(path) for path in sorted(folder.glob("*.toml")))


def _read(path: Path) -> Schedule:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as damage:
        raise ConfigError(f"not valid TOML: {damage}", where=str(path)) from damage
    _only(data, _KEYS, path)
    for key in ("title", "why", "a", "b", "endings"):
        if not data.get(key):
            raise ConfigError(f'"{key}" is missing', where=str(path), expected=", ".join(_KEYS))
    schedule = Schedule(
        kind="schedule",
        subject=Subject(object=path.stem),
        title=data["title"],
        why=data["why"],
        isolation=data.get("isolation", "read committed"),
        setup=_statements(data.get("setup", [])),
        a=_statements(data["a"]),
        b=_statements(data["b"]),
        final=Statement(data["final"]) if "final" in data else None,
        endings=tuple(_ending(entry, path) for entry in data["endings"]),
    )
    _every_order_ends(schedule, path)
    return schedule


def _statements(texts: list[str]) -> tuple[Statement, ...]:
    return tuple(Statement(text.strip().rstrip(";")) for text in texts)


def _only(data: dict[str, Any], valid: tuple[str, ...], path: Path) -> None:
    for key in data:
        if key not in valid:
            raise ConfigError(
                f'unknown key "{key}"', where=str(path), expected=suggestion(key, valid)
            )


def _ending(data: dict[str, Any], path: Path) -> Ending:
    _only(data, _ENDING_KEYS, path)
    final = data.get("final")
    return Ending(
        when=_pairs(data.get("when", "")),
        waits=frozenset(data.get("waits", [])),
        refused=dict(data.get("refused", {})),
        final=None if final is None else tuple(tuple(row) for row in final),
    )


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Return the pairs of `a1 < b1 < a2, b2 < a3`."""
    chains = [[label.strip() for label in part.split("<")] for part in text.split(",") if part]
    return tuple(pair for chain in chains for pair in itertools.pairwise(chain))


def _every_order_ends(schedule: Schedule, path: Path) -> None:
    known = schedule.steps.keys()
    for ending in schedule.endings:
        named = {*ending.waits, *ending.refused, *(label for pair in ending.when for label in pair)}
        if strange := sorted(named - known):
            raise ConfigError(
                f'no step is called "{strange[0]}"',
                where=str(path),
                expected=suggestion(strange[0], known),
            )
    for order in schedule.orders():
        try:
            schedule.ending(order)
        except ValueError as unclear:
            raise ConfigError(
                str(unclear), where=str(path), expected="exactly one [[endings]] for each order"
            ) from unclear
