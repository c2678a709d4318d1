"""A column is dropped.

Its values are gone, and so are the indexes and constraints it was part of, without a word. The
release that still runs names it in every SELECT of an ORM and fails from then on.

    alter table orders drop column legacy;

First stop reading and writing it, in a release of its own; then drop it, and accept this with the
reason. The drop itself takes no time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.finding import Severity
from pgassay.history import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a column of before that is not there any more."""
    for old, new in evidence.kept():
        there = {column.name for column in new.columns}
        for column in old.columns:
            mark = f"dropped table column {old.name.sql}."
            statement = next(
                (
                    s
                    for s in evidence.statements
                    for o in s.objects
                    if o.startswith(mark) and o.removeprefix(mark).strip('"') == column.name
                ),
                None,
            )
            if column.name in there or statement is None or column.inherited:
                continue
            lost = [i.name for i in old.indexes if i.name not in {n.name for n in new.indexes}]
            lost += [
                c.name
                for c in old.constraints
                if c.index is None and c.name not in {n.name for n in new.constraints}
            ]
            also = f"; with it {words.listed(lost)}" if lost else ""
            rows = evidence.trace.rows_of(old.name)
            yield evidence.finding(
                "column_dropped",
                statement,
                old.name,
                "the column is gone",
                part=column.name,
                found=f"{column.type.sql} of {words.rows(rows)} was dropped{also}",
                expected="a column that no running release reads or writes any more",
                why="its values cannot be brought back, and code that names it fails from now on",
                fix="stop using it in a release before this one; then accept this, with the "
                "reason, in "
                "accepted.toml",
                severity=Severity.ERROR if rows else Severity.WARNING,
            )
