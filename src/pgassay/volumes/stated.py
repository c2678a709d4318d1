"""The statistics that a profile states of a table's columns, as people write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgassay.core.errors import suggestion
from pgassay.core.statistics import ColumnStatistics
from pgassay.core.toml_table import TomlTable
from pgassay.volumes.profile import Joint

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pgassay.core.catalog import Table

_COLUMN = ("null", "distinct", "common", "correlation", "width", "values", "bounds")
_JOINT = ("columns", "distinct", "decides", "degree")
_ALL = 1.005  # the planner rounds each frequency by itself


def statistics_of(inner: TomlTable) -> Mapping[str, ColumnStatistics]:
    """Return the statistics of each column. Raises ConfigError, in words."""
    return {
        key: _statistics(TomlTable(given, f"{inner.name}.statistics.{key}", inner.path))
        for key, given in inner.take("statistics", dict, {}).items()
    }


def _statistics(inner: TomlTable) -> ColumnStatistics:
    inner.only(*_COLUMN)
    null = share(inner, "null", inner.data.get("null", 0.0))
    common = tuple(share(inner, "common", one) for one in inner.take("common", list, []))
    if list(common) != sorted(common, reverse=True):
        raise inner.wrong("common", "not in order", "shares of the rows, the largest first")
    if null + sum(common) > _ALL:
        raise inner.wrong(
            "common",
            f"{sum(common):.3g} of the rows have common values, and {null:.3g} are NULL",
            "shares that make 1 together at most",
        )
    distinct = inner.data.get("distinct", 0)
    if not _is_number(distinct) or distinct < -1:
        raise inner.wrong(
            "distinct",
            f"{distinct!r} is no such number",
            "how many different values, or below 0 a share of the rows: -1 for all different",
        )
    if common and 0 < distinct < len(common):
        raise inner.wrong(
            "distinct", f"{distinct:g} values, and {len(common)} are common", "as many at least"
        )
    values = inner.strings("values")
    if values and len(values) != len(common):
        raise inner.wrong(
            "values", f"{len(values)} for {len(common)} frequencies", "one for each in common"
        )
    return ColumnStatistics(
        null=null,
        distinct=float(distinct),
        common=common,
        correlation=_correlation(inner),
        width=inner.take("width", int, 0),
        values=values,
        bounds=inner.strings("bounds"),
    )


def _correlation(inner: TomlTable) -> float | None:
    given = inner.data.get("correlation")
    if given is None:
        return None
    if not _is_number(given) or not -1 <= given <= 1:
        raise inner.wrong("correlation", f"{given!r} is none", "a number from -1 to 1")
    return float(given)


def joints_of(inner: TomlTable, table: Table) -> tuple[Joint, ...]:
    """Return the extended statistics. Raises ConfigError, in words."""
    found = []
    for place, given in enumerate(inner.take("together", list, [])):
        own = TomlTable(given, f"{inner.name}.together[{place}]", inner.path)
        own.only(*_JOINT)
        columns = own.strings("columns")
        decides = own.take("decides", str, None)
        _known(own, (*columns, *([decides] if decides else [])), table)
        degree = own.data.get("degree")
        distinct = own.data.get("distinct")
        if (distinct is None) == (decides is None):
            raise own.wrong(
                "columns",
                "nothing or two things are said of them",
                "distinct, or decides with degree",
            )
        if distinct is not None and not _is_number(distinct):
            raise own.wrong("distinct", f"{distinct!r} is no number", "how many combinations")
        found.append(
            Joint(
                columns=columns,
                distinct=None if distinct is None else float(distinct),
                decides=decides,
                degree=None if degree is None else share(own, "degree", degree),
            )
        )
    return tuple(found)


def _known(inner: TomlTable, names: Iterable[str], table: Table) -> None:
    columns = [column.name for column in table.columns]
    for name in names:
        if name not in columns:
            raise inner.wrong(
                "columns", f'{table.name} has no column "{name}"', suggestion(name, columns)
            )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def number(inner: TomlTable, key: str, plain: float, above: float | None = None) -> float:
    """Return a number that is not below 0, and above another if that is said."""
    value: Any = inner.data.get(key, plain)
    if not _is_number(value):
        raise inner.wrong(key, f"{value!r} is no number", "a number")
    if value < 0 or (above is not None and value <= above):
        raise inner.wrong(
            key, f"{value} is too small", "0 or more" if above is None else f"more than {above:g}"
        )
    return float(value)


def share(inner: TomlTable, key: str, value: object) -> float:
    """Return a share: a number from 0 to 1."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise inner.wrong(key, f"{value!r} is no share", "a number from 0 to 1")
    return float(value)
