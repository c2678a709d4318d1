"""What a load tells while it runs."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - a field of a dataclass
from dataclasses import dataclass
from enum import StrEnum

from pgassay.core.names import QualifiedName  # noqa: TC001 - fields of dataclasses


class Stage(StrEnum):
    """The kinds of work, in the order in which they are preferred."""

    COPY = "copy"
    INDEX = "index"
    VALIDATE = "validate"
    VACUUM = "vacuum"
    ANALYZE = "analyze"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What there is to do: rows to copy, and pieces of work by stage."""

    rows: int
    pieces: Mapping[Stage, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """So many more rows, of so many bytes, were handed to the server for one relation."""

    relation: QualifiedName
    root: QualifiedName
    rows: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One piece of work is done. `subject` is a relation or an index, in words."""

    stage: Stage
    subject: str
    seconds: float


Step = Planned | Copied | Done
