"""The planner does not know what the revision has done to the rows.

It plans by statistics that ANALYZE gathers. Where most rows of a table are new, or an index on an
expression is, it guesses until autovacuum comes by: within minutes after many writes, but for the
index only after a tenth of the rows have changed. A partitioned table autovacuum never analyses: of
its partitions it knows, of the whole nothing, until somebody says ANALYZE.

    create index concurrently orders_lower_token on orders (lower(token));
    analyze orders;

ANALYZE reads a sample and stops nobody. Told of a plain table as information, from half its rows
and 1,000 on; silent for tables that the revision makes, unless they are partitioned. Source:
PostgreSQL, Updating Planner Statistics (24.1.3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.finding import Severity
from pgassay.history import words
from pgassay.history.aftermath import new_expression_indexes
from pgassay.history.evidence import MANY
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.core.names import QualifiedName
    from pgassay.core.trace import StatementTrace
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield tables and indexes of which the planner knows what was, or nothing."""
    known = evidence.aftermath.analyzed
    for table, index in new_expression_indexes(evidence.before, evidence.after):
        blank = index in evidence.aftermath.without_statistics
        if blank and evidence.busy(table.name) and evidence.root(table.name) not in known:
            yield _finding(
                evidence,
                next((s for s in evidence.statements if index.name in s.text), None),
                table.name,
                f"no statistics of the expression of {index.name}",
                part=index.name,
                severity=Severity.WARNING,
            )
    for relation, (statement, rows) in _written(evidence).items():
        total = evidence.trace.rows_of(relation)
        if relation in known or rows < MANY or rows * 2 < total or not evidence.stays(relation):
            continue
        partitioned = evidence.new[relation].partition_key is not None
        yield _finding(
            evidence,
            statement,
            relation,
            f"statistics of before: {words.rows(rows)} were written, of {total:,}",
            severity=Severity.WARNING if partitioned else Severity.INFO,
        )
    for relation, rows in evidence.aftermath.filled.items():
        if relation in known or rows < MANY:
            continue
        yield _finding(
            evidence,
            next((s for s in evidence.statements if relation.name in s.text), None),
            relation,
            f"no statistics of {relation} as a whole, {words.rows(rows)}",
            severity=Severity.WARNING,
        )


def _written(evidence: Evidence) -> dict[QualifiedName, tuple[StatementTrace, int]]:
    """Return how many rows of each table of before were written, and the last that did so."""
    found: dict[QualifiedName, tuple[StatementTrace, int]] = {}
    for statement in evidence.statements:
        for written in statement.written:
            root = evidence.root(written.relation)
            _, rows = found.get(root, (statement, 0))
            found[root] = statement, rows + written.total
    return {relation: one for relation, one in found.items() if relation in evidence.old}


def _finding(
    evidence: Evidence,
    statement: StatementTrace | None,
    relation: QualifiedName,
    found: str,
    *,
    part: str | None = None,
    severity: Severity,
) -> Finding:
    return evidence.finding(
        "statistics_left_behind",
        statement,
        relation,
        "nothing was analysed behind it",
        part=part,
        found=found,
        expected="ANALYZE at the end of the revision",
        why="plans are guesses until it is analysed",
        way=(Step(sql=f"ANALYZE {relation.sql}"),),
        severity=severity,
    )
