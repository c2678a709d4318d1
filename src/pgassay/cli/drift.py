"""`pgassay drift`: where the routes and the locked contract differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pgassay.cli.gate import command as gate_command
from pgassay.cli.options import server_options, system_option
from pgassay.cli.report_options import report_options

if TYPE_CHECKING:
    from pgassay.cli.report_options import Reports


@click.command("drift")
@system_option(many=True)
@server_options
@report_options()
@click.pass_context
def command(
    ctx: click.Context,
    *,
    systems: tuple[str, ...],
    server: str | None,
    postgres: int | None,
    reports: Reports,
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
        **{f"{name}_path": path for name, path in reports.files.items()},
        populate=None,
        keep=False,
        verbose=0,
    )
    return result
