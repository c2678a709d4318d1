"""Every table that uses a domain is read for a new rule of it.

ALTER DOMAIN … ADD CONSTRAINT (or SET NOT NULL) reads every table with a column of that domain
while it holds SHARE on it: nobody can write. NOT VALID takes no lock on them; VALIDATE comes
later.

    alter domain quantity add constraint positive check (value > 0);
    alter domain quantity add constraint positive check (value > 0) not valid;

Source: PostgreSQL, ALTER DOMAIN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a table that was read for a domain."""
    for statement in evidence.statements:
        for scan in statement.scans if statement.tag == "ALTER DOMAIN" else ():
            if evidence.busy(scan.relation) and scan.rows:
                yield evidence.finding(
                    "domain_checked_under_lock",
                    statement,
                    scan.relation,
                    "every row is checked for a rule of a domain while nobody can write",
                    expected="NOT VALID first; ALTER DOMAIN … VALIDATE CONSTRAINT in a quiet hour",
                    why="SHARE is held on every table that has a column of that domain",
                    fix="alter domain … add constraint … not valid; later validate constraint …;",
                    severity=evidence.severity(scan.relation),
                )
