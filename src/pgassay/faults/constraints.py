"""What can be done to a constraint of any kind: dropped, renamed, commented."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import ConstraintKind
from pgassay.core.names import literal, quote
from pgassay.faults.fault import OF_ITS_OWN, Fault, planted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog, Constraint, Table


def faults(catalog: Catalog) -> Iterator[Fault]:
    """Yield each constraint dropped, renamed and with another comment."""
    for table in catalog.tables:
        for constraint in table.constraints:
            name, on = quote(constraint.name), table.name.sql
            kind = constraint.kind.replace(" ", "-")
            yield planted(
                f"{kind}-dropped", table.name, constraint.name,
                f"ALTER TABLE {on} DROP CONSTRAINT {name} CASCADE",
            )  # fmt: skip
            yield planted(
                f"{kind}-renamed", table.name, constraint.name,
                f"ALTER TABLE {on} RENAME CONSTRAINT {name} TO pgassay_other_name",
                explained=_no_name(table, constraint),
            )  # fmt: skip
            comment = literal((constraint.comment or "") + " other")
            yield planted(
                "constraint-comment", table.name, constraint.name,
                f"COMMENT ON CONSTRAINT {name} ON {on} IS {comment}",
                explained="a comment",
            )  # fmt: skip


def _no_name(table: Table, constraint: Constraint) -> str:
    """Return why no refusal tells the name; empty where one does."""
    if constraint.kind is ConstraintKind.NOT_NULL:
        return "no refusal of a NOT NULL names its constraint"
    if constraint.inherited:
        return OF_ITS_OWN
    divided = table.partition_key is not None and constraint.kind is not ConstraintKind.CHECK
    return "a row is refused under the name that its partition's copy has" if divided else ""
