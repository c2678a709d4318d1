"""The words that diagrams use for types, and which types of PostgreSQL each may mean.

Types in diagrams are loose: `string` is a text of any kind, `int` an integer of any width,
`datetime` a timestamp with or without time zone. Each word has a family of base types
(`pg_type.typname`). Where a drawing uses several words of one group, as `int` and `bigint`, it
makes the distinction, and each word means its narrow family; where it uses one of them for
everything, it does not, and the word means its wide family.
"""

from __future__ import annotations

from dataclasses import dataclass

_INTEGERS = frozenset(("int2", "int4", "int8"))
_FLOATS = frozenset(("float4", "float8"))
_TEXTS = frozenset(("text", "varchar", "bpchar", "citext", "name", "char"))
_STRINGS = _TEXTS | {
    *("uuid", "inet", "cidr", "macaddr", "macaddr8", "xml", "bit", "varbit", "ltree"),
    "tsvector",
}
_STAMPS = frozenset(("timestamp", "timestamptz"))
_JSON = frozenset(("json", "jsonb"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What one word for a type may mean.

    Args:
        wide: base types where the drawing makes no distinction within the group.
        narrow: base types where it does.
        group: what the distinction is about.
        means: which side of the distinction the word is on.
        text: whether a length may follow, in parentheses.
    """

    wide: frozenset[str]
    narrow: frozenset[str]
    group: str = ""
    means: str = ""
    text: bool = False


def _same(names: str, *bases: str) -> dict[str, Word]:
    family = frozenset(bases)
    return {name: Word(wide=family, narrow=family) for name in names.split(", ")}


def _one_of(
    names: str, group: str, means: str, wide: frozenset[str], *narrow: str, text: bool = False
) -> dict[str, Word]:
    word = Word(wide=wide, narrow=frozenset(narrow), group=group, means=means, text=text)
    return dict.fromkeys(names.split(", "), word)


WORDS: dict[str, Word] = {
    **_one_of("int", "integer width", "int", _INTEGERS, "int2", "int4"),
    **_one_of("integer", "integer width", "int", _INTEGERS, "int4"),
    **_one_of("int4, serial, serial4, mediumint", "integer width", "int", frozenset(("int4",)),
              "int4"),
    **_one_of("bigint, int8, bigserial, serial8, long, biginteger, int64", "integer width",
              "bigint", frozenset(("int8",)), "int8"),
    **_one_of("smallint, int2, smallserial, serial2, short, smallinteger, int16", "integer width",
              "smallint", frozenset(("int2",)), "int2"),
    **_same("int32", "int4"),
    **_same("tinyint", "int2", "bool"),
    **_same("number", *_INTEGERS, *_FLOATS, "numeric"),
    **_same("decimal, dec", "numeric", "money"),
    **_same("numeric", "numeric"),
    **_same("money, currency", "money", "numeric"),
    **_same("float", *_FLOATS),
    **_one_of("double, double precision", "float width", "double", _FLOATS, "float8"),
    **_one_of("float8, float64", "float width", "double", frozenset(("float8",)), "float8"),
    **_one_of("real, float4, float32", "float width", "real", frozenset(("float4",)), "float4"),
    **_one_of("string, str", "", "", _STRINGS, *_STRINGS, text=True),
    **_one_of("text, longtext, mediumtext, clob", "text or varchar", "text", _TEXTS, "text",
              "citext", text=True),
    **_one_of("varchar, character varying, nvarchar, varchar2", "text or varchar", "varchar",
              _TEXTS, "varchar", text=True),
    **_one_of("char, character, bpchar, nchar", "text or varchar", "char", _TEXTS, "bpchar",
              "char", text=True),
    **_same("enum", *_TEXTS),  # with a CHECK; for an enum type see ENUM_WORDS
    **_same("bool, boolean", "bool"),
    **_one_of("date", "date or time", "date", frozenset(("date",)), "date"),
    # Prisma's DateTime may be any of these
    **_one_of("datetime, date time", "date or time", "both",
              _STAMPS | {"date", "time", "timetz"}, *_STAMPS),
    **_one_of("timestamp", "time zone", "without", _STAMPS, "timestamp"),
    **_one_of("timestamp without time zone", "time zone", "without", frozenset(("timestamp",)),
              "timestamp"),
    **_one_of("timestamptz, timestamp with time zone, timestamp tz, datetimetz, datetimeoffset",
              "time zone", "with", frozenset(("timestamptz",)), "timestamptz"),
    **_one_of("time", "time zone of a time", "without", frozenset(("time", "timetz")), "time"),
    **_same("time without time zone", "time"),
    **_one_of("timetz, time with time zone", "time zone of a time", "with",
              frozenset(("timetz",)), "timetz"),
    **_same("interval, duration, timedelta", "interval"),
    **_same("uuid, guid, uniqueidentifier", "uuid"),
    **_one_of("json", "json or jsonb", "json", _JSON, "json"),
    **_one_of("jsonb", "json or jsonb", "jsonb", frozenset(("jsonb",)), "jsonb"),
    **_same("object, map, dict, hash", *_JSON, "hstore"),
    **_same("bytes, bytea, blob, binary, varbinary, largebinary", "bytea"),
    **_same("bit varying, varbit", "varbit"),
    **_same("id", *_INTEGERS, *_STRINGS),
}  # fmt: skip
"""Words by their spelling in lower case, `_` and `-` as spaces."""

BUILT_IN = frozenset(
    """
    inet cidr macaddr macaddr8 xml citext hstore tsvector tsquery point line lseg box path polygon
    circle oid name bit int4range int8range numrange tsrange tstzrange daterange int4multirange
    int8multirange nummultirange tsmultirange tstzmultirange datemultirange pg_lsn regclass
    geometry geography vector ltree lquery cube jsonpath
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
"""Types of PostgreSQL and of common extensions that are written one way only."""

ENUM_WORDS = frozenset(("enum", "string", "str", "text", "varchar", "char", "character varying"))
"""Words that an enum column may have where a drawing never names a type."""

NO_WORDS = frozenset(("any", "unknown", "unsupported", "undefined", "object id", "mixed"))
"""Words that say nothing."""

SPELLED = {
    "varchar": "varchar",
    "bpchar": "char",
    "timestamp": "timestamp",
    "timestamptz": "timestamptz",
    "time": "time",
    "timetz": "timetz",
    "int4": "int",
    "int2": "smallint",
    "int8": "bigint",
    "bool": "boolean",
    "float4": "real",
    "float8": "double",
    "varbit": "varbit",
}
"""How pgassay writes base types that PostgreSQL writes with spaces, or that are better known so."""
