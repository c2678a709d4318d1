"""`pgassay snapshot`: what the planner sees of a database, to be asked at its size elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pgassay.cli.options import (
    chosen_system,
    configuration,
    hand_over,
    see_to_one_source,
    server_options,
    system_option,
    taking_options,
)
from pgassay.report.figures import count

if TYPE_CHECKING:
    from pathlib import Path

    from pgassay.core.snapshot import Snapshot
    from pgassay.run.stand import Request

_VARIABLE = "PGASSAY_SNAPSHOT_URL"
_FEW = 3


@click.command("snapshot")
@taking_options(_VARIABLE, "snapshot")
@click.option("--with-values", "values", is_flag=True, help="write common values and histograms")
@click.option("--with-ends", "ends", is_flag=True, help="look up both ends of each B-tree")
@click.option("--volume", metavar="NAME", help="of a volume that pgassay makes, of --system")
@click.option(
    "--as",
    "profile",
    metavar="PROFILE",
    help="brought to the size of this profile without its rows: of --volume, or of a part of it",
)
@click.option("--seed", type=int, default=0, show_default=True, help="of --volume and --as")
@system_option()
@server_options
def command(
    *,
    url: str | None,
    from_file: Path | None,
    as_script: bool,
    values: bool,
    ends: bool,
    volume: str | None,
    profile: str | None,
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

    With --as, nobody's database is asked: PROFILE says how many rows there are and how they are
    spread, as pgassay profile has taken it or as smoke, small, medium and large have it.

    Example: pgassay snapshot service=shop > prod.json && pgassay bench --at prod.json
    """
    made = {"volume": volume} if volume is not None else {"as_": profile}
    see_to_one_source(_VARIABLE, url, from_=from_file, **made)
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
    elif profile is not None:
        taken = _foretold(_request(system, server, postgres, seed), profile, volume)
    elif volume is not None:
        taken = _of_volume(_request(system, server, postgres, seed), volume)
    else:
        taken = snapshot_of(url or "", values=values, ends=ends)
    _tell(taken)
    hand_over(taken.text(), out)


def _request(system: str | None, server: str | None, postgres: int | None, seed: int) -> Request:
    config = configuration()
    chosen = chosen_system(config, system)
    from pgassay.run.day import day  # noqa: PLC0415 - only where asked for
    from pgassay.run.stand import Request  # noqa: PLC0415 - as above

    return Request(
        config=config,
        system=chosen,
        server=server,
        postgres=postgres,
        seed=seed,
        today=day(None),
    )


def _of_volume(request: Request, volume: str) -> Snapshot:
    from pgassay.run.populated import PopulatedStand  # noqa: PLC0415 - only where asked for
    from pgassay.run.snapshotting import snapshot_of_volume  # noqa: PLC0415 - as above
    from pgassay.run.volume_order import order_of  # noqa: PLC0415 - as above

    with PopulatedStand(request, order_of(request, profile=volume)) as stand:
        for _ in stand.fill():
            pass
        return snapshot_of_volume(stand)


def _foretold(request: Request, profile: str, volume: str | None) -> Snapshot:
    from pgassay.run.foretelling import snapshot_foretold  # noqa: PLC0415 - only where asked for

    found = snapshot_foretold(request, profile, volume=volume)
    size = f"{found.loaded:,.0f} rows of {volume or profile}"
    click.echo(f"{size} were loaded, and brought to the size of {profile}", err=True)
    if found.kept:
        some = ", ".join(found.kept[:_FEW])
        more = f" and {len(found.kept) - _FEW} more" if len(found.kept) > _FEW else ""
        click.echo(
            f"as large as they were: {some}{more}, of which a profile says nothing", err=True
        )
    return found.snapshot


def _tell(taken: Snapshot) -> None:
    """Say on standard error what was taken and what is missing."""
    from pgassay.run.snapshotting import missing_in  # noqa: PLC0415 - with what was taken

    relations = count(len(taken.relations), "relation")
    size = f"{taken.rows:,.0f} rows, {taken.size / 2**20:,.0f} MiB"
    click.echo(f"{relations}, {size}; PostgreSQL {taken.version // 10000}", err=True)
    for text in missing_in(taken):
        click.echo(click.style("missing ", fg="yellow") + text, err=True)
