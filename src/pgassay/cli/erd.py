"""`pgassay erd`: the diagrams and the pictures of a schema, written or checked."""

from __future__ import annotations

import difflib
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
    from collections.abc import Iterator, Sequence

    from pgassay.core.config import Config, System
    from pgassay.run.pictures import KeptPicture
    from pgassay.run.stand import Stand

_PICTURES = (".svg", ".png")
_DOCUMENTS = (".md", ".markdown")
_STDOUT = Path("-")


@click.command("erd")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@system_option()
@server_options
@click.option("--part", metavar="NAME", help="this part of the schema alone, or `overview`")
@click.option("--check", is_flag=True, help="write nothing; exit code 1 if FILE is out of date")
def command(
    *,
    file: Path | None,
    system: str | None,
    server: str | None,
    postgres: int | None,
    part: str | None,
    check: bool,
) -> int:
    """Draw the schema to FILE: a picture (.svg, .png), or a document of Mermaid diagrams (.md).

    Without FILE, everything that the configuration names under `erd` and `pictures` is drawn, of
    all systems or of one. `{part}` in the name of a picture stands for the overview and every part.
    `-` prints the document. What pgassay did not write is never overwritten.

    Example: pgassay erd 'drawn/{part}.svg' --system pulse
    """
    config = configuration()
    if file is None and part is not None:
        raise click.UsageError("--part needs FILE: docs/orders.svg, or - for Mermaid text")
    chosen = [chosen_system(config, system)] if file or system else chosen_systems(config, ())
    whole = [(one, *_asked(config, one, file)) for one in chosen]
    from pgassay.run.day import day  # noqa: PLC0415 - after the cheap errors
    from pgassay.run.stand import Request, Stand  # noqa: PLC0415 - as above

    codes = [ExitCode.CLEAN]
    for one, documents, pictures in whole:
        request = Request(
            config=config, system=one, server=server, postgres=postgres, today=day(None)
        )
        with Stand(request) as stand:
            codes += [_document(stand, path, part, check=check) for path in documents]
            codes += _pictures(stand, pictures, part, check=check)
    return max(codes)


def _asked(config: Config, system: System, file: Path | None) -> tuple[list[Path], list[Path]]:
    """Return the documents and the pictures that are asked for.

    Documents that pgassay did not write are left to their authors where there are pictures to draw.
    Raises ConfigError where nothing is left to write.
    """
    if file is not None:
        path = file if file == _STDOUT else file.absolute()
        if path.suffix in _PICTURES:
            return [], [path]
        if path != _STDOUT and path.suffix not in _DOCUMENTS:
            raise click.UsageError(f"{file} is of no form known: .md, .svg or .png")
        return [path], []
    if not system.erd and not system.pictures:
        raise ConfigError(
            f"the system {system.name} has no ERD document and no pictures",
            where=str(config.root / "pyproject.toml"),
            expected="their paths, or FILE",
            fix=f'[tool.pgassay.systems.{system.name}]\nerd = "docs/diagrams/{system.name}.md"',
        )
    documents = list(system.erd)
    if system.pictures:
        from pgassay.erd.document import is_own  # noqa: PLC0415 - after the cheap errors

        documents = [path for path in documents if is_own(path)]
    elif len(documents) > 1:
        raise ConfigError(
            f"the system {system.name} has several ERD documents",
            where=str(config.root / "pyproject.toml"),
            expected=f"one of {', '.join(map(str, system.erd))} as FILE",
        )
    return documents, list(system.pictures)


def _document(stand: Stand, path: Path, part: str | None, *, check: bool) -> ExitCode:
    from pgassay.erd.document import is_own  # noqa: PLC0415 - after the cheap errors
    from pgassay.report.listener import write_whole  # noqa: PLC0415 - as above
    from pgassay.run.erd import erd_document  # noqa: PLC0415 - as above
    from pgassay.run.places import shown  # noqa: PLC0415 - as above

    prints = path == _STDOUT
    before = "" if prints or not path.exists() else path.read_text(encoding="utf-8")
    name = shown(path, stand.request.config.root)
    if not prints and not is_own(path):
        raise _foreign(name, "a document of pgassay's own, or no file")
    text = erd_document(stand, part)
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


def _pictures(
    stand: Stand, paths: Sequence[Path], part: str | None, *, check: bool
) -> Iterator[ExitCode]:
    from pgassay.report.listener import write_whole  # noqa: PLC0415 - after the cheap errors
    from pgassay.run.pictures import kept_pictures, left_over  # noqa: PLC0415 - as above
    from pgassay.run.places import shown  # noqa: PLC0415 - as above

    root = stand.request.config.root
    kept = kept_pictures(stand, paths, part)
    left = left_over(stand, kept, paths)
    if not check:
        for one in kept:
            if one.is_foreign:
                raise _foreign(shown(one.path, root), "a picture of pgassay's own, or no file")
        for one in kept:
            write_whole(one.path, one.drawn())
            click.echo(f"{shown(one.path, root)} written", err=True)
        for path in left:
            path.unlink()
            click.echo(f"{shown(path, root)} removed: its part is no more", err=True)
        return
    wrong = [one for one in kept if one.wrong]
    for one in wrong:
        click.echo(f"{shown(one.path, root)}: {one.wrong}")
    for path in left:
        click.echo(f"{shown(path, root)}: it shows a part that there is no more")
    if wrong or left:
        click.echo("out of date: pgassay erd draws them anew", err=True)
        yield ExitCode.FINDINGS
    elif kept:
        click.echo(_hold(kept))


def _hold(kept: Sequence[KeptPicture]) -> str:
    return "1 picture holds" if len(kept) == 1 else f"{len(kept)} pictures hold"


def _foreign(name: str, expected: str) -> ConfigError:
    return ConfigError(
        "was not written by pgassay",
        where=name,
        expected=expected,
        why="what somebody made by hand or with another tool would be lost",
        fix="name another file: pgassay erd FILE; the gate compares a document as it is",
    )


def _outdated(name: str, before: str, text: str) -> ExitCode:
    for line in difflib.unified_diff(
        before.splitlines(), text.splitlines(), f"{name} (there)", f"{name} (now)", lineterm=""
    ):
        colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
        click.echo(click.style(line, fg=colour))
    click.echo("out of date: pgassay erd writes it anew", err=True)
    return ExitCode.FINDINGS
