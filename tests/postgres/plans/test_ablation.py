"""Each index is hidden once: what needs it is found, and what nothing needs is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.event import FindingMade, PhaseFinished, Told
from pgassay.core.finding import Severity
from pgassay.core.names import QualifiedName
from pgassay.plans.phrases import expectation
from pgassay.plans.query import HotQuery, QueryParameter, SourceKind, ValueSource
from pgassay.run.bench_indexes import ablation
from pgassay.run.query_bench import QueryBench

if TYPE_CHECKING:
    from pgassay.core.finding import Finding
    from tests.postgres.plans.conftest import Shop

SEVEN = ValueSource(kind=SourceKind.CONSTANT, text="7")


def query(name: str, sql: str, *expect: str) -> HotQuery:
    parameters = (QueryParameter(name="a", sources=(("typical", SEVEN),)),) if "$1" in sql else ()
    return HotQuery(
        name=name, title=name, why="hot", sql=sql, parameters=parameters,
        expectations=tuple(expectation(t, run=None, line=1, file="q") for t in expect),
    )  # fmt: skip


LATEST = query(
    "latest", 'select * from orders where "userId" = $1 order by "createdAt" desc limit 20'
)
OPEN = query("open", "select count(*) from orders where state = 'open'")


def shown(shop: Shop, *queries: HotQuery) -> tuple[dict[str, str], list[Finding], PhaseFinished]:
    bench = QueryBench(shop.session, shop.places)
    plans = [(question, bench.measured(question)) for question in bench.questions(queries)]
    events = list(ablation("shop", bench, plans))
    lines = dict(e.text.split(": ", 1) for e in events if isinstance(e, Told))
    findings = [event.finding for event in events if isinstance(event, FindingMade)]
    (end,) = [event for event in events if isinstance(event, PhaseFinished)]
    return {key.split(".")[-1].split(" (")[0]: why for key, why in lines.items()}, findings, end


def test_an_index_is_kept_by_a_query_a_constraint_or_a_foreign_key(standing: Shop):
    needs, findings, end = shown(standing, LATEST, OPEN)
    assert needs["ordersByUser"].startswith("queries latest")
    assert needs["orders_by_state"] == "queries open"
    assert needs["orders_pkey"] == "constraint orders_pkey"
    assert needs["orders_by_tag"] == "nothing"
    unneeded = {str(f.subject) for f in findings if f.slug == "index_unneeded"}
    assert '"Shop".orders.orders_by_tag' in unneeded
    assert '"Shop".orders.orders_by_time' in unneeded
    assert end.counts["of queries"] == 2


def test_without_the_query_the_foreign_key_still_needs_it(standing: Shop):
    needs, findings, _ = shown(standing, OPEN)
    assert needs["ordersByUser"] == "foreign keys orders_userId_fkey"
    assert not [f for f in findings if f.subject.part == "ordersByUser"]


def test_of_two_that_serve_one_foreign_key_the_larger_goes(shop: Shop):
    shop.run('create index small on orders ("userId")')
    needs, _, _ = shown(shop, OPEN)
    assert needs["ordersByUser"] == "nothing"
    assert needs["small"] == "foreign keys orders_userId_fkey"


def test_an_unneeded_index_is_named_with_what_it_costs(standing: Shop):
    _, findings, _ = shown(standing, LATEST)
    (found,) = [f for f in findings if f.subject.part == "orders_by_tag"]
    assert found.severity is Severity.WARNING
    assert " kB; hidden, no query touches more pages" in found.found
    assert found.fix.startswith('drop index concurrently "Shop".orders_by_tag;')


def test_on_a_small_table_and_where_it_is_expected_it_is_only_told(standing: Shop):
    word = query("word", "select * from tiny where word = $1", "index tiny_by_word")
    _, findings, _ = shown(standing, word)
    (small,) = [f for f in findings if f.subject.part == "tiny_by_word"]
    assert small.severity is Severity.INFO
    assert "its table is a few pages; expected by word" in small.found


def test_the_index_of_a_partitioned_table_is_one(standing: Shop):
    sql = "select * from events where \"userId\" = $1 and at < '2025-02-01'"
    needs, _, _ = shown(standing, query("events", sql))
    assert needs["events_by_user"] == "queries events"
    assert not [name for name in needs if name.startswith("events_1")]


def test_an_index_that_would_pay_is_tried_for_real(standing: Shop):
    before = standing.plan("select * from orders where note = $1", "x").root.type
    tried = query("by_note", "select * from orders where note = $1")
    _, findings, _ = shown(standing, tried)
    (found,) = [f for f in findings if f.slug == "index_missing"]
    assert found.fix == 'create index concurrently on "Shop".orders (note);'
    assert "by_note (typical): " in found.found
    assert "times fewer buffers for" in found.why
    assert standing.plan("select * from orders where note = $1", "x").root.type == before
    assert QualifiedName("Shop", "orders_note_idx") not in standing.places.indexes


def test_an_index_that_would_not_pay_is_not_named(standing: Shop):
    _, findings, _ = shown(standing, query("all", "select * from orders where note > $1"))
    assert [f for f in findings if f.slug == "index_missing"] == []


def test_nothing_is_left_hidden(standing: Shop):
    shown(standing, LATEST)
    ask = "select count(*) from pg_index where not indisvalid"
    assert standing.connection.execute(ask).fetchone() == (0,)
