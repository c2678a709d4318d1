"""Values worth trying for one column: made of what the CHECKs say of it, and neighbours.

The first ones differ from number to number, the rest are fixed. Which of them hold is the
server's word.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import TYPE_CHECKING

from pgassay.core.catalog import TypeKind
from pgassay.rows.pattern import like, matching
from pgassay.rows.values import array

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pgassay.core.catalog import ColumnType
    from pgassay.core.statement import Value
    from pgassay.rows.facts import Facts

_NUMBERS = frozenset(["int2", "int4", "int8", "numeric", "float4", "float8", "money", "oid"])
_WHOLE = frozenset(["int2", "int4", "int8", "oid"])
_TEXTS = frozenset(["text", "varchar", "bpchar", "citext", "name", "char"])
_TIMES = frozenset(["date", "timestamp", "timestamptz"])
_FAR = ("1970-01-01", "2000-02-29", "2100-01-01")
_JSON = {
    "object": '{"number": 1}',
    "array": "[1]",
    "string": '"text"',
    "number": "1",
    "boolean": "true",
    "null": "null",
}
_OTHERS: dict[str, tuple[str, ...]] = {
    "interval": ("0", "1 second", "1 hour", "1 day", "1 month", "1 year", "-1 day"),
    "bool": ("true", "false"),
    "time": ("00:00", "00:00:01", "08:00", "12:00", "23:59:59"),
    "timetz": ("00:00+00", "12:00+00", "23:59:59+00"),
    "uuid": ("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
    "inet": ("10.0.0.1", "192.168.0.1", "8.8.8.8", "2001:db8::1", "10.0.0.0/8", "0.0.0.0/0"),
    "cidr": ("10.0.0.0/8", "192.168.0.0/24", "2001:db8::/32"),
    "bytea": ("\\x", "\\x00", "\\x" + "00" * 16, "\\x" + "ab" * 20, "\\x" + "ab" * 32),
}
_TEXT_FORMS = (
    *("x", "X", "1", "", " ", "example", "Example", "user@example.com", "https://example.com"),
    *("#a1b2c3", "en", "en-US", "EUR", "+12025550123", "{}"),
)
_MAX_LENGTH = 100_000
_WEEK, _YEAR = 7, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Values to try, in four lists.

    `numbered` (what the CHECKs say) and `common` (forms that people use) differ with the number
    of the row; `near` are the literals of the CHECKs and their neighbours, `plain` the rest.
    """

    base: Value
    numbered: tuple[Value, ...]
    common: tuple[Value, ...]
    near: tuple[Value, ...]
    plain: tuple[Value, ...]

    @property
    def for_a_row(self) -> list[Value]:
        """What is likely to be right first, another for each number."""
        return _once(self.base, *self.numbered, *self.common, *self.near, *self.plain)

    @property
    def for_a_border(self) -> list[Value]:
        """What stands close to where a CHECK turns first."""
        return _once(self.base, *self.near, *self.numbered, *self.common, *self.plain)


def candidates(
    column_type: ColumnType,
    known: Facts,
    *,
    number: int,
    base: Value,
    labels: tuple[str, ...] = (),
) -> Candidates:
    """Return what is worth trying; NULL is the caller's business.

    Args:
        column_type: the type, domains unwrapped.
        known: what the CHECKs say of the column.
        number: the row's number.
        base: the value by type alone; the first candidate.
        labels: of the enum, if it is one.
    """

    def fitting(values: Iterable[Value]) -> tuple[Value, ...]:
        return tuple(v for v in values if _fits(column_type, v))

    return Candidates(
        base=base,
        numbered=fitting(_numbered(column_type, known, number)),
        common=fitting(_common(column_type, number, base)),
        near=fitting(_near(column_type, known, labels)),
        plain=fitting(_plain(column_type)),
    )


def _once(*values: Value) -> list[Value]:
    return list(dict.fromkeys(values))


def _fits(column_type: ColumnType, value: Value) -> bool:
    if value is None or column_type.length is None or column_type.array:
        return True
    return len(value) <= column_type.length


def _numbered(kind: ColumnType, known: Facts, number: int) -> Iterator[Value]:
    if kind.array:
        yield from (array((member,)) for member in _turned(known.members, number)[:1])
    elif kind.base in _TEXTS:
        yield from _texts(known, number, kind.length)
    elif kind.base in _NUMBERS:
        found = [value for value in known.values if _number(value)]
        yield from (_shifted(value, number + 1) for value in found)
        yield from (f"{Decimal(value) * (number + 2):f}" for value in found)
    elif kind.base in _TIMES:
        yield from _moments(known.values, (timedelta(days=number + 1), -timedelta(days=number + 1)))
    elif kind.base in ("json", "jsonb") and known.keys:
        body = ", ".join(f'"{key}": {number}' for key in known.keys if not key.startswith("{"))
        yield "{" + body + "}"


def _texts(known: Facts, number: int, length: int | None) -> Iterator[Value]:
    for pattern in known.patterns:
        for run in (6, 12, 3, 1, 0):
            with suppress(ValueError):
                yield matching(pattern, number, run=run)
    for pattern in known.likes:
        yield like(pattern, str(number))
        for size in known.lengths:
            missing = size - len(like(pattern, ""))
            yield like(pattern, f"{number:0{max(missing, 1)}d}")
    for size in known.lengths:
        for exact in (size, size + 1, size - 1):
            text = f"{number:0{exact}d}" if 0 < exact <= min(length or exact, _MAX_LENGTH) else ""
            if len(text) == exact:
                yield text


def _common(kind: ColumnType, number: int, base: Value) -> Iterator[Value]:
    """Yield values of common forms: round numbers, capitals, digits, an address, a colour."""
    if kind.array or kind.base not in _TEXTS | _NUMBERS:
        return
    if kind.base in _NUMBERS:
        yield from (str(each * (number + 2)) for each in (1, 5, 12, 100))
        return
    yield from ((base or "v").upper(), str(number), f"{number:03d}", "v" * (number % 50 + 1))
    yield from (f"user{number}@example.com", f"https://example.com/{number}", f"#{number:06x}")
    yield from (f"V{number}", f"/v/{number}", f"+1202555{number:04d}", f'{{"number": {number}}}')


def _near(kind: ColumnType, known: Facts, labels: tuple[str, ...]) -> Iterator[Value]:
    if kind.array:
        yield from _arrays(known)
    elif kind.kind is TypeKind.ENUM:
        yield from labels
    elif kind.kind in (TypeKind.RANGE, TypeKind.MULTIRANGE):
        yield from known.values
    elif kind.base in _NUMBERS:
        yield from _numbers(kind, known.values)
    elif kind.base in _TIMES:
        yield from _times(kind, known)
    elif kind.base in _TEXTS:
        yield from _near_texts(known)
    elif kind.base in ("json", "jsonb"):
        yield from (_JSON[name] for name in known.json_types if name in _JSON)
        yield from known.values
    else:
        yield from known.values


def _plain(kind: ColumnType) -> Iterator[Value]:
    if kind.array:
        yield array((None,))
    elif kind.kind in (TypeKind.RANGE, TypeKind.MULTIRANGE):
        yield from ("empty", "(,)") if kind.kind is TypeKind.RANGE else ("{}", "{(,)}")
    elif kind.base in _NUMBERS:
        yield from ("0", "1", "2", "-1", "10", "100", "1000")
    elif kind.base in _TIMES:
        zone = " 00:00+00" if kind.base == "timestamptz" else ""
        yield from (text + zone for text in _FAR)
    elif kind.base in _TEXTS:
        yield from _TEXT_FORMS
    elif kind.base in ("json", "jsonb"):
        yield from (*_JSON.values(), "{}", "[]")
    else:
        yield from _OTHERS.get(kind.base, ())


def _arrays(known: Facts) -> Iterator[Value]:
    members = known.members or known.values
    yield "{}"
    yield from (array((member,)) for member in members)
    if members:
        yield array(tuple(members))
    filler = members[:1] or ["1"]
    for size in known.lengths:
        for exact in (size, size - 1, size + 1):
            if 0 <= exact <= _MAX_LENGTH:
                yield array(tuple(filler * exact))


def _numbers(kind: ColumnType, values: list[str]) -> Iterator[Value]:
    steps = [Decimal(1)]
    if kind.base not in _WHOLE:
        scale = 2 if kind.scale is None else max(kind.scale, 0)
        steps.append(Decimal(1).scaleb(-scale))
    found = [value for value in values if _number(value)]
    yield from found
    for value in found:
        for step in steps:
            yield from (_shifted(value, step), _shifted(value, -step))
    yield from _computed(found, steps[-1])
    for low, high in pairwise(found):
        middle = (Decimal(low) + Decimal(high)) / 2
        yield str(int(middle)) if kind.base in _WHOLE else f"{middle:f}"


def _computed(values: list[str], step: Decimal) -> Iterator[Value]:
    """Yield quotients of two literals and their neighbours: where `a * 2 > 100` turns."""
    numbers = [Decimal(value) for value in values if Decimal(value) != 0]
    for above in numbers:
        for below in numbers:
            if above != below:
                middle = (above / below).quantize(step)
                yield from (f"{n:f}" for n in (middle, middle + step, middle - step))


def _times(kind: ColumnType, known: Facts) -> Iterator[Value]:
    zone = "+00" if kind.base == "timestamptz" else ""
    yield from known.values
    yield from _moments(known.values, (timedelta(days=1), -timedelta(days=1), timedelta(seconds=1)))
    if known.fields:
        start = datetime(2024, 1, 1)  # noqa: DTZ001 - any Monday, in any zone
        days = [start + timedelta(days=i) for i in range(_WEEK)]
        days += [datetime(2024, month, 28) for month in range(1, _YEAR + 1)]  # noqa: DTZ001 - as above
        yield from (f"{day}{zone}" if kind.base != "date" else str(day.date()) for day in days)


def _near_texts(known: Facts) -> Iterator[Value]:
    yield from known.values
    for size in known.lengths:
        for exact in (size, size + 1, size - 1):
            if 0 <= exact <= _MAX_LENGTH:
                yield "x" * exact
    matched = list(_near_patterns(known))
    yield from matched
    for text in matched:
        yield from (text + "x", text[:-1], text[1:], text.swapcase(), f" {text}")
    for value in known.values:
        yield from (value.upper(), value + "x", value.lower(), value.capitalize())


def _near_patterns(known: Facts) -> Iterator[str]:
    """Yield short texts of the first and of the last characters that each pattern allows."""
    for pattern in known.patterns:
        for number, run in ((0, 1), (-1, 1), (0, 6)):
            with suppress(ValueError):
                yield matching(pattern, number, run=run)
    for pattern in known.likes:
        yield from (like(pattern, "a"), like(pattern, "user"), like(pattern, ""))


def _turned(values: list[str], number: int) -> list[str]:
    at = number % len(values) if values else 0
    return values[at:] + values[:at]


def _moments(values: Iterable[str], steps: Iterable[timedelta]) -> Iterator[Value]:
    shifts = list(steps)
    for value in values:
        parse: Callable[[str], date] = (
            date.fromisoformat if len(value) == len("2025-01-01") else datetime.fromisoformat
        )
        with suppress(ValueError, OverflowError):
            moment = parse(value)
            yield from (str(moment + shift) for shift in shifts)


def _number(value: str) -> bool:
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False


def _shifted(value: str, step: int | Decimal) -> str:
    return f"{Decimal(value) + step:f}"
