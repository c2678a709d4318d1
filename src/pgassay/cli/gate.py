"""`pgassay gate`: prove that the schema keeps its promises."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from pgassay.cli.options import chosen_systems, configuration, server_options, system_option
from pgassay.cli.report_options import report_options
from pgassay.core.errors import ConfigError, ExitCode, PgassayError, suggestion
from pgassay.report.console import ConsoleReport

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.cli.report_options import Reports
    from pgassay.run.populated import VolumeOrder
    from pgassay.run.stand import Request, Stand


@click.command("gate")
@system_option(many=True)
@server_options
@click.option("--phase", "phases", multiple=True, metavar="NAME", help="only this phase")
@click.option("--kind", "kinds", multiple=True, metavar="SLUG", help="only cases of this kind")
@click.option("--seed", type=int, default=0, show_default=True, help="decides all that is random")
@click.option("--thorough", is_flag=True, help="longer and random properties")
@click.option("--today", metavar="DATE", help="the date that partitions are judged by")
@report_options()
@click.option(
    "--populate",
    metavar="PROFILE",
    help="beside the rows of smoke, small, …, or of the profile at a path",
)
@click.option("--keep", is_flag=True, help="after a red run hold the database until Ctrl-C")
@click.option("-v", "--verbose", count=True, help="each kind; twice: each case")
def command(
    *,
    systems: tuple[str, ...],
    server: str | None,
    postgres: int | None,
    phases: tuple[str, ...],
    kinds: tuple[str, ...],
    seed: int,
    thorough: bool,
    today: str | None,
    reports: Reports,
    populate: str | None,
    keep: bool,
    verbose: int,
) -> int:
    """Build each system from its migrations, derive its tests, run them, say what is wrong.

    Exit code 0 if every promise is kept, 1 if not.

    Example: pgassay gate --system creativeflow --junit reports/gate.xml
    """
    config = configuration()
    chosen = chosen_systems(config, systems)
    from pgassay.cases.derivation import kinds as known  # noqa: PLC0415 - after the cheap errors
    from pgassay.run.day import day  # noqa: PLC0415 - as above
    from pgassay.run.gate import ASKED_FOR, PHASES, gate  # noqa: PLC0415 - as above
    from pgassay.run.stand import Request  # noqa: PLC0415 - as above

    _keep_hypothesis_out_of_the_project()
    _only("--phase", phases, (*PHASES, *ASKED_FOR))
    _only("--kind", kinds, known() if kinds else ())
    date = day(today)
    console = ConsoleReport(verbosity=verbose)
    passed = True
    with reports.of(console) as listeners:
        try:
            for system in chosen:
                request = Request(
                    config=config,
                    system=system,
                    server=server,
                    postgres=postgres,
                    seed=seed,
                    today=date,
                    thorough=thorough,
                )
                for event in gate(
                    request,
                    phases=phases or (("cases",) if kinds else PHASES),
                    kinds=kinds or None,
                    hold=_hold if keep else None,
                    order=_order(request, populate),
                ):
                    for listener in listeners:
                        listener.hear(event)
                passed = passed and console.passed
        except PgassayError:
            console.cut_short()  # what was found until then may well be the cause
            raise
        finally:
            console.close()
    return ExitCode.CLEAN if passed else ExitCode.FINDINGS


def _keep_hypothesis_out_of_the_project() -> None:
    """Let Hypothesis keep its tables in our cache instead of a folder where it was called."""
    from pgassay.postgres.servers import ClusterCache  # noqa: PLC0415 - heavy

    ours = ClusterCache.default().folder.with_name("hypothesis")
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(ours))  # it need not be imported


def _only(option: str, given: tuple[str, ...], valid: Iterable[str]) -> None:
    names = list(valid)
    for name in given:
        if name not in names:
            raise ConfigError(
                f'there is no "{name}"', where=option, expected=suggestion(name, names)
            )


def _order(request: Request, profile: str | None) -> VolumeOrder | None:
    if profile is None:
        return None
    from pgassay.run.volume_order import order_of  # noqa: PLC0415 - only where asked for

    return order_of(request, profile=profile)


def _hold(stand: Stand) -> str:
    """Keep the databases until the person has looked at them."""
    from pgassay.run.waiting import until_interrupted  # noqa: PLC0415 - only where asked for

    url = stand.server.url(stand.clone())
    click.echo(f"\n  the database is kept at {url}\n  Ctrl-C ends it", err=True)
    until_interrupted()
    return "until you ended it"
