"""Every reference is looked up while nobody can write to either table.

ADD FOREIGN KEY takes SHARE ROW EXCLUSIVE on the table and on the one it refers to, and reads
both. NOT VALID takes the same locks for an instant; VALIDATE, in a later transaction, looks up
the earlier rows under SHARE UPDATE EXCLUSIVE.

    alter table orders add foreign key (customer_id) references customers;  -- under lock
    alter table orders add foreign key (customer_id) references customers not valid;  -- an instant
    alter table orders validate constraint orders_customer_id_fkey;                     -- beside

Source: PostgreSQL, ALTER TABLE, ADD table_constraint … NOT VALID.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import ConstraintKind
from pgassay.core.finding import Severity
from pgassay.core.names import quote
from pgassay.core.trace import LockMode
from pgassay.history.evidence import has, scanned
from pgassay.history.hazards.rows_under_lock import only_validates
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.core.names import QualifiedName
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a foreign key for which tables were read under lock."""
    least = LockMode.SHARE_ROW_EXCLUSIVE
    told: set[tuple[int, QualifiedName]] = set()
    for statement, scan in ((s, scan) for s in evidence.statements for scan in s.scans):
        relation = evidence.root(scan.relation)
        if (statement.number, relation) in told:
            continue
        if statement.tag != "ALTER TABLE" or not evidence.busy(relation):
            continue
        if not scanned(statement, scan.relation) or only_validates(statement, relation):
            continue
        for key in evidence.fresh_constraints(relation):
            parent = key.references
            if key.kind is not ConstraintKind.FOREIGN_KEY or parent is None or not key.validated:
                continue
            if (
                key.inherited
                or not has(statement, relation, least)
                or not has(statement, parent, least)
            ):
                continue
            name, alter = quote(key.name), f"ALTER TABLE {relation.sql}"
            told.add((statement.number, relation))
            bad = Severity.ERROR in (evidence.severity(relation), evidence.severity(parent))
            yield evidence.finding(
                "foreign_key_checked_under_lock",
                statement,
                relation,
                f"nobody can write to {relation} or {parent} while references are looked up",
                part=key.name,
                expected="NOT VALID first, VALIDATE CONSTRAINT in a later transaction",
                why="SHARE ROW EXCLUSIVE is held on both until the last row is looked up",
                way=(
                    Step(
                        sql=f"{alter} ADD CONSTRAINT {name} {key.definition} NOT VALID", locks=True
                    ),
                    Step(sql=f"{alter} VALIDATE CONSTRAINT {name}", apart=True),
                ),
                severity=Severity.ERROR if bad else Severity.WARNING,
            )
