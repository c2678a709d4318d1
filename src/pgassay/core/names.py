"""Names are data: what a relation is called, and the one place where a name is quoted."""

from __future__ import annotations

import re
from dataclasses import dataclass

# The words that quote_ident() quotes: every keyword that is not "unreserved" in the list of
# PostgreSQL 16 to 18 (SQL Key Words, appendix C). A postgres test holds this against the server.
_RESERVED = frozenset(
    """
    all analyse analyze and any array as asc asymmetric authorization between bigint binary bit
    boolean both case cast char character check coalesce collate collation column concurrently
    constraint create cross current_catalog current_date current_role current_schema current_time
    current_timestamp current_user dec decimal default deferrable desc distinct do else end except
    exists extract false fetch float for foreign freeze from full grant greatest group grouping
    having ilike in initially inner inout int integer intersect interval into is isnull join json
    json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar
    json_serialize json_table json_value lateral leading least left like limit localtime
    localtimestamp merge_action national natural nchar none normalize not notnull null nullif
    numeric offset on only or order out outer overlaps overlay placing position precision primary
    real references returning right row select session_user setof similar smallint some substring
    symmetric system_user table tablesample then time timestamp to trailing treat trim true union
    unique user using values varchar variadic verbose when where window with xmlattributes
    xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize
    xmltable
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*\Z")


def quote(name: str) -> str:
    """Return `name` as an SQL identifier, quoted where PostgreSQL needs it (`quote_ident`)."""
    if _PLAIN.match(name) and name not in _RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


def quote_all(names: tuple[str, ...]) -> str:
    """Return a comma separated list of identifiers."""
    return ", ".join(quote(name) for name in names)


def literal(value: str | None) -> str:
    """Return a string constant (or NULL) for text shown to people and for DDL.

    Statements that pgassay runs carry their values as parameters; this is for what cannot.
    """
    if value is None:
        return "NULL"
    if "\\" in value:
        return " E'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
    return "'" + value.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True, order=True)
class QualifiedName:
    """The schema and name of a relation, type, sequence or function."""

    schema: str
    name: str

    @property
    def sql(self) -> str:
        """The name as SQL, schema included."""
        return f"{quote(self.schema)}.{quote(self.name)}"

    @property
    def label(self) -> str:
        """The name as it stands in configuration: unquoted, `public.` left out."""
        return self.name if self.schema == "public" else f"{self.schema}.{self.name}"

    def __str__(self) -> str:
        """Read as people write it: `public.` is left out."""
        return quote(self.name) if self.schema == "public" else self.sql
