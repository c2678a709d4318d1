"""`pgassay check`: what is wrong with a schema even where every case passes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pgassay.cli.options import (
    chosen_systems,
    configured,
    server_options,
    system_option,
)
from pgassay.cli.report_options import report_options
from pgassay.core.check import CheckSettings, Profile
from pgassay.core.config import load_config
from pgassay.core.errors import ConfigError, ExitCode
from pgassay.core.event import FindingMade
from pgassay.core.finding import Severity
from pgassay.report.console import ConsoleReport
from pgassay.report.figures import count

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pgassay.cli.report_options import Reports
    from pgassay.core.config import Config, System
    from pgassay.core.event import Event
    from pgassay.run.checking import Selection


@click.command("check")
@click.argument("url", required=False)
@system_option(many=True)
@server_options
@click.option(
    "--profile",
    type=click.Choice([str(one) for one in Profile]),
    help="which checks (recommended, unless the configuration says otherwise)",
)
@click.option("--check", "only", multiple=True, metavar="SLUG", help="only this check")
@click.option(
    "--fail-on",
    type=click.Choice([str(one) for one in Severity]),
    default=str(Severity.WARNING),
    show_default=True,
    help="the mildest severity that makes the exit code 1",
)
@click.option(
    "--populate",
    metavar="PROFILE",
    help="on a database with so many rows: smoke, small, medium, large, or the path of a profile",
)
@click.option("--write-baseline", is_flag=True, help="take what is found now as known")
@click.option("--today", metavar="DATE", help="the date that acceptances are judged by")
@report_options()
@click.option("-v", "--verbose", count=True, help="each check; twice: each outcome")
def command(
    *,
    url: str | None,
    systems: tuple[str, ...],
    server: str | None,
    postgres: int | None,
    profile: str | None,
    only: tuple[str, ...],
    fail_on: str,
    populate: str | None,
    write_baseline: bool,
    today: str | None,
    reports: Reports,
    verbose: int,
) -> int:
    """Check the structure of each system's schema, or of the database at URL.

    There, one transaction that is READ ONLY reads pg_catalog; no table is read and no right is
    needed but CONNECT. URL may be any of libpq's connection strings. With --system, the settings
    and acceptances of that system are used for it.

    Exit code 0 if nothing was found that fails, 1 if something was.

    Example: pgassay check postgresql://reader@replica/shop --profile strict
    """
    if write_baseline and only:
        raise click.UsageError("a baseline is of every check: give --write-baseline alone")
    from pgassay.run.day import day  # noqa: PLC0415 - after the cheap errors

    asked = _Asked(
        config=_configuration(required=url is None),
        today=day(today),
        only=only,
        profile=Profile(profile) if profile else None,
        fail_on=Severity(fail_on),
        anew=write_baseline,
        populate=populate,
    )
    console = ConsoleReport(verbosity=verbose)
    passed = True
    with reports.of(console, failing=asked.fail_on.and_worse) as listeners:
        try:
            runs = (
                _database(asked, url, systems)
                if url
                else _systems(asked, systems, server, postgres)
            )
            for selection, events in runs:
                found: list[str] = []
                for event in events:
                    found += [event.finding.fingerprint] if isinstance(event, FindingMade) else []
                    for listener in listeners:
                        listener.hear(event)
                if write_baseline:
                    _write(selection(), found)
                passed = passed and (console.passed or write_baseline)
        finally:
            console.close()
    return ExitCode.CLEAN if passed else ExitCode.FINDINGS


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the command line asks of every database. Without a project there is no configuration."""

    config: Config | None
    today: date
    only: tuple[str, ...]
    profile: Profile | None
    fail_on: Severity
    anew: bool
    populate: str | None

    def selection(self, name: str, system: System | None) -> Selection:
        """Return which checks run on a database."""
        from pgassay.run.checking import select  # noqa: PLC0415 - imports every check

        common = self.config.checks if self.config else CheckSettings()
        selection = select(
            system.checks if system else common,
            self.config.root if self.config else Path.cwd(),
            name,
            only=self.only,
            profile=self.profile,
        )
        return replace(selection, baseline=frozenset()) if self.anew else selection


_Run = tuple[Callable[[], "Selection"], "Iterator[Event]"]


def _systems(
    asked: _Asked, names: tuple[str, ...], server: str | None, postgres: int | None
) -> Iterator[_Run]:
    from pgassay.run.check import check_system  # noqa: PLC0415 - heavy
    from pgassay.run.stand import Request  # noqa: PLC0415 - heavy

    assert asked.config is not None
    chosen = chosen_systems(asked.config, names)
    selections = [asked.selection(system.name, system) for system in chosen]  # errors come first
    for system, selection in zip(chosen, selections, strict=True):
        request = Request(
            config=asked.config, system=system, server=server, postgres=postgres, today=asked.today
        )
        yield (
            partial(_same, selection),
            check_system(request, selection, asked.fail_on, asked.populate),
        )


def _database(asked: _Asked, url: str, names: tuple[str, ...]) -> Iterator[_Run]:
    from pgassay.run.check import check_database  # noqa: PLC0415 - heavy

    if asked.populate:
        raise click.UsageError("--populate is for a throwaway: nothing is written at URL")
    if len(names) > 1:
        raise click.UsageError("one database is one system's: give --system once")
    if names and asked.config is None:
        raise ConfigError("there is no project here whose system that is", where="--system")
    system = asked.config.system(names[0]) if names and asked.config else None
    made: list[Selection] = []

    def choose(name: str) -> Selection:
        made.append(asked.selection(name, system))
        return made[0]

    yield (
        lambda: made[0],
        check_database(
            url, choose, asked.today, system=system, config=asked.config, fail_on=asked.fail_on
        ),
    )


def _same(selection: Selection) -> Selection:
    return selection


def _write(selection: Selection, found: list[str]) -> None:
    from pgassay.checks.acceptance import SLUG  # noqa: PLC0415 - only where asked for
    from pgassay.run.accepted import write_baseline  # noqa: PLC0415 - as above

    known = [one for one in found if one.partition(":")[0] != SLUG]
    write_baseline(selection.baseline_file, known)
    click.echo(f"  {count(len(known), 'finding')} written to {selection.baseline_file}")


def _configuration(*, required: bool) -> Config | None:
    """Return the configuration here or above; a database given by URL does without."""
    if required or configured(Path.cwd()):
        return load_config(Path.cwd())
    return None
