"""Where a finding can be mended, as a file and a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pgassay.core.finding import Finding


@dataclass(frozen=True, slots=True)
class Place:
    """A file, relative to the project where it is in it, and a line counted from 1."""

    file: str
    line: int = 1


def place_of(finding: Finding) -> Place | None:
    """Return the place in a finding's `source` (`file:line`); None if it has none."""
    if not finding.source:
        return None
    file, _, line = finding.source.rpartition(":")
    if file and line.isdecimal():
        return Place(file, max(int(line), 1))
    return Place(finding.source)
