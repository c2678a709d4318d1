"""Every breach that a rule of pulse names goes through and is seen.

The gate takes a breach that the server refuses for one that a constraint keeps. Pulse's rules are
about what no constraint says, so a refusal would come from an unrelated key and prove nothing.
"""

from collections.abc import Iterator
from datetime import date

import pytest

from pgassay.cases.derivation import Source
from pgassay.core.statement import Statement
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.servers import Server
from pgassay.postgres.session import PipelineSession
from pgassay.rows.maker import RowMaker
from pgassay.run.factories import row_sources
from pgassay.run.population import population, put_in_place, realistic
from pgassay.run.rules import Rule, read_rules
from tests.projects.pulse.conftest import BOOKKEEPING, ROOT

RULES = read_rules(ROOT / "suites/pulse/rules")
BREACHES = {
    f"{rule.name} {number}": (rule.query, breach)
    for rule in RULES
    for number, breach in enumerate(rule.breaks, 1)
}


@pytest.fixture(scope="module")
def populated(server: Server, head: str) -> Iterator[PipelineSession]:
    database = server.create_database("pulse_populated", template=head)
    with server.connect(database) as connection:
        catalog = read_catalog(connection, exclude=BOOKKEEPING)
        session = PipelineSession(connection)
        rows = RowMaker(catalog, ask=session)
        source = Source(
            contract=catalog, rows=rows, ask=session, built=catalog, today=date(2026, 11, 21)
        )
        sources = row_sources("factories.pulse", catalog, root=ROOT)
        people = population(realistic(source, sources))
        assert not people.absent
        put_in_place(people, session)
        yield session


def test_there_are_rules_for_every_part_of_the_product_that_money_or_customers_depend_on():
    assert len(RULES) >= 20


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_sound_rows_break_no_rule(rule: Rule, populated: PipelineSession):
    reply = populated.run(Statement(rule.query))
    assert reply.refusal is None
    assert reply.rows == ()


@pytest.mark.parametrize(("query", "breach"), BREACHES.values(), ids=list(BREACHES))
def test_every_breach_goes_through_and_is_seen(query: str, breach: str, populated: PipelineSession):
    _, broken, seen, _ = populated.run_all(
        (Statement("begin"), Statement(breach), Statement(query), Statement("rollback"))
    )
    assert broken.refusal is None
    assert broken.count
    assert seen.rows
