"""Every row is checked while nobody can read the table.

ADD CHECK, also with a new column, reads the whole table under ACCESS EXCLUSIVE. NOT VALID takes
an instant and holds for new rows at once; VALIDATE, in a later transaction, reads the earlier
ones under SHARE UPDATE EXCLUSIVE, which stops nobody.

    alter table orders add constraint amount_positive check (amount > 0);              -- under lock
    alter table orders add constraint amount_positive check (amount > 0) not valid;    -- an instant
    alter table orders validate constraint amount_positive;                            -- beside

Source: PostgreSQL, ALTER TABLE, ADD table_constraint … NOT VALID.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import ConstraintKind
from pgassay.core.names import quote
from pgassay.history.hazards.rows_under_lock import read_under_lock, speaks_of
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a CHECK for which a table was read under lock."""
    for statement, relation in read_under_lock(evidence):
        checks = [
            constraint
            for constraint in evidence.fresh_constraints(relation)
            if constraint.kind is ConstraintKind.CHECK
            and constraint.validated
            and not constraint.inherited
        ]
        checks = [c for c in checks if c.name in statement.text] or checks
        if not checks or not speaks_of(statement, "check", "not null"):
            continue
        check, table = checks[0], relation.sql
        yield evidence.finding(
            "check_scanned_under_lock",
            statement,
            relation,
            "every row is checked while nobody can read or write",
            part=check.name,
            expected="NOT VALID first, VALIDATE CONSTRAINT in a later transaction",
            why="ACCESS EXCLUSIVE is held until the last row is checked",
            way=(
                Step(
                    sql=f"ALTER TABLE {table} ADD CONSTRAINT {quote(check.name)} "
                    f"{check.definition} NOT VALID",
                    locks=True,
                ),
                Step(
                    sql=f"ALTER TABLE {table} VALIDATE CONSTRAINT {quote(check.name)}", apart=True
                ),
            ),
            severity=evidence.severity(relation),
        )
