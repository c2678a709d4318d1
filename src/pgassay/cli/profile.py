"""`pgassay profile`: how many rows a database has and how they are spread, without a row of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pgassay.cli.options import hand_over, see_to_one_source, taking_options
from pgassay.report.figures import count

if TYPE_CHECKING:
    from pathlib import Path

    from pgassay.run.profiling import ProfileTaken

_VARIABLE = "PGASSAY_PROFILE_URL"


@click.command("profile")
@taking_options(_VARIABLE, "profile")
@click.option(
    "--with-values",
    "valued",
    multiple=True,
    metavar="TABLE.COLUMN",
    help="write this column's common values and histogram; as often as wished",
)
@click.option("--table", "tables", multiple=True, metavar="NAME", help="only this table")
@click.option("--except", "leave", multiple=True, metavar="NAME", help="not this table")
def command(
    *,
    url: str | None,
    from_file: Path | None,
    as_script: bool,
    valued: tuple[str, ...],
    tables: tuple[str, ...],
    leave: tuple[str, ...],
    out: Path | None,
) -> None:
    """Take a profile of the database at URL from the planner's statistics.

    One read-only script is run there, the one that --script prints; it issues no query on a table
    of yours. Common values are written as ranks and frequencies, not as values. URL may be any of
    libpq's connection strings, such as service=NAME; it may come from PGASSAY_PROFILE_URL, and a
    password from PGPASSFILE. No URL at all means what libpq's environment says.

    Example: pgassay profile service=shop --out shop.toml && pgassay populate --profile shop.toml
    """
    see_to_one_source(_VARIABLE, url, from_=from_file)
    from pgassay.run.profiling import (  # noqa: PLC0415 - after the cheap errors
        named_columns,
        profile_of,
        statistics_in,
        statistics_of,
    )

    named = named_columns(valued)
    if as_script:
        from pgassay.postgres.statistics import script  # noqa: PLC0415 - only where asked for

        click.echo(script(named), nl=False)
        return
    known = statistics_in(from_file, named) if from_file else statistics_of(url or "", named)
    taken = profile_of(known, named=named, tables=tables, leave=leave)
    _tell(taken)
    hand_over(taken.text, out)


def _tell(taken: ProfileTaken) -> None:
    """Say on standard error what was taken and what is missing."""
    tables, columns = count(taken.tables, "table"), count(taken.columns, "column")
    click.echo(f"{tables}, statistics of {columns}", err=True)
    for name in taken.left_out:
        click.echo(f"left out: {name}, in which a migration tool keeps its books", err=True)
    for one in taken.missing:
        click.echo(click.style("missing ", fg="yellow") + str(one), err=True)
