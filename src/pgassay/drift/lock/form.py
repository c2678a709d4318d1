"""The form of a catalog that a locked contract holds: what is no part of the contract is gone.

Reading a lock gives exactly the form of the catalog that it was written from.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from pgassay.core.catalog import (
    Catalog,
    Column,
    Constraint,
    ConstraintKind,
    DefaultPrivileges,
    Index,
    IndexKey,
    Privilege,
    Table,
    View,
)
from pgassay.core.names import QualifiedName
from pgassay.drift.comparison import OWN_OF_VIEW
from pgassay.drift.content import content
from pgassay.drift.ddl.clauses import constraint_clause, index_statement
from pgassay.drift.division import divided
from pgassay.drift.generated import (
    chosen_name,
    constraint_addition,
    index_addition,
    is_generated_constraint,
    is_generated_index,
    is_generated_sequence,
    label,
)
from pgassay.drift.months import stand_in_of
from pgassay.drift.neutral import neutral
from pgassay.drift.pairing import name_of
from pgassay.drift.policy import BOOKKEEPING
from pgassay.drift.promises import THINGS, How
from pgassay.drift.rewriting import with_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_KEYS = (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE)
_AS_THEY_ARE = (
    "schemas",
    "extensions",
    "enums",
    "ranges",
    "sequences",
    "functions",
    "event_triggers",
)
_UNKNOWN = "expr"
"""What PostgreSQL calls most expressions in a made-up name."""


def contract_form(catalog: Catalog) -> Catalog:
    """Return what a locked contract holds of a catalog."""
    catalog = _without_books(neutral(catalog))
    catalog = _plain_sequences(catalog)
    parts = divided(catalog)
    months = [table for family in parts.months.values() for table in stand_in_of(family)]
    tables = [_plain(t) for t in (*parts.catalog.tables, *months)]
    sorted_by_name: dict[str, Any] = {
        field: tuple(sorted(getattr(catalog, field), key=name_of)) for field in _AS_THEY_ARE
    }
    form = replace(
        catalog,
        **sorted_by_name,
        domains=_sorted(map(_plain, catalog.domains)),
        composites=_sorted(map(_unplaced, catalog.composites)),
        tables=_sorted(tables),
        views=_sorted(map(_plain, catalog.views)),
        default_privileges=tuple(sorted(catalog.default_privileges, key=_of_role)),
    )
    ordered: Catalog = _in_order(form)
    return ordered


def plain_index(constraint: Constraint, table: Table) -> Index | None:
    """Return the index that a key of a table has unless something else was said; None if none.

    A lock leaves it out.
    """
    if constraint.kind not in _KEYS or constraint.without_overlaps or constraint.inherited:
        return None
    index = Index(
        name=constraint.name,
        method="btree",
        keys=tuple(IndexKey(column=column) for column in constraint.columns),
        unique=True,
        nulls_not_distinct=constraint.nulls_not_distinct,
        constraint=constraint.name,
        definition="",
    )
    return replace(index, definition=index_statement(index, table.name))


def _in_order(value: Any) -> Any:
    """Return an object with everything sorted that has no order, in its parts as well."""
    cls: type = type(value)
    sets, grants, parts = _orders(cls)
    changes: dict[str, Any] = {}
    for field in sets:
        item = getattr(value, field)
        if len(item) > 1:
            changes[field] = tuple(sorted(item))
    for field in grants:
        if len(value.privileges) > 1:
            changes[field] = tuple(sorted(value.privileges, key=_right))
    for field in parts:
        if old := getattr(value, field):
            new = tuple(_in_order(part) for part in old)
            if any(one is not other for one, other in zip(new, old, strict=True)):
                changes[field] = new
    return replace(value, **changes) if changes else value


@cache
def _orders(cls: type) -> tuple[list[str], list[str], list[str]]:
    """Return the fields of a class that are sets, rights, and parts with either."""
    promises = THINGS[cls].fields.items()
    by_how = (
        [name for name, promise in promises if promise.how in hows]
        for hows in ((How.SET,), (How.GRANTS,), (How.CHILDREN, How.ORDER))
    )
    sets, grants, parts = by_how
    return sets, grants, parts


def _right(privilege: Privilege) -> tuple[str, str, bool]:
    return privilege.grantee, privilege.privilege, privilege.revoked


def _of_role(default: DefaultPrivileges) -> tuple[str, str, str]:
    return default.role, default.schema or "", default.object_type


def _sorted(objects: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(objects, key=lambda o: o.name))


def _without_books(catalog: Catalog) -> Catalog:
    books = {t.name for t in catalog.tables if t.name.name in BOOKKEEPING}
    return replace(
        catalog,
        tables=tuple(t for t in catalog.tables if t.name not in books),
        sequences=tuple(s for s in catalog.sequences if s.owned_by not in books),
    )


def _plain_sequences(catalog: Catalog) -> Catalog:
    """Give sequences whose names were made up the names that they would have in a new database."""
    taken = {s.name for s in catalog.sequences} | {t.name for t in catalog.tables}
    names = {}
    for sequence in catalog.sequences:
        if not is_generated_sequence(sequence):
            continue
        assert sequence.owned_by is not None
        assert sequence.owned_column is not None
        fresh = chosen_name(sequence.owned_by.name, sequence.owned_column, "seq")
        name = QualifiedName(sequence.name.schema, fresh)
        if name not in taken:
            names[sequence.name] = name
            taken.add(name)
    return with_names(catalog, names)


def _plain(holder: Any) -> Any:
    """Return a table, a view or a domain without positions and history."""
    changes: dict[str, Any] = {}
    if hasattr(holder, "columns"):
        holder = _unplaced(holder)
        said = [c for c in holder.columns if not isinstance(holder, View) or _says_something(c)]
        changes["columns"] = _sorted(said)
    if hasattr(holder, "constraints"):
        holder = _plain_constraints(holder)
        changes["constraints"] = _sorted(_defined(c, holder) for c in holder.constraints)
    if hasattr(holder, "indexes"):
        holder = _plain_indexes(holder)
        changes["indexes"] = _sorted(
            replace(i, definition=index_statement(i, holder.name)) for i in holder.indexes
        )
    if isinstance(holder, Table):
        changes["replica_identity"] = holder.replica_identity
    for field in ("triggers", "policies", "rules", "statistics"):
        if hasattr(holder, field):
            changes[field] = _sorted(getattr(holder, field))
    return replace(holder, **changes)


def _says_something(column: Column) -> bool:
    return any(getattr(column, field) for field in OWN_OF_VIEW)


def _unplaced(holder: Any) -> Any:
    columns: tuple[Column, ...] = tuple(replace(c, position=0) for c in holder.columns)
    return replace(holder, columns=columns)


def _defined(constraint: Constraint, holder: Any) -> Constraint:
    indexes = getattr(holder, "indexes", ())
    index = next((i for i in indexes if i.constraint == constraint.name), None)
    return replace(
        constraint,
        definition=constraint_clause(constraint, index),
        index=index.name if index else None,
    )


def _plain_constraints(holder: Any) -> Any:
    owned: dict[str, Index] = {
        i.constraint: i for i in getattr(holder, "indexes", ()) if i.constraint
    }

    def made_up(constraint: Constraint) -> str | None:
        index = owned.get(constraint.name)
        if not is_generated_constraint(constraint, holder.name.name, index):
            return None
        addition = constraint_addition(constraint, index)
        return _fresh(holder, addition, label(constraint))

    names = _names(holder.constraints, made_up)
    changes: dict[str, Any] = {
        "constraints": tuple(replace(c, name=names[c.name]) for c in holder.constraints)
    }
    if hasattr(holder, "indexes"):
        changes["indexes"] = tuple(
            replace(
                i,
                name=names.get(i.constraint, i.name),
                constraint=names.get(i.constraint, i.constraint),
            )
            if i.constraint
            else i
            for i in holder.indexes
        )
        identity = _identity_of(holder, names)
        changes["replica_identity"] = identity
    return replace(holder, **changes)


def _identity_of(table: Table, names: dict[str, str]) -> str | None:
    """Return the replica identity of a table whose constraints get other names."""
    for index in table.indexes:
        if index.name == table.replica_identity and index.constraint:
            return names.get(index.constraint, index.name)
    return table.replica_identity


def _plain_indexes(holder: Any) -> Any:
    def made_up(index: Index) -> str | None:
        if not is_generated_index(index, holder.name.name):
            return None
        return _fresh(holder, index_addition(index), "idx")

    free = [i for i in holder.indexes if not i.constraint]
    names = _names(free, made_up)
    indexes = tuple(
        i if i.constraint else replace(i, name=names[i.name]) for i in holder.indexes
    )  # fmt: skip
    if not isinstance(holder, Table):
        return replace(holder, indexes=indexes)
    identity = names.get(holder.replica_identity or "", holder.replica_identity)
    return replace(holder, indexes=indexes, replica_identity=identity)


def _fresh(holder: Any, addition: str | None, ending: str) -> str:
    return chosen_name(holder.name.name, _UNKNOWN if addition is None else addition, ending)


def _names(children: Iterable[Any], made_up: Callable[[Any], str | None]) -> dict[str, str]:
    """Return each child's name in the lock; made-up ones are numbered in the order of content."""
    fresh = [(c, made_up(c)) for c in children]
    names = {c.name: c.name for c, name in fresh if name is None}
    taken = set(names)
    for child, name in sorted(
        ((c, n) for c, n in fresh if n is not None), key=lambda pair: repr(content(pair[0]))
    ):
        wanted, number = name, 0
        while wanted in taken:
            number += 1
            wanted = f"{name}{number}"
        names[child.name] = wanted
        taken.add(wanted)
    return names
