from __future__ import annotations

import json
from typing import Any

import pytest

from pgassay.core.names import QualifiedName
from pgassay.core.plan import Buffers
from pgassay.plans.measure import misses, own_buffers, rows_read, spills, total_rows_read
from pgassay.plans.reading import NotAPlan, read_plan
from pgassay.plans.tree import tree


def node(kind: str, *below: dict[str, Any], **labels: object) -> dict[str, Any]:
    named = {label.replace("_", " "): value for label, value in labels.items()}
    return {"Node Type": kind, **named, **({"Plans": list(below)} if below else {})}


def plan(root: dict[str, Any], **rest: object) -> str:
    return json.dumps([{"Plan": root, **rest}])


def scan(
    rows: float, loops: float, *, relation: str = "t", hit: int = 0, **more: object
) -> dict[str, Any]:
    labels: dict[str, object] = {
        "Schema": "public",
        "Relation_Name": relation,
        "Alias": relation,
        "Plan_Rows": 10,
        "Actual_Rows": rows,
        "Actual_Loops": loops,
        "Shared_Hit_Blocks": hit,
        **more,
    }
    kind = str(labels.pop("kind", "Seq Scan"))
    return node(kind, **labels)


@pytest.mark.parametrize("text", ["", "{", "[]", "[1]", '[{"Plan": 3}]', '[{"Plan": {}}]', "{}"])
def test_what_is_no_plan_is_refused(text: str):
    with pytest.raises(NotAPlan):
        read_plan(text)


def test_what_is_not_known_is_kept():
    strange = node("Quantum Scan", Spin=3, Alias="q")
    read = read_plan(plan(strange, JIT={"Functions": 3}))
    assert read.root.type == "Quantum Scan"
    assert read.root.others == {"Spin": 3}
    assert read.others == {"JIT": {"Functions": 3}}
    assert "Quantum Scan" in tree(read)[0]


def test_nodes_are_numbered_as_they_are_printed():
    read = read_plan(plan(node("Limit", node("Sort", scan(1, 1)), scan(1, 1))))
    assert [(n.number, n.type) for n in read.nodes()] == [
        (0, "Limit"),
        (1, "Sort"),
        (2, "Seq Scan"),
        (3, "Seq Scan"),
    ]


def test_a_worker_is_read_with_what_it_says():
    worker = {"Worker Number": 1, "Sort Method": "external merge", "Sort Space Used": 80,
              "Sort Space Type": "Disk", "Actual Rows": 3, "Actual Loops": 1, "Odd": 1}  # fmt: skip
    read = read_plan(plan(node("Sort", Workers=[worker])))
    (found,) = read.root.workers
    assert found.number == 1
    assert found.others == {"Odd": 1}
    assert [spill.kilobytes for spill in spills(read)] == [80]


def test_rows_read_count_loops_and_what_was_thrown_away():
    read = read_plan(plan(scan(2, 10, Rows_Removed_by_Filter=3, Rows_Removed_by_Index_Recheck=1)))
    assert rows_read(read.root) == (2 + 3 + 1) * 10


def test_a_bitmap_counts_the_entries_that_its_indexes_found():
    index = node("Bitmap Index Scan", Index_Name="i", Actual_Rows=90, Actual_Loops=1)
    other = node("Bitmap Index Scan", Index_Name="j", Actual_Rows=40, Actual_Loops=1)
    both = node("BitmapAnd", index, other, Actual_Rows=0, Actual_Loops=1)
    heap = {**scan(5, 1, kind="Bitmap Heap Scan"), "Plans": [both]}
    assert total_rows_read(read_plan(plan(heap))) == 130


def test_buffers_belong_to_one_node():
    inner = scan(1, 1, hit=7)
    root = node("Hash Join", {**inner, "Parent Relationship": "Outer"}, Shared_Hit_Blocks=9)
    read = read_plan(plan(root))
    assert own_buffers(read) == {0: Buffers(shared_hit=2), 1: Buffers(shared_hit=7)}


@pytest.mark.parametrize(
    ("subplan", "told"),
    [("InitPlan 1 (returns $0)", "(id = $0)"), ("InitPlan 1", "(id = (InitPlan 1).col1)")],
)
def test_an_init_plan_is_taken_out_of_who_asked_for_it(subplan: str, told: str):
    init = {**scan(1, 1, relation="u", hit=40), "Parent Relationship": "InitPlan",
            "Subplan Name": subplan}  # fmt: skip
    user = {**scan(1, 1, hit=43, Filter=told), "Parent Relationship": "Outer"}
    other = {**scan(1, 1, hit=5, Filter="(id = $01)"), "Parent Relationship": "Inner"}
    read = read_plan(plan(node("Nested Loop", init, user, other, Shared_Hit_Blocks=48)))
    assert {n: b.shared for n, b in own_buffers(read).items()} == {0: 0, 1: 40, 2: 3, 3: 5}


def test_a_guess_is_judged_by_the_loop():
    read = read_plan(plan(scan(20, 50)))
    assert [miss.factor for miss in misses(read)] == [pytest.approx(20 / 10, rel=0.03)]


def test_below_a_limit_a_guess_can_only_be_too_low():
    def factor(actual: float, estimated: float) -> float:
        below = scan(actual, 1, **{"Plan Rows": estimated})
        limit = node("Limit", below, Plan_Rows=actual, Actual_Rows=actual, Actual_Loops=1)
        return misses(read_plan(plan(limit)))[0].factor

    assert factor(5, 5000) == 1
    assert factor(5000, 5) == 1000


def test_a_sort_reads_all_of_its_input_also_below_a_limit():
    sort = node("Sort", scan(5, 1, **{"Plan Rows": 5000}), Plan_Rows=5, Actual_Rows=5,
                Actual_Loops=1)  # fmt: skip
    limit = node("Limit", sort, Plan_Rows=5, Actual_Rows=5, Actual_Loops=1)
    assert misses(read_plan(plan(limit)))[0].factor == 1000


def test_the_tree_marks_a_node_and_says_what_it_did():
    below = scan(2, 3, hit=4, Filter="(x = 1)", Rows_Removed_by_Filter=5)
    lines = tree(read_plan(plan(node("Limit", below))), {1})
    assert lines[1].startswith("=>   Seq Scan on t")
    assert "rows 6 in 3 loops, 10 estimated each; read 21; buffers 4" in lines[1]
    assert lines[2].strip() == "Filter: (x = 1)"


def test_a_name_that_needs_quotes_has_them():
    below = scan(1, 1, relation="orderItem", Index_Name="by user", kind="Index Scan")
    read = read_plan(plan(below))
    assert read.root.relation == QualifiedName("public", "orderItem")
    assert 'Index Scan using "by user" on "orderItem"' in tree(read)[0]
