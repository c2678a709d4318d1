"""Expectations against a plan: findings with the tree, the node marked, and the way out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgassay.core.case import Subject
from pgassay.core.finding import Finding
from pgassay.plans import access, effort
from pgassay.plans.ground import Ground, Measured, Problem
from pgassay.plans.query import (
    EstimatesWithin,
    Expectation,
    HotQuery,
    Joins,
    NoSequentialScan,
    NoSort,
    NoSpill,
    Partitions,
    PlanMode,
    RowsPerRow,
    RowsRead,
    SharedBuffers,
    UsesIndex,
)
from pgassay.plans.tree import tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pgassay.core.names import QualifiedName
    from pgassay.plans.places import Places, Size

# By kind of expectation; how a query grows is judged over several volumes, in `growth`.
_JUDGES: Mapping[type, Callable[[Ground, Any], Iterable[Problem]]] = {
    UsesIndex: access.uses_index,
    NoSequentialScan: access.no_sequential_scan,
    Partitions: access.partitions,
    RowsPerRow: effort.rows_per_row,
    RowsRead: effort.rows_read_at_most,
    SharedBuffers: effort.shared_buffers,
    NoSpill: effort.no_spill,
    NoSort: effort.no_sort,
    EstimatesWithin: effort.estimates,
    Joins: effort.joins,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one plan: findings, and what is told without being one."""

    findings: tuple[Finding, ...] = ()
    told: tuple[str, ...] = ()


def judge(
    query: HotQuery, measured: Measured, places: Places, sizes: Mapping[QualifiedName, Size]
) -> Verdict:
    """Return what a plan does not keep of its query's expectations.

    Args:
        query: the query.
        measured: its plan, executed.
        places: the names of the database that it ran on.
        sizes: how large the relations are there.
    """
    ground = Ground(query, measured, places, sizes)
    findings = tuple(
        _finding(ground, expectation, problem)
        for expectation in query.expected(measured.run)
        if type(expectation) in _JUDGES
        for problem in _JUDGES[type(expectation)](ground, expectation)
    )
    return Verdict(findings=findings, told=tuple(dict.fromkeys(ground.told)))


def asked(run: str, mode: PlanMode) -> str:
    """Return with which values and for which kind of plan a query was asked."""
    return run if mode is PlanMode.CUSTOM else f"{run}, generic plan"


def _finding(ground: Ground, expectation: Expectation, problem: Problem) -> Finding:
    query, measured = ground.query, ground.measured
    way = asked(measured.run, measured.mode)
    marked = {node.number for node in problem.nodes}
    return Finding(
        slug="plan",
        subject=Subject(object=query.name),
        title=f"{problem.title} ({way})",
        found=problem.found,
        expected=expectation.text,
        why=query.why,
        fix=problem.fix,
        evidence=(
            *tree(measured.shown or ground.plan, marked),
            *problem.evidence,
            *measured.script,
        ),
        source=f"{query.file}:{expectation.line}" if query.file else None,
        discriminator=f"{way}: {expectation.text}",
    )
