"""Everybody gets a right.

GRANT … TO PUBLIC gives it to every role there is and every one to come, those that were made to
see little among them; nobody is asked again. Rights that write are a warning, others information.

    grant update on orders to public;
    grant update on orders to shop_app;

Silent for what PostgreSQL gives by itself (EXECUTE on functions, USAGE on types), and for rights of
roles. Source: PostgreSQL, Privileges (5.8).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.finding import Severity
from pgassay.core.names import QualifiedName, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog, Privilege, Table, View
    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence

_READING = frozenset({"SELECT", "USAGE", "EXECUTE"})


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield what PUBLIC may do now and could not before."""
    before = {(one.name, one.part): one.rights for one in _holders(evidence.before)}
    for one in _holders(evidence.after):
        new = sorted(one.rights - before.get((one.name, one.part), frozenset()))
        if not new:
            continue
        statement = next((s for s in evidence.statements if s.tag == "GRANT"), None)
        rights = ", ".join(new)
        column = f" ({quote(one.part)})" if one.part else ""
        given = ", ".join(f"{right.lower()}{column}" for right in new)
        yield evidence.finding(
            "rights_for_everybody",
            statement,
            one.name,
            f"every role has {rights} on it",
            part=one.part,
            found=f"PUBLIC was given {rights}",
            expected="rights for the roles that need them",
            why="it goes to every role, those of tomorrow as well",
            fix=f"revoke {given} on {one.sql} from public;",
            severity=Severity.INFO if set(new) <= _READING else Severity.WARNING,
        )


@dataclass(frozen=True, slots=True)
class _Holder:
    """What has rights: a relation, a column of one, a sequence, a schema."""

    name: QualifiedName
    sql: str
    privileges: tuple[Privilege, ...]
    part: str | None = None

    @property
    def rights(self) -> frozenset[str]:
        """What PUBLIC may do with it."""
        return frozenset(
            one.privilege for one in self.privileges if one.grantee == "PUBLIC" and not one.revoked
        )


def _holders(catalog: Catalog) -> Iterator[_Holder]:
    relations: tuple[Table | View, ...] = (*catalog.tables, *catalog.views)
    for relation in relations:
        yield _Holder(relation.name, relation.name.sql, relation.privileges)
        for column in relation.columns:
            yield _Holder(relation.name, relation.name.sql, column.privileges, column.name)
    for sequence in catalog.sequences:
        yield _Holder(sequence.name, f"sequence {sequence.name.sql}", sequence.privileges)
    for schema in catalog.schemas:
        name = QualifiedName(schema.name, schema.name)
        yield _Holder(name, f"schema {quote(schema.name)}", schema.privileges)
