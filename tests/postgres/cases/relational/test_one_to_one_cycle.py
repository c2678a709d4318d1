"""Two rows that refer to each other by unique keys: a new key takes the parent along as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.postgres.cases.relational.conftest import Bench

SCHEMA = """
create table version (id int primary key, result_id int unique);
create table result (
  id int primary key,
  version_id int not null unique references version (id),
  unique (id, version_id)
);
alter table version add constraint own_result foreign key (result_id, id)
  references result (id, version_id) on update cascade deferrable;
"""
UPDATE = "result.version_id: key_update: update reaches what the keys say and nothing else"


def test_the_update_of_a_key_that_takes_its_parent_along_is_proven(bench_of: Callable[..., Bench]):
    verdict = bench_of(SCHEMA).judge("key_update")
    assert verdict.broken == {}
    assert verdict.unproven == {}
    assert UPDATE in verdict.outcomes


def test_an_action_that_is_lost_is_seen_by_it(bench_of: Callable[..., Bench]):
    fault = (
        "alter table version drop constraint own_result; alter table version add constraint "
        "own_result foreign key (result_id, id) references result (id, version_id) deferrable"
    )
    assert UPDATE in bench_of(SCHEMA).judge("key_update", fault=fault).broken
