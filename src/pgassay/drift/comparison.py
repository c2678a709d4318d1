"""Object by object: every field that is a promise, driven by the tables of promises."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from pgassay.core.catalog import Table, View
from pgassay.drift.content import named_like
from pgassay.drift.difference import Change, Difference
from pgassay.drift.generated import is_generated_constraint, is_generated_index
from pgassay.drift.pairing import Pairing, name_of, paired
from pgassay.drift.promises import THINGS, How, Promise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgassay.core.catalog import Catalog, Column, Constraint

OWN_OF_VIEW = ("default", "privileges", "comment")
"""The fields of a view's column that do not follow from its query."""


def catalog_differences(promised: Catalog, built: Catalog) -> Iterator[Difference]:
    """Yield the differences between two catalogs whose names are aligned."""
    for field in fields(promised):
        if THINGS[type(promised)].fields[field.name].how is How.CHILDREN:
            ones, others = getattr(promised, field.name), getattr(built, field.name)
            if ones != others:
                yield from _objects(ones, others)


def _objects(ones: tuple[Any, ...], others: tuple[Any, ...]) -> Iterator[Difference]:
    pairing = _by_name(ones, others)
    for one in pairing.missing:
        yield Difference(change=Change.MISSING, promised=one)
    for other in pairing.extra:
        yield Difference(change=Change.EXTRA, built=other)
    for one, other in pairing.pairs:
        yield from object_differences(one, other)


def _by_name(ones: tuple[Any, ...], others: tuple[Any, ...]) -> Pairing:
    """Return the pairing by name alone: whole objects were aligned before."""
    here, there = ({name_of(o): o for o in side} for side in (ones, others))
    return Pairing(
        pairs=[(o, there[n]) for n, o in here.items() if n in there],
        missing=[o for n, o in here.items() if n not in there],
        extra=[o for n, o in there.items() if n not in here],
    )


def object_differences(one: Any, other: Any) -> Iterator[Difference]:
    """Yield the differences between two objects that stand by themselves."""
    if one == other:
        return
    if isinstance(one, Table):
        yield from _order_of_columns(one, other)
        if one.replica_identity:
            names = _indexes(one, other).names()
            identity = names.get(one.replica_identity, one.replica_identity)
            one = replace(one, replica_identity=identity)
    yield from _field_differences(one, other, None, None)


def _field_differences(one: Any, other: Any, one_in: Any, other_in: Any) -> Iterator[Difference]:
    """Yield the differences between two objects; `one_in` and `other_in` hold them, if any do."""
    repeats, told = "", False
    for name, promise in THINGS[type(one)].fields.items():
        if _is_equal(promise, getattr(one, name), getattr(other, name)):
            continue
        if promise.how is How.LAST:
            repeats = name
        elif promise.how is How.GRANTS:
            yield from _grants(one, other, one_in, other_in)
        elif promise.how in (How.CHILDREN, How.ORDER):
            yield from _children(one, other, name)
        else:
            told = told or name != "comment"
            yield _changed(one, other, name, one_in, other_in)
    if repeats and not told:
        yield _changed(one, other, repeats, one_in, other_in)


def _is_equal(promise: Promise, this: Any, that: Any) -> bool:
    """Whether two values of a field are no difference."""
    if promise.how in (How.SILENT, How.NAME) or this == that:
        return True
    if promise.how is How.SET:
        return sorted(this) == sorted(that)
    return promise.by is not None and promise.by(this) == promise.by(that)


def _changed(one: Any, other: Any, field: str, one_in: Any, other_in: Any) -> Difference:
    return Difference(
        change=Change.CHANGED,
        promised=one,
        built=other,
        field=field,
        promised_in=one_in,
        built_in=other_in,
    )


def _grants(one: Any, other: Any, one_in: Any, other_in: Any) -> Iterator[Difference]:
    """Yield one difference for every grantee whose rights differ."""
    promised, built = set(one.privileges), set(other.privileges)
    for grantee in sorted({p.grantee for p in promised ^ built}):
        yield replace(
            _changed(one, other, "privileges", one_in, other_in), grantee=grantee
        )  # fmt: skip


def _children(one: Any, other: Any, field: str) -> Iterator[Difference]:
    if field == "columns":
        yield from _columns(one, other)
        return
    if field == "indexes":
        pairing = _indexes(one, other)
    elif field == "constraints":
        pairing = paired_constraints(one, other)
    else:
        pairing = paired(getattr(one, field), getattr(other, field))
    yield from _paired_children(pairing, one, other)


def _paired_children(pairing: Pairing, one: Any, other: Any) -> Iterator[Difference]:
    for lost in pairing.missing:
        yield Difference(
            change=Change.MISSING, promised=lost, promised_in=one, built_in=other
        )  # fmt: skip
    for new in pairing.extra:
        yield Difference(change=Change.EXTRA, built=new, promised_in=one, built_in=other)
    for first, second in pairing.renamed:
        yield Difference(
            change=Change.RENAMED, promised=first, built=second, promised_in=one, built_in=other
        )
    renamed = {id(first) for first, _ in pairing.renamed}
    for first, second in pairing.pairs:
        if first != second:
            same = named_like(first, second.name) if id(first) in renamed else first
            yield from _field_differences(same, second, one, other)


def _columns(one: Any, other: Any) -> Iterator[Difference]:
    if isinstance(one, View):
        yield from _columns_of_view(one, other)
        return
    yield from _paired_children(_by_name(one.columns, other.columns), one, other)
    if THINGS[type(one)].fields["columns"].how is How.ORDER:
        names, others = ([c.name for c in side.columns] for side in (one, other))
        if names != others and sorted(names) == sorted(others):
            yield _changed(one, other, "columns", None, None)


def _columns_of_view(one: View, other: View) -> Iterator[Difference]:
    """Compare what is said of a view's columns beside its query, from which the rest follows.

    A locked contract holds only the columns of which something is said.
    """
    pairing = _by_name(one.columns, other.columns)
    pairs = pairing.pairs
    if one.definition == other.definition:
        pairs += [(c, _unsaid(c)) for c in pairing.missing]
        pairs += [(_unsaid(c), c) for c in pairing.extra]
    for first, second in pairs:
        for difference in _field_differences(first, second, one, other):
            if difference.field in OWN_OF_VIEW:
                yield difference


def _unsaid(column: Column) -> Column:
    return replace(column, default=None, privileges=(), comment=None)


def _order_of_columns(one: Table, other: Table) -> Iterator[Difference]:
    """Yield information where the columns both have come in another order.

    A locked contract holds no positions: they are all 0 there.
    """
    sides = [sorted(t.columns, key=lambda c: c.position) for t in (one, other)]
    common = {c.name for c in sides[0]} & {c.name for c in sides[1]}
    orders = [[c.name for c in side if c.name in common] for side in sides]
    known = all(c.position for side in sides for c in side)
    if known and orders[0] != orders[1] and not one.partition:
        yield Difference(change=Change.ORDER, promised=one, built=other)


def paired_constraints(one: Any, other: Any) -> Pairing:
    """Return which constraint of a table or domain is which."""
    return paired(one.constraints, other.constraints, _made_up_in(one), _made_up_in(other))


def _made_up_in(holder: Any) -> Callable[[Any], bool]:
    owned = {i.constraint: i for i in getattr(holder, "indexes", ()) if i.constraint}

    def made_up(constraint: Constraint) -> bool:
        return is_generated_constraint(constraint, holder.name.name, owned.get(constraint.name))

    return made_up


def _indexes(one: Table | View, other: Table | View) -> Pairing:
    """Return which index is which: a constraint's index is its constraint's, whatever its name.

    An index whose constraint is missing, or was promised by nobody, is not told beside it.
    """
    constraints = paired_constraints(one, other) if isinstance(one, Table) else Pairing()
    names = constraints.names()
    free, other_free = ([i for i in side.indexes if not i.constraint] for side in (one, other))
    found = paired(
        free,
        other_free,
        lambda i: is_generated_index(i, one.name.name),
        lambda i: is_generated_index(i, other.name.name),
    )
    without_twin = {c.name for c in (*constraints.missing, *constraints.extra)}
    owned = {i.constraint: i for i in other.indexes if i.constraint}
    for index in one.indexes:
        if not index.constraint:
            continue
        constraint = names.get(index.constraint, index.constraint)
        twin = owned.pop(constraint, None)
        if twin is not None:
            found.pairs.append((replace(index, constraint=constraint), twin))
        elif index.constraint not in without_twin:
            found.missing.append(index)
    found.extra += [i for i in owned.values() if i.constraint not in without_twin]
    return found
