"""Which types become narrower, and which values no longer fit."""

import pytest

from pgassay.core.catalog import Column, ColumnType
from pgassay.core.names import QualifiedName
from pgassay.history.narrowing import narrowing


def kind(base: str, **more: int) -> ColumnType:
    return ColumnType(sql=base, name=QualifiedName("pg_catalog", base), base=base, **more)  # type: ignore[arg-type]  # of tests


def condition(now: ColumnType, then: ColumnType) -> str | None:
    found = narrowing(Column(name="The size", position=1, type=now), then)
    return found.condition if found else None


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [
        (kind("text"), kind("varchar", length=9), 'pg_catalog.char_length("The size") > 9'),
        (
            kind("varchar", length=10),
            kind("varchar", length=9),
            'pg_catalog.char_length("The size") > 9',
        ),
        (kind("varchar", length=9), kind("varchar", length=10), None),
        (kind("varchar", length=9), kind("text"), None),
        (kind("int8"), kind("int2"), '"The size" not between -32768 and 32767'),
        (kind("int2"), kind("int4"), None),
        (
            kind("numeric"),
            kind("numeric", precision=5, scale=2),
            'pg_catalog.abs("The size") >= 1000',
        ),
        (
            kind("numeric", precision=5, scale=2),
            kind("numeric", precision=4, scale=1),
            None,
        ),
        (kind("text"), kind("int4"), None),
    ],
    ids=str,
)
def test_a_condition_finds_what_no_longer_fits(
    now: ColumnType, then: ColumnType, expected: str | None
):
    assert condition(now, then) == expected
