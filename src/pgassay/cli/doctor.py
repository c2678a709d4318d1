"""`pgassay doctor`: what this machine can do, and why not."""

from __future__ import annotations

import click

from pgassay.core.errors import ExitCode


@click.command("doctor")
def command() -> int:
    """Say which servers can be used here, as which user, where, and what is kept between runs.

    Exit code 3 if no server can be used.
    """
    from pgassay.postgres.servers.doctor import examine  # noqa: PLC0415 - help stays cheap

    verdicts = examine()
    for verdict in verdicts:
        mark = click.style("yes", fg="green") if verdict.usable else click.style("no ", fg="red")
        click.echo(f"{verdict.subject:<10} {mark}  {verdict.story}")
        if verdict.fix:
            click.echo(f"{'':<15} {verdict.fix}")
    servers = {v.subject: v.usable for v in verdicts}
    local = servers["embedded"] or servers["system"]
    usable = servers["container"] or (local and servers["user"] and servers["place"])
    return ExitCode.CLEAN if usable else ExitCode.ENVIRONMENT
