"""Reply against expectation: was a promise kept? Pure; the words are for people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pgassay.core.case import Accepted, Case, Outcome, Planned, Refused, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.core.statement import Refusal, Reply


def judge(case: Case, replies: Sequence[Reply], *, major: int, seconds: float = 0.0) -> Outcome:
    """Return the outcome of a case whose needs were in place.

    Args:
        case: the case.
        replies: one per step, in order; after a refusal the rest may be missing.
        major: the server's major version, for SQLSTATEs that changed.
        seconds: what the case took, told only.
    """
    for number, step in enumerate(case.steps):
        reason = (
            difference(step.expect, replies[number], major=major)
            if number < len(replies)
            else "the server gave no answer"
        )
        if reason:
            return Outcome(
                case=case,
                status=Status.FAILED,
                reason=reason,
                step=number,
                replies=tuple(replies[: number + 1]),
                seconds=seconds,
            )
    return Outcome(case=case, status=Status.PASSED, replies=tuple(replies), seconds=seconds)


def difference(expect: Accepted | Refused | Planned, reply: Reply, *, major: int) -> str:
    """Return in words how a reply differs from what was expected; empty if it does not."""
    if isinstance(expect, Refused):
        return _refusal_difference(expect, reply.refusal, major)
    if reply.refusal:
        return f"refused: {described(reply.refusal)}; expected: accepted"
    if isinstance(expect, Planned):
        return _plan_difference(expect, reply)
    if expect.count is not None and reply.count != expect.count:
        return f"{reply.count} rows affected; expected {expect.count}"
    if expect.returns is not None and reply.rows != expect.returns:
        return _rows_difference(expect.returns, reply.rows, expect.columns)
    return ""


def described(refusal: Refusal) -> str:
    """Return a refusal in one line: SQLSTATE, message, the object named."""
    named = [
        f"{word} {value}"
        for word, value in (("constraint", refusal.constraint), ("column", refusal.column))
        if value
    ]
    tail = f" ({', '.join(named)})" if named else ""
    return f"{refusal.sqlstate} {refusal.message}{tail}"


def _refusal_difference(expect: Refused, refusal: Refusal | None, major: int) -> str:
    sqlstate = expect.expected_sqlstate(major)
    wanted = ", ".join(
        [sqlstate]
        + [
            f"{word} {value}"
            for word, value in (
                ("constraint", expect.constraint),
                ("table", expect.table),
                ("column", expect.column),
            )
            if value is not None
        ]
    )
    if refusal is None:
        return f"accepted; expected a refusal: {wanted}"
    same = (
        refusal.sqlstate == sqlstate
        and expect.constraint in (None, refusal.constraint)
        and expect.table in (None, refusal.table)
        and expect.column in (None, refusal.column)
    )
    return "" if same else f"refused: {described(refusal)}; expected a refusal: {wanted}"


def _plan_difference(expect: Planned, reply: Reply) -> str:
    try:
        plan = json.loads(reply.rows[0][0] or "")[0]["Plan"]
    except (IndexError, KeyError, TypeError, ValueError):
        return "the statement returned no plan"
    nodes = list(_nodes(plan))
    return _index_difference(expect, nodes) or _shape_difference(expect, nodes)


def _index_difference(expect: Planned, nodes: Sequence[dict[str, Any]]) -> str:
    used = {n["Index Name"] for n in nodes if "Index Name" in n}
    shown = f"the plan uses {', '.join(sorted(used)) or 'no index'}"
    wanted = set(expect.indexes) | ({expect.index} if expect.index is not None else set())
    if not wanted <= used:
        return f"{shown}; expected {', '.join(sorted(wanted - used))}"
    if expect.unused in used:
        return f"{shown}; expected another way than {expect.unused}"
    if expect.index_only and not any(_reads_index_only(n, expect.index) for n in nodes):
        return f"the plan reads the table beside {expect.index}; expected an Index Only Scan"
    return _condition_difference(nodes, wanted) if expect.conditioned else ""


def _condition_difference(nodes: Sequence[dict[str, Any]], wanted: set[str]) -> str:
    for node in nodes:
        if "Filter" in node:
            return f"the plan filters rows that the index let through: {node['Filter']}"
        name = node.get("Index Name")
        if name in wanted and "Index Cond" not in node:
            return f"the plan reads all of {name}; expected a condition on its keys"
    return ""


def _shape_difference(expect: Planned, nodes: Sequence[dict[str, Any]]) -> str:
    for node in nodes:
        if node.get("Node Type") in expect.without:
            return f"the plan has a {node['Node Type']}; expected none"
    if expect.relations is not None:
        read = {f"{n['Schema']}.{n['Relation Name']}" for n in nodes if "Relation Name" in n}
        if read != expect.relations:
            want = ", ".join(sorted(expect.relations)) or "nothing"
            return f"the plan reads {', '.join(sorted(read)) or 'nothing'}; expected {want}"
    return ""


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _reads_index_only(node: dict[str, Any], index: str | None) -> bool:
    return node.get("Node Type") == "Index Only Scan" and index in (None, node.get("Index Name"))


def _rows_difference(
    wanted: tuple[tuple[str | None, ...], ...],
    found: tuple[tuple[str | None, ...], ...],
    columns: Sequence[str],
) -> str:
    """Return what differs between rows; of two single rows the values that do."""
    if len(wanted) == len(found) == 1 and len(wanted[0]) == len(found[0]) == len(columns):
        pairs = list(zip(columns, found[0], wanted[0], strict=True))
        got = ", ".join(f"{name}: {_value(one)}" for name, one, two in pairs if one != two)
        want = ", ".join(f"{name}: {_value(two)}" for name, one, two in pairs if one != two)
        return f"returned {got}; expected {want}"
    return f"returned {_rows(found)}; expected {_rows(wanted)}"


def _value(value: str | None) -> str:
    return "NULL" if value is None else value


def _rows(rows: tuple[tuple[str | None, ...], ...]) -> str:
    shown = ["(" + ", ".join(map(_value, row)) + ")" for row in rows[:5]]
    more = f" and {len(rows) - 5} more" if len(rows) > 5 else ""  # noqa: PLR2004 - as shown above
    return (", ".join(shown) or "no row") + more
