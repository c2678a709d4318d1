"""`pgassay snapshot`: what the planner sees of a database, to be asked at its size elsewhere."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pgassay.cli.options import chosen_system, configuration, server_options, system_option
from pgassay.report.figures import count

if TYPE_CHECKING:
    from pgassay.core.snapshot import Snapshot


@click.command("snapshot")
@click.argument("url", required=False, envvar="PGASSAY_SNAPSHOT_URL")
@click.option(
    "--from",
    "from_file",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="what the script wrote, instead of a database",
)
@click.option("--script", "as_script", is_flag=True, help="print the script, for a DBA to run")
@click.option("--with-values", "values", is_flag=True, help="write common values and histograms")
@click.option("--with-ends", "ends", is_flag=True, help="look up both ends of each B-tree")
@click.option("--volume", metavar="NAME", help="of a volume that pgassay makes, of --system")
@click.option("--seed", type=int, default=0, show_default=True, help="of --volume")
@system_option()
@server_options
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="where to write the snapshot (standard output)",
)
def command(
    *,
    url: str | None,
    from_file: Path | None,
    as_script: bool,
    values: bool,
    ends: bool,
    volume: str | None,
    seed: int,
    system: str | None,
    server: str | None,
    postgres: int | None,
    out: Path | None,
) -> None:
    """Take a snapshot of the database at URL: sizes, statistics, heights of indexes, settings.

    One read-only script is run there, the one that --script prints. It issues no query on a table
    of yours, unless --with-ends is given. No value is written, unless --with-values is given. URL
    may be any of libpq's connection strings, such as service=NAME; it may come from
    PGASSAY_SNAPSHOT_URL, and a password from PGPASSFILE.

    Example: pgassay snapshot service=shop > prod.json && pgassay bench --at prod.json
    """
    given = "PGASSAY_SNAPSHOT_URL" not in os.environ and url is not None
    if sum((given, from_file is not None, volume is not None)) > 1:
        raise click.UsageError("URL, --from and --volume are several sources; give one of them")
    if as_script:
        from pgassay.postgres.statistics import snapshot_script  # noqa: PLC0415 - where asked for

        click.echo(snapshot_script(values=values, ends=ends), nl=False)
        return
    from pgassay.run.snapshotting import (  # noqa: PLC0415 - after the cheap errors
        snapshot_in,
        snapshot_of,
    )

    if from_file is not None:
        taken = snapshot_in(from_file)
    elif volume is not None:
        taken = _of_volume(volume, system, server, postgres, seed)
    else:
        taken = snapshot_of(url or "", values=values, ends=ends)
    _tell(taken)
    if out is None:
        click.echo(taken.text(), nl=False)
        return
    from pgassay.report.listener import write_whole  # noqa: PLC0415 - only where asked for

    write_whole(out, taken.text())


def _of_volume(
    volume: str, system: str | None, server: str | None, postgres: int | None, seed: int
) -> Snapshot:
    config = configuration()
    chosen = chosen_system(config, system)
    from pgassay.run.day import day  # noqa: PLC0415 - only where asked for
    from pgassay.run.populated import PopulatedStand  # noqa: PLC0415 - as above
    from pgassay.run.snapshotting import snapshot_of_volume  # noqa: PLC0415 - as above
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
    with PopulatedStand(request, order_of(request, profile=volume)) as stand:
        for _ in stand.fill():
            pass
        return snapshot_of_volume(stand)


def _tell(taken: Snapshot) -> None:
    """Say on standard error what was taken and what is missing."""
    from pgassay.run.snapshotting import missing_in  # noqa: PLC0415 - with what was taken

    relations = count(len(taken.relations), "relation")
    size = f"{taken.rows:,.0f} rows, {taken.size / 2**20:,.0f} MiB"
    click.echo(f"{relations}, {size}; PostgreSQL {taken.version // 10000}", err=True)
    for text in missing_in(taken):
        click.echo(click.style("missing ", fg="yellow") + text, err=True)
