"""What a run tells of a catalog and of a plan, so that a report needs neither."""

from __future__ import annotations

from dataclasses import replace

from pgassay.core.catalog import Action
from pgassay.core.exhibit import PartitionSeen, TableSeen
from pgassay.core.plan import Actual, Buffers, Estimate, Node, Plan
from pgassay.run.exhibits import deletes_seen, plan_seen, tables_seen
from tests.unit.drift.sample import database, family, foreign_key, public, table


def test_partitions_are_told_with_their_table_and_their_time() -> None:
    parent, *rest = family("2026-01", "2026-02")
    catalog = database(parent, *rest, table("plain"))
    january = next(p.name for p in rest if p.partition and "2026-01-01" in p.partition.bound[:40])
    seen = list(tables_seen("s", catalog, {january: 7}))
    tables = [one for one in seen if isinstance(one, TableSeen)]
    assert {one.table for one in tables} == {"events", "plain"}
    key = {one.table: one.partition_key for one in tables}
    assert key["plain"] is None
    assert key["events"]
    partitions = {p.partition: p for p in seen if isinstance(p, PartitionSeen)}
    assert len(partitions) == 3
    first = partitions[str(january)]
    assert (first.since, first.until, first.rows) == (
        "2026-01-01T00:00:00", "2026-02-01T00:00:00", 7)  # fmt: skip
    default = partitions["events_default"]
    assert (default.bound, default.since, default.rows) == ("DEFAULT", None, 0)
    assert all(p.rows is None for p in tables_seen("s", catalog) if isinstance(p, PartitionSeen))


def test_what_a_delete_reaches_names_the_key_and_the_way() -> None:
    users = table("users")
    keys = {"on_delete": Action.CASCADE}
    orders = table("orders", constraints=(foreign_key("of", "user_id", "users", **keys),))
    notes = table("notes", constraints=(
        foreign_key("by", "order_id", "orders", on_delete=Action.SET_NULL),))  # fmt: skip
    told = {one.table: one.reaches for one in deletes_seen("s", database(users, orders, notes))}
    assert told.keys() == {"users", "orders"}
    assert [(r.table, r.fate, r.via, r.key, r.columns) for r in told["users"]] == [
        ("orders", "deleted", "users", "of", ("user_id",)),
        ("notes", "set null", "orders", "by", ("order_id",)),
    ]


def scan(number: int, hit: int, **more: object) -> Node:
    fields: dict[str, object] = {
        "number": number,
        "type": "Seq Scan",
        "relation": public(f"t{number}"),
        "estimate": Estimate(rows=3.0),
        "actual": Actual(rows=5.0, loops=2.0),
        "buffers": Buffers(shared_hit=hit),
    }
    return Node(**{**fields, **more})  # type: ignore[arg-type]  # the fields are named above


def test_the_node_that_touches_most_by_itself_is_hot() -> None:
    children = (scan(1, 30), scan(2, 50))
    root = replace(scan(0, 85), type="Append", relation=None, children=children)
    seen = plan_seen("s", "q", "typical", Plan(root=root, settings={"jit": "off"}))
    first, second = seen.root.steps
    assert (seen.root.hot, first.hot, second.hot) == (False, False, True)
    assert (seen.root.buffers, first.buffers, second.buffers) == (5, 30, 50)
    assert (second.text, second.estimated, second.rows, second.loops) == (
        "Seq Scan on t2", 3.0, 10.0, 2.0)  # fmt: skip
    assert seen.settings == ("jit = off",)


def test_a_node_that_was_never_executed_has_no_rows() -> None:
    never = scan(1, 0, actual=Actual(rows=0.0, loops=0.0))
    root = replace(scan(0, 4), type="Append", relation=None, children=(never,))
    (step,) = plan_seen("s", "q", "typical", Plan(root=root)).root.steps
    assert (step.rows, step.loops, step.estimated) == (None, 0.0, 3.0)
