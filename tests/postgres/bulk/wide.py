"""A volume of any size whose rows are numbers: fixed widths, so that one dtype is the tuple."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pgassay.core.names import QualifiedName
from pgassay.core.volume import Chunk, Stream

Numbers = npt.NDArray[np.uint64]

SCHEMA = """
create table account (
  id uuid primary key, number bigint not null unique, name text not null, at timestamptz not null
);
create table project (
  id uuid primary key, account uuid not null references account on delete cascade,
  number bigint not null, name text not null, at timestamptz not null, state smallint not null,
  constraint state_known check (state between 0 and 9)
);
create index on project (account, at);
create index on project (state) where state < 3;
create table asset (
  id uuid primary key, project uuid not null references project on delete cascade,
  account uuid not null references account,
  number bigint not null, name text not null, at timestamptz not null, state smallint not null,
  path text not null,
  constraint state_known check (state between 0 and 9)
);
create index on asset (project);
create index on asset (account, at desc);
create index on asset (state, number);
"""
_NAMES = ("account", "project", "asset")
_COLUMNS = {
    "account": ("id", "number", "name", "at"),
    "project": ("id", "account", "number", "name", "at", "state"),
    "asset": ("id", "project", "account", "number", "name", "at", "state", "path"),
}
_FORMAT = {
    "id": "V16", "account": "V16", "project": "V16", "number": ">i8", "at": ">i8", "state": ">i2",
    "name": "S24", "path": "S90",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class WideSource:
    """So many assets, a tenth of projects, a hundredth of accounts."""

    assets: int
    per_chunk: int = 20_000

    def streams(self) -> tuple[Stream, ...]:
        return tuple(self._stream(name) for name in _NAMES)

    def chunk(self, stream: Stream, number: int) -> Chunk:
        name = stream.relation.name
        start = number * self.per_chunk
        rows = np.arange(start, min(start + self.per_chunk, stream.rows), dtype=np.uint64)
        fields = [("count", ">i2")]
        for column in stream.columns:
            fields += [(f"{column} size", ">i4"), (column, _FORMAT[column])]
        table = np.zeros(len(rows), dtype=fields)
        table["count"] = len(stream.columns)
        for column in stream.columns:
            table[f"{column} size"] = np.dtype(_FORMAT[column]).itemsize
        for column in stream.columns:
            table[column] = self._values(name, column, rows)
        return Chunk(rows=len(rows), payload=table.tobytes())

    def _stream(self, name: str) -> Stream:
        relation = QualifiedName("public", name)
        rows = self._rows(name)
        return Stream(
            relation=relation,
            root=relation,
            columns=_COLUMNS[name],
            rows=rows,
            chunks=-(-rows // self.per_chunk),
        )

    def _rows(self, name: str) -> int:
        return max(1, self.assets // {"account": 100, "project": 10, "asset": 1}[name])

    def _values(self, table: str, column: str, rows: Numbers) -> object:
        if column == "id":
            return _uuid(table, rows)
        if column in _NAMES:
            drawn = _mixed(rows + np.uint64(len(column)))
            return _uuid(column, drawn % np.uint64(self._rows(column)))
        if column == "number":
            return rows.astype(">i8")
        if column == "at":
            return (rows * np.uint64(1_000_000)).astype(">i8")
        if column == "state":
            return (_mixed(rows) % np.uint64(10)).astype(">i2")
        return _text(column, rows)


def _text(column: str, rows: Numbers) -> npt.NDArray[np.bytes_]:
    width = np.dtype(_FORMAT[column]).itemsize
    digits = np.full((len(rows), width), ord("x"), dtype=np.uint8)
    left = rows.copy()
    for place in range(12):
        digits[:, width - 1 - place] = (left % np.uint64(10) + np.uint64(48)).astype(np.uint8)
        left //= np.uint64(10)
    return digits.view(f"S{width}").ravel()


def _mixed(rows: Numbers) -> Numbers:
    """splitmix64: a permutation of the 64-bit numbers."""
    z = rows * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def _uuid(table: str, rows: Numbers) -> npt.NDArray[np.void]:
    halves = np.empty((len(rows), 2), dtype=">u8")
    halves[:, 0] = _mixed(rows + np.uint64(1))
    halves[:, 1] = rows + np.uint64(len(table) << 40)
    return halves.view("V16").ravel()
