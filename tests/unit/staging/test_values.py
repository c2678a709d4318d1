"""The values of hot queries where there are no rows."""

from __future__ import annotations

import pytest

from pgassay.core.names import QualifiedName
from pgassay.core.snapshot import ColumnSeen, RelationSeen
from pgassay.core.statistics import ColumnStatistics
from pgassay.staging.values import value_of

TABLE = RelationSeen(name=QualifiedName("public", "t"))


def asked(type_: str, run: str, **known: tuple[str, ...]) -> str | None:
    shares = tuple(0.1 for _ in known.get("values", ()))
    statistics = ColumnStatistics(common=shares, **known)
    return value_of(TABLE, ColumnSeen(name="c", type=type_, statistics=(statistics,)), run)


def test_the_runs_have_their_values() -> None:
    known = {"values": ("7", "9"), "bounds": ("1", "2", "3")}
    assert asked("integer", "heaviest", **known) == "7"
    assert asked("integer", "typical", **known) == "2"
    assert asked("integer", "absent", **known) == "10"


@pytest.mark.parametrize(
    ("type_", "bound", "absent"),
    [
        ("uuid", "0000", "00000000-0000-4000-8000-00000000dead"),
        ("character varying(6)", "a", "nobody"),
        ("date", "2026-01-01", "2126-01-02"),
        ("timestamp without time zone", "2026-01-01 10:00:00", "2126-01-02 10:00:00"),
        ("order_status", "paid", None),
    ],
)
def test_what_is_not_there(type_: str, bound: str, absent: str | None) -> None:
    assert asked(type_, "absent", bounds=(bound,)) == absent


def test_a_column_without_statistics_has_none() -> None:
    assert value_of(TABLE, ColumnSeen(name="c", type="text"), "typical") is None
