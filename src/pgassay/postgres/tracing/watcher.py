"""The watcher: what is done before and after each statement of a session, whatever its driver."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Protocol

import psycopg

from pgassay.core.names import QualifiedName
from pgassay.core.trace import Refusal
from pgassay.history.assembly import assemble
from pgassay.history.looks import Known, Look, Record, Watched, read_looks
from pgassay.postgres.tracing.observer import Observer
from pgassay.postgres.tracing.probe import ROWS_OF_KNOWN

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from pgassay.core.trace import StatementTrace

# Statements that a look must not come before: the first one of a transaction sets it up.
_SETS_UP = re.compile(
    r"\s*(set\s+transaction|set\s+session\s+characteristics|begin|start\s+transaction|commit|end|"
    r"rollback|abort|savepoint|release)\b",
    re.IGNORECASE,
)
# What may take a lock that others wait for; anything else needs no gate.
_ACTS = re.compile(
    r"\s*(create|alter|drop|reindex|vacuum|cluster|refresh|analyze|call|do|with|insert|update|delete|"
    r"merge|truncate|copy|select)\b",
    re.IGNORECASE,
)


class OwnSession(Protocol):
    """The connection under watch, as far as the watcher needs it."""

    @property
    def pid(self) -> int:
        """Its server process."""
        ...

    @property
    def commits_alone(self) -> bool:
        """Whether the next statement will be a transaction of its own."""
        ...

    def ask(self, question: str) -> str:
        """Run a SELECT on the connection itself and return its one value."""
        ...

    def warnings(self) -> tuple[str, ...]:
        """Return the SQLSTATEs of the server's warnings since it was last asked."""
        ...


class Watcher:
    """Watches what a client sends and keeps a record of each statement; a context manager.

    Args:
        conninfo: the database, with a probe in it.
        patience: seconds that a statement may wait for a lock before it is cancelled.
    """

    def __init__(self, conninfo: str, *, patience: float = 20.0) -> None:
        self._conninfo, self._patience = conninfo, patience
        self._records: list[Record] = []
        self._before: Look | None = None
        self._begun = 0.0
        self._alone = self._watched = False
        self._inside: set[int] = set()  # sessions that have begun a transaction

    def __enter__(self) -> Self:
        """Connect."""
        self._observer = Observer(self._conninfo, patience=self._patience)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Disconnect."""
        self._observer.close()

    def before(self, session: OwnSession, text: str) -> None:
        """Look, as the session is about to send a statement."""
        self._alone = session.commits_alone
        self._before = None
        sets_up = _SETS_UP.match(text) is not None
        if not sets_up and (self._alone or session.pid not in self._inside):
            self._before = _client_look(session, everything=True)
        self._watched = not sets_up
        if self._watched:
            gated = self._alone and _ACTS.match(text) is not None
            self._observer.begin(session.pid, gated=gated)
        self._begun = monotonic()

    def after(
        self,
        session: OwnSession,
        text: str,
        *,
        rows: int | None = None,
        source: str | None = None,
        error: BaseException | None = None,
    ) -> None:
        """Look again, now that it has run, and keep the record."""
        ended = monotonic()
        warnings = session.warnings()
        seen = self._observer.finish() if self._watched else Watched()
        if not self._alone:
            self._inside.add(session.pid)
        looks: tuple[Look, ...] = ()
        if not error or self._alone:
            looks = tuple(_looks(session, everything=self._alone))
        self._records.append(
            Record(
                text=text,
                session=session.pid,
                begun=self._begun,
                ended=ended,
                before=self._before,
                looks=looks,
                autocommit=self._alone,
                rows=rows if rows is not None and rows >= 0 else None,
                source=source,
                error=_words(error) if error else None,
                refusal=_refusal(error) if error else None,
                warnings=warnings,
                watched=seen,
            )
        )

    def transaction_ended(self, word: str, pid: int | None = None) -> None:
        """Note that a session has ended its transaction: `commit` or `rollback`.

        `pid` is its server process; where there is only one session it need not be said.
        """
        pid = next(iter(self._inside), None) if pid is None else pid
        if pid not in self._inside:
            return
        self._inside.discard(pid)
        for place in range(len(self._records) - 1, -1, -1):
            if self._records[place].session == pid:
                self._records[place] = replace(self._records[place], then=(word, monotonic()))
                return

    def traces(self) -> tuple[tuple[StatementTrace, ...], tuple[float, ...]]:
        """Return what all of it comes to: statements, and the seconds of each transaction."""
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            known = {
                int(oid): Known(name=QualifiedName(schema, name), kind=kind, owner=owner)
                for oid, schema, name, kind, owner in connection.execute(ROWS_OF_KNOWN).fetchall()
            }
        return assemble(self._records, known)


def _refusal(error: BaseException) -> Refusal | None:
    """Return the server's diagnostics, as psycopg and psycopg2, or else asyncpg, have them."""
    state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
    if state is None:
        return None
    told = getattr(error, "diag", None) or error.__cause__ or error

    def name(of: str) -> str | None:
        found = getattr(told, f"{of}_name", None)
        return str(found) if found else None

    return Refusal(
        sqlstate=str(state),
        table=name("table"),
        column=name("column"),
        constraint=name("constraint"),
    )


def _words(error: BaseException) -> str:
    refusal = _refusal(error)
    told = " ".join(str(error).split())
    return f"{told} (SQLSTATE {refusal.sqlstate})" if refusal else told


def _looks(session: OwnSession, *, everything: bool) -> list[Look]:
    with suppress(Exception):  # a transaction that has failed answers nothing more
        return read_looks(session.ask(f"select pgassay_trace.taken({str(everything).lower()})"))
    return []


def _client_look(session: OwnSession, *, everything: bool) -> Look | None:
    found = _looks(session, everything=everything)
    return found[-1] if found else None
