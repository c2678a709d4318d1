"""Expectations about how rows are found: by which index, not by reading it all, in which partition.

What can be tried is tried: where an index is not taken, the same query is explained once more with
sequential scans off and the table's other indexes hidden. An index that cannot serve is a finding
at any size. One that could, and is not worth it because the table is a few pages long, is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.names import QualifiedName
from pgassay.plans.condition import terms
from pgassay.plans.ground import SEQUENTIAL, Ground, Problem
from pgassay.plans.measure import rows_of, rows_read, total_buffers
from pgassay.plans.tree import headline, tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.plan import Node, Plan
    from pgassay.plans.query import NoSequentialScan, Partitions, UsesIndex

_ONLY = "Index Only Scan"
_ROOT_AND_LEAF = 3  # pages: an index of so few has no beginning and no end


def uses_index(ground: Ground, wanted: UsesIndex) -> Iterator[Problem]:
    """Judge that some node uses one of the indexes."""
    names = [name for text in wanted.names if (name := ground.places.index_named(text))]
    scans = list(ground.scans())
    if not scans or not names:
        return  # it reads nothing; an unknown name was refused when the file was read
    used = [n for n in ground.plan.nodes() if n.index and ground.index_of(n) in names]
    if used:
        if wanted.only and not any(n.type == _ONLY for n in used):
            yield _reads_the_table(used[0])
        elif all(_from_end_to_end(ground, n) for n in used):
            yield _reads_the_index(ground, used[0])
        return
    index = names[0]
    table = ground.places.indexes[index][0].name
    nodes = tuple(node for node in scans if ground.root(node) == table)
    if not nodes:
        yield Problem(
            title=f"{index.name} is not used",
            found=f"the plan does not read {table}",
            fix="name the index of a table that the query reads",
        )
        return
    forced = ground.measured.what_if(index)
    serves = forced is not None and any(
        ground.index_of(n, forced) == index for n in forced.nodes() if n.index
    )
    if forced is not None and serves and ground.is_small(nodes):
        ground.tell_small(nodes, index)
    else:
        yield _not_used(ground, index, nodes, forced if serves else None, tried=forced is not None)


def no_sequential_scan(ground: Ground, wanted: NoSequentialScan) -> Iterator[Problem]:
    """Judge that relations are not read from end to end."""
    tables = [t.name for text in wanted.relations if (t := ground.places.table_named(text))]
    for node in ground.scans():
        sequential = node.type == SEQUENTIAL and node.executed
        if not sequential or (tables and ground.root(node) not in tables):
            continue
        if node.number not in ground.excused:
            yield Problem(
                title=f"reads {node.relation} from end to end",
                found=f"{headline(node)}: {rows_read(node):,.0f} rows read, "
                f"{rows_of(node):,.0f} wanted",
                nodes=(node,),
                fix=ground.remedy.of_access(node),
            )


def partitions(ground: Ground, wanted: Partitions) -> Iterator[Problem]:
    """Judge how many partitions of a table are touched."""
    table = ground.places.table_named(wanted.relation)
    if table is None:
        return
    nodes = [n for n in ground.scans() if n.executed and ground.root(n) == table.name]
    touched = dict.fromkeys(str(node.relation) for node in nodes)
    if len(touched) > wanted.most:
        whole = len(ground.places.leaves(table.name))
        yield Problem(
            title=f"touches {len(touched)} partitions of {table.name}",
            found=f"{len(touched)} of {whole}: {', '.join(touched)}",
            nodes=tuple(nodes),
            fix=ground.remedy.of_partitions(nodes[0], table.name),
        )


def _from_end_to_end(ground: Ground, node: Node) -> bool:
    """Whether a B-tree is searched without a bound on its first column, and most of it read.

    A scan without any condition gives the order; one that skips over the few values of its first
    column (18 and later) touches little.
    """
    text, name = node.conditions.get("Index Cond"), ground.index_of(node)
    if text is None or name is None:
        return False
    table, index = ground.places.indexes[name]
    first = index.keys[0].column
    if index.method != "btree" or first is None:
        return False
    holder = ground.holder(node)
    types = {column.name: column.type.base for column in table.columns}
    found = terms(text, holder.alias, types)
    if any(not term.columns or first in term.columns for term in found):
        return False
    relation = holder.relation
    size = ground.sizes.get(QualifiedName(relation.schema, node.index or "")) if relation else None
    return size is not None and ground.own[node.number].shared * 2 > size.pages > _ROOT_AND_LEAF


def _cost(plan: Plan) -> int:
    return round(plan.root.estimate.total_cost) if plan.root.estimate else 0


def _reads_the_index(ground: Ground, node: Node) -> Problem:
    name = ground.index_of(node)
    assert name is not None
    _, index = ground.places.indexes[name]
    return Problem(
        title=f"{node.index} is read from end to end",
        found=f"{headline(node)}: {node.conditions['Index Cond']} says nothing of "
        f"{index.keys[0].column}, the first column of the index",
        nodes=(node,),
        fix=ground.remedy.of_access(ground.holder(node)),
    )


def _reads_the_table(node: Node) -> Problem:
    return Problem(
        title=f"{node.index} alone is not enough",
        found=f"{headline(node)}: the rows are fetched from the table",
        nodes=(node,),
        fix="let the index INCLUDE the columns that the query returns, and VACUUM the table",
    )


def _not_used(
    ground: Ground,
    index: QualifiedName,
    nodes: tuple[Node, ...],
    forced: Plan | None,
    *,
    tried: bool,
) -> Problem:
    """Return the problem of an index that is not taken; `forced` is a plan that takes it."""
    instead = ", ".join(dict.fromkeys(headline(node) for node in nodes))
    fix = ground.remedy.of_access(nodes[0])
    evidence: tuple[str, ...] = ()
    if forced is not None:
        if ground.measured.shown is None:
            ours, theirs = total_buffers(ground.plan).shared, total_buffers(forced).shared
            instead += f"; made to use it, the query touches {theirs:,} buffers instead of {ours:,}"
        else:  # nothing was executed: the planner's own word is all there is
            ours, theirs = _cost(ground.plan), _cost(forced)
            instead += f"; made to use it, the plan costs {theirs:,} instead of {ours:,}"
        evidence = ("made to use it:", *tree(forced))
        fix = (
            ground.remedy.of_choice(nodes[0])
            if theirs < ours
            else "the planner is right for these values: mend the expectation, or ask for less"
        )
    elif tried:
        instead += "; it cannot serve this query even with sequential scans off"
    return Problem(
        title=f"{index.name} is not used",
        found=instead,
        nodes=nodes,
        fix=fix,
        evidence=evidence,
    )
