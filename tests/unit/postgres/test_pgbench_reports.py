"""What pgbench prints of several scripts, as 16 and 18 word it, and of one."""

from __future__ import annotations

import pytest

from pgassay.postgres.pgbench import Throughput, read_report

HEAD = """\
pgbench (18.6)
number of transactions actually processed: 22993
latency average = 0.086 ms
tps = 23254.167556 (without initial connection time)
"""
OLD = """\
SQL script 1: /tmp/0.sql
 - weight: 1 (targets 50.0% of total)
 - 11480 transactions (49.9% of total, tps = 11610.396362)
 - number of failed transactions: 0 (0.000%)
 - latency average = 0.041 ms
 - latency stddev = 0.588 ms
SQL script 2: /tmp/1.sql
 - weight: 1 (targets 50.0% of total)
 - 0 transactions (0.0% of total, tps = 0.000000)
 - number of failed transactions: 0 (0.000%)
"""
NEW = OLD.replace(
    "11480 transactions (49.9% of total, tps = 11610.396362)",
    "11480 transactions (49.9% of total)\n"
    " - number of transactions actually processed: 11480 (tps = 11610.396362)",
)


@pytest.mark.parametrize("scripts", [OLD, NEW])
def test_each_of_several_scripts_is_read(scripts: str):
    assert list(read_report(HEAD + scripts, ["latest", "rare"])) == [
        Throughput(name="latest", transactions=11480, per_second=11610.396362, latency_ms=0.041,
                   deviation_ms=0.588),
        Throughput(name="rare", transactions=0, per_second=0.0, latency_ms=0.0, deviation_ms=0.0),
    ]  # fmt: skip


def test_one_script_is_the_whole():
    (only,) = read_report(HEAD, ["latest"])
    assert (only.transactions, only.per_second, only.latency_ms) == (22993, 23254.167556, 0.086)
