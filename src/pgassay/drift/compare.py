"""Routes must meet: every difference between a promised catalog and a built one, as findings.

What is no difference: tools' own tables, the order of columns (told as information), names that
PostgreSQL made up, which partitions by time exist, and what differs between major versions for
one and the same schema.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.core.catalog import Sequence, Table
from pgassay.drift.alignment import aligned
from pgassay.drift.comparison import catalog_differences
from pgassay.drift.declared import without_exceptions
from pgassay.drift.difference import Change, Difference, named
from pgassay.drift.division import completed_pairs, divided
from pgassay.drift.months import month_differences
from pgassay.drift.neutral import comparable
from pgassay.drift.periods import declared
from pgassay.drift.repair_order import in_order
from pgassay.drift.settling import settled
from pgassay.drift.words import Sides, finding, unused_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgassay.core.catalog import Catalog
    from pgassay.core.finding import Finding
    from pgassay.core.names import QualifiedName
    from pgassay.drift.fixpoint import Fixpoint
    from pgassay.drift.policy import DriftPolicy


def compare(
    promised: Catalog,
    built: Catalog,
    *,
    fixpoint: Fixpoint | None,
    promised_by: str,
    built_by: str,
    policy: DriftPolicy,
) -> tuple[Finding, ...]:
    """Return every difference as a finding, with the statement that would repair it.

    Args:
        promised: what ought to be: the contract, or a locked contract.
        built: what is there.
        fixpoint: brings expressions that differ as text to a fixed point; None compares text.
        promised_by: who promised, as a noun that `the` goes before: `models`, `lock`.
        built_by: who built: `migrations`, `SQL files`.
        policy: what the comparison leaves out.

    The findings come in an order in which their repairs can be applied one after the other.
    """
    sides = Sides(
        promised_by=promised_by, built_by=built_by, promised=promised, built=built
    )  # fmt: skip
    found, unused = without_exceptions(
        differences(promised, built, fixpoint=fixpoint, policy=policy), policy
    )
    findings = [finding(difference, sides) for difference in in_order(found)]
    return (*findings, *(unused_pattern(pattern, sides) for pattern in unused))


def differences(
    promised: Catalog, built: Catalog, *, fixpoint: Fixpoint | None, policy: DriftPolicy
) -> list[Difference]:
    """Return the differences between two catalogs, declared exceptions included."""
    promised, built = comparable(promised, built)
    promised, built = _without_books(promised, built, policy)
    if fixpoint is not None:
        promised, built = settled(promised, built, fixpoint)
    promised, renamed = aligned(promised, built)
    one, other = divided(promised), divided(built)
    found = [*renamed, *catalog_differences(*completed_pairs(one, other))]
    found += [lack for lack in other.lacks if _place(lack) not in {_place(o) for o in one.lacks}]
    rules = {rule.table: declared(rule.every) for rule in policy.partitions}
    for parent, months in other.months.items():
        if parent in one.months:
            found += month_differences(one.months[parent], months, rules.get(parent))
    return [d for d in found if not _follows(d, found, promised, built)]


def _place(lack: Difference) -> tuple[object, str]:
    """Return which partition lacks what."""
    return lack.built_in.name, named(lack.promised)


def _without_books(
    promised: Catalog, built: Catalog, policy: DriftPolicy
) -> tuple[Catalog, Catalog]:
    """Leave out tools' own tables, with their sequences, that only one side has."""
    names = [{t.name for t in c.tables if policy.is_bookkeeping(t.name)} for c in (promised, built)]
    alone = names[0] ^ names[1]
    return _without(promised, alone), _without(built, alone)


def _without(catalog: Catalog, tables: set[QualifiedName]) -> Catalog:
    if not any(t.name in tables for t in catalog.tables):
        return catalog
    return replace(
        catalog,
        tables=tuple(t for t in catalog.tables if t.name not in tables),
        sequences=tuple(s for s in catalog.sequences if s.owned_by not in tables),
    )


def _follows(
    difference: Difference, found: Iterable[Difference], promised: Catalog, built: Catalog
) -> bool:
    """Whether a difference only follows from another one.

    A sequence comes and goes with the column that owns it, a partition with its parent.
    """
    if difference.change not in (Change.MISSING, Change.EXTRA):
        return False
    value, there = difference.promised, built
    if difference.change is Change.EXTRA:
        value, there = difference.built, promised
    if isinstance(value, Sequence) and value.owned_by is not None:
        return not _has_source(value, there)
    if isinstance(value, Table) and value.partition is not None:
        parents = set(_changed_tables(found, difference.change))
        return value.partition.parent in parents
    return False


def _has_source(sequence: Sequence, there: Catalog) -> bool:
    """Whether the other side has the owning column, and as an identity if it is one's sequence."""
    for table in there.tables:
        if table.name == sequence.owned_by:
            column = next((c for c in table.columns if c.name == sequence.owned_column), None)
            return column is not None and not (sequence.identity and column.identity is None)
    return False


def _changed_tables(found: Iterable[Difference], change: Change) -> Iterator[QualifiedName]:
    for difference in found:
        value = difference.promised if change is Change.MISSING else difference.built
        if difference.change is change and isinstance(value, Table):
            yield value.name
