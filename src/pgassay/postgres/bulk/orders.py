"""What a worker's owner and its process say to each other."""

from __future__ import annotations

from dataclasses import dataclass

from pgassay.core.errors import PgassayError  # noqa: TC001 - a field of a dataclass
from pgassay.core.volume import Stream  # noqa: TC001 - a field of a dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The first thing said: where to, what of, and how Python finds it.

    Args:
        conninfo: of the database; it may hold a password, so it travels over the socket alone.
        settings: statements that set the session up.
        source: the pickled source of rows.
        path: `sys.path`.
    """

    conninfo: str
    settings: tuple[str, ...]
    source: bytes
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Copy one stream.

    Args:
        stream: which rows.
        freeze: empty the relation in the same transaction, and write the rows frozen.
    """

    stream: Stream
    freeze: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One chunk was handed to the server."""

    rows: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The stream is in place, and committed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """It is not; nothing of the stream is there. `trace` is of what nobody foresaw."""

    error: PgassayError | None
    trace: str
