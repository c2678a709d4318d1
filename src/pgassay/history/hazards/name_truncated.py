"""A name was too long, and PostgreSQL has cut it.

Names have 63 bytes at most; the rest is dropped with a NOTICE that nobody reads. The next
statement that uses the long name works by being cut as well, a comparison with the models does
not, and two long names can become one.

Source: PostgreSQL, Identifiers and Key Words (4.1.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a new name that the revision's text has longer."""
    text = "\n".join(statement.text for statement in evidence.statements)
    for table in evidence.after.tables:
        old = evidence.old.get(table.name)
        known = {i.name for i in old.indexes} | {c.name for c in old.constraints} if old else set()
        known |= {column.name for column in old.columns} if old else set()
        names = [table.name.name] if old is None else []
        names += [i.name for i in table.indexes] + [c.name for c in table.constraints]
        names += [column.name for column in table.columns]
        for name in dict.fromkeys(names):
            if name in known or len(name.encode()) < _MOST:
                continue
            behind = text.partition(name)[2][:1]
            if behind.isalnum() or behind == "_":
                statement = next((s for s in evidence.statements if name in s.text), None)
                yield evidence.finding(
                    "name_truncated",
                    statement,
                    table.name,
                    "the name was cut at 63 bytes",
                    part=name,
                    found=f"{name}, which the revision writes longer",
                    expected="63 bytes at most",
                    why="what compares names does not find it, and two long ones can become one",
                    fix="a shorter name",
                )


_MOST = 63  # NAMEDATALEN - 1; a name of characters of several bytes may be cut shorter
