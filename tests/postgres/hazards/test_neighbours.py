"""What the corpus cannot label: a hazard that is silent beside another, and how bad each is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.core.finding import Severity
from tests.postgres.hazards.corpus import Migration

if TYPE_CHECKING:
    from tests.postgres.hazards.corpus import Shop

WAIT = "set local lock_timeout = '2s'"
CHECK = "alter table orders add check (amount > 0)"
PROOF = "alter table orders add constraint token_there check (token is not null)"
BOTH = "alter table orders alter column token set not null, drop constraint token_there"


def told(shop: Shop, *sql: str, setup: tuple[str, ...] = ()) -> dict[str, Severity]:
    judged = shop.run(Migration(name=sql[-1], sql=sql, hazard=None, setup=setup))
    assert judged.trace.error is None
    return {finding.slug: finding.severity for finding in judged.findings}


def test_work_that_something_ends_is_told_for_its_lock_alone(shop: Shop) -> None:
    assert "no_statement_timeout" in told(shop, WAIT, CHECK)
    assert set(told(shop, WAIT, "set local statement_timeout = '9s'", CHECK)) == {
        "check_scanned_under_lock"
    }


def test_a_limit_of_the_transaction_does_as_well(shop: Shop) -> None:
    if shop.major < 17:
        pytest.skip("transaction_timeout is of 17")
    found = told(shop, WAIT, "set local transaction_timeout = '9s'", CHECK)

    assert set(found) == {"check_scanned_under_lock"}


def test_a_proof_that_is_dropped_too_soon_is_told_once(shop: Shop) -> None:
    limit = "set local statement_timeout = '9s'"

    assert told(shop, WAIT, limit, BOTH, setup=(PROOF,)) == {
        "not_null_proof_dropped": Severity.ERROR
    }


def test_a_proof_that_was_not_valid_is_none(shop: Shop) -> None:
    found = told(shop, WAIT, BOTH, setup=(f"{PROOF} not valid",))

    assert "not_null_scanned_under_lock" in found
    assert "not_null_proof_dropped" not in found


@pytest.mark.parametrize(
    ("statement", "severity"),
    [
        ("alter table orders add check (status in ('paid', 'open')) not valid", Severity.ERROR),
        ("alter table orders add check (amount < 5) not valid", Severity.WARNING),
    ],
)
def test_a_rule_that_its_own_default_breaks_is_worse_than_one_that_rows_break(
    shop: Shop, statement: str, severity: Severity
) -> None:
    assert told(shop, WAIT, statement) == {"writes_refused": severity}


def test_a_default_that_draws_a_number_is_not_asked_for_one(shop: Shop) -> None:
    columns = """"Id" integer default nextval('numbers'), "Kind" text default ''"""
    made = ("create sequence numbers", f'create table "Drawn" ({columns})')
    rule = 'alter table "Drawn" add check ("Id" < 0) not valid'
    bare = 'alter table "Drawn" add check ("Kind" <> \'\') not valid'

    assert told(shop, rule, setup=made) == {}
    assert told(shop, bare, setup=made) == {"writes_refused": Severity.ERROR}


def test_a_rule_that_is_made_narrower_is_a_new_one_and_one_that_is_made_again_is_not(
    shop: Shop,
) -> None:
    setup = ("alter table orders add constraint amount_known check (amount between 1 and 9)",)
    again = "alter table orders drop constraint amount_known, add constraint amount_known check "

    found = told(shop, WAIT, f"{again} (amount < 5) not valid", setup=setup)
    assert found == {"writes_refused": Severity.WARNING}
    assert told(shop, WAIT, f"{again} (amount between 1 and 9) not valid", setup=setup) == {}


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("grant select on orders to public", Severity.INFO),
        ('grant insert ("Qty") on "Sales"."Line Item" to public', Severity.WARNING),
        ('grant create on schema "Sales" to public', Severity.WARNING),
        ("grant execute on function touch() to public", None),
    ],
)
def test_rights_for_everybody_are_as_bad_as_what_they_allow(
    shop: Shop, statement: str, found: Severity | None
) -> None:
    assert told(shop, statement).get("rights_for_everybody") is found


@pytest.mark.parametrize(
    ("statement", "needed"),
    [
        ("create event trigger watchful on ddl_command_end execute function noted()", True),
        ("create function own(text) returns text language internal as 'textin'", True),
        ("create function own(text) returns text language sql as 'select $1'", False),
    ],
)
def test_what_only_a_superuser_can_make_is_told(
    shop: Shop, statement: str, *, needed: bool
) -> None:
    noted = "create function noted() returns event_trigger language plpgsql as 'begin end'"

    assert ("superuser_needed" in told(shop, statement, setup=(noted,))) is needed


def test_of_a_partitioned_table_nobody_else_gathers_statistics(shop: Shop) -> None:
    rest = "insert into events select id, at, kind from events"

    assert told(shop, rest)["statistics_left_behind"] is Severity.WARNING
    assert "statistics_left_behind" not in told(shop, rest, "analyze events")
    assert told(shop, "update diary set words = ''")["statistics_left_behind"] is Severity.INFO


def test_an_index_that_comes_with_another_method_still_serves_the_foreign_key(shop: Shop) -> None:
    there = ("create index items_order on items (order_id)",)
    other = "create index items_hash on items using hash (order_id)"
    drop = "drop index items_order"

    assert "index_dropped_from_foreign_key" in told(shop, WAIT, drop, setup=there)
    assert "index_dropped_from_foreign_key" not in told(shop, WAIT, other, drop, setup=there)
