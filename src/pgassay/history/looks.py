"""Looks: what was seen of a database at one moment, as the probe tells it in JSON.

A client statement is a `Record`: the looks before, during (by event triggers) and after it, and
what a second connection saw meanwhile. `assembly` makes traces of them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.names import QualifiedName
    from pgassay.core.trace import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A relation that was there before the revision: its name, kind, and table if it is an index.

    `kind` is pg_class.relkind.
    """

    name: QualifiedName
    kind: str
    owner: int | None = None

    @property
    def is_index(self) -> bool:
        """Whether it is an index."""
        return self.kind in ("i", "I")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One moment.

    Args:
        what: who looked: `client`, `start` or `end` of a DDL command, `drop`, `rewrite`.
        at: seconds since the epoch, by the server.
        transaction: when the transaction began, likewise: it tells transactions apart.
        wal: bytes of write-ahead log ever written.
        locks: relation and mode.
        files: relations whose file is another than before the revision: its number, its size.
        counts: scans, rows read, inserted, updated, deleted, since ever, by relation.
        indexes: of known tables, not known themselves: table, schema, name, unique, valid.
        tag: the command's tag.
        objects: what it made or changed, or what was dropped.
        whole: it was no look at all, only a glance: the command is all that the client has sent,
            and the client's own looks are those before and behind it.
        rewritten: the relation about to be rewritten.
        reason: why, in bits.
    """

    what: str
    at: float = 0.0
    transaction: float = 0.0
    wal: int = 0
    lock_timeout: int = 0
    statement_timeout: int = 0
    transaction_timeout: int = 0
    locks: frozenset[tuple[int, str]] = frozenset()
    files: dict[int, tuple[int, int]] = field(default_factory=dict)
    counts: dict[int, tuple[int, ...]] = field(default_factory=dict)
    indexes: dict[int, tuple[int, str, str, bool, bool]] = field(default_factory=dict)
    tag: str = ""
    objects: tuple[str, ...] = ()
    whole: bool = False
    rewritten: int = 0
    reason: int = 0


def read_looks(text: str) -> list[Look]:
    """Return the looks that the probe has noted, one a line, the client's last."""
    return [_look(json.loads(line)) for line in text.splitlines() if line]


def _look(data: dict[str, Any]) -> Look:
    return Look(
        what=data["what"],
        at=float(data.get("at", 0)),
        transaction=float(data.get("transaction", 0)),
        wal=int(data.get("wal", 0)),
        lock_timeout=milliseconds(data.get("lock_timeout", "0")),
        statement_timeout=milliseconds(data.get("statement_timeout", "0")),
        transaction_timeout=milliseconds(data.get("transaction_timeout") or "0"),
        locks=frozenset(_locks(data.get("held") or "")),
        files={oid: (file, size) for oid, file, size in data.get("files") or ()},
        counts={oid: tuple(counts) for oid, *counts in data.get("counts") or ()},
        indexes={
            oid: (table, schema, name, unique, valid)
            for oid, table, schema, name, unique, valid in data.get("indexes") or ()
        },
        tag=data.get("tag", ""),
        objects=tuple(data.get("objects") or ()),
        whole=data.get("whole", False),
        rewritten=data.get("relation", 0),
        reason=data.get("reason", 0),
    )


def _locks(held: str) -> Iterator[tuple[int, str]]:
    """Yield relation and mode, from `16384 ShareLock+ExclusiveLock,16390 ShareLock`."""
    for one in held.split(",") if held else ():
        oid, _, modes = one.partition(" ")
        for mode in modes.split("+"):
            yield int(oid), mode.removesuffix("Lock")


_UNITS = {"": 1.0, "us": 0.001, "ms": 1.0, "s": 1000.0, "min": 60_000.0, "h": 3.6e6, "d": 8.64e7}


def milliseconds(setting: str) -> int:
    """Return a time setting as current_setting spells it (`5s`, `250ms`, `0`) in milliseconds."""
    found = re.fullmatch(r"(-?\d+)\s*([a-z]*)", setting)
    return int(int(found[1]) * _UNITS[found[2]]) if found and found[2] in _UNITS else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What a second connection saw of a session while a statement ran.

    Args:
        locks: relation, mode, whether it was granted, and for how many seconds it was seen.
        phases: of pg_stat_progress_create_index.
        parked: seconds that the statement was held up in order to be looked at.
        waited_for: what it hung on, if it did.
    """

    locks: tuple[tuple[int, str, bool, float], ...] = ()
    phases: tuple[str, ...] = ()
    parked: float = 0.0
    waited_for: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One statement that a client sent.

    Args:
        text: the statement.
        session: the server process that ran it.
        begun: seconds, by any clock that does not jump.
        ended: by the same.
        before: the look before it; None where the one after the statement before will do.
        looks: what event triggers saw, and the client's look behind it, if it had one.
        autocommit: whether the connection commits each statement by itself.
        rows: what the server reported.
        source: `file:line`.
        error: what went wrong.
        refusal: the same by the server's diagnostics.
        warnings: the SQLSTATEs of the server's warnings.
        watched: what a second connection saw.
        then: `commit` or `rollback`, where the transaction ended behind this statement; and when.
    """

    text: str
    session: int = 0
    begun: float
    ended: float
    before: Look | None = None
    looks: tuple[Look, ...] = ()
    autocommit: bool = False
    rows: int | None = None
    source: str | None = None
    error: str | None = None
    refusal: Refusal | None = None
    warnings: tuple[str, ...] = ()
    watched: Watched = field(default_factory=Watched)
    then: tuple[str, float] | None = None
