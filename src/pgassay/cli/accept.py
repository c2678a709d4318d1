"""`pgassay accept`: say why a finding may stay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pgassay.cli.options import chosen_system, configured, system_option
from pgassay.core.config import load_config
from pgassay.core.errors import ConfigError

if TYPE_CHECKING:
    from datetime import datetime


@click.command("accept")
@click.argument("findings", nargs=-1, required=True, metavar="FINDING...")
@click.option("--reason", required=True, metavar="TEXT", help="why it may stay")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="the last day on which it may",
)
@click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="where to write it, instead of the system's file",
)
@system_option()
def command(
    *,
    findings: tuple[str, ...],
    reason: str,
    until: datetime | None,
    path: Path | None,
    system: str | None,
) -> None:
    """Accept each FINDING: a fingerprint, or a pattern of some in which * stands for anything.

    The entry is appended to the file that `accepted` names, or to SYSTEM.accepted.toml beside the
    configuration. One whose date has passed, or that matches nothing any more, is a finding.

    Example: pgassay accept 'no_primary_key:import_*' --reason 'emptied every night'
    """
    from pgassay.checks.acceptance import Acceptance  # noqa: PLC0415 - after the cheap errors
    from pgassay.run.accepted import add_accepted, read_accepted  # noqa: PLC0415 - as above
    from pgassay.run.own_checks import all_checks  # noqa: PLC0415 - imports every check

    if not reason.strip():
        raise ConfigError("it is empty", where="--reason", expected="why the finding may stay")
    config = load_config(Path.cwd()) if path is None or configured(Path.cwd()) else None
    chosen = chosen_system(config, system) if config and (path is None or system) else None
    if path is None:
        assert config is not None
        assert chosen is not None
        path = chosen.checks.accepted or config.root / f"{chosen.name}.accepted.toml"
    settings = chosen.checks if chosen else config.checks if config else None
    known = all_checks(settings.own if settings else None)
    there = {entry.finding for entry in read_accepted(path, known)}
    for finding in findings:
        if finding in there:
            raise ConfigError(f"{finding} is accepted already", where=str(path))
    day = until.date() if until else None
    entries = [Acceptance(finding=one, reason=reason, until=day) for one in dict.fromkeys(findings)]
    add_accepted(path, entries, known)
    click.echo(f"{', '.join(findings)}: written to {path}")
