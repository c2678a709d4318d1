"""`pgassay drift`: where the routes and the locked contract differ."""

from __future__ import annotations

from pathlib import Path

import click

from pgassay.cli.gate import command as gate_command
from pgassay.cli.options import server_options, system_option


@click.command("drift")
@system_option(many=True)
@server_options
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="write JSON")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    systems: tuple[str, ...],
    server: str | None,
    postgres: int | None,
    json_path: Path | None,
) -> int:
    """Compare what every route builds with what the models promise, and with the lock.

    Example: pgassay drift --system creativeflow
    """
    result: int = ctx.invoke(
        gate_command,
        systems=systems,
        server=server,
        postgres=postgres,
        phases=("drift",),
        kinds=(),
        seed=0,
        thorough=False,
        today=None,
        json_path=json_path,
        junit=None,
        populate=None,
        keep=False,
        verbose=0,
    )
    return result
