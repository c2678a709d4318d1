"""`pgassay lock`: the locked contract, shown or accepted."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import click

from pgassay.cli.options import chosen_system, configuration, server_options, system_option
from pgassay.core.errors import ConfigError, ExitCode

if TYPE_CHECKING:
    from pathlib import Path

    from pgassay.core.config import Config, System


@click.command("lock")
@system_option()
@server_options
@click.option("--accept", is_flag=True, help="write the contract to the lock file")
@click.option("--revisions", is_flag=True, help="the revisions that have been applied, instead")
def command(
    *,
    system: str | None,
    server: str | None,
    postgres: int | None,
    accept: bool,
    revisions: bool,
) -> int:
    """Show how the contract differs from its lock; with --accept, lock it as it is now.

    With --revisions, the same of the digests of revisions, which are edited no more once a
    database has run them. Exit code 1 if anything differs and was not accepted.

    Example: pgassay lock --system creativeflow --accept
    """
    config = configuration()
    chosen = chosen_system(config, system)
    if revisions:
        return _compared(_revisions_of(config, chosen), _file_of(config, chosen), accept=accept)
    if chosen.lock is None:
        raise ConfigError(
            f"the system {chosen.name} has no lock file",
            where=str(config.root / "pyproject.toml"),
            fix=f'[tool.pgassay.systems.{chosen.name}]\nlock = "contract.lock"',
        )
    from pgassay.drift.lock import write_lock  # noqa: PLC0415 - after the cheap errors
    from pgassay.run.day import day  # noqa: PLC0415 - as above
    from pgassay.run.stand import Request, Stand  # noqa: PLC0415 - as above

    request = Request(
        config=config, system=chosen, server=server, postgres=postgres, today=day(None)
    )
    with Stand(request) as stand:
        text = write_lock(stand.contract)
    return _compared(text, chosen.lock, accept=accept)


def _file_of(config: Config, system: System) -> Path:
    if system.revisions is None:
        raise ConfigError(
            f"the system {system.name} has no file for the digests of its revisions",
            where=str(config.root / "pyproject.toml"),
            fix=f'[tool.pgassay.systems.{system.name}]\nrevisions = "migrations/revisions.lock"',
        )
    return system.revisions


def _revisions_of(config: Config, system: System) -> str:
    from pgassay.run.routes import alembic_of  # noqa: PLC0415 - after the cheap errors
    from pgassay.sqla.revision_lock import RevisionLock  # noqa: PLC0415 - as above

    route = alembic_of(config, system)
    if route is None:
        raise ConfigError(
            f"the system {system.name} has no Alembic migrations",
            where=str(config.root / "pyproject.toml"),
        )
    return RevisionLock.of(route, route.revisions()).text()


def _compared(text: str, lock: Path, *, accept: bool) -> int:
    """Show how a lock differs from what it would be now, and write that where it is accepted."""
    from pgassay.report.listener import write_whole  # noqa: PLC0415 - after the cheap errors

    before = lock.read_text(encoding="utf-8") if lock.exists() else ""
    name = lock.name
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
        click.echo("not accepted: run with --accept to lock it as it is now", err=True)
        return ExitCode.FINDINGS
    write_whole(lock, text)
    click.echo(f"{lock} written", err=True)
    return ExitCode.CLEAN
