"""The reference system on a stand, and the study of its faults."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.faults import Study
from pgassay.core.config import load_config
from pgassay.run.stand import Request, Stand

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def study() -> Iterator[Study]:
    config = load_config(ROOT)
    system = config.systems["creativeflow"]
    with Stand(Request(config=config, system=system, today=datetime.now(UTC).date())) as stand:
        yield Study(stand)
