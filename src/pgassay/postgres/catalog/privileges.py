"""Privileges: access control lists against what a new object has (`acldefault`).

An ACL that is NULL is the default and lists nothing. Of any other, what the default does not hold
is listed, and what the default holds and the ACL does not is listed as revoked: among them
EXECUTE on a function and USAGE on a type taken from PUBLIC. (PostgreSQL documentation, Privileges.)
The schema `public` is born with USAGE for PUBLIC, which its kind of object does not have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import DefaultPrivileges, Privilege
from pgassay.postgres.catalog.scope import FIRST_USER_OID, USER_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.postgres.catalog.scope import Row

_OBJECT_TYPES = {
    "r": "TABLES",
    "S": "SEQUENCES",
    "f": "FUNCTIONS",
    "T": "TYPES",
    "n": "SCHEMAS",
    "L": "LARGE OBJECTS",
}

# Rights held by the owner are the owner's own unless the ACL lacks one of them.
_COMPARED = """
  select h.catalog, h.oid, h.number, x.grantee, x.privilege_type,
    pg_catalog.bool_or(x.is_grantable) as grantable, false as revoked
  from held h, pg_catalog.aclexplode(h.acl) x
  where x.grantee <> h.owner and not exists (
    select from pg_catalog.aclexplode(h.stock) y
    where y.grantee = x.grantee and y.privilege_type = x.privilege_type)
  group by h.catalog, h.oid, h.number, x.grantee, x.privilege_type
  union all
  select h.catalog, h.oid, h.number, y.grantee, y.privilege_type, false, true
  from held h, pg_catalog.aclexplode(h.stock) y
  where not exists (
    select from pg_catalog.aclexplode(h.acl) x
    where x.grantee = y.grantee and x.privilege_type = y.privilege_type)
"""

_GRANTEE = "case when g.grantee = 0 then 'PUBLIC' else pg_catalog.pg_get_userbyid(g.grantee) end"

PRIVILEGES = f"""
with held as (
  select 'pg_class' as catalog, c.oid, 0 as number, c.relowner as owner, c.relacl as acl,
    pg_catalog.acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner)
      as stock
  from pg_catalog.pg_class c
  where c.relacl is not null and c.oid >= {FIRST_USER_OID}
  union all
  select 'pg_class', a.attrelid, a.attnum, c.relowner, a.attacl, null
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_class c on c.oid = a.attrelid
  where a.attacl is not null and a.attrelid >= {FIRST_USER_OID} and not a.attisdropped
  union all
  select 'pg_type', t.oid, 0, t.typowner, t.typacl, pg_catalog.acldefault('T', t.typowner)
  from pg_catalog.pg_type t
  where t.typacl is not null and t.oid >= {FIRST_USER_OID}
  union all
  select 'pg_proc', p.oid, 0, p.proowner, p.proacl, pg_catalog.acldefault('f', p.proowner)
  from pg_catalog.pg_proc p
  where p.proacl is not null and p.oid >= {FIRST_USER_OID}
  union all
  select 'pg_namespace', n.oid, 0, n.nspowner,
    coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner)),
    pg_catalog.acldefault('n', n.nspowner) || case when n.nspname = 'public'
      then array[pg_catalog.makeaclitem(0, n.nspowner, 'USAGE', false)] end
  from pg_catalog.pg_namespace n
  where {USER_SCHEMA} and (n.nspacl is not null or n.nspname = 'public')
)
select g.catalog, g.oid, g.number, {_GRANTEE}, g.privilege_type, g.grantable, g.revoked
from ({_COMPARED}) g
order by g.catalog, g.oid, g.number, 4, g.privilege_type
"""

# An entry without a schema replaces the stock list, one with a schema adds to it.
DEFAULT_PRIVILEGES = f"""
with held as (
  select 'pg_default_acl' as catalog, f.oid, 0 as number, f.defaclrole as owner,
    f.defaclacl as acl,
    case when f.defaclnamespace = 0 then pg_catalog.acldefault(
      case f.defaclobjtype when 'S' then 's' else f.defaclobjtype end, f.defaclrole)
    end as stock
  from pg_catalog.pg_default_acl f
)
select pg_catalog.pg_get_userbyid(f.defaclrole), n.nspname, f.defaclobjtype, {_GRANTEE},
  g.privilege_type, g.grantable, g.revoked
from ({_COMPARED}) g
join pg_catalog.pg_default_acl f on f.oid = g.oid
left join pg_catalog.pg_namespace n on n.oid = f.defaclnamespace
order by 1, n.nspname nulls first, f.defaclobjtype, 4, g.privilege_type
"""


def privileges(rows: Iterable[Row]) -> dict[tuple[str, int, int], tuple[Privilege, ...]]:
    """Return the privileges by what they are on: system catalog, oid, column number."""
    found: dict[tuple[str, int, int], list[Privilege]] = {}
    for catalog, oid, number, *right in rows:
        found.setdefault((catalog, oid, number), []).append(_privilege(right))
    return {key: tuple(rights) for key, rights in found.items()}


def default_privileges(
    rows: Iterable[Row],
) -> tuple[DefaultPrivileges, ...]:
    """Return what ALTER DEFAULT PRIVILEGES left."""
    found: dict[tuple[str, str | None, str], list[Privilege]] = {}
    for role, schema, kind, *right in rows:
        found.setdefault((role, schema, _OBJECT_TYPES[kind]), []).append(_privilege(right))
    return tuple(
        DefaultPrivileges(
            role=role, schema=schema, object_type=object_type, privileges=tuple(rights)
        )
        for (role, schema, object_type), rights in found.items()
    )


def _privilege(right: list[object]) -> Privilege:
    grantee, privilege, grantable, revoked = right
    return Privilege(
        grantee=str(grantee),
        privilege=str(privilege),
        grantable=bool(grantable),
        revoked=bool(revoked),
    )
