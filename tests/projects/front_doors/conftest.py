"""Copies of the miniature project; one cache of clusters for all tests of one run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.projects.front_doors.copies import Copy, copied

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that the workers of one run share."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    return shared / "cache of front doors"


@pytest.fixture
def project(tmp_path: Path, cache: Path) -> Copy:
    """A fresh copy, to be broken."""
    return copied(tmp_path / "shop", cache)


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Copy:
    """A copy that no test changes."""
    return copied(tmp_path_factory.mktemp("sound") / "shop", cache)
