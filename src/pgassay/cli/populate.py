"""`pgassay populate`: a migrated database with as many rows as wished."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pgassay.cli.options import (
    chosen_system,
    configuration,
    server_options,
    system_option,
    volume_options,
)
from pgassay.cli.report_options import report_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.cli.report_options import Reports
    from pgassay.core.event import Event
    from pgassay.report.volume import VolumeReport
    from pgassay.run.populated import PopulatedStand

FORMATS = ("csv", "parquet")


@click.command("populate")
@system_option()
@server_options
@volume_options
@click.option(
    "--scale",
    type=click.FloatRange(min=0, min_open=True),
    metavar="N",
    help="so many times the rows that the profile names",
)
@click.option("--seed", type=int, default=0, show_default=True, help="decides all rows")
@click.option("--digest", is_flag=True, help="tell a digest of each table's rows")
@report_options("junit", "sarif")
@click.option(
    "--to",
    nargs=2,
    metavar="FORMAT DIR",
    type=(click.Choice(FORMATS), click.Path(path_type=Path, file_okay=False)),
    help="write each table to a file, csv or parquet, and end",
)
@click.option("-v", "--verbose", is_flag=True, help="tell each statistic that was asked for")
@click.option("--no-wait", is_flag=True, help="end at once; the next run clones what is kept")
def command(
    *,
    system: str | None,
    server: str | None,
    postgres: int | None,
    profile: str,
    tables: tuple[str, ...],
    workers: int | None,
    scale: float | None,
    seed: int,
    digest: bool,
    reports: Reports,
    to: tuple[str, Path] | None,
    verbose: bool,
    no_wait: bool,
) -> None:
    """Fill a migrated database, and keep it until Ctrl-C. Its URL is printed on standard output.

    The same profile, seed and schema give the same rows, to the byte, whatever the number of
    workers; what was made once is kept, and cloned by the next run.

    Example: psql "$(pgassay populate --system creativeflow --profile small | head -1)"
    """
    config = configuration()
    chosen = chosen_system(config, system)
    from pgassay.report.volume import VolumeReport  # noqa: PLC0415 - after the cheap errors
    from pgassay.run.day import day  # noqa: PLC0415 - as above
    from pgassay.run.populate import populate  # noqa: PLC0415 - as above
    from pgassay.run.stand import Request  # noqa: PLC0415 - as above
    from pgassay.run.volume_order import order_of  # noqa: PLC0415 - as above

    request = Request(
        config=config,
        system=chosen,
        server=server,
        postgres=postgres,
        seed=seed,
        today=day(None),
    )
    order = order_of(request, profile=profile, tables=tables, workers=workers, scale=scale)
    console = VolumeReport()

    def then(stand: PopulatedStand) -> Iterator[Event]:
        console.summary(everything=verbose)
        if to is not None:
            from pgassay.run.export import export  # noqa: PLC0415 - only where asked for

            yield from export(stand, *to)
        elif not no_wait:
            _hold(stand, console)

    with reports.of(console) as listeners:
        try:
            for event in populate(request, order, digest=digest, then=then):
                for listener in listeners:
                    listener.hear(event)
        finally:
            console.close()


def _hold(stand: PopulatedStand, console: VolumeReport) -> None:
    """Keep a copy of the database until the person has done with it."""
    from pgassay.run.waiting import until_interrupted  # noqa: PLC0415 - only where asked for

    console.close()
    # The password is of a server that ends with this command, and there is no other way in.
    click.echo(stand.server.url(stand.volume))
    click.echo("Ctrl-C ends the server; nothing is left behind", err=True)
    until_interrupted()
