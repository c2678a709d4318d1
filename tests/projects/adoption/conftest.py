"""Projects that nobody prepared, and the program run in them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from tests.projects.adoption.layouts import write
from tests.projects.front_doors.copies import Copy

if TYPE_CHECKING:
    from pathlib import Path

Stranger = Callable[[Mapping[str, str]], Copy]


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that the workers of one run share."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    return shared / "cache of adoption"


@pytest.fixture
def stranger(tmp_path: Path, cache: Path) -> Stranger:
    """Makes a project of these files."""
    return lambda files: Copy(root=write(tmp_path / "project", files), cache=cache)
