"""Each fault, planted in what was built, is seen by the kind of case that stands for it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.postgres.cases.relational.conftest import Bench

KINDS = (
    "primary_key",
    "unique",
    "exclusion",
    "foreign_key",
    "cascade",
    "key_update",
    "partition_routing",
    "partition_pruning",
    "partition_upkeep",
    "partition_constraint",
    "index",
    "trigger",
    "twin",
    "row_security",
    "privilege",
    "view",
    "function",
)
FAULTS: list[dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "faults.toml").read_text(encoding="utf-8")
)["fault"]


def _identify(fault: dict[str, str]) -> str:
    return f"{fault['kind']}: {' '.join(fault['sql'].split())[:60]}"


@pytest.mark.parametrize("fault", FAULTS, ids=_identify)
def test_a_planted_fault_breaks_its_case(bench: Bench, fault: dict[str, str]):
    sql = f'set search_path = "Straße"; {fault["sql"]}'
    found = bench.judge(fault["kind"], fault=sql).broken
    names = sorted(name.replace('"Straße".', "") for name in found)
    assert any(fault["breaks"] in name for name in names), names


def test_every_kind_has_a_fault():
    assert {fault["kind"] for fault in FAULTS} == set(KINDS)


def test_without_a_fault_nothing_breaks(bench: Bench):
    verdict = bench.judge(*KINDS)
    assert verdict.broken == {}
    assert verdict.unproven == {}
    assert {outcome.case.kind for outcome in verdict.outcomes.values()} == set(KINDS)


@pytest.mark.parametrize("major", [16, 17])
def test_without_a_fault_nothing_breaks_on_older_servers(
    bench_of: Callable[..., Bench], major: int
):
    verdict = bench_of(major=major).judge(*KINDS)
    assert verdict.broken == {}
    assert [u for u in verdict.unproven.values() if u.fails] == []


@pytest.mark.parametrize("major", [16, 17])
def test_restrict_is_told_from_no_action_where_sqlstates_agree(
    bench_of: Callable[..., Bench], major: int
):
    fault = (
        'set search_path = "Straße"; alter table invoice drop constraint kept;'
        "alter table invoice add constraint kept foreign key (team_id) references team"
        " on delete no action on update no action"
    )
    found = bench_of(major=major).judge("cascade", "key_update", fault=fault).broken
    assert sorted(name.replace('"Straße".', "") for name in found) == [
        "invoice.kept: cascade: parent deleted and put back by one statement refused",
        "invoice.kept: key_update: parent renamed and put back by one statement refused",
    ]
