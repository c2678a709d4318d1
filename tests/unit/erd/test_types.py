"""Types in diagrams: loose words mean families, exact ones mean what they say."""

from __future__ import annotations

import pytest

from pgassay.core.catalog import ColumnType, TypeKind
from pgassay.core.names import QualifiedName
from pgassay.erd.types import TypeJudge, Verdict, parse_type, spelled
from tests.unit.erd.catalogs import catalog, type_of

ENUMS = catalog(mood=("a",), Sort=("b",))
AGREES, DIFFERS, UNKNOWN = Verdict.AGREES, Verdict.DIFFERS, Verdict.UNKNOWN


def verdict(stated: str, column: str, *also: str) -> Verdict:
    """Judge a type in a drawing that states `also` elsewhere."""
    judge = TypeJudge(ENUMS)
    judge.learn([stated, *also])
    return judge.judge(stated, type_of(column, ("mood", "Sort")))


@pytest.mark.parametrize(
    ("stated", "column", "expected"),
    [
        ("string", "text", AGREES),
        ("string", "varchar(20)", AGREES),
        ("string", "uuid", AGREES),
        ("String", "mood", AGREES),
        ("string", "int", DIFFERS),
        ("int", "bigint", AGREES),
        ("int", "smallint", AGREES),
        ("Int", "text", DIFFERS),
        ("int4", "bigint", DIFFERS),
        ("bigint", "int", DIFFERS),
        ("datetime", "timestamptz", AGREES),
        ("DateTime", "date", AGREES),
        ("datetime", "text", DIFFERS),
        ("date", "timestamptz", DIFFERS),
        ("timestamp", "timestamptz", AGREES),
        ("timestamptz", "timestamp", DIFFERS),
        ("timestamp with time zone", "timestamptz", AGREES),
        ("timestamp_without_time_zone", "timestamp", AGREES),
        ("Decimal(10)", "numeric(10,2)", AGREES),
        ("decimal(10,2)", "numeric(10,2)", AGREES),
        ("decimal(10,3)", "numeric(10,2)", DIFFERS),
        ("numeric_10_2", "numeric(10,2)", AGREES),
        ("decimal", "float8", DIFFERS),
        ("float", "float8", AGREES),
        ("real", "float8", DIFFERS),
        ("varchar(255)", "varchar(255)", AGREES),
        ("varchar(255)", "varchar(80)", DIFFERS),
        ("varchar", "varchar(80)", AGREES),
        ("character varying(80)", "varchar(80)", AGREES),
        ("timestamp(3)", "timestamp(3)", AGREES),
        ("timestamp(3)", "timestamp", DIFFERS),
        ("boolean", "boolean", AGREES),
        ("bool", "int", DIFFERS),
        ("tinyint", "boolean", AGREES),
        ("json", "jsonb", AGREES),
        ("jsonb", "json", DIFFERS),
        ("uuid", "uuid", AGREES),
        ("uuid", "text", DIFFERS),
        ("inet", "text", DIFFERS),
        ("bytes", "bytea", AGREES),
        ("unsupported", "tsvector", AGREES),
        ("id", "uuid", AGREES),
        ("number", "numeric", AGREES),
        ("Gizmo", "text", UNKNOWN),
        ("list", "text[]", AGREES),
        ("array", "text", DIFFERS),
        ("text[]", "text[]", AGREES),
        ("string[]", "text[]", AGREES),
        ("List~string~", "text[]", AGREES),
        ("ARRAY(text)", "text[]", AGREES),
        ("string", "text[]", AGREES),  # Prisma leaves it out; no drawing of arrays elsewhere
        ("text[]", "text", DIFFERS),
        ("Optional~int~", "int", AGREES),
        ("mood", "mood", AGREES),
        ("Mood", "mood", AGREES),
        ("public.mood", "mood", AGREES),
        ("mood[]", "mood[]", AGREES),
        ("Sort", "mood", DIFFERS),
        ("mood", "text", DIFFERS),
        ("enum", "mood", AGREES),
        ("int", "mood", DIFFERS),
        ("Gizmo", "mood", UNKNOWN),
    ],
)
def test_a_type_by_itself(stated: str, column: str, expected: Verdict) -> None:
    assert verdict(stated, column) is expected


@pytest.mark.parametrize(
    ("stated", "column", "also"),
    [
        ("int", "bigint", "bigint"),
        ("json", "jsonb", "jsonb"),
        ("timestamp", "timestamptz", "timestamptz"),
        ("datetime", "date", "date"),
        ("text", "varchar(20)", "varchar"),
        ("string", "text[]", "int[]"),
        ("string", "mood", "Sort"),
        ("Gizmo", "mood", "Sort"),
    ],
)
def test_a_distinction_that_is_made_once_is_made_everywhere(
    stated: str, column: str, also: str
) -> None:
    assert verdict(stated, column) is not DIFFERS
    assert verdict(stated, column, also) is DIFFERS


@pytest.mark.parametrize(
    "column",
    [
        "int",
        "bigint",
        "text",
        "text[]",
        "varchar(20)",
        "varchar",
        "char(3)",
        "numeric(10,2)",
        "numeric",
        "timestamp(3)",
        "timestamp",
        "timestamptz",
        "float8",
        "real",
        "boolean",
        "jsonb[]",
        "mood",
        "Sort[]",
        "date",
        "uuid",
    ],
)
def test_what_pgassay_writes_is_read_back_as_that_type_and_no_other(column: str) -> None:
    own = type_of(column, ("mood", "Sort"))
    judge = TypeJudge(ENUMS, exact=True)
    assert judge.judge(spelled(own), own) is AGREES
    others = {"int", "text", "varchar(21)", "numeric(10,3)", "timestamp(2)", "mood", "text[]"}
    for other in others - {column}:
        assert judge.judge(spelled(own), type_of(other, ("mood", "Sort"))) is DIFFERS


def test_a_type_that_somebody_called_like_a_word_is_written_with_its_schema() -> None:
    own = ColumnType(
        sql='public."date"', name=QualifiedName("public", "date"), kind=TypeKind.ENUM, base="date"
    )
    assert spelled(own) == "public.date"


def test_a_type_of_an_extension_keeps_its_modifiers() -> None:
    own = ColumnType(sql="ext.vector(3)", name=QualifiedName("ext", "vector"), base="vector")
    assert spelled(own) == "vector(3)"


@pytest.mark.parametrize(
    ("text", "word", "modifiers", "array"),
    [
        ("VARCHAR(255)", "varchar", ("255",), False),
        ("double_precision", "double precision", (), False),
        ("timestamp(3) with time zone", "timestamp with time zone", ("3",), False),
        ("int[3][]", "int", (), True),
        ("varchar_255", "varchar", ("255",), False),
        ("list~optional~int~~", "optional~int~", (), True),
    ],
)
def test_types_are_taken_apart(
    text: str, word: str, modifiers: tuple[str, ...], array: bool
) -> None:
    stated = parse_type(text)
    assert (stated.word, stated.modifiers, stated.array) == (word, modifiers, array)
