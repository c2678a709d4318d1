"""Values of factories as the server reads them."""

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from ipaddress import ip_address
from uuid import UUID

import pytest

from pgassay.core.catalog import ColumnType
from pgassay.core.names import QualifiedName
from pgassay.run.value_text import as_text

SOME = UUID("00000000-0000-4000-8000-000000000001")


class Colour(Enum):
    RED = "red"


def of(base: str, *, array: bool = False) -> ColumnType:
    return ColumnType(sql=base, name=QualifiedName("pg_catalog", base), base=base, array=array)


@pytest.mark.parametrize(
    ("value", "type_", "text"),
    [
        (None, of("jsonb"), None),
        ("it's", of("text"), "it's"),
        (True, of("bool"), "true"),
        (True, of("int4"), "1"),
        (5, of("numeric"), "5"),
        (Decimal("0.10"), of("numeric"), "0.10"),
        (float("nan"), of("float8"), "nan"),
        (SOME, of("uuid"), str(SOME)),
        (ip_address("::1"), of("inet"), "::1"),
        (datetime(2026, 1, 2, 3, 4, 5, 6), of("timestamp"), "2026-01-02 03:04:05.000006"),  # noqa: DTZ001  # for a column without a zone
        (
            datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=2))),
            of("timestamptz"),
            "2026-01-02 00:00:00+02:00",
        ),
        (date(2026, 1, 2), of("date"), "2026-01-02"),
        (time(3, 4), of("time"), "03:04:00"),
        (timedelta(days=-1, microseconds=7), of("interval"), "-1 days 0 seconds 7 microseconds"),
        (b"\x00\xff", of("bytea"), "\\x00ff"),
        ({"a": [1, None], "b": SOME}, of("jsonb"), f'{{"a": [1, null], "b": "{SOME}"}}'),
        ("text", of("json"), '"text"'),
        ([1, 2], of("jsonb"), "[1, 2]"),
        ([1, None, 2], of("int4", array=True), '{"1",NULL,"2"}'),
        ([['a"b', "c\\d"], []], of("text", array=True), '{{"a\\"b","c\\\\d"},{}}'),
        ([{"a": 1}], of("jsonb", array=True), '{"{\\"a\\": 1}"}'),
    ],
)
def test_a_value_becomes_what_its_column_reads(value: object, type_: ColumnType, text: str | None):
    assert as_text(value, type_) == text


@pytest.mark.parametrize(("labels", "text"), [(("RED",), "RED"), (("red",), "red"), ((), "red")])
def test_an_enum_member_goes_by_whichever_the_type_has(labels: tuple[str, ...], text: str):
    assert as_text(Colour.RED, of("colour"), labels) == text


@pytest.mark.parametrize(
    ("value", "type_"),
    [(object(), of("text")), ({1, 2}, of("text")), (5, of("int4", array=True)), ({1}, of("jsonb"))],
)
def test_a_value_without_text_is_refused(value: object, type_: ColumnType):
    with pytest.raises(TypeError):
        as_text(value, type_)
