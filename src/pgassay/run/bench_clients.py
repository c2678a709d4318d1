"""Throughput: all hot queries at once, from several clients, through pgbench. Told, not judged."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.core.event import Event, PhaseFinished, PhaseStarted, Told
from pgassay.plans.query import PlanMode
from pgassay.postgres.pgbench import find_pgbench, run_pgbench

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgassay.run.populated import PopulatedStand
    from pgassay.run.query_bench import Question


def throughput(
    stand: PopulatedStand, questions: Iterable[Question], *, clients: int, seconds: int
) -> Iterator[Event]:
    """Run the queries with typical values on a copy of their own and yield what they came to.

    Each is as likely as the others. Writes are committed; the copy is thrown away.
    """
    system, started = stand.name, perf_counter()
    yield PhaseStarted(system=system, phase="clients")
    program = find_pgbench(stand.server)
    if program is None:
        yield Told(
            system=system,
            text="clients are left out: there is no pgbench beside the server's programs, in "
            "PGASSAY_PG_BIN or on the path",
        )
        return
    statements = {
        question.query.name: question.statement
        for question in questions
        if question.run == "typical"
        and question.mode is PlanMode.CUSTOM
        and None not in question.values  # a variable of pgbench is never null
    }
    whole, each = run_pgbench(
        program,
        stand.server,
        stand.clone(),
        statements,
        clients=clients,
        seconds=seconds,
        settings=("jit=off", "max_parallel_workers_per_gather=0"),
    )
    yield Told(
        system=system,
        text=f"{clients} clients for {seconds} s: {whole:,.0f} transactions a second in all",
    )
    for one in sorted(each, key=lambda one: -one.latency_ms):
        yield Told(
            system=system,
            text=f"{one.name}: {one.per_second:,.0f} a second, {one.latency_ms:.2f} ms "
            f"± {one.deviation_ms:.2f} each",
        )
    yield PhaseFinished(
        system=system,
        phase="clients",
        seconds=perf_counter() - started,
        counts={"clients": clients, "transactions": sum(one.transactions for one in each)},
    )
