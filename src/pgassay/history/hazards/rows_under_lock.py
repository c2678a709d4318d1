"""Which tables an ALTER TABLE reads row by row while nobody else can: what several hazards ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.trace import LockMode
from pgassay.history.evidence import has, rewrites, takes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.names import QualifiedName
    from pgassay.core.trace import StatementTrace
    from pgassay.history.evidence import Evidence


def read_under_lock(evidence: Evidence) -> Iterator[tuple[StatementTrace, QualifiedName]]:
    """Yield each ALTER TABLE and the table that it read under ACCESS EXCLUSIVE, and nothing else.

    What reads a table for a rewrite or an index, to validate a constraint, or because it becomes a
    partition is told by other names. Partitions are told as their root.
    """
    for statement in evidence.statements:
        if statement.tag != "ALTER TABLE":
            continue
        built = {build.table for build in statement.builds}
        found: dict[QualifiedName, None] = {}
        for scan in statement.scans:
            relation, root = scan.relation, evidence.root(scan.relation)
            if not scan.rows or relation in built or not evidence.busy(root):
                continue
            if rewrites(statement, relation) or only_validates(statement, relation):
                continue
            if becomes_partition(evidence, relation) or not evidence.stays(root):
                continue
            if has(statement, root, LockMode.ACCESS_EXCLUSIVE):
                found[root] = None
        yield from ((statement, root) for root in found)


def only_validates(statement: StatementTrace, relation: QualifiedName) -> bool:
    """Whether a statement asks for what VALIDATE asks for, whatever is held besides."""
    own = LockMode.SHARE_UPDATE_EXCLUSIVE
    return takes(statement, relation, own) and not takes(statement, relation, LockMode.SHARE)


def becomes_partition(evidence: Evidence, relation: QualifiedName) -> bool:
    """Whether a table has become a partition."""
    old, new = evidence.old.get(relation), evidence.new.get(relation)
    return bool(old and new and old.partition is None and new.partition is not None)


def speaks_of(statement: StatementTrace, word: str, other: str) -> bool:
    """Whether a statement that was seen reading can have done so for `word`, and not for `other`.

    What it read is observed; of two reasons that both would do, its text decides.
    """
    text = " ".join(statement.text.lower().split())
    return word in text or other not in text
