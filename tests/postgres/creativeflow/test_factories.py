"""Rows of the factories are accepted, differ where they must, and hold nothing that is secret."""

import pytest
from sqlalchemy import Table, UniqueConstraint

from pgassay.cases.derivation import Source
from pgassay.core.catalog import Catalog
from pgassay.core.statement import Statement
from pgassay.postgres.session import PipelineSession
from pgassay.run.factories import FactorySource, row_sources
from pgassay.run.population import population, put_in_place, realistic
from pgassay.run.rules import read_rules, rule_trials
from schema.creativeflow import metadata
from tests.postgres.creativeflow.throwaway import ROOT

RULES = read_rules(ROOT / "suites/creativeflow/rules")
ByTable = dict[str, FactorySource]
TABLES = sorted(metadata.tables.values(), key=lambda table: table.name)


@pytest.fixture(scope="module")
def by_table(contract: Catalog) -> ByTable:
    found = row_sources("factories.creativeflow", contract, root=ROOT)
    return {name.name: source for name, source in found.items()}


def test_every_table_has_a_factory(by_table: ByTable):
    assert by_table.keys() == metadata.tables.keys()


def test_every_family_of_rows_is_complete_and_accepted(source: Source, populated: PipelineSession):
    people = population(source)
    assert people.absent == {}
    assert [len({row.table.name for row in family}) for family in people.families] == [23, 23, 23]
    counts = [f"select '{t.name}', count(*) from {t.name}" for t in TABLES]
    reply = populated.run(Statement(" union all ".join(counts)))
    assert {name: int(count or 0) for name, count in reply.rows} == {t.name: 3 for t in TABLES}


def test_a_population_is_the_same_each_time(source: Source, contract: Catalog):
    again = realistic(source, row_sources("factories.creativeflow", contract, root=ROOT))
    assert population(source) == population(again)


def test_the_rows_break_no_business_rule_and_every_rule_can_be_broken(populated: PipelineSession):
    trials = list(rule_trials(RULES, populated))
    assert len(trials) == 11 + sum(len(rule.breaks) for rule in RULES)
    assert [finding for trial in trials for finding in trial.perform()] == []


def test_rows_without_factories_would_break_rules(bare_source: Source, empty: PipelineSession):
    """What the engine finds out by itself passes the schema; the domain knows more."""
    put_in_place(population(bare_source), empty)
    broken = {rule.name for rule in RULES if empty.run(Statement(rule.query)).rows}
    assert broken == {"uploaded_asset_names_no_request", "versions_have_no_gap"}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_what_a_unique_key_holds_differs_from_row_to_row(by_table: ByTable, table: Table):
    rows = [by_table[table.name](number) for number in range(40)]
    for columns in unique_keys(table):
        if columns <= rows[0].keys():
            held = [tuple(row[column] for column in sorted(columns)) for row in rows]
            known = [values for values in held if None not in values]
            assert len(known) == len(set(known))


def unique_keys(table: Table) -> list[set[str]]:
    keys = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    return [
        {c.name for c in one.columns} for one in (*keys, *(i for i in table.indexes if i.unique))
    ]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_what_is_marked_as_sensitive_says_that_it_is_fake(by_table: ByTable, table: Table):
    sensitive = [c.name for c in table.columns if (c.comment or "").endswith("[sensitive]")]
    for number in range(20):
        row = by_table[table.name](number)
        assert all((row[name] or "fake-").startswith("fake-") for name in sensitive)


def test_the_time_of_a_partitioned_row_is_left_to_the_engine(by_table: ByTable):
    assert "created_at" not in by_table["credit_transactions"](0)
    assert "created_at" not in by_table["notifications"](0)
    assert "timestamp" not in by_table["usage_logs"](0)
