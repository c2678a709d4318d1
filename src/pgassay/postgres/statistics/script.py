"""The one query text: what a DBA runs by hand is what pgassay runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pgassay.core.names import literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.core.names import QualifiedName

_PLACE = "    /* named columns */\n"


def script(named: Iterable[tuple[QualifiedName, str]] = ()) -> str:
    """Return the script; values are read of the columns that are named, and of no others."""
    text = Path(__file__).with_name("script.sql").read_text(encoding="utf-8")
    rows = "".join(
        f"    union select {literal(t.schema)}, {literal(t.name)}, {literal(c)}\n" for t, c in named
    )
    return text.replace(_PLACE, rows)
