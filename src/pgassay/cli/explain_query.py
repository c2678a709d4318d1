"""`pgassay explain-query`: the plan of one query, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import click

from pgassay.cli.options import chosen_system, configuration, server_options, system_option
from pgassay.core.errors import ExitCode
from pgassay.core.finding import Severity


@click.command("explain-query")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@system_option()
@server_options
@click.option("--profile", default="small", show_default=True, metavar="NAME", help="how many rows")
@click.option("--seed", type=int, default=0, show_default=True, help="decides all rows")
def command(
    *,
    file: Path,
    system: str | None,
    server: str | None,
    postgres: int | None,
    profile: str,
    seed: int,
) -> int:
    """Explain the query in FILE with each run's values; say what its plan does not keep.

    FILE has a header as docs/queries.md describes; it need not be in the folder of hot queries.

    Example: pgassay explain-query benchmarks/creativeflow/queries/sign_in.sql -s creativeflow
    """
    config = configuration()
    chosen = chosen_system(config, system)
    from pgassay.run.day import day  # noqa: PLC0415 - after the cheap errors
    from pgassay.run.explanation import explanations  # noqa: PLC0415 - as above
    from pgassay.run.stand import Request  # noqa: PLC0415 - as above

    request = Request(
        config=config, system=chosen, server=server, postgres=postgres, seed=seed, today=day(None)
    )
    bad = 0
    for told in explanations(request, file.absolute(), profile):
        click.echo(click.style(told.head, bold=True))
        for line in told.lines:
            click.echo(click.style(line, fg="red") if line.startswith("=>") else line)
        for finding in told.findings:
            bad += finding.severity is Severity.ERROR
            click.echo(click.style(f"{finding.severity} {finding.title}", fg="red"))
            for label, text in (
                ("found", finding.found),
                ("expected", finding.expected),
                ("fix", finding.fix),
                ("source", finding.source or ""),
            ):
                if text:
                    click.echo(f"  {label:<10}{text}")
        for text in told.told:
            click.echo(click.style(text, dim=True))
        click.echo()
    return ExitCode.FINDINGS if bad else ExitCode.CLEAN
