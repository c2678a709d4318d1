"""Shared objects: what all databases of a cluster have in common, as one value to compare.

Roles, their members and settings, tablespaces and rights on parameters are in shared catalogs
(PostgreSQL documentation, System Catalogs): what one database changes of them, another one sees,
and two that change the same at once stand in each other's way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg

# A row that is written again with the same content counts too: its xmin is another. This role's own
# row is left out, since its password is set when the first client comes over TCP.
_ROLES = "select oid, xmin::text from pg_catalog.pg_authid where rolname <> current_user"
_VISIBLE_ROLES = "select r.oid, r::text from pg_catalog.pg_roles r"
_SHARED = """
select md5(coalesce(string_agg(place || ' ' || fact, ',' order by place, fact), '')) from (
  select 'role ' || r.oid, r.fact from ({roles}) r(oid, fact)
  union all select 'member ' || oid, xmin::text from pg_catalog.pg_auth_members
  union all select 'setting ' || setrole, xmin::text from pg_catalog.pg_db_role_setting
    where setdatabase = 0
  union all select 'tablespace ' || oid, xmin::text from pg_catalog.pg_tablespace
  union all select 'parameter ' || oid, xmin::text from pg_catalog.pg_parameter_acl
) shared(place, fact)
"""
_MAY_READ = "select pg_catalog.has_table_privilege('pg_catalog.pg_authid', 'select')"


def shared_objects(connection: psycopg.Connection[Any]) -> str:
    """Return a value that is another one once a shared object has been written."""
    allowed = connection.execute(_MAY_READ).fetchone()
    roles = _ROLES if allowed and allowed[0] else _VISIBLE_ROLES
    found = connection.execute(_SHARED.format(roles=roles).encode()).fetchone()
    assert found is not None
    return str(found[0])
