"""`pgassay lock`: the locked contract, shown or accepted."""

from __future__ import annotations

import difflib

import click

from pgassay.cli.options import chosen_system, configuration, server_options, system_option
from pgassay.core.errors import ConfigError, ExitCode


@click.command("lock")
@system_option()
@server_options
@click.option("--accept", is_flag=True, help="write the contract to the lock file")
def command(*, system: str | None, server: str | None, postgres: int | None, accept: bool) -> int:
    """Show how the contract differs from its lock; with --accept, lock it as it is now.

    Exit code 1 if it differs and was not accepted.

    Example: pgassay lock --system creativeflow --accept
    """
    config = configuration()
    chosen = chosen_system(config, system)
    if chosen.lock is None:
        raise ConfigError(
            f"the system {chosen.name} has no lock file",
            where=str(config.root / "pyproject.toml"),
            fix=f'[tool.pgassay.systems.{chosen.name}]\nlock = "contract.lock"',
        )
    from pgassay.drift.lock import write_lock  # noqa: PLC0415 - after the cheap errors
    from pgassay.report.listener import write_whole  # noqa: PLC0415 - as above
    from pgassay.run.day import day  # noqa: PLC0415 - as above
    from pgassay.run.stand import Request, Stand  # noqa: PLC0415 - as above

    request = Request(
        config=config, system=chosen, server=server, postgres=postgres, today=day(None)
    )
    with Stand(request) as stand:
        text = write_lock(stand.contract)
    before = chosen.lock.read_text(encoding="utf-8") if chosen.lock.exists() else ""
    name = chosen.lock.name
    changes = difflib.unified_diff(
        before.splitlines(), text.splitlines(), f"{name} (locked)", f"{name} (now)", lineterm=""
    )
    for line in changes:
        colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
        click.echo(click.style(line, fg=colour))
    if before == text:
        click.echo(f"{name} holds")
        return ExitCode.CLEAN
    if not accept:
        click.echo("not accepted: run with --accept to lock the contract as it is now", err=True)
        return ExitCode.FINDINGS
    write_whole(chosen.lock, text)
    click.echo(f"{chosen.lock} written", err=True)
    return ExitCode.CLEAN
