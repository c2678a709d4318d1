"""Old code against the new schema, and new code against the old one: each fault beside its twin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgassay.core.finding import Severity
from pgassay.history.rolling import judge
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.session import PipelineSession
from pgassay.run.migration.rolling import Comparison, Side

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.core.finding import Finding


@pytest.fixture
def findings(altered: Callable[..., tuple[Any, ...]]) -> Callable[..., list[Finding]]:
    """What becomes of running code behind some statements."""

    def of(*statements: str) -> list[Finding]:
        before, behind = (Side(read_catalog(c), PipelineSession(c)) for c in altered(*statements))
        return list(judge(Comparison(before, behind).broken(), "0002"))

    return of


def test_no_order_of_deployment_survives_a_rename(findings: Callable[..., list[Finding]]):
    (finding,) = findings('alter table "Shop"."Customer" rename note to remark')
    assert finding.fingerprint == 'rolling_deploy:"Shop"."Customer".42703:0002'
    assert finding.severity is Severity.ERROR
    assert finding.title.startswith("reads, updates and inserts of running code are refused")
    assert "the old schema refuses the new code as well" in finding.expected
    assert finding.evidence[0].startswith('select "Id", "eMail", note from "Shop"."Customer"')


def test_a_dropped_column_is_a_warning_that_code_comes_first(
    findings: Callable[..., list[Finding]],
):
    (finding,) = findings('alter table "Shop"."Customer" drop column note')
    assert finding.severity is Severity.WARNING
    assert "42703" in finding.found
    assert finding.fix.startswith("deploy the code first")


def test_a_column_that_old_code_does_not_fill_refuses_its_inserts(
    findings: Callable[..., list[Finding]],
):
    (finding,) = findings(
        'alter table "Shop"."Customer" add column age int',
        'update "Shop"."Customer" set age = 1',
        'alter table "Shop"."Customer" alter age set not null',
    )
    assert finding.severity is Severity.ERROR
    assert finding.title.startswith("inserts of running code are refused behind 0002 with 23502")


def test_with_a_default_it_refuses_nobody(findings: Callable[..., list[Finding]]):
    assert findings('alter table "Shop"."Customer" add column age int not null default 1') == []


def test_a_check_that_old_code_may_break_is_a_warning(findings: Callable[..., list[Finding]]):
    check = "alter table \"Shop\".\"Order\" add check (state in ('new', 'paid')) not valid"
    (finding,) = findings(check)
    assert finding.severity is Severity.WARNING
    assert "23514" in finding.title


def test_a_check_that_all_rows_keep_to_refuses_nobody(findings: Callable[..., list[Finding]]):
    assert findings('alter table "Shop"."Order" add check (length(state) < 1000)') == []


def test_a_renamed_table_is_gone_for_running_code(findings: Callable[..., list[Finding]]):
    found = findings('alter table "Shop"."Customer" rename to "Client"')
    (finding,) = [one for one in found if one.subject.object == '"Shop"."Customer"']
    assert "42P01" in finding.found
    assert finding.severity is Severity.ERROR
    assert finding.fix.startswith("leave a view under the old name")


def test_a_view_under_the_old_name_keeps_it_going(findings: Callable[..., list[Finding]]):
    found = findings(
        'alter table "Shop"."Customer" rename to "Client"',
        'create view "Shop"."Customer" as select * from "Shop"."Client"',
    )
    assert found == []


def test_a_table_that_goes_without_another_that_comes_is_for_code_to_forget_first(
    findings: Callable[..., list[Finding]],
):
    (finding,) = findings('drop table "Shop"."Log"')
    assert finding.severity is Severity.WARNING
    assert "no longer names it is everywhere" in finding.fix


def test_a_new_index_and_a_new_table_are_nothing_to_running_code(
    findings: Callable[..., list[Finding]],
):
    found = findings(
        'create index on "Shop"."Order" (amount)', 'create table "Shop"."Extra" (id int)'
    )
    assert found == []
