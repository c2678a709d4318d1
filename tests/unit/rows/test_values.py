"""A value for every type, another one for every number."""

from __future__ import annotations

import itertools

import pytest

from pgassay.core.catalog import Catalog, ColumnType, CompositeType, Domain, EnumType, TypeKind
from pgassay.core.catalog import Column as CatalogColumn
from pgassay.core.names import QualifiedName
from pgassay.rows.values import Place, TypeValues, array, base_value, range_bounds, text_of

VALUES = TypeValues(
    Catalog(
        major=18,
        enums=(EnumType(name=QualifiedName("s", "mood"), labels=("sad", "ok")),),
        domains=(
            Domain(
                name=QualifiedName("s", "code"),
                type=ColumnType(sql="text", name=QualifiedName("pg_catalog", "text"), base="text"),
            ),
        ),
        composites=(
            CompositeType(
                name=QualifiedName("s", "pair"),
                columns=(
                    CatalogColumn(
                        name="a",
                        position=1,
                        type=ColumnType(
                            sql="text", name=QualifiedName("pg_catalog", "text"), base="text"
                        ),
                    ),
                    CatalogColumn(
                        name="b",
                        position=2,
                        type=ColumnType(
                            sql="integer", name=QualifiedName("pg_catalog", "int4"), base="int4"
                        ),
                    ),
                ),
            ),
        ),
    ),
    of_domain=lambda domain, place: f"{domain.name.name}{place.number}",
)


def base(name: str, **modifiers: int) -> ColumnType:
    return ColumnType(sql=name, name=QualifiedName("pg_catalog", name), base=name, **modifiers)


def user(name: str, kind: TypeKind, *, many: bool = False) -> ColumnType:
    return ColumnType(sql=name, name=QualifiedName("s", name), kind=kind, base=name, array=many)


DISTINCT = [
    "int2",
    "int4",
    "int8",
    "numeric",
    "float4",
    "float8",
    "money",
    "text",
    "varchar",
    "bpchar",
    "name",
    "bytea",
    "uuid",
    "date",
    "time",
    "timetz",
    "timestamp",
    "timestamptz",
    "interval",
    "json",
    "jsonb",
    "inet",
    "cidr",
    "macaddr",
    "macaddr8",
    "oid",
    "pg_lsn",
    "point",
    "box",
    "circle",
    "tsvector",
    "citext",
    "hstore",
    "ltree",
]


@pytest.mark.parametrize("name", DISTINCT)
def test_numbers_have_different_values(name: str) -> None:
    values = [base_value(base(name), Place(label="c", number=n)) for n in range(200)]
    assert len(set(values)) == len(values)


@pytest.mark.parametrize("length", range(1, 12))
@pytest.mark.parametrize("number", [0, 1, 35, 1000])
def test_a_text_fits_its_length(length: int, number: int) -> None:
    assert 0 < len(text_of("Größe", number, length)) <= length


def test_texts_of_two_characters_differ_beyond_ten() -> None:
    assert len({text_of("c", n, 2) for n in range(1000)}) == 1000


def test_a_bit_string_has_exactly_its_length() -> None:
    assert base_value(base("bit", length=5), Place(label="c", number=3)) == "00011"


@pytest.mark.parametrize(
    ("precision", "scale", "value"),
    [(4, 2, "7.00"), (3, 3, "0.007"), (2, 0, "7"), (3, -3, "7000"), (2, 5, "0.00007")],
)
def test_a_numeric_fits_its_precision_and_scale(precision: int, scale: int, value: str) -> None:
    kind = base("numeric", precision=precision, scale=scale)
    assert base_value(kind, Place(label="c", number=7)) == value


def test_a_numeric_without_limits_is_the_number() -> None:
    assert base_value(base("numeric"), Place(label="c", number=7, position=3)) == "10"


def test_the_later_column_has_the_later_time() -> None:
    kind = base("timestamp")
    first = base_value(kind, Place(label="starts", position=3))
    second = base_value(kind, Place(label="ends", position=4))
    assert str(first) < str(second)


@pytest.mark.parametrize("subtype", ["int4", "numeric", "date", "timestamp", "timestamptz"])
def test_ranges_of_two_numbers_do_not_overlap(subtype: str) -> None:
    bounds = [range_bounds(subtype, Place(label="c", number=n)) for n in range(4)]
    keyed = [(len(low), low, len(high), high) for low, high in bounds]
    assert keyed == sorted(keyed)
    assert all(
        high <= low for (_, high), (low, _) in itertools.pairwise(bounds) if len(high) == len(low)
    )


def test_an_enum_takes_its_labels_in_turn() -> None:
    mood = user("mood", TypeKind.ENUM)
    labels = [VALUES.value(mood, Place(label="c", number=n)) for n in range(3)]
    assert labels == ["sad", "ok", "sad"]


def test_a_domain_is_asked_for_its_values() -> None:
    assert VALUES.value(user("code", TypeKind.DOMAIN), Place(label="c", number=2)) == "code2"


def test_a_composite_has_a_value_for_each_attribute() -> None:
    pair = user("pair", TypeKind.COMPOSITE)
    assert VALUES.value(pair, Place(label="c", number=1)) == '("c-1","1")'


def test_an_array_has_one_quoted_element() -> None:
    mood = user("mood", TypeKind.ENUM, many=True)
    assert VALUES.value(mood, Place(label="c")) == '{"sad"}'


def test_elements_are_quoted_whatever_they_hold() -> None:
    assert array(('a"b\\c', None, "", "{,}")) == '{"a\\"b\\\\c",NULL,"","{,}"}'


def test_domains_are_unwrapped_to_their_base_type() -> None:
    assert VALUES.base_type(user("code", TypeKind.DOMAIN)).base == "text"
    assert [d.name.name for d in VALUES.domains(user("code", TypeKind.DOMAIN))] == ["code"]
