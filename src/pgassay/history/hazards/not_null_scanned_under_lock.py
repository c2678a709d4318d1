"""Every row is looked at for NULL while nobody can read the table.

SET NOT NULL reads the whole table under ACCESS EXCLUSIVE, unless a CHECK (column IS NOT NULL)
that is valid proves it. That CHECK is added NOT VALID and validated beside the traffic; from
PostgreSQL 18 on NOT NULL itself can be added NOT VALID.

    alter table orders alter column token set not null;  -- under lock
    alter table orders add constraint token_there check (token is not null) not valid;
    alter table orders validate constraint token_there;                                  -- later
    alter table orders alter column token set not null;  -- an instant
    alter table orders drop constraint token_there;

Source: PostgreSQL, ALTER TABLE, SET NOT NULL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.names import quote
from pgassay.history.hazards.not_null_proof_dropped import dropped_proofs
from pgassay.history.hazards.rows_under_lock import read_under_lock, speaks_of
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a NOT NULL for which a table was read under lock."""
    for statement, relation in read_under_lock(evidence):
        nullable = {c.name for c in evidence.old[relation].columns if not c.not_null}
        # A proof that was there and is dropped too soon is told by its own name.
        nullable -= dropped_proofs(evidence.old[relation], evidence.new[relation]).keys()
        columns = [c for c in evidence.new[relation].columns if c.not_null and c.name in nullable]
        if not columns or not speaks_of(statement, "not null", "check"):
            continue
        named = [c for c in columns if c.name.lower() in statement.text.lower()] or columns
        column, table = named[0], relation.sql
        check = quote(f"{column.name}_not_null_proof")
        alter = f"ALTER TABLE {table}"
        yield evidence.finding(
            "not_null_scanned_under_lock",
            statement,
            relation,
            "every row is looked at while nobody can read or write",
            part=column.name,
            expected="a CHECK that is NOT VALID at first and validated later proves it",
            why="ACCESS EXCLUSIVE is held until the last row is looked at",
            way=(
                Step(
                    sql=f"{alter} ADD CONSTRAINT {check} "
                    f"CHECK ({quote(column.name)} IS NOT NULL) NOT VALID",
                    locks=True,
                ),
                Step(sql=f"{alter} VALIDATE CONSTRAINT {check}", apart=True),
                Step(
                    sql=f"{alter} ALTER COLUMN {quote(column.name)} SET NOT NULL",
                    apart=True,
                    locks=True,
                ),
                Step(sql=f"{alter} DROP CONSTRAINT {check}", locks=True),
            ),
            severity=evidence.severity(relation),
        )
