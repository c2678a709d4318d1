"""One server for the corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.postgres.servers import Profile, ServerDeclaration, open_server
from tests.postgres.hazards.corpus import Shop

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def shop() -> Iterator[Shop]:
    with open_server("embedded", ServerDeclaration(profile=Profile.FAITHFUL)) as server:
        shop = Shop(server)
        yield shop
        shop.close()
