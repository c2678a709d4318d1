"""Traffic, plans and rolling deploys on PostgreSQL 16 and 17: the same tests, collected again.

A major that is not on this machine is skipped, with the reason: PGASSAY_PG_BIN names its programs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.core.errors import MachineError
from pgassay.postgres.servers import Profile, ServerDeclaration, ServerKind, open_server
from tests.postgres.traffic.conftest import crowd_on, with_shop
from tests.postgres.traffic.test_live_traffic import (  # noqa: F401 - collected here, on this server
    test_an_index_built_with_writers_shut_out_is_seen_stalling_them,
    test_the_same_index_built_concurrently_lets_everybody_on,
    test_with_a_lock_timeout_it_gives_up_and_can_be_run_again,
)
from tests.postgres.traffic.test_plans_behind import (  # noqa: F401 - as above
    compared,
    test_an_index_that_a_query_expects_and_loses_is_an_error,
    test_the_same_plan_is_silent,
)
from tests.postgres.traffic.test_rolling_deploys import (  # noqa: F401 - as above
    findings,
    test_a_check_that_old_code_may_break_is_a_warning,
    test_no_order_of_deployment_survives_a_rename,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.postgres.servers import Server
    from pgassay.postgres.traffic.experiment import Crowd


@pytest.fixture(scope="session", params=(16, 17))
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    declaration = ServerDeclaration(postgres=request.param, profile=Profile.FAITHFUL)
    try:
        opened = open_server(ServerKind.EMBEDDED, declaration)
    except MachineError as error:
        pytest.skip(error.found)
    with opened as server:
        yield with_shop(server)


@pytest.fixture(scope="session")
def _crowd(server: Server) -> Iterator[Crowd]:
    """Of these servers: the session's own knows the keys of another one's rows."""
    yield from crowd_on(server)
