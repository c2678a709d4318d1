"""A new index can do nothing that another one cannot.

Its columns are the first columns of another index on the same table, in the same order. Queries are
served by the other; writes pay for both.

    create index orders_customer_again on orders (customer_id);   -- there is (customer_id) already

Silent for indexes that guard something (unique), have a predicate, or another method or operator
class. Ignore it where the narrow one is kept on purpose because it is much smaller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.names import QualifiedName
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a new index that is the beginning of another."""
    for old, new in evidence.kept():
        known = {index.name for index in old.indexes}
        for index in new.indexes:
            if index.name in known or index.unique or index.parent is not None or index.include:
                continue
            for other in new.indexes:
                if other is index or other.method != index.method:
                    continue
                if (
                    other.predicate
                    or index.predicate
                    or other.keys[: len(index.keys)] != index.keys
                ):
                    continue
                if other.keys == index.keys and other.name not in known and other.name > index.name:
                    continue  # of two new ones that are alike, one is told
                statement = next((s for s in evidence.statements if index.name in s.text), None)
                name = QualifiedName(new.name.schema, index.name)
                yield evidence.finding(
                    "index_redundant",
                    statement,
                    new.name,
                    f"{other.name} begins with the same columns",
                    part=index.name,
                    found=f"{index.definition}, beside {other.definition}",
                    expected="one index that serves both",
                    why="every write pays for it, and no read needs it",
                    way=(Step(sql=f"DROP INDEX CONCURRENTLY {name.sql}", alone=True),),
                )
                break
