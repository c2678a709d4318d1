"""What the reader covers, and the lookups that every family of objects shares.

In scope are the schemas of users: not `pg_*` (temporary and TOAST among them), not
`information_schema`, and no member of an extension. Objects made by users have oids from 16384 on
(FirstNormalObjectId), which keeps the big system catalogs' own rows out of the shared lookups.

Fixed aliases in every query: n namespace, c class, a attribute, t type, con constraint, i index,
tg trigger, p proc, d depend.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from pgassay.core.names import QualifiedName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.core.catalog import Privilege
    from pgassay.postgres.catalog.types import Types

Row = tuple[Any, ...]
"""One row of a query on `pg_catalog`; its module names the columns where it unpacks them."""

FIRST_USER_OID = 16384

USER_SCHEMA = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'"


def not_of_extension(catalog: str, oid: str) -> str:
    """Return a condition that `oid`, of that system catalog, is no member of an extension."""
    return (
        f"not exists (select from pg_catalog.pg_depend d"
        f" where d.classid = 'pg_catalog.{catalog}'::pg_catalog.regclass"
        f" and d.objid = {oid} and d.deptype = 'e')"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """One row of pg_class, as much of it as others refer to."""

    oid: int
    name: QualifiedName
    kind: str


class Attribute(NamedTuple):
    """What others need of one column: its name, and the oids of its type and collation."""

    name: str
    type: int
    collation: int


@dataclass(slots=True, kw_only=True)
class Scope:
    """The lookups by oid that the families share while one catalog is read.

    `comments` and `privileges` are keyed by (system catalog, oid, column number), the last 0 for
    the object itself. `parents` lists what a relation inherits from, in order.
    """

    relations: dict[int, Relation]
    parents: dict[int, list[int]]
    collations: dict[int, QualifiedName]
    comments: dict[tuple[str, int, int], str]
    privileges: dict[tuple[str, int, int], tuple[Privilege, ...]]
    types: Types
    attributes: dict[int, dict[int, Attribute]] = field(default_factory=dict)

    def columns(self, relation: int, numbers: Iterable[int] | None) -> tuple[str, ...]:
        """Return the names of columns by their numbers; 0, an expression, has none."""
        known = self.attributes.get(relation, {})
        return tuple(known[number].name for number in numbers or () if number)

    def comment(self, catalog: str, oid: int, column: int = 0) -> str | None:
        """Return the comment on an object."""
        return self.comments.get((catalog, oid, column))

    def rights(self, catalog: str, oid: int, column: int = 0) -> tuple[Privilege, ...]:
        """Return the privileges on an object that differ from the default ones."""
        return self.privileges.get((catalog, oid, column), ())

    def collation(self, used: int, own: int) -> QualifiedName | None:
        """Return the collation in use where it is not the type's own."""
        return None if used in (0, own) else self.collations[used]


RELATIONS = f"""
select c.oid, n.nspname, c.relname, c.relkind
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where {USER_SCHEMA}
order by n.nspname, c.relname
"""

INHERITANCE = f"""
select h.inhrelid, h.inhparent
from pg_catalog.pg_inherits h
where h.inhrelid >= {FIRST_USER_OID}
order by h.inhrelid, h.inhseqno
"""

COLLATIONS = """
select l.oid, n.nspname, l.collname
from pg_catalog.pg_collation l
join pg_catalog.pg_namespace n on n.oid = l.collnamespace
order by l.oid
"""

COMMENTS = f"""
select c.relname, s.objoid, s.objsubid, s.description
from pg_catalog.pg_description s
join pg_catalog.pg_class c on c.oid = s.classoid
where s.objoid >= {FIRST_USER_OID}
union all
select 'pg_namespace', n.oid, 0, s.description
from pg_catalog.pg_namespace n
join pg_catalog.pg_description s
  on s.objoid = n.oid and s.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
where n.nspname = 'public' and n.oid < {FIRST_USER_OID}
  and s.description <> 'standard public schema'
"""


def relations(rows: Iterable[Row]) -> dict[int, Relation]:
    """Return every relation of the users' schemas by oid."""
    return {
        oid: Relation(oid=oid, name=QualifiedName(schema, name), kind=kind)
        for oid, schema, name, kind in rows
    }


def parents(rows: Iterable[Row]) -> dict[int, list[int]]:
    """Return the parents of each relation, in the order of INHERITS."""
    found: dict[int, list[int]] = {}
    for child, parent in rows:
        found.setdefault(child, []).append(parent)
    return found


def collations(rows: Iterable[Row]) -> dict[int, QualifiedName]:
    """Return the collations by oid."""
    return {oid: QualifiedName(schema, name) for oid, schema, name in rows}


def comments(rows: Iterable[Row]) -> dict[tuple[str, int, int], str]:
    """Return the comments by what they are on."""
    return {(catalog, oid, column): text for catalog, oid, column, text in rows}
