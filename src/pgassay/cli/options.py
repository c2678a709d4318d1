"""Options that several commands have, and what they come to."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pgassay.core.config import load_config
from pgassay.core.toml_table import read_toml

if TYPE_CHECKING:
    from pgassay.core.config import Config, System

F = TypeVar("F", bound=Callable[..., Any])


def system_option(*, many: bool = False) -> Callable[[F], F]:
    """Add `--system`, once or as often as wished."""
    return click.option(
        "--system",
        "-s",
        "systems" if many else "system",
        multiple=many,
        metavar="NAME",
        help="a system under [tool.pgassay.systems]" + (" (all)" if many else " (the only one)"),
    )


def server_options(command: F) -> F:
    """Add `--server` and `--postgres`."""
    for option in (
        click.option("--postgres", type=int, metavar="MAJOR", help="16, 17 or 18"),
        click.option(
            "--server",
            metavar="KIND",
            help="auto, container, embedded, system or a URL",
            envvar="PGASSAY_SERVER",
        ),
    ):
        command = option(command)
    return command


def taking_options(variable: str, what: str) -> Callable[[F], F]:
    """Add `URL`, `--from`, `--script` and `--out`, by which something is taken of a database.

    Args:
        variable: what URL may come from.
        what: is taken.
    """

    def add(command: F) -> F:
        for option in (
            click.option(
                "--out",
                metavar="FILE",
                type=click.Path(path_type=Path, dir_okay=False),
                help=f"where to write the {what} (standard output)",
            ),
            click.option(
                "--script", "as_script", is_flag=True, help="print the script, for a DBA to run"
            ),
            click.option(
                "--from",
                "from_file",
                metavar="FILE",
                type=click.Path(path_type=Path, dir_okay=False),
                help="what the script wrote, instead of a database",
            ),
            click.argument("url", required=False, envvar=variable),
        ):
            command = option(command)
        return command

    return add


def see_to_one_source(variable: str, url: str | None, **others: object) -> None:
    """Refuse several sources at once. Raises UsageError.

    Args:
        variable: what URL may come from; then it counts for nothing.
        url: the argument.
        others: further ones, by the names of their options.
    """
    given = ["URL"] if url is not None and variable not in os.environ else []
    given += [f"--{name.rstrip('_')}" for name, value in others.items() if value is not None]
    if len(given) > 1:
        some = " and ".join((", ".join(given[:-1]), given[-1]))
        raise click.UsageError(f"{some} are several sources; give one of them")


def hand_over(text: str, out: Path | None) -> None:
    """Write what was taken to a file, whole or not at all, or to standard output."""
    if out is None:
        click.echo(text, nl=False)
        return
    from pgassay.report.listener import write_whole  # noqa: PLC0415 - only where asked for

    write_whole(out, text)


def volume_options(command: F) -> F:
    """Add `--profile`, `--tables` and `--workers`."""
    for option in (
        click.option(
            "--workers",
            type=click.IntRange(min=1),
            metavar="N",
            help="how many tables are made and copied at once (one a core)",
        ),
        click.option(
            "--tables",
            multiple=True,
            metavar="NAME",
            help="only this table, and those that it refers to; as often as wished",
        ),
        click.option(
            "--profile",
            default="small",
            show_default=True,
            metavar="NAME",
            help="smoke, small, medium, large, or the path of a profile",
        ),
    ):
        command = option(command)
    return command


def configuration() -> Config:
    """Return the configuration of the folder that the command was called in."""
    return load_config(Path.cwd())


def chosen_systems(config: Config, names: tuple[str, ...]) -> list[System]:
    """Return the systems named, or all."""
    return [config.system(name) for name in names or config.systems]


def chosen_system(config: Config, name: str | None) -> System:
    """Return the system named, or the only one there is."""
    if name is None and len(config.systems) == 1:
        return next(iter(config.systems.values()))
    if name is None:
        names = ", ".join(config.systems)
        raise click.UsageError(f"several systems are configured: say --system with one of {names}")
    return config.system(name)


def configured(folder: Path) -> bool:
    """Whether a pyproject.toml with [tool.pgassay] is here or above."""
    for one in (folder, *folder.parents):
        path = one / "pyproject.toml"
        if path.is_file() and "pgassay" in read_toml(path).get("tool", {}):
            return True
    return False
