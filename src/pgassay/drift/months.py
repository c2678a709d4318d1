"""The partitions of a table by time: their pattern, and what each has of its own.

Which of them exist is no part of the contract. The pattern is that of the promised partitions;
where the contract has none, the one that the configuration declares; where neither says anything,
the built ones are held against each other. A bound that the contract itself has is never wrong.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pgassay.core.catalog import Partition, PartitionStrategy, Table
from pgassay.core.names import QualifiedName
from pgassay.drift.comparison import object_differences
from pgassay.drift.difference import Change, Difference, Note
from pgassay.drift.own_share import completed
from pgassay.drift.periods import Pattern, Span, common_pattern, gaps, span_of, stand_in
from pgassay.drift.rewriting import with_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WHY_PATTERN = (
    "what creates and drops the partitions counts on their width; a bound of another width sends "
    "rows elsewhere and stands in the way of the next partition"
)
_WHY_GAP = "rows of that time go to the default partition, or are refused where there is none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """The partitions by time of one table, reduced to their own share."""

    parent: Table
    partitions: tuple[Table, ...] = ()

    @property
    def stand_in(self) -> Table | None:
        """What a locked contract holds in place of them, if the parent is read from one."""
        return next((t for t in self.partitions if stand_in(bound_of(t))), None)

    @property
    def pattern(self) -> Pattern | None:
        """Their pattern: the stated one, or the one that most of them have."""
        stated = self.stand_in
        return stand_in(bound_of(stated)) if stated else common_pattern(self.spans)

    @property
    def spans(self) -> dict[Span, Table]:
        """What each covers."""
        return {span: t for t in self.partitions if (span := span_of(bound_of(t)))}


def bound_of(partition: Table) -> str:
    """Return a partition's bound."""
    assert partition.partition is not None
    return partition.partition.bound


def is_period(partition: Table, parent: Table | None) -> bool:
    """Whether a partition is one of those that come and go with time."""
    key = parent.partition_key if parent else None
    if key is None or key.strategy is not PartitionStrategy.RANGE or len(key.columns) != 1:
        return False
    bound = bound_of(partition)
    return span_of(bound) is not None or stand_in(bound) is not None


def stand_in_of(months: Months) -> tuple[Table, ...]:
    """Return what a locked contract holds in place of the partitions.

    One table whose bound is the pattern, and beside it the partitions that are particular: of
    another width, or with something of their own that the others do not have. Where no pattern
    leads or there are gaps, all of them are held.
    """
    pattern = months.pattern
    if pattern is None or months.stand_in is not None or gaps(list(months.spans)):
        return months.partitions
    fitting = [t for span, t in months.spans.items() if pattern.fits(span)]
    model = _usual(fitting)
    name = QualifiedName(model.name.schema, f"{months.parent.name.name} by time")
    partition = Partition(parent=months.parent.name, bound=pattern.bound)
    usual = replace(called(model, name), partition=partition, comment=None)
    share = _nameless(model)
    particular = (
        t for span, t in months.spans.items() if not pattern.fits(span) or _nameless(t) != share
    )
    return (usual, *particular)


def month_differences(
    promised: Months, built: Months, declared: Pattern | None
) -> Iterator[Difference]:
    """Yield what is wrong with the partitions of one table, whichever of them exist."""
    pattern = promised.pattern or declared
    if pattern is not None and not built.partitions:
        yield _none_built(built.parent, pattern)
        return
    found = built.pattern
    if declared is not None and pattern is not None and pattern != declared:
        said = f"the configuration declares {declared}, the contract has {pattern}"
        yield _other_pattern(built.parent, "declared pattern", said, declared, pattern)
    if pattern is not None and found is not None and pattern != found:
        said = f"{found} instead of {pattern}"
        yield _other_pattern(built.parent, "pattern", said, pattern, found)
    wanted = found or pattern
    if wanted is not None:
        yield from _misfits(promised, built, wanted)
    yield from _own(promised, built)


def _misfits(promised: Months, built: Months, pattern: Pattern) -> Iterator[Difference]:
    allowed = {bound_of(t) for t in promised.partitions}
    fitting = []
    for span, table in built.spans.items():
        if pattern.fits(span):
            fitting.append(span)
        elif bound_of(table) not in allowed:
            yield _misfit(table, span, pattern, built)
    known = gaps(list(promised.spans))
    for gap in gaps(list(built.spans)):
        if (
            gap not in known
            and any(gap.start == s.end for s in fitting)
            and any(gap.end == s.start for s in fitting)
        ):
            yield _gap(gap, pattern, built)


def _none_built(parent: Table, pattern: Pattern) -> Difference:
    note = Note(
        aspect="partitions",
        title=f"{pattern} was promised, and no partition but the default is there",
        found="no partition by time",
        expected=str(pattern),
        why=_WHY_GAP,
    )
    return Difference(change=Change.CHANGED, promised=parent, built=parent, note=note)


def _other_pattern(
    parent: Table, aspect: str, said: str, wanted: Pattern, found: Pattern
) -> Difference:
    note = Note(aspect=aspect, title=said, found=str(found), expected=str(wanted), why=_WHY_PATTERN)
    return Difference(change=Change.CHANGED, promised=parent, built=parent, note=note)


def _misfit(table: Table, span: Span, pattern: Pattern, built: Months) -> Difference:
    others = [s for s in built.spans if s != span]
    right = _right_span(span, pattern, others)
    fix = ""
    if right is not None:
        parent = built.parent.name.sql
        fix = (
            f"ALTER TABLE {parent} DETACH PARTITION {table.name.sql};\n"
            f"ALTER TABLE {parent} ATTACH PARTITION {table.name.sql} {right.bound};"
        )
    note = Note(
        aspect="bound",
        title=f"its bound does not fit {pattern}",
        found=span.bound,
        expected=right.bound if right else str(pattern),
        why=_WHY_PATTERN,
        fix=fix,
    )
    return Difference(change=Change.CHANGED, promised=table, built=table, note=note)


def _right_span(span: Span, pattern: Pattern, others: Sequence[Span]) -> Span | None:
    """Return the one span of the pattern that begins or ends where this one does and is free."""
    found = []
    before = max((s.end for s in others if s.end <= span.start), default=None)
    for start in {span.start, before} - {None}:
        assert start is not None
        right = Span(start=start, end=pattern.after(start), dated=span.dated)
        overlaps = any(s.start < right.end and right.start < s.end for s in others)
        touches = span.start == right.start or span.end == right.end
        if pattern.fits(right) and touches and not overlaps:
            found.append(right)
    return found[0] if len(found) == 1 else None


def _gap(gap: Span, pattern: Pattern, built: Months) -> Difference:
    spans, start = [], gap.start
    while start < gap.end:
        spans.append(Span(start=start, end=pattern.after(start), dated=gap.dated))
        start = spans[-1].end
    fix = "\n".join(
        f"CREATE TABLE {_name_for(span, built).sql} PARTITION OF {built.parent.name.sql} "
        f"{span.bound};"
        for span in spans
    )
    note = Note(
        aspect=f"gap from {gap.start.isoformat(' ')}",
        title=f"no partition covers {gap.start.isoformat(' ')} to {gap.end.isoformat(' ')}",
        found="a gap between two partitions",
        expected=f"{pattern}, without a gap",
        why=_WHY_GAP,
        fix=fix if start == gap.end else "",
    )
    return Difference(change=Change.CHANGED, promised=built.parent, built=built.parent, note=note)


def _name_for(span: Span, built: Months) -> QualifiedName:
    """Return a name like those of the neighbours, which carry the start of their span."""
    for other, table in built.spans.items():
        for form in ("%Y_%m_%d", "%Y%m%d", "%Y_%m", "%Y%m", "%Y"):
            head, found, tail = table.name.name.rpartition(other.start.strftime(form))
            if found and not tail:
                return QualifiedName(table.name.schema, head + span.start.strftime(form))
    parent = built.parent.name
    return QualifiedName(parent.schema, f"{parent.name}_{span.start:%Y_%m_%d}")


def _own(promised: Months, built: Months) -> Iterator[Difference]:
    """Compare what each partition has of its own with what the promised ones have.

    Where none is promised, with what most of the built ones have.
    """
    if not built.partitions:
        return
    model = promised.stand_in or _usual(promised.partitions or built.partitions)
    twins = {bound_of(t): t for t in promised.partitions}
    for table in built.partitions:
        twin = twins.get(bound_of(table), model)
        wanted = replace(called(twin, table.name), partition=table.partition, comment=table.comment)
        one = completed(wanted, table, promised.parent if promised.partitions else built.parent)
        other = completed(table, one, built.parent)
        yield from object_differences(one, other)


def called(table: Table, name: QualifiedName) -> Table:
    """Return a partition under another name, and what is named after it as well."""
    made = with_names(table, {table.name: name})
    old, new = table.name.name, name.name
    if old == new:
        return made
    return replace(
        made,
        constraints=tuple(
            replace(c, name=c.name.replace(old, new), index=c.index and c.index.replace(old, new))
            for c in made.constraints
        ),
        indexes=tuple(
            replace(
                i,
                name=i.name.replace(old, new),
                constraint=i.constraint and i.constraint.replace(old, new),
            )
            for i in made.indexes
        ),
    )


def _usual(tables: Sequence[Table]) -> Table:
    """Return the partition whose own share most of them have, or else that with the least."""
    shares = {t.name: _nameless(t) for t in tables}
    counted = Counter(shares.values())
    usual = max(counted, key=lambda share: (counted[share], -_weight(share)))
    return next(t for t in tables if shares[t.name] == usual)


def _weight(share: Table) -> int:
    """Return how much a partition has of its own."""
    own = (share.columns, share.constraints, share.indexes, share.triggers, share.policies)
    return sum(map(len, (*own, share.rules, share.options, share.privileges)))


def _nameless(table: Table) -> Table:
    bare = replace(table, comment=None, partition=None)
    return called(bare, QualifiedName("", ""))
