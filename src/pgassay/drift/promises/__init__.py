"""The tables of what is promised: one `Promise` per field of every catalog dataclass."""

from __future__ import annotations

from pgassay.drift.promises.children import CHILDREN
from pgassay.drift.promises.databases import DATABASES
from pgassay.drift.promises.promise import How, Promise, Thing
from pgassay.drift.promises.tables import TABLES

THINGS: dict[type, Thing] = {**TABLES, **CHILDREN, **DATABASES}

__all__ = ["THINGS", "How", "Promise", "Thing"]
