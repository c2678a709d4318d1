"""Copies of a shop with hot queries; one cache of populated clusters for all tests of one run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.projects.front_doors.copies import Copy

PROJECT = Path(__file__).parent / "project"


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that the workers of one run share."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    return shared / "cache of the bench"


@pytest.fixture
def shop(tmp_path: Path, cache: Path) -> Copy:
    """A fresh copy, to be broken."""
    ignored = shutil.ignore_patterns("__pycache__")
    root = Path(shutil.copytree(PROJECT, tmp_path / "shop", ignore=ignored))
    return Copy(root=root, cache=cache)
