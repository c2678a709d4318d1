"""EXPLAIN (FORMAT JSON) read into nodes. What the tables below do not know is kept as it came."""

from __future__ import annotations

import json
from dataclasses import fields
from itertools import count
from typing import TYPE_CHECKING, Any

from pgassay.core.errors import PgassayError
from pgassay.core.names import QualifiedName
from pgassay.core.plan import (
    Actual,
    Buffers,
    Estimate,
    Gathering,
    Heap,
    Memoized,
    Memory,
    Modified,
    Node,
    Plan,
    Removed,
    Sampling,
    Sorting,
    TriggerCalls,
    Wal,
    Worker,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# The server's label → the field it fills, by the group of fields that it belongs to.
_BUFFERS = {
    f"{kind} {what} Blocks": f"{kind.lower()}_{what.lower()}"
    for kind in ("Shared", "Local", "Temp")
    for what in ("Hit", "Read", "Dirtied", "Written")
    if (kind, what) not in (("Temp", "Hit"), ("Temp", "Dirtied"))
}
_WAL = {
    "WAL Records": "records",
    "WAL FPI": "full_page_images",
    "WAL Bytes": "bytes",
    "WAL Buffers Full": "buffers_full",  # since 18
}
_GROUPS: dict[str, tuple[type, dict[str, str]]] = {
    "buffers": (Buffers, _BUFFERS),
    "wal": (Wal, _WAL),
    "estimate": (
        Estimate,
        {
            "Startup Cost": "startup_cost",
            "Total Cost": "total_cost",
            "Plan Rows": "rows",
            "Plan Width": "width",
        },
    ),
    "actual": (
        Actual,
        {
            "Actual Rows": "rows",
            "Actual Loops": "loops",
            "Actual Startup Time": "startup_ms",
            "Actual Total Time": "total_ms",
        },
    ),
    "removed": (
        Removed,
        {
            "Rows Removed by Filter": "filter",
            "Rows Removed by Index Recheck": "index_recheck",
            "Rows Removed by Join Filter": "join_filter",
            "Rows Removed by Conflict Filter": "conflict_filter",
        },
    ),
    "sorting": (
        Sorting,
        {
            "Sort Key": "key",
            "Presorted Key": "presorted_key",
            "Sort Method": "method",
            "Sort Space Used": "space_used",
            "Sort Space Type": "space_type",
            "Full-sort Groups": "full_sort_groups",
            "Pre-sorted Groups": "presorted_groups",
        },
    ),
    "memory": (
        Memory,
        {
            "Peak Memory Usage": "peak",
            "Disk Usage": "disk",
            "Hash Buckets": "hash_buckets",
            "Original Hash Buckets": "original_hash_buckets",
            "Hash Batches": "hash_batches",
            "Original Hash Batches": "original_hash_batches",
            "HashAgg Batches": "hashagg_batches",
            "Planned Partitions": "planned_partitions",
            "Storage": "storage",  # this and the next since 18
            "Maximum Storage": "maximum_storage",
        },
    ),
    "memoized": (
        Memoized,
        {
            "Cache Key": "key",
            "Cache Mode": "mode",
            "Cache Hits": "hits",
            "Cache Misses": "misses",
            "Cache Evictions": "evictions",
            "Cache Overflows": "overflows",
        },
    ),
    "modified": (
        Modified,
        {
            "Conflict Resolution": "conflict_resolution",
            "Conflict Arbiter Indexes": "conflict_arbiters",
            "Tuples Inserted": "inserted",
            "Tuples Updated": "updated",
            "Tuples Deleted": "deleted",
            "Tuples Skipped": "skipped",
            "Conflicting Tuples": "conflicting",
            "Target Tables": "targets",
        },
    ),
    "heap": (
        Heap,
        {
            "Heap Fetches": "fetches",
            "Exact Heap Blocks": "exact_blocks",
            "Lossy Heap Blocks": "lossy_blocks",
            "Index Searches": "index_searches",  # since 18
        },
    ),
    "gathering": (
        Gathering,
        {
            "Workers Planned": "workers_planned",
            "Workers Launched": "workers_launched",
            "Single Copy": "single_copy",
            "Params Evaluated": "params_evaluated",
        },
    ),
    "sampling": (
        Sampling,
        {
            "Sampling Method": "method",
            "Sampling Parameters": "parameters",
            "Repeatable Seed": "seed",
        },
    ),
}
_OWN = {
    "Node Type": "type",
    "Parent Relationship": "relationship",
    "Alias": "alias",
    "Index Name": "index",
    "Scan Direction": "scan_direction",
    "Strategy": "strategy",
    "Partial Mode": "partial_mode",
    "Operation": "operation",
    "Command": "command",
    "Join Type": "join_type",
    "Inner Unique": "inner_unique",
    "Parallel Aware": "parallel_aware",
    "Async Capable": "async_capable",
    "Disabled": "disabled",  # since 18
    "Subplan Name": "subplan",
    "Subplans Removed": "subplans_removed",
    "CTE Name": "cte",
    "Function Name": "function",
    "Table Function Name": "function",
    "Tuplestore Name": "tuplestore",
    "Custom Plan Provider": "provider",
    "Window": "window",  # since 18
    "Grouping Sets": "grouping_sets",
}
_CONDITIONS = (
    "Index Cond",
    "Recheck Cond",
    "TID Cond",
    "Merge Cond",
    "Hash Cond",
    "Join Filter",
    "Filter",
    "One-Time Filter",
    "Run Condition",
    "Conflict Filter",
    "Function Call",
    "Table Function Call",
    "Remote SQL",
)
_LISTS = ("Output", "Group Key", "Group Keys", "Hash Key", "Hash Keys", "Order By")
_FIELDS = {
    label: (name, field) for name, (_, labels) in _GROUPS.items() for label, field in labels.items()
}
_IN_WORKER = frozenset(f.name for f in fields(Worker))


class NotAPlan(PgassayError):  # noqa: N818 - reads as what was found
    """What was given is not the output of EXPLAIN (FORMAT JSON)."""


def read_plan(text: str) -> Plan:
    """Return the plan in the output of EXPLAIN (FORMAT JSON).

    Raises:
        NotAPlan: it is something else.
    """
    try:
        document = json.loads(text)
    except ValueError as damage:
        raise NotAPlan(f"not JSON: {damage}", expected="EXPLAIN (FORMAT JSON)") from damage
    if isinstance(document, list) and len(document) == 1:
        document = document[0]
    if not isinstance(document, dict) or not isinstance(document.get("Plan"), dict):
        raise NotAPlan("there is no plan in it", expected="EXPLAIN (FORMAT JSON) of one statement")
    rest = dict(document)
    planning = rest.pop("Planning", None) or {}
    known = {
        "root": _node(rest.pop("Plan"), count()),
        "settings": rest.pop("Settings", {}),
        "planning": _group(Buffers, _BUFFERS, planning),
        "planning_memory": planning.get("Memory Used"),  # since 17
        "planning_ms": rest.pop("Planning Time", None),
        "execution_ms": rest.pop("Execution Time", None),
        "query_id": rest.pop("Query Identifier", None),
        "triggers": tuple(_trigger(entry) for entry in rest.pop("Triggers", ())),
    }
    return Plan(**known, others=rest)


def _node(data: Mapping[str, Any], numbers: Iterator[int]) -> Node:
    number = next(numbers)
    rest = dict(data)
    plans, workers = rest.pop("Plans", ()), rest.pop("Workers", ())
    schema, relation = rest.pop("Schema", ""), rest.pop("Relation Name", None)
    own = {field: _frozen(rest.pop(label)) for label, field in _OWN.items() if label in rest}
    conditions = {label: _joined(rest.pop(label)) for label in _CONDITIONS if label in rest}
    lists = {label: _texts(rest.pop(label)) for label in _LISTS if label in rest}
    if "type" not in own:
        raise NotAPlan("a node has no type", expected="EXPLAIN (FORMAT JSON)")
    return Node(
        number=number,
        **own,
        **_groups(rest),
        relation=QualifiedName(schema, relation) if relation is not None else None,
        conditions=conditions,
        lists=lists,
        workers=tuple(_worker(entry) for entry in workers),
        children=tuple(_node(child, numbers) for child in plans),
        others=rest,
    )


def _groups(rest: dict[str, Any]) -> dict[str, Any]:
    """Take every known label out of `rest` and return the groups that they fill."""
    found: dict[str, dict[str, Any]] = {}
    for label in [label for label in rest if label in _FIELDS]:
        name, field = _FIELDS[label]
        value = rest.pop(label)
        found.setdefault(name, {})[field] = _frozen(value)
    return {name: _GROUPS[name][0](**values) for name, values in found.items()}


def _group(kind: type, labels: Mapping[str, str], data: Mapping[str, Any]) -> Any:
    values = {field: data[label] for label, field in labels.items() if label in data}
    return kind(**values) if values else None


def _worker(data: Mapping[str, Any]) -> Worker:
    rest = dict(data)
    number = rest.pop("Worker Number", 0)
    groups = _groups(rest)
    strange = {name: group for name, group in groups.items() if name not in _IN_WORKER}
    others = {**rest, **{name: str(group) for name, group in strange.items()}}
    known = {name: group for name, group in groups.items() if name in _IN_WORKER}
    return Worker(number=number, **known, others=others)


def _trigger(data: Mapping[str, Any]) -> TriggerCalls:
    return TriggerCalls(
        name=data.get("Trigger Name"),
        constraint=data.get("Constraint Name"),
        relation=data.get("Relation"),
        calls=data.get("Calls", 0),
        ms=data.get("Time"),
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _joined(value: Any) -> str:
    return value if isinstance(value, str) else "; ".join(map(str, value))


def _texts(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(map(str, value))
