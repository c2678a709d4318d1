"""Which extension brings an object: asked of the server, by trying.

No list of well-known extensions is kept: what a server offers is in `pg_available_extensions`, and
what an extension holds is seen once it is created (CREATE EXTENSION), in a transaction that is
rolled back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from psycopg import Connection

_AVAILABLE = """
    SELECT name FROM pg_catalog.pg_available_extensions
    WHERE installed_version IS NULL ORDER BY name <> %s, name
"""
_INSTALLED = """
    SELECT extname FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql' ORDER BY extname
"""
_HOLDS = """
    SELECT FROM pg_catalog.pg_depend AS d
    JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid
    LEFT JOIN pg_catalog.pg_type AS t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
    LEFT JOIN pg_catalog.pg_proc AS p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
    LEFT JOIN pg_catalog.pg_opclass AS o ON d.classid = 'pg_opclass'::regclass AND o.oid = d.objid
    LEFT JOIN pg_catalog.pg_am AS a ON d.classid = 'pg_am'::regclass AND a.oid = d.objid
    LEFT JOIN pg_catalog.pg_ts_dict AS s ON d.classid = 'pg_ts_dict'::regclass AND s.oid = d.objid
    WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = %(extension)s
      AND %(wanted)s IN (t.typname, p.proname, o.opcname, a.amname, s.dictname)
    LIMIT 1
"""


def installed(connection: Connection[tuple[object, ...]]) -> list[str]:
    """Return the extensions of a database, the built-in language aside."""
    return [str(row[0]) for row in connection.execute(_INSTALLED)]


def provider_of(connection: Connection[tuple[object, ...]], wanted: str) -> str | None:
    """Return the extension of this server that holds a type, function, operator class or the like.

    Args:
        connection: in autocommit; the right to create extensions is needed.
        wanted: the object's name, without its schema.
    """
    for (name,) in connection.execute(_AVAILABLE, [wanted]).fetchall():
        try:
            with connection.transaction(force_rollback=True):
                create = sql.SQL("CREATE EXTENSION {} CASCADE").format(sql.Identifier(str(name)))
                connection.execute(create)
                asked = {"extension": name, "wanted": wanted}
                if connection.execute(_HOLDS, asked).fetchone() is not None:
                    return str(name)
        except psycopg.Error:  # it needs a setting, or files that are not there
            continue
    return None
