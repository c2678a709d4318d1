"""`pgassay init`: adopt a project that has models and migrations."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pgassay.cli.options import server_options
from pgassay.core.errors import ConfigError, ExitCode

if TYPE_CHECKING:
    from pgassay.core.errors import SchemaError
    from pgassay.run.adoption.attempt import Adoption
    from pgassay.run.adoption.places import AlembicPlace
    from pgassay.run.adoption.writing import Writing


@click.command("init")
@server_options
@click.option("--alembic", metavar="FILE", help="which alembic.ini; FILE:SECTION for a section")
@click.option("--name", metavar="NAME", help="what to call the system (the project's name)")
@click.option("--env", "environment", multiple=True, metavar="NAME[=VALUE]",
              help="a variable that env.py needs; {url} stands for the throwaway's")  # fmt: skip
@click.option("--dry-run", "--check", is_flag=True, help="say what would be written, write nothing")
def command(
    *,
    server: str | None,
    postgres: int | None,
    alembic: str | None,
    name: str | None,
    environment: tuple[str, ...],
    dry_run: bool,
) -> int:
    """Find the migrations and the models of this project, try them, and write the configuration.

    They are run in a throwaway server to see what they need. Nothing is overwritten.

    Example: pgassay init --alembic backend/alembic.ini --dry-run
    """
    from pgassay.run.adoption.places import project_root  # noqa: PLC0415 - cheap help
    from pgassay.run.adoption.writing import (  # noqa: PLC0415 - as above
        name_for,
        present,
        system_of,
        write,
        writings,
    )

    root = project_root(Path.cwd())
    systems = present(root)
    place = _chosen(root, alembic)
    if known := system_of(systems, place):
        click.echo(f"{place.told(root)} is configured already: [tool.pgassay.systems.{known.name}] "
                   f"in {root / 'pyproject.toml'}\nnext: pgassay gate")  # fmt: skip
        return ExitCode.CLEAN
    called = name_for(place, name, root, systems)
    from pgassay.postgres.servers import AUTO  # noqa: PLC0415 - as above
    from pgassay.run.adoption.attempt import Asked, attempt  # noqa: PLC0415 - as above

    asked = Asked(
        root=root,
        place=place,
        server=server or AUTO,
        postgres=postgres,
        environment=environment,
    )
    click.echo(f"trying {place.told(root)} on a throwaway server", err=True)
    adoption = attempt(asked)
    if adoption.failure is not None and adoption.promise is None:
        raise adoption.failure  # there is nothing to prove
    files = writings(called, adoption)
    _tell_found(adoption)
    if not dry_run:
        write(files)
    _tell_written(files, root, dry_run=dry_run)
    if not dry_run:
        _tell_next(called)
    return ExitCode.CLEAN


def _chosen(root: Path, given: str | None) -> AlembicPlace:
    from pgassay.run.adoption.places import (  # noqa: PLC0415 - cheap help
        AlembicPlace,
        alembic_places,
        bare_environments,
    )

    if given is not None:
        file, _, section = given.partition(":")
        config = (Path.cwd() / file).resolve()
        if not config.is_file():
            raise ConfigError(f"{given} does not exist", where="--alembic",
                              expected="an alembic.ini, or a pyproject.toml")  # fmt: skip
        return AlembicPlace(config=config, section=section or "alembic")
    found = alembic_places(root)
    if len(found) == 1:
        return found[0]
    if found:
        raise ConfigError(
            f"{len(found)} Alembic environments were found",
            where=str(root),
            expected="one of " + ", ".join(place.told(root) for place in found),
            fix=f"pgassay init --alembic {found[0].told(root)} (once for each database)",
        )
    bare = [os.path.relpath(path, root) for path in bare_environments(root)]
    raise ConfigError(
        "no alembic.ini and no [tool.alembic] in a pyproject.toml was found"
        + (f", but {', '.join(bare)}" if bare else ""),
        where=str(root),
        expected="the configuration of an Alembic environment, here or below",
        fix="write an alembic.ini with script_location = "
        + (os.path.dirname(bare[0]) if bare else "migrations")  # noqa: PTH120 - plain text
        + ", or call this in the project's folder",
    )


def _tell_found(adoption: Adoption) -> None:
    from pgassay.run.adoption.places import mentioned_majors  # noqa: PLC0415 - cheap help

    asked = adoption.asked
    click.secho("found", bold=True)
    _tell_migrations(adoption)
    if adoption.refusal is not None:
        _line(
            "models",
            f"{_in_short(adoption.refused or '')}: they cannot be created, and are left out",
        )
        _tell_error(adoption.refusal)
    elif adoption.promise is None:
        _line("models", "none; the migrations are held against themselves alone")
    else:
        promise = adoption.promise
        _line("models", f"{_in_short(promise.metadata)}: {len(promise.tables)} tables "
              f"({promise.how})")  # fmt: skip
    if adoption.code is not None:
        _line("code", f"runs in {os.path.relpath(adoption.code, asked.root)}")
    for key in ("extensions", "environment", "bookkeeping"):
        if values := getattr(adoption, key):
            _line(key, ", ".join(values))
    _line("server", adoption.server)
    for major, where in sorted(mentioned_majors(asked.root).items()):
        if not adoption.server.startswith(f"PostgreSQL {major}."):
            _line("", f"{where} names PostgreSQL {major}: --postgres {major} tries that")


def _in_short(metadata: str) -> str:
    first, *others = metadata.split(", ")
    return f"{first} and {len(others)} more" if len(others) > 1 else metadata


def _tell_error(error: SchemaError) -> None:
    for line in str(error).splitlines():
        _line("", click.style(line, fg="yellow"))


def _tell_migrations(adoption: Adoption) -> None:
    place = adoption.asked.place.told(adoption.asked.root)
    if adoption.failure is not None:
        _line("migrations", f"{place}: they do not build an empty database, and are left out")
        _tell_error(adoption.failure)
        return
    _line("migrations", f"{place}: {adoption.revisions} revisions build {len(adoption.built)} "
          f"tables in {adoption.seconds:.1f} s")  # fmt: skip
    if adoption.baseline is not None:
        _line("", f"they begin on the tables of {adoption.baseline}, which are created first")
    if adoption.revision == "heads":
        _line("", "they end in several heads; all are upgraded to")


def _tell_written(files: list[Writing], root: Path, *, dry_run: bool) -> None:
    click.secho("would be written" if dry_run else "written", bold=True)
    for file in files:
        _line(os.path.relpath(file.path, root), file.told, width=32)
        for line in file.added.splitlines() if dry_run else ():
            click.echo(f"    {line}".rstrip())


def _tell_next(name: str) -> None:
    click.secho("next", bold=True)
    _line("pgassay gate", "prove it", width=32)
    _line(f"pytest suites/{name}", "the same, as pytest items", width=32)


def _line(label: str, text: str, *, width: int = 12) -> None:
    click.echo(f"  {label:<{width}}{text}".rstrip())
