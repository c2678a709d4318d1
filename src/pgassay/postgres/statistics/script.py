"""The one query text: what a DBA runs by hand is what pgassay runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pgassay.core.names import literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.core.names import QualifiedName

_PLACE = "    /* named columns */\n"
_VALUES, _ENDS = "false /* values */", "false /* ends */"


def script(named: Iterable[tuple[QualifiedName, str]] = ()) -> str:
    """Return the script; values are read of the columns that are named, and of no others."""
    text = Path(__file__).with_name("script.sql").read_text(encoding="utf-8")
    rows = "".join(
        f"    union select {literal(t.schema)}, {literal(t.name)}, {literal(c)}\n" for t, c in named
    )
    return text.replace(_PLACE, rows)


def snapshot_script(*, values: bool = False, ends: bool = False) -> str:
    """Return the script of a snapshot.

    Args:
        values: common values and histograms of all columns are written.
        ends: the first and the last value in each B-tree are looked up.
    """
    text = Path(__file__).with_name("snapshot.sql").read_text(encoding="utf-8")
    for place, wanted in ((_VALUES, values), (_ENDS, ends)):
        text = text.replace(place, place.replace("false", "true")) if wanted else text
    return text
