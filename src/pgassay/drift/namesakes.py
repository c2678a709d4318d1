"""What PostgreSQL calls otherwise on each side, and is the same all the same.

A table that was renamed keeps the made-up name of its primary key (`assignations_pkey` on
`task_person_link`). That is no drift, and so no case may fail for it: the copies that cases run
on are called as the contract's own database calls them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgassay.core.catalog import ConstraintKind
from pgassay.core.names import QualifiedName, quote
from pgassay.drift.comparison import paired_constraints
from pgassay.drift.generated import is_generated_index, is_generated_sequence
from pgassay.drift.pairing import Pairing, paired

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog, Sequence, Table, View

_SCRATCH = "pgassay namesake"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Namesake:
    """One object that both sides have, under two names.

    `holder` is its table, for a constraint; relations are named by themselves.
    """

    keyword: str
    schema: str
    holder: QualifiedName | None
    promised: str
    built: str

    def renaming(self, old: str, new: str) -> str:
        """Return the statement that calls it otherwise."""
        if self.holder is not None:
            return f"alter table {self.holder.sql} rename constraint {quote(old)} to {quote(new)}"
        name = QualifiedName(self.schema, old).sql
        return f"alter {self.keyword} {name} rename to {quote(new)}"


def called_alike(promised: Catalog, built: Catalog) -> tuple[str, ...]:
    """Return statements that give what was built the names that PostgreSQL made up for the models.

    Names that a person gave stay, and are drift where they differ. Two names may change places,
    so all of them are laid down first; one that something else has is left as it is.
    """
    found = list(_namesakes(promised, built))
    leaving = {(one.schema, one.built) for one in found}
    taken = _taken(built) - leaving
    found = [one for one in found if (one.schema, one.promised) not in taken]
    laid_down = [
        one.renaming(one.built, f"{_SCRATCH} {number}") for number, one in enumerate(found)
    ]
    taken_up = [
        one.renaming(f"{_SCRATCH} {number}", one.promised) for number, one in enumerate(found)
    ]
    return (*laid_down, *taken_up)


def _namesakes(promised: Catalog, built: Catalog) -> Iterator[_Namesake]:
    there = {table.name: table for table in built.tables}
    for table in promised.tables:
        other = there.get(table.name)
        if other is None or table.partition is not None:
            continue
        for one, two in _silent(paired_constraints(table, other)):
            if one.kind is not ConstraintKind.NOT_NULL:  # no error names it
                yield _Namesake(
                    keyword="table",
                    schema=table.name.schema,
                    holder=table.name,
                    promised=one.name,
                    built=two.name,
                )
        for one, two in _silent(_free_indexes(table, other)):
            yield _Namesake(
                keyword="index",
                schema=table.name.schema,
                holder=None,
                promised=one.name,
                built=two.name,
            )
    sequences = paired(
        promised.sequences, built.sequences, is_generated_sequence, is_generated_sequence
    )
    for one, two in _silent(sequences):
        if one.name.schema == two.name.schema:
            yield _Namesake(
                keyword="sequence",
                schema=one.name.schema,
                holder=None,
                promised=one.name.name,
                built=two.name.name,
            )


def _silent(pairing: Pairing) -> Iterator[tuple[Any, Any]]:
    """Yield the pairs under two names of which nothing is told."""
    told = {id(one) for one, _ in pairing.renamed}
    return (
        (one, two) for one, two in pairing.pairs if one.name != two.name and id(one) not in told
    )


def _free_indexes(table: Table, other: Table) -> Pairing:
    ones, others = ([i for i in side.indexes if not i.constraint] for side in (table, other))
    return paired(
        ones,
        others,
        lambda index: is_generated_index(index, table.name.name),
        lambda index: is_generated_index(index, other.name.name),
    )


def _taken(built: Catalog) -> set[tuple[str, str]]:
    """Return the names of relations, and of constraints, which share no names within a schema."""
    relations: list[Sequence | Table | View] = [*built.sequences, *built.tables, *built.views]
    names = {(relation.name.schema, relation.name.name) for relation in relations}
    for table in built.tables:
        names |= {(table.name.schema, index.name) for index in table.indexes}
        names |= {(table.name.schema, constraint.name) for constraint in table.constraints}
    return names
