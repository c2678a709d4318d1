"""A partitioned table is one table: what happens to its partitions is told once, of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.postgres.hazards.corpus import Migration

if TYPE_CHECKING:
    from tests.postgres.hazards.corpus import Shop

WAIT = "set local lock_timeout = '2s'; set local statement_timeout = '60s'"


@pytest.mark.parametrize(
    ("statement", "slug"),
    [
        ("alter table events alter column kind type varchar(9)", "type_change_rewrites"),
        ("alter table events add column u uuid default gen_random_uuid()",
         "column_default_rewrites"),
        ("alter table events add column n bigint generated always as (id + 1) stored",
         "column_generated_rewrites"),
        ("alter table events add check (id > 0)", "check_scanned_under_lock"),
        ("alter table events alter column kind set not null", "not_null_scanned_under_lock"),
        ("alter table events add unique (id, at)", "unique_built_under_lock"),
        ("alter table events add foreign key (id) references customers",
         "foreign_key_checked_under_lock"),
    ],
)  # fmt: skip
def test_is_told_once_of_the_table(shop: Shop, statement: str, slug: str) -> None:
    judged = shop.run(Migration(name=statement, sql=(WAIT, statement), hazard=slug))

    assert judged.trace.error is None
    assert [(one.slug, one.subject.object) for one in judged.findings] == [(slug, "events")]


@pytest.mark.parametrize(
    "statement",
    [
        "alter table events add column u uuid",
        "alter table events alter column kind type varchar",
        "alter table events add check (id > 0) not valid",
        "alter table events add foreign key (id) references customers not enforced",
    ],
)
def test_what_takes_an_instant_is_not_told(shop: Shop, statement: str) -> None:
    if "not enforced" in statement and shop.major < 18:
        pytest.skip("NOT ENFORCED is of 18")
    judged = shop.run(Migration(name=statement, sql=(WAIT, statement), hazard=None))

    assert judged.trace.error is None
    assert [one.slug for one in judged.findings] == []


@pytest.mark.parametrize(
    "statement",
    [
        "create index on totals (total)",
        "drop materialized view totals",
        "alter materialized view totals rename to sums",
        "alter table archive rename to attic; alter table attic alter column id type bigint",
        "create extension pg_trgm; create index on orders using gin (token gin_trgm_ops)",
        'alter schema "Sales" rename to "Selling"',
    ],
)  # fmt: skip
def test_what_is_no_plain_table_is_judged_as_well(shop: Shop, statement: str) -> None:
    judged = shop.run(Migration(name=statement, sql=(WAIT, statement), hazard=None))

    assert judged.trace.error is None
    assert judged.trace.statements


def test_a_table_that_is_renamed_as_well_is_still_the_one_of_before(shop: Shop) -> None:
    statement = "alter table archive rename to attic; alter table attic alter column id type bigint"

    judged = shop.run(Migration(name=statement, sql=(WAIT, statement), hazard=None))

    assert {(one.slug, one.subject.object) for one in judged.findings} >= {
        ("renamed", "archive"),
        ("type_change_rewrites", "archive"),
    }
