"""The checks that CreativeFlow adds, proven on the examples of their pages and on near misses."""

from __future__ import annotations

from pathlib import Path

from pgassay.testing import Database, prove_check

CHECKS = Path(__file__).with_name("checks")


def test_secrets_are_marked(creativeflow: Database):
    (finding,) = prove_check(
        CHECKS / "secret_without_mark.sql",
        creativeflow.connection,
        near_miss="create table keys (token_count int, secretary text)",
    )
    assert finding.fix.startswith("comment on column public.keys.access_token is")


def test_tables_are_described(creativeflow: Database):
    prove_check(
        CHECKS / "table_without_description.py",
        creativeflow.connection,
        near_miss="create view baskets as select 1 as id",
    )
