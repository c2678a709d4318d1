"""Schemas at the edge: no false alarm, and what cannot be proven is told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.postgres.cases.relational.test_faults import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.postgres.cases.relational.conftest import Bench

ODD, ODD18 = (
    (Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("odd.sql", "odd18.sql")
)


@pytest.mark.parametrize("major", [16, 17, 18])
def test_an_odd_schema_raises_no_false_alarm(bench_of: Callable[..., Bench], major: int):
    verdict = bench_of(ODD, major=major).judge(*KINDS)
    assert verdict.broken == {}


def test_what_cannot_be_proven_is_told(bench_of: Callable[..., Bench]):
    unproven = bench_of(ODD).judge(*KINDS).unproven
    assert {
        (u.subject.object, u.kind) for u in unproven.values()
    } == {
        ("odd.by_day", "partition_pruning"),  # its key is an expression
        ("odd.by_day", "partition_routing"),
        ("odd.closed", "row_security"),  # its policies name no role
        ("odd.empty_parent", "index"),  # it has no partition
        ("odd.empty_parent", "primary_key"),
        ("odd.empty_parent", "twin"),
        ("odd.lost()", "function"),  # it leans on the caller's search_path
        ("odd.redirected", "trigger"),  # a view's
        ("odd.sender_and_receiver", "primary_key"),  # three rows of which two are too many
    }  # fmt: skip


def test_periods_and_keys_that_are_not_enforced_raise_no_false_alarm(
    bench_of: Callable[..., Bench],
):
    verdict = bench_of(ODD + ODD18).judge(*KINDS)
    assert verdict.broken == {}


@pytest.mark.parametrize(
    ("kind", "broken", "fault"),
    [
        ("primary_key", "stay.stay_pkey: primary_key: duplicate refused",
         "alter table stay drop constraint stay_pkey cascade"),
        ("foreign_key", "cleaning.of_stay: foreign_key: orphan refused",
         "alter table cleaning drop constraint of_stay"),
        ("foreign_key", "loose.unenforced: foreign_key: orphan accepted",
         "alter table loose alter constraint unenforced enforced"),
        ("cascade", "stay: cascade: delete refused by odd.cleaning.of_stay",
         "alter table cleaning drop constraint of_stay"),
    ],
)  # fmt: skip
def test_faults_in_what_is_new_in_18_are_seen(
    bench_of: Callable[..., Bench], kind: str, broken: str, fault: str
):
    found = bench_of(ODD + ODD18).judge(kind, fault=f"set search_path = odd; {fault}").broken
    assert any(broken in name for name in found), sorted(found)
