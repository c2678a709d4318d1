"""Files of a project, as its people name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def shown(path: Path, root: Path) -> str:
    """Return a path as people of the project name it."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
