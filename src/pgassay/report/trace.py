"""A revision trace as people read it: a line for each statement, and beneath it what it did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.trace import LockMode
from pgassay.report.figures import count, duration, size

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgassay.core.names import QualifiedName
    from pgassay.core.trace import LockTaken, RevisionTrace, StatementTrace

_WIDTH = 58
_MANY = 8  # relations of one lock mode that are named before the rest is counted


def trace_lines(trace: RevisionTrace, *, verbose: bool = False) -> Iterator[tuple[str, str | None]]:
    """Yield lines of plain text, each with a style or None.

    Statements that touch nothing that was there before are counted, unless `verbose`.
    """
    yield "", None
    yield f"  {trace.revision}", "bold"
    transactions = count(len(trace.transactions), "transaction")
    total = count(len(trace.statements), "statement")
    yield (
        f"  {total} in {transactions}, {duration(trace.seconds)}, WAL {size(trace.wal)}",
        "dim",
    )
    quiet = 0
    for statement in trace.statements:
        told = list(effects(statement, trace, verbose=verbose))
        if not told and not verbose and statement.error is None:
            quiet += 1
            continue
        if quiet:
            yield f"       {_quiet(quiet)}", "dim"
            quiet = 0
        yield _head(statement), None
        for line, style in told:
            yield f"         {line}", style
    if quiet:
        yield f"       {_quiet(quiet)}", "dim"


def _quiet(number: int) -> str:
    return f"{count(number, 'statement')} that nobody waits for"


def _head(statement: StatementTrace) -> str:
    text = " ".join(statement.text.split())
    if statement.objects and not text.upper().startswith(statement.tag.split()[0]):
        text = f"{statement.tag} {', '.join(statement.objects)}"  # one of several, or of a DO block
    text = text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
    rows = f"{statement.rows:,} rows" if statement.rows else ""
    wal = size(statement.wal) if statement.wal else ""
    figures = f"{duration(statement.seconds):>9}{rows:>16}{wal:>9}"
    return f"  {statement.number:>3}  {text:<{_WIDTH}}{figures}"


def effects(
    statement: StatementTrace, trace: RevisionTrace, *, verbose: bool = False
) -> Iterator[tuple[str, str | None]]:
    """Yield what a statement did to what was there before, each line with a style or None."""
    if statement.error:
        yield f"failed: {statement.error}", "red"
    if statement.waited_for:
        yield f"was cancelled: it waited for {statement.waited_for}", "red"
    yield from _locks(statement, trace, verbose=verbose)
    yield from _rewrites(statement, trace)
    yield from _work(statement, trace)


def _rewrites(statement: StatementTrace, trace: RevisionTrace) -> Iterator[tuple[str, str | None]]:
    for rewrite in statement.rewrites:
        if rewrite.index_of is None:
            rows = count(trace.rows_of(rewrite.relation), "row")
            because = f" ({rewrite.reason})" if rewrite.reason else ""
            word = "empties" if rewrite.emptied else "writes anew"
            yield f"{word} {rewrite.relation}, {rows}{because}", "yellow"
        elif all(rewrite.index_of != one.relation for one in statement.rewrites):
            yield f"builds {rewrite.relation} anew", "yellow"


def _work(statement: StatementTrace, trace: RevisionTrace) -> Iterator[tuple[str, str | None]]:
    for build in statement.builds:
        how = " concurrently" if build.concurrently else ""
        bad = "" if build.valid else ", INVALID"
        rows = count(trace.rows_of(build.table), "row")
        yield f"builds {build.index} on {build.table} ({rows}){how}{bad}", None
    scanned = [one for one in statement.scans if one.rows]
    rewritten = {one.relation for one in statement.rewrites}
    for scan in scanned:
        if scan.relation not in rewritten:
            yield f"reads {scan.relation}: {count(scan.rows, 'row')}", None
    for written in statement.written:
        if written.relation not in rewritten:
            yield f"writes {written.relation}: {count(written.total, 'row')}", None


def _locks(
    statement: StatementTrace, trace: RevisionTrace, *, verbose: bool
) -> Iterator[tuple[str, str | None]]:
    least = LockMode.SHARE_UPDATE_EXCLUSIVE if verbose else LockMode.SHARE
    groups: dict[tuple[LockMode, bool], list[LockTaken]] = {}
    for lock in statement.strongest().values():
        if lock.mode.rank >= least.rank and (verbose or lock.index_of is None):
            groups.setdefault((lock.mode, trace.rows_of(lock.relation) > 0), []).append(lock)
    for (mode, filled), locks in groups.items():
        held = max(lock.held for lock in locks)
        who = {True: "reads and writes wait", False: "writes wait"}[mode.blocks_reads]
        who = who if mode.blocks_writes else "nobody waits but DDL"
        names = _names(lock.relation for lock in locks)
        style = "yellow" if filled and mode.blocks_writes else None
        yield f"{mode.sql} on {names}, {duration(held)}: {who}", style


def _names(relations: Iterable[QualifiedName]) -> str:
    names = [str(one) for one in relations]
    more = f" and {len(names) - _MANY} more" if len(names) > _MANY else ""
    return ", ".join(names[:_MANY]) + more
