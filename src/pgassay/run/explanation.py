"""One query file explained: its plan for each run, and what the plan does not keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError
from pgassay.plans.judgement import judge
from pgassay.plans.places import Places
from pgassay.plans.tree import tree
from pgassay.postgres.explain import QueryRefusedError
from pgassay.run.bench import compiler
from pgassay.run.populated import PopulatedStand
from pgassay.run.query_bench import QueryBench, figures_of, refused
from pgassay.run.query_files import check_names, read_query
from pgassay.run.volume_order import order_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pgassay.core.finding import Finding
    from pgassay.run.query_bench import Question
    from pgassay.run.stand import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One plan: a line that says what it is of, its tree, its findings, what is told."""

    head: str
    lines: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    told: tuple[str, ...] = ()


def explanations(request: Request, file: Path, profile: str) -> Iterator[Explanation]:
    """Yield an explanation for each run and kind of plan of a query.

    Raises:
        ConfigError: the file is damaged, or the server refuses the query.
    """
    root = request.system.root or request.config.root
    query = read_query(file, request.config.root, compiler(root))
    with PopulatedStand(request, order_of(request, profile=profile)) as stand:
        places = Places(stand.catalogs[stand.proven])
        check_names(query, places)
        for _ in stand.fill():
            pass
        session = stand.session(stand.clone())
        bench = QueryBench(session, places, kept=request.system.settings)
        for question in bench.questions((query,)):
            yield _explanation(bench, question)


def _explanation(bench: QueryBench, question: Question) -> Explanation:
    try:
        measured = bench.measured(question)
    except QueryRefusedError as error:
        finding = refused(question, error)
        if not error.refusal.sqlstate.startswith("57"):
            raise ConfigError(
                finding.found, where=finding.source, expected="a query that this schema accepts"
            ) from error
        return Explanation(head=question.asked, findings=(finding,))
    verdict = judge(question.query, measured, bench.places, bench.sizes)
    figures = figures_of(measured)
    values = ", ".join("NULL" if value is None else value for value in question.values)
    marked = [line for f in verdict.findings for line in f.evidence if line.startswith("=>")]
    lines = tuple(_marked(line, marked) for line in tree(measured.plan))
    return Explanation(
        head=f"{question.query.name} ({question.asked}): {values or 'no parameter'}\n"
        f"  {figures['buffers']:,.0f} shared buffers, {figures['rows_read']:,.0f} rows read, "
        f"{figures['rows']:,.0f} returned, {figures['ms']:,.2f} ms",
        lines=lines,
        findings=verdict.findings,
        told=verdict.told,
    )


def _marked(line: str, marked: list[str]) -> str:
    return next((other for other in marked if other[3:] == line[3:]), line)
