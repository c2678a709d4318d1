"""Repairs of constraints and indexes. A key that foreign keys refer to takes them along."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.core.catalog import Constraint, ConstraintKind, Domain, Index, Table, TableKind
from pgassay.core.names import QualifiedName, quote
from pgassay.drift.ddl.clauses import constraint_clause, deferral
from pgassay.drift.ddl.rights import comment_on
from pgassay.drift.ddl.tables import (
    constraint_statements,
    index_of,
    index_statements,
    replica_identity,
)
from pgassay.drift.generated import is_generated_constraint, is_generated_index
from pgassay.drift.repairs.columns import set_and_reset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgassay.drift.repairs.site import Site

_REFERENCED = (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE)


def add(site: Site) -> Iterator[str]:
    """Yield what adds a constraint or an index."""
    if isinstance(site.promised, Index):
        yield from _missing_index(site)
    elif isinstance(site.built_in, Domain):
        yield from _domain_constraint(site.promised, site.built_in)
    else:
        if site.promised.kind is ConstraintKind.NOT_NULL:
            # The column has one under a name that PostgreSQL made up, or is about to.
            column = quote(site.promised.columns[0])
            yield f"{site.alter_table} ALTER COLUMN {column} DROP NOT NULL;"
        yield from constraint_statements(site.promised, _home(site))


def drop(site: Site) -> Iterator[str]:
    """Yield what drops a constraint or an index."""
    if isinstance(site.built, Index):
        if site.built.constraint is None and not _is_attached(site.built):
            yield f"DROP INDEX {_index_name(site)};"
    elif isinstance(site.built_in, Domain):
        name = quote(site.built.name)
        yield f"ALTER DOMAIN {site.built_in.name.sql} DROP CONSTRAINT {name};"
    elif not site.built.inherited:
        yield from _dropped(_referring(site, site.built.name))
        yield f"{site.alter_table} DROP CONSTRAINT {quote(site.built.name)};"
        if site.built.kind is ConstraintKind.NOT_NULL:
            for column in site.promised_in.columns:
                if column.name in site.built.columns and column.not_null:
                    yield f"{site.alter_table} ALTER COLUMN {quote(column.name)} SET NOT NULL;"


def rename(site: Site) -> Iterator[str]:
    """Yield what gives a constraint or an index its promised name."""
    one, other = quote(site.built.name), quote(site.promised.name)
    if isinstance(site.built, Index):
        yield f"ALTER INDEX {_index_name(site)} RENAME TO {other};"
    elif isinstance(site.built_in, Domain):
        yield f"ALTER DOMAIN {site.built_in.name.sql} RENAME CONSTRAINT {one} TO {other};"
    else:
        yield f"{site.alter_table} RENAME CONSTRAINT {one} TO {other};"


def change(site: Site) -> Iterable[str] | None:
    """Return what makes a field of a constraint or an index as promised; None for other objects."""
    if isinstance(site.built, Index):
        return _index(site)
    if not isinstance(site.built, Constraint):
        return None
    if isinstance(site.built_in, Domain):
        return [*drop(site), *_domain_constraint(_as_built(site), site.built_in)]
    if site.built.inherited or site.field == "inherited":
        return []
    return _constraint(site)


def _constraint(site: Site) -> Iterator[str]:
    name = quote(site.built.name)
    is_foreign = site.promised.kind is ConstraintKind.FOREIGN_KEY
    if site.field == "validated" and site.promised.validated and site.built.enforced:
        yield f"{site.alter_table} VALIDATE CONSTRAINT {name};"
    elif is_foreign and site.field in ("deferrable", "initially_deferred"):
        yield f"{site.alter_table} ALTER CONSTRAINT {name}{deferral(site.promised)};"
    else:
        yield from _rebuilt(site, site.built.name, site.promised)


def _rebuilt(site: Site, name: str, constraint: Constraint) -> Iterator[str]:
    """Drop a constraint and add it as promised, with what needs its index."""
    table = _home(site)
    referring = list(_referring(site, name))
    yield from _dropped(referring)
    yield f"{site.alter_table} DROP CONSTRAINT {quote(name)};"
    built = next(c for c in site.built_in.constraints if c.name == name)
    called = _new_name(site, constraint, built)
    yield from constraint_statements(constraint, table, called)
    for holder, foreign_key in referring:
        yield from constraint_statements(foreign_key, holder)
    owned = index_of(built, site.built_in)
    if owned is not None and site.built_in.replica_identity == owned.name:
        yield replica_identity(replace(site.built_in, replica_identity=called))


def _new_name(site: Site, constraint: Constraint, built: Constraint) -> str:
    """Return the built name; where both are made up, the promised one, which fits the content."""
    taken = {c.name for c in site.built_in.constraints}
    made_up = (
        is_generated_constraint(c, table.name.name, index_of(c, table))
        for c, table in ((constraint, site.promised_in), (built, site.built_in))
    )
    is_free = constraint.name not in taken
    return constraint.name if is_free and all(made_up) else built.name


def _home(site: Site) -> Table:
    """Return the promised table under the built one's name: where statements take place."""
    home: Table = replace(site.promised_in, name=site.built_in.name)
    return home


def _referring(site: Site, name: str) -> Iterator[tuple[Table, Constraint]]:
    """Yield the foreign keys that need the built key of that name, with their tables."""
    key = next((c for c in site.built_in.constraints if c.name == name), None)
    if key is None or key.kind not in _REFERENCED:
        return
    for table in site.built_catalog.tables:
        for other in table.foreign_keys:
            same = sorted(other.referenced_columns) == sorted(key.columns)
            if other.references == site.built_in.name and same and not other.inherited:
                yield table, other


def _dropped(referring: Iterable[tuple[Table, Constraint]]) -> Iterator[str]:
    for table, foreign_key in referring:
        yield f"ALTER TABLE {table.name.sql} DROP CONSTRAINT {quote(foreign_key.name)};"


def _as_built(site: Site) -> Constraint:
    """Return the promised constraint under the built one's name."""
    made: Constraint = replace(site.promised, name=site.built.name)
    return made


def _domain_constraint(constraint: Constraint, domain: Domain) -> Iterator[str]:
    clause = constraint_clause(constraint, None)
    yield f"ALTER DOMAIN {domain.name.sql} ADD CONSTRAINT {quote(constraint.name)} {clause};"
    if constraint.comment is not None:
        yield comment_on(constraint, domain)


def _index_name(site: Site) -> str:
    return QualifiedName(site.built_in.name.schema, site.built.name).sql


def _is_partitioned(site: Site) -> bool:
    """Whether the index is one of a partitioned table, which cannot be built by itself."""
    return isinstance(site.built_in, Table) and site.built_in.kind is TableKind.PARTITIONED


def _is_attached(index: Index) -> bool:
    return index.parent is not None


def _missing_index(site: Site) -> Iterator[str]:
    """Build an index; one that a partition lacks of its parent's is attached to it."""
    index, parent, holder = site.promised, site.promised_in, site.built_in
    lacks = isinstance(holder, Table) and holder.partition is not None and (
        holder.partition.parent == parent.name
    )  # fmt: skip
    if not lacks:
        if index.constraint is None:
            yield from index_statements(index, replace(parent, name=holder.name))
        return
    name = f"{holder.name.name}_{index.name}"[:63]
    yield from index_statements(index, replace(parent, name=holder.name), name)
    whole = QualifiedName(parent.name.schema, index.name).sql
    yield f"ALTER INDEX {whole} ATTACH PARTITION {QualifiedName(holder.name.schema, name).sql};"


def _index(site: Site) -> Iterator[str]:
    index: Index = site.built
    name = _index_name(site)
    if _is_attached(index) and site.field != "valid":
        return
    if site.field == "options":
        yield f"ALTER INDEX {name} " + set_and_reset(
            site.found, site.wanted, f"ALTER INDEX {name}"
        ) + ";"  # fmt: skip
    elif site.field == "clustered":
        how = f"CLUSTER ON {quote(index.name)}" if site.wanted else "SET WITHOUT CLUSTER"
        yield f"{site.alter_table} {how};"
    elif site.field == "valid" and site.wanted and not _is_partitioned(site):
        yield f"REINDEX INDEX {name};"
    elif site.field == "valid" and not site.wanted:
        return
    elif index.constraint is not None:
        yield from _index_of_constraint(site)
    else:
        yield from _index_anew(site)


def _index_anew(site: Site) -> Iterator[str]:
    index, holder = site.built, replace(site.promised_in, name=site.built_in.name)
    made_up = (
        is_generated_index(i, table.name.name)
        for i, table in ((site.promised, site.promised_in), (index, site.built_in))
    )
    is_free = site.promised.name not in {i.name for i in site.built_in.indexes}
    name = site.promised.name if is_free and all(made_up) else index.name
    yield f"DROP INDEX {_index_name(site)};"
    yield from index_statements(site.promised, holder, name)
    if getattr(site.built_in, "replica_identity", None) == index.name:
        yield replica_identity(replace(site.built_in, replica_identity=name))


def _index_of_constraint(site: Site) -> Iterator[str]:
    """Rebuild the constraint that owns the index."""
    owned = {i.name: i.constraint for i in site.promised_in.indexes}
    owner = next(
        (c for c in site.promised_in.constraints if c.name == owned.get(site.promised.name)), None
    )
    if owner is not None and site.built.constraint is not None:
        yield from _rebuilt(site, site.built.constraint, owner)
