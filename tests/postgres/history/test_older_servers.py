"""History, data, adversaries and kills on PostgreSQL 16 and 17: the same tests, collected again.

A major that is not on this machine is skipped, with the reason: PGASSAY_PG_BIN names its programs.
"""

from collections.abc import Iterator

import pytest

from pgassay.core.errors import MachineError
from pgassay.postgres.servers import Profile, Server, ServerDeclaration, ServerKind, open_server
from tests.postgres.history.test_adversaries import (  # noqa: F401 - collected here, on this server
    meet,
    test_every_demand_is_met_by_a_row_that_breaks_it_with_the_query_for_production,
    test_rows_older_than_a_constraint_that_is_not_valid_meet_its_validation,
)
from tests.postgres.history.test_history_cases import (  # noqa: F401 - as above
    test_a_sound_history_is_silent_in_every_case,
)
from tests.postgres.history.test_killed import (  # noqa: F401 - as above
    test_an_index_that_is_left_invalid_stands_in_the_way_unless_it_is_dropped_first,
)
from tests.postgres.history.test_survival import (  # noqa: F401 - as above
    survive,
    test_values_that_a_new_type_cuts_short_are_found_and_rounded_ones_told,
)

pytestmark = pytest.mark.slow  # two minutes of CPU; on one server the same run every time


@pytest.fixture(scope="session", params=(16, 17))
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    declaration = ServerDeclaration(postgres=request.param, profile=Profile.FAITHFUL)
    try:
        opened = open_server(ServerKind.EMBEDDED, declaration)
    except MachineError as error:
        pytest.skip(error.found)
    with opened as server:
        yield server
