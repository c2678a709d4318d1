"""`pgassay dictionary`: the data dictionary of a schema, written or checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pgassay.cli.options import (
    chosen_system,
    chosen_systems,
    configuration,
    server_options,
    system_option,
)
from pgassay.core.errors import ConfigError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgassay.core.config import Config, System
    from pgassay.run.stand import Stand

_STDOUT = Path("-")


@click.command("dictionary")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@system_option()
@server_options
@click.option("--check", is_flag=True, help="write nothing; exit code 1 if FILE is out of date")
def command(
    *, file: Path | None, system: str | None, server: str | None, postgres: int | None, check: bool
) -> int:
    """Write what every table, column and type is for to FILE: Markdown (.md) or a page (.html).

    Without FILE, what the configuration names under `dictionary` is written, of all systems or of
    one. `-` prints Markdown. A file that pgassay did not write is never overwritten.

    Example: pgassay dictionary dictionary.html --system pulse
    """
    config = configuration()
    chosen = [chosen_system(config, system)] if file or system else chosen_systems(config, ())
    whole = [(one, _asked(config, one, file)) for one in chosen]
    from pgassay.run.day import day  # noqa: PLC0415 - after the cheap errors
    from pgassay.run.stand import Request, Stand  # noqa: PLC0415 - as above

    codes = [ExitCode.CLEAN]
    for one, paths in whole:
        request = Request(
            config=config, system=one, server=server, postgres=postgres, today=day(None)
        )
        with Stand(request) as stand:
            codes.append(_kept(stand, paths, check=check))
    return max(codes)


def _asked(config: Config, system: System, file: Path | None) -> Sequence[Path]:
    """Return the files that are asked for; ConfigError if there are none."""
    if file == _STDOUT:
        return [_STDOUT]
    if file is not None:
        if file.suffix not in (".md", ".html"):
            raise click.UsageError(f"{file} is of no form known: .md or .html")
        return [file.absolute()]
    if system.dictionary:
        return system.dictionary
    raise ConfigError(
        f"the system {system.name} has no data dictionary",
        where=str(config.root / "pyproject.toml"),
        expected="its path, or FILE",
        fix=f"[tool.pgassay.systems.{system.name}]\n"
        f'dictionary = "docs/dictionary/{system.name}.md"',
    )


def _kept(stand: Stand, paths: Sequence[Path], *, check: bool) -> ExitCode:
    from pgassay.report.listener import write_whole  # noqa: PLC0415 - after the cheap errors
    from pgassay.run.dictionary import dictionary_of, kept_dictionaries  # noqa: PLC0415 - as above
    from pgassay.run.places import shown  # noqa: PLC0415 - as above

    if _STDOUT in paths:
        click.echo(dictionary_of(stand), nl=False)
        return ExitCode.CLEAN
    code = ExitCode.CLEAN
    for one in kept_dictionaries(stand, paths):
        name = shown(one.path, stand.request.config.root)
        if one.is_foreign:
            raise ConfigError(
                "was not written by pgassay",
                where=name,
                expected="a dictionary of pgassay's own, or no file",
                why="what somebody wrote by hand or with another tool would be lost",
                fix="name another file: pgassay dictionary FILE",
            )
        if one.holds:
            click.echo(f"{name} holds")
        elif check:
            code = ExitCode.FINDINGS
            for line in one.difference() or [name]:
                colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
                click.echo(click.style(line, fg=colour))
            click.echo(f"{name} is out of date: pgassay dictionary writes it anew", err=True)
        else:
            write_whole(one.path, one.written())
            click.echo(f"{name} written", err=True)
    return code
