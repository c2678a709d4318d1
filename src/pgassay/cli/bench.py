"""`pgassay bench`: judge the plans of the hot queries on a populated database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pgassay.cli.options import chosen_systems, configuration, server_options, system_option
from pgassay.cli.report_options import report_options
from pgassay.core.errors import ConfigError, ExitCode
from pgassay.report.console import ConsoleReport

if TYPE_CHECKING:
    from pgassay.cli.report_options import Reports
    from pgassay.report.listener import Listener


@click.command("bench")
@system_option(many=True)
@server_options
@click.option("--profile", default="small", show_default=True, metavar="NAME", help="how many rows")
@click.option("--query", "queries", multiple=True, metavar="NAME", help="only this query")
@click.option("--table", "tables", multiple=True, metavar="NAME", help="only plans that read it")
@click.option("--indexes", is_flag=True, help="hide each index once; try those that are missing")
@click.option("--growth", is_flag=True, help="judge growth over several profiles")
@click.option(
    "--over",
    default="smoke,small,medium",
    show_default=True,
    metavar="NAMES",
    help="the profiles of --growth, three or more",
)
@click.option("--accept", is_flag=True, help="write the plans as the new baseline")
@click.option("--seed", type=int, default=0, show_default=True, help="decides all rows")
@report_options()
@click.option("--history", type=click.Path(path_type=Path), help="append JSON lines, one a plan")
@click.option("--clients", type=click.IntRange(1), metavar="N", help="also all at once, by pgbench")
@click.option(
    "--seconds", type=click.IntRange(1), default=10, show_default=True, help="how long they do"
)
@click.option(
    "--at",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="plans at the size of this snapshot, without its rows",
)
@click.option(
    "--scale",
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    show_default=True,
    metavar="N",
    help="so many times the rows of --at",
)
@click.option("--curve", is_flag=True, help="with --at: costs by size, and where plans flip")
@click.option("--strict", is_flag=True, help="with --at: refuse a schema that differs")
@click.option("--alone", is_flag=True, help="with --at: do not compare with --profile")
@click.option("-v", "--verbose", count=True, help="each plan")
def command(
    *,
    systems: tuple[str, ...],
    server: str | None,
    postgres: int | None,
    profile: str,
    queries: tuple[str, ...],
    tables: tuple[str, ...],
    indexes: bool,
    growth: bool,
    over: str,
    accept: bool,
    seed: int,
    reports: Reports,
    history: Path | None,
    clients: int | None,
    seconds: int,
    at: Path | None,
    scale: float,
    curve: bool,
    strict: bool,
    alone: bool,
    verbose: int,
) -> int:
    """Explain every hot query where there are rows; hold its plan against what is expected of it.

    Counts are judged: rows, buffers, the shape of the plan. Exit code 1 if a plan does not keep an
    expectation, or is worse than the one that was accepted.

    With --at, plans are those of a database as large as the one that a snapshot was taken of, and
    no row is needed: pgassay snapshot URL > prod.json && pgassay bench --at prod.json --scale 10

    Example: pgassay bench --system creativeflow --query sign_in --indexes
    """
    config = configuration()
    profiles = tuple(name.strip() for name in over.split(",") if name.strip())
    for name, given in (("--curve", curve), ("--strict", strict), ("--alone", alone)):
        if given and at is None:
            raise click.UsageError(f"{name} goes with --at")
    if growth and len(set(profiles)) < 3:  # noqa: PLR2004 - a fit needs three
        raise ConfigError(
            f"{len(set(profiles))} profiles", where="--over", expected="three or more to fit"
        )
    chosen = chosen_systems(config, systems)
    if not systems:
        chosen = [system for system in chosen if system.benchmarks] or chosen
    from pgassay.run.bench import BenchOrder, bench  # noqa: PLC0415 - after the cheap errors
    from pgassay.run.bench_at import AtOrder, bench_at  # noqa: PLC0415 - as above
    from pgassay.run.day import day  # noqa: PLC0415 - as above
    from pgassay.run.stand import Request  # noqa: PLC0415 - as above

    wanted = (("indexes", indexes), ("growth", growth))
    order = BenchOrder(
        profile=profile,
        queries=queries,
        tables=tables,
        phases=("plans", *(name for name, on in wanted if on)),
        growth=profiles,
        accept=accept,
        history=history,
        clients=clients or 0,
        seconds=seconds,
    )
    there: AtOrder | None = None
    if at is not None:
        from pgassay.run.snapshotting import snapshot_in  # noqa: PLC0415 - only where asked for

        there = AtOrder(
            name=str(at),
            snapshot=snapshot_in(at),
            scale=scale,
            profile="" if alone else profile,
            queries=queries,
            curve=curve,
            indexes=indexes,
            strict=strict,
        )
    console = ConsoleReport(verbosity=2 * verbose)
    passed = True
    nights = _history(history, profile)
    with reports.of(console, *nights) as listeners:
        try:
            for system in chosen:
                request = Request(
                    config=config,
                    system=system,
                    server=server,
                    postgres=postgres,
                    seed=seed,
                    today=day(None),
                )
                for event in bench_at(request, there) if there else bench(request, order):
                    for listener in listeners:
                        listener.hear(event)
                passed = passed and console.passed
        finally:
            console.close()
    for night in nights:
        night.close()
    return ExitCode.CLEAN if passed else ExitCode.FINDINGS


def _history(history: Path | None, profile: str) -> list[Listener]:
    if history is None:
        return []
    from pgassay.report.history import HistoryReport  # noqa: PLC0415 - only where asked for

    return [HistoryReport(history, profile=profile)]
