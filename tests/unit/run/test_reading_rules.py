"""A rule's header says what holds, why, and how it could be broken; none of it may be missing."""

from pathlib import Path

import pytest

from pgassay.core.errors import ConfigError
from pgassay.run.rules import read_rules

RULE = """\
-- title: no order is
--   older than its customer
-- why: the ledger is read by time
-- breaks: update orders set at = '-infinity'
--   where id = 1;
-- breaks: delete from customers
-- an ordinary comment
select o.id from orders as o;
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "orders_are_younger.sql"
    path.write_text(text, encoding="utf-8")
    return path


def test_header_and_query_are_told_apart(tmp_path: Path):
    path = write(tmp_path, RULE)
    (rule,) = read_rules(tmp_path)
    assert (rule.name, rule.path) == ("orders_are_younger", path)
    assert rule.says == "no order is older than its customer"
    assert rule.why == "the ledger is read by time"
    assert rule.breaks == (
        "update orders set at = '-infinity'\nwhere id = 1",
        "delete from customers",
    )
    assert rule.query == "-- an ordinary comment\nselect o.id from orders as o"


@pytest.mark.parametrize("key", ["title", "why", "breaks"])
def test_a_header_without_one_of_its_keys_is_refused(tmp_path: Path, key: str):
    write(tmp_path, RULE.replace(f"-- {key}:", "-- note:"))
    with pytest.raises(ConfigError, match=f'no "-- {key}:" line') as refused:
        read_rules(tmp_path)
    assert "orders_are_younger.sql" in str(refused.value)


def test_a_header_without_a_query_is_refused(tmp_path: Path):
    write(tmp_path, RULE.partition("-- an ordinary")[0])
    with pytest.raises(ConfigError, match="no query"):
        read_rules(tmp_path)
