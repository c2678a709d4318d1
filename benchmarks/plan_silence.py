"""The bench where nothing is planted: on rows made anew, nothing may be told."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from benchmarks.plan_study import Volume, ask
from pgassay.core.errors import PgassayError
from pgassay.run.bench import queries_of
from pgassay.run.bench_baseline import BaselineFile
from pgassay.run.populated import PopulatedStand
from pgassay.run.volume_order import order_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.postgres.servers import Lease
    from pgassay.run.stand import Request


class _Anew(PopulatedStand):
    """A stand whose rows are made again, whatever an earlier run has kept."""

    def _lease(self) -> Lease:
        return super(PopulatedStand, self)._lease()  # not the one that looks for kept rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """One run of a bench with nothing planted: what varied, and what was told."""

    how: str
    plans: int
    told: tuple[str, ...]


def silent(request_of: Callable[..., Request], system: str, number: int) -> Repeat:
    """Ask all queries where nothing was planted.

    Every time on a fresh copy, the queries in another order. Every second time the rows are made
    anew: by turns those of seed 0, by one, two or three workers, and those of another seed, which
    no accepted plan is of.
    """
    seed, workers = (number // 4 + 1 if number % 4 == 2 else 0), 1 + number // 4 % 3  # noqa: PLR2004 - every fourth
    anew = number % 2 == 0
    request = request_of(system, seed=seed)
    queries = list(queries_of(request))
    random.Random(number).shuffle(queries)  # noqa: S311 - an order, no secret
    order = replace(order_of(request, profile="small"), workers=workers)
    told: list[str] = []
    with (_Anew if anew else PopulatedStand)(request, order) as stand:
        for _ in stand.fill():
            pass
        baseline = BaselineFile.of(stand)
        with Volume.of(stand).copy() as bench:
            try:
                found = ask(bench, queries, judged=True)
            except PgassayError as error:
                return Repeat(how=f"seed {seed}", plans=0, told=(str(error),))
            told += [f"{f.subject}: {f.title}: {f.found}" for f in found.findings]
            for question, measured, _ in found.plans.values():
                findings, note = baseline.compared(question.query, measured, bench.places)
                told += [f"{f.subject}: {f.title}: {f.found}" for f in findings]
                told += [note] if note else []
    against = "no baseline" if baseline.before is None else "against the baseline"
    rows = f"rows made anew by {workers}" if anew else "a copy of kept rows"
    how = f"seed {seed}, {rows}, queries in order {number}, {against}"
    return Repeat(how=how, plans=len(found.plans), told=tuple(told))
