"""`pgassay migration`: say what a revision will do to a populated database, by doing it there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pgassay.cli.options import chosen_systems, configuration, server_options, system_option
from pgassay.cli.report_options import report_options
from pgassay.core.errors import ExitCode, PgassayError
from pgassay.core.event import RunFinished
from pgassay.report.console import ConsoleReport

if TYPE_CHECKING:
    from pgassay.cli.report_options import Reports


@click.command("migration")
@click.argument("revision", required=False)
@system_option(many=True)
@server_options
@click.option("--base", metavar="BRANCH", help="what the branch adds over this one (main)")
@click.option("--all", "every", is_flag=True, help="every revision, each by itself")
@click.option("--profile", default="small", show_default=True, metavar="NAME", help="how many rows")
@click.option(
    "--production",
    metavar="NAME",
    help="what stands for production: a snapshot, or a profile (the system's `production`)",
)
@click.option("--no-production", is_flag=True, help="leave production's size out of it")
@click.option("--part", "parts", multiple=True, metavar="NAME", help="only this part")
@click.option("--seed", type=int, default=0, show_default=True, help="decides all rows")
@report_options()
@click.option("-v", "--verbose", count=True, help="everything that was seen")
def command(
    *,
    revision: str | None,
    systems: tuple[str, ...],
    server: str | None,
    postgres: int | None,
    base: str | None,
    every: bool,
    profile: str,
    production: str | None,
    no_production: bool,
    parts: tuple[str, ...],
    seed: int,
    reports: Reports,
    verbose: int,
) -> int:
    """Run REVISION on a database of realistic size, watch it, and say what it does.

    REVISION is an id, head, A:B for what lies between two, or the path of an SQL file: it runs
    behind the files before it in the system's set, or on top of its schema. Without REVISION, those
    that the current git branch adds over main are taken, else the head. Exit code 1 if something is
    wrong.

    Example: pgassay migration 0009 --system creativeflow --profile medium
    """
    config = configuration()
    of_file = revision is not None and revision.endswith(".sql")
    chosen = [one for one in chosen_systems(config, systems) if systems or one.alembic or of_file]
    if revision is not None and every:
        raise click.UsageError("--all takes every revision: name none")
    if revision is not None and len(chosen) > 1:
        names = ", ".join(one.name for one in chosen)
        raise click.UsageError(f"several systems are configured: say --system with one of {names}")
    if production is not None and no_production:
        raise click.UsageError("--production names a size, and --no-production wants none")
    from pgassay.run.day import day  # noqa: PLC0415 - after the cheap errors
    from pgassay.run.migration.ground import MigrationOrder  # noqa: PLC0415 - as above
    from pgassay.run.migration.production import production_of  # noqa: PLC0415 - as above
    from pgassay.run.migration.validation import validate  # noqa: PLC0415 - as above
    from pgassay.run.stand import Request  # noqa: PLC0415 - as above

    orders = [
        MigrationOrder(
            revision=revision,
            base=base,
            every=every,
            profile=profile,
            production=None if no_production else production_of(system, production),
            parts=parts,
        )
        for system in chosen
    ]
    console = ConsoleReport(verbosity=verbose)
    passed = True
    with reports.of(console) as listeners:
        try:
            for system, order in zip(chosen, orders, strict=True):
                request = Request(
                    config=config,
                    system=system,
                    server=server,
                    postgres=postgres,
                    seed=seed,
                    today=day(None),
                )
                for event in validate(request, order):
                    for listener in listeners:
                        listener.hear(event)
                    if isinstance(event, RunFinished):
                        passed = passed and event.passed
        except PgassayError:
            console.cut_short()
            raise
        finally:
            console.close()
    return ExitCode.CLEAN if passed else ExitCode.FINDINGS
