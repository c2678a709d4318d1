"""`pgassay erd`: the diagrams of a schema, written or checked."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pgassay.cli.options import chosen_system, configuration, server_options, system_option
from pgassay.core.errors import ConfigError, ExitCode

if TYPE_CHECKING:
    from pgassay.core.config import Config, System


@click.command("erd")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@system_option()
@server_options
@click.option("--check", is_flag=True, help="write nothing; exit code 1 if FILE is out of date")
def command(
    *, file: Path | None, system: str | None, server: str | None, postgres: int | None, check: bool
) -> int:
    """Write the schema as Mermaid diagrams to FILE, a Markdown document (that of `erd`).

    A file that pgassay did not write is never overwritten. `-` prints the document.

    Example: pgassay erd --system creativeflow --check
    """
    config = configuration()
    chosen = chosen_system(config, system)
    path = file.absolute() if file else _configured(config, chosen)
    prints = file == Path("-")
    from pgassay.erd.document import WRITTEN_BY  # noqa: PLC0415 - after the cheap errors
    from pgassay.report.listener import write_whole  # noqa: PLC0415 - as above
    from pgassay.run.day import day  # noqa: PLC0415 - as above
    from pgassay.run.erd import erd_document, shown  # noqa: PLC0415 - as above
    from pgassay.run.stand import Request, Stand  # noqa: PLC0415 - as above

    before = "" if prints or not path.exists() else path.read_text(encoding="utf-8")
    name = shown(path, config.root)
    if before.strip() and WRITTEN_BY not in before:
        raise ConfigError(
            "was not written by pgassay",
            where=name,
            expected="a document of pgassay's own, or no file",
            why="what somebody wrote by hand or with another tool would be lost",
            fix="name another file: pgassay erd FILE; the gate compares this one as it is",
        )
    request = Request(
        config=config, system=chosen, server=server, postgres=postgres, today=day(None)
    )
    with Stand(request) as stand:
        text = erd_document(stand)
    if prints:
        click.echo(text, nl=False)
    elif before == text:
        click.echo(f"{name} holds")
    elif check:
        return _outdated(name, before, text)
    else:
        write_whole(path, text)
        click.echo(f"{name} written", err=True)
    return ExitCode.CLEAN


def _configured(config: Config, system: System) -> Path:
    if len(system.erd) == 1:
        return system.erd[0]
    names = ", ".join(str(path) for path in system.erd)
    raise ConfigError(
        f"the system {system.name} has {'several ERD documents' if names else 'no ERD document'}",
        where=str(config.root / "pyproject.toml"),
        expected=f"one of {names} as FILE" if names else "its path, or FILE",
        fix=f'[tool.pgassay.systems.{system.name}]\nerd = "docs/diagrams/{system.name}.md"',
    )


def _outdated(name: str, before: str, text: str) -> ExitCode:
    for line in difflib.unified_diff(
        before.splitlines(), text.splitlines(), f"{name} (there)", f"{name} (now)", lineterm=""
    ):
        colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
        click.echo(click.style(line, fg=colour))
    click.echo("out of date: pgassay erd writes it anew", err=True)
    return ExitCode.FINDINGS
