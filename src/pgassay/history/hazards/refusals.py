"""What the server refuses when the revision runs on rows: by SQLSTATE, never by the message.

One table for all of them: they differ in data only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.finding import Severity
from pgassay.history import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.core.names import QualifiedName
    from pgassay.core.trace import StatementTrace
    from pgassay.history.evidence import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    slug: str
    states: tuple[str, ...]
    title: str
    why: str
    fix: str
    page: str


_KINDS = (
    _Kind(
        slug="refused_in_transaction",
        states=("25001",),
        title="the statement cannot run in a transaction block",
        why="it commits by itself, in several steps, so that others need not wait",
        fix="with op.get_context().autocommit_block():\n    op.execute(…)",
        page="""A statement that needs to be alone runs in a transaction.

        CREATE INDEX CONCURRENTLY, DROP INDEX CONCURRENTLY, REINDEX CONCURRENTLY, DETACH PARTITION
        CONCURRENTLY and VACUUM are refused in a transaction block (25001), and Alembic opens one
        for every revision.

            with op.get_context().autocommit_block():
                op.create_index("a", "orders", ["token"], postgresql_concurrently=True)

        Source: PostgreSQL, CREATE INDEX; Alembic, autocommit_block.
        """,
    ),
    _Kind(
        slug="needed_by_another",
        states=("2BP01", "0A000"),
        title="another object needs what would be changed or dropped",
        why="the revision fails wherever that object is",
        fix="drop what depends on it first and create it again behind it, or change the constraint "
        "that owns the index",
        page="""Another object needs what is changed or dropped.

        The index of a constraint is dropped with the constraint and not by itself (2BP01); the type
        of a column that a view or a rule shows cannot change (0A000).

            alter table orders drop constraint orders_pkey;     -- not: drop index orders_pkey
            drop view order_codes; alter table …; create view order_codes …

        Source: PostgreSQL, Dependency Tracking (5.15).
        """,
    ),
    _Kind(
        slug="not_for_partitioned",
        states=("0A000", "42809", "42P16", "42P17"),
        title="partitioned tables cannot have this",
        why="the revision fails on every database",
        fix="do it partition by partition; a key of a partitioned table takes in its partition key",
        page="""A partitioned table cannot have what is asked for.

        CONCURRENTLY on a partitioned table or index, a primary key or unique constraint without the
        partition key (0A000), before PostgreSQL 18 also a foreign key NOT VALID (42809).

        Do it for each partition; take the partition key into the key. Source: PostgreSQL,
        Limitations of partitioned tables (5.12.2.3).
        """,
    ),
    _Kind(
        slug="not_in_this_state",
        states=("55000",),
        title="the object is not in a state for this",
        why="the revision fails on every database that is in this state",
        fix="for DETACH … CONCURRENTLY: detach the default partition first, in a quiet hour",
        page="""An object is not in the state that a statement needs.

        DETACH PARTITION CONCURRENTLY is refused while the table has a default partition, REFRESH
        MATERIALIZED VIEW CONCURRENTLY on a view that was never filled (55000).

        Source: PostgreSQL, ALTER TABLE, DETACH PARTITION.
        """,
    ),
    _Kind(
        slug="enum_label_used_at_once",
        states=("55P04",),
        title="a new label of an enum is used in the transaction that adds it",
        why="a label that was added can be used when its transaction has committed, not before",
        fix="add the label in a revision of its own, or within op.get_context().autocommit_block()",
        page="""A new enum label is used in the transaction that adds it.

        ALTER TYPE … ADD VALUE runs in a transaction, but the label cannot be used until that has
        committed (55P04).

            with op.get_context().autocommit_block():
                op.execute("ALTER TYPE mood ADD VALUE 'calm'")

        Source: PostgreSQL, ALTER TYPE, Notes.
        """,
    ),
    _Kind(
        slug="rows_do_not_fit",
        states=(
            "22001",
            "22003",
            "22007",
            "22008",
            "22P02",
            "23502",
            "23503",
            "23505",
            "23514",
            "23P01",
        ),
        title="rows that are there do not fit what is asked for",
        why="it passes on an empty database and fails on one with such rows",
        fix="find the rows, mend them in a revision before, then ask for it",
        page="""Rows that are there do not fit the new rule.

        NULLs where NOT NULL is asked for, duplicates of a unique key, orphans of a foreign key,
        values outside a CHECK or too long for a type: the revision passes on an empty database and
        fails in production.

        Find them first, mend them in a revision before, and hold new rows to the rule by NOT VALID
        in the meantime. Source: PostgreSQL, Appendix A, classes 22 and 23.
        """,
    ),
    _Kind(
        slug="waits_for_itself",
        states=("57014",),
        title="the statement waited for a lock until it was cancelled",
        why="nobody else was there: the revision waits for a session of its own",
        fix="use one connection; commit or close what else holds the table before",
        page="""A revision waits for a lock of its own.

        A second connection that env.py or the revision opens, a transaction that is still open
        there: the statement would wait for ever. It was cancelled after a time, and what it waited
        for is told.
        """,
    ),
)
_ANY = _Kind(
    slug="statement_fails",
    states=(),
    title="the server refuses the statement",
    why="the revision fails on a database with rows like production's",
    fix="mend the statement; the SQLSTATE says what is wrong",
    page="""The server refuses a statement of the revision.

    It ran on a populated database at the revision before, and failed with the SQLSTATE that is
    told.
    """,
)
PAGES = {kind.slug: kind.page for kind in (*_KINDS, _ANY)}


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield each statement that the server refused."""
    for statement in evidence.statements:
        refusal = statement.refusal
        if refusal is None:
            continue
        relation = _relation(evidence, statement)
        if refusal.sqlstate == "23502" and relation is not None and refusal.column is not None:
            known = {column.name for column in evidence.old[relation].columns}
            if refusal.column not in known:
                continue  # told as a column that is required
        kind = _kind(evidence, statement, relation)
        yield evidence.finding(
            kind.slug,
            statement,
            relation,
            kind.title,
            part=refusal.constraint or refusal.column,
            found=statement.error or "",
            expected=f"statement {statement.number} runs: {words.brief(statement.text, 80)}",
            why=f"{kind.why}; it waited for {statement.waited_for}"
            if statement.waited_for
            else kind.why,
            fix=kind.fix,
            severity=Severity.ERROR,
        )


def _relation(evidence: Evidence, statement: StatementTrace) -> QualifiedName | None:
    """Return the table that the server named, if it is one of before."""
    named = statement.refusal.table if statement.refusal else None
    return next((t.name for t in evidence.before.tables if t.name.name == named), None)


def _kind(evidence: Evidence, statement: StatementTrace, relation: QualifiedName | None) -> _Kind:
    state = statement.refusal.sqlstate if statement.refusal else ""
    if state == "57014" and not statement.waited_for:
        return _ANY  # somebody else cancelled it
    fitting = [kind for kind in _KINDS if state in kind.states]
    if len(fitting) > 1 and not _is_partitioned(evidence, statement, relation):
        return fitting[0]
    return fitting[-1] if fitting else _ANY


def _is_partitioned(
    evidence: Evidence, statement: StatementTrace, relation: QualifiedName | None
) -> bool:
    """Whether a statement that was refused speaks of a partitioned table."""
    partitioned = [t for t in evidence.before.tables if t.partition_key is not None]
    text = statement.text.lower()
    return any(t.name == relation or t.name.name.lower() in text for t in partitioned)
