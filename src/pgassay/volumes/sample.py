"""A sample of a volume's rows, put to the server before millions are made.

CHECKs over content alone hold by construction of the pool; those that look at keys, references,
times, positions or sums as well are asked of some rows of each section. What is asked is read back
from the very bytes that would be loaded. A CHECK over a type that is not read here is left to the
load itself.
"""

from __future__ import annotations

import struct
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np

from pgassay.rows.rules import Judge, Question
from pgassay.rows.unsatisfiable import Unsatisfiable
from pgassay.volumes.calendar import DAY, moment
from pgassay.volumes.cells import NULL, Fixed
from pgassay.volumes.tuples import columns_of, tuples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pgassay.core.statement import Session, Value
    from pgassay.rows.maker import RowMaker
    from pgassay.rows.rules import Rule
    from pgassay.volumes.cells import Cells
    from pgassay.volumes.world import Part, Rowset

_ROWS = 64


def verify(tables: Iterable[Rowset], maker: RowMaker, ask: Session) -> None:
    """Ask the server about some rows of each section.

    Raises:
        Unsatisfiable: a CHECK refuses one, with the CHECK's name and expression and the row.
    """
    judge = Judge(ask, maker.types)
    for table in tables:
        rules = _open_rules(table, maker)
        if not rules:
            continue
        columns = tuple(dict.fromkeys(c for rule in rules for c in rule.columns))
        for part in table.parts:
            rows = list(read(part, _spread(part), columns_of(table)))
            if not rows:
                continue
            question = Question(
                table=table.table,
                rules=rules,
                columns=columns,
                rows=tuple(tuple(_text(table, c, row[c], maker) for c in columns) for row in rows),
            )
            (answers,) = judge.verdicts([question])
            for values, verdicts in zip(question.rows, answers, strict=True):
                for rule, verdict in zip(rules, verdicts, strict=True):
                    if not verdict.passes:
                        raise _refused(table, rule, dict(zip(columns, values, strict=True)))


def read(
    part: Part, local: np.ndarray, columns: Sequence[str]
) -> Iterator[Mapping[str, bytes | None]]:
    """Yield rows of a section as fields by column, NULL as None."""
    if not len(local):
        return
    payload = tuples(part, local, columns)
    at = 0
    while at < len(payload):
        (count,) = struct.unpack_from(">h", payload, at)
        at += 2
        row: dict[str, bytes | None] = {}
        for name in columns[:count]:
            (length,) = struct.unpack_from(">i", payload, at)
            at += 4
            row[name] = None if length < 0 else bytes(payload[at : at + length])
            at += max(length, 0)
        yield row


def text_of_field(base: str, cells: Cells) -> Value:
    """Return the one value of some cells as text; None for NULL and for types not read here."""
    if base not in _READERS:
        return None
    if isinstance(cells, Fixed):
        null = cells.nulls is not None and bool(cells.nulls[0])
        return None if null else _READERS[base](cells.octets[0].tobytes())
    whole = cells.cells[0].as_py()
    return None if whole == NULL else _READERS[base](whole[4:])


def _open_rules(table: Rowset, maker: RowMaker) -> tuple[Rule, ...]:
    """Return the CHECKs that look at something computed and that can be read back."""
    computed = {name for part in table.parts for name in part.columns}
    found = []
    for rule in maker.rules(table.table).rules:
        kinds = [maker.types.base_type(table.table.column(c).type) for c in rule.columns]
        readable = all(k.base in _READERS and not k.array for k in kinds)
        if readable and computed & set(rule.columns):
            found.append(rule)
    return tuple(found)


def _spread(part: Part) -> np.ndarray:
    return np.unique(np.linspace(0, max(part.rows - 1, 0), min(part.rows, _ROWS)).astype(np.int64))


def _text(table: Rowset, column: str, octets: bytes | None, maker: RowMaker) -> Value:
    if octets is None:
        return None
    base = maker.types.base_type(table.table.column(column).type).base
    return _READERS[base](octets)


def _refused(table: Rowset, rule: Rule, row: Mapping[str, Value]) -> Unsatisfiable:
    said = ", ".join(f"{name} = {value or 'NULL'}" for name, value in row.items())
    return Unsatisfiable(
        rule.name,
        rule.text,
        where=str(table.table.name),
        why=f"a row of the volume has {said}",
    )


def _integer(octets: bytes) -> str:
    return str(int.from_bytes(octets, "big", signed=True))


def _numeric(octets: bytes) -> str:
    count, weight, sign, scale = struct.unpack_from(">hhHh", octets)
    digits = struct.unpack_from(f">{count}h", octets, 8)
    value = sum(
        (Decimal(d) * Decimal(10_000) ** (weight - i) for i, d in enumerate(digits)), Decimal(0)
    )
    return f"{-value if sign else value:.{scale}f}"


_READERS: Mapping[str, Callable[[bytes], str]] = {
    "int2": _integer,
    "int4": _integer,
    "int8": _integer,
    "bool": lambda o: "true" if o == b"\x01" else "false",
    "uuid": lambda o: str(UUID(bytes=o)),
    "text": bytes.decode,
    "varchar": bytes.decode,
    "bpchar": bytes.decode,
    "citext": bytes.decode,
    "json": bytes.decode,
    "jsonb": lambda o: o[1:].decode(),
    "numeric": _numeric,
    "float4": lambda o: repr(struct.unpack(">f", o)[0]),
    "float8": lambda o: repr(struct.unpack(">d", o)[0]),
    "timestamp": lambda o: str(moment(int.from_bytes(o, "big", signed=True))),
    "timestamptz": lambda o: f"{moment(int.from_bytes(o, 'big', signed=True))}+00",
    "date": lambda o: moment(int.from_bytes(o, "big", signed=True) * DAY).date().isoformat(),
}
