"""`pgassay explain`: the page of a kind of case or of a check."""

from __future__ import annotations

import inspect
from pathlib import Path

import click

from pgassay.cli.options import configured
from pgassay.core.config import load_config
from pgassay.core.errors import ConfigError, suggestion


@click.command("explain")
@click.argument("slug", required=False)
@click.option("--checks", is_flag=True, help="print the catalogue of structural checks (Markdown)")
def command(*, slug: str | None, checks: bool) -> None:
    """Print the page of SLUG: what it proves or finds, why it matters, how to mend it.

    Without a slug, list them all. A check of your own has its page as pgassay's have theirs.

    Example: pgassay explain foreign_key
    """
    if checks:
        from pgassay.run.catalogue import catalogue  # noqa: PLC0415 - imports every check

        click.echo(catalogue())
        return
    from pgassay.run.pages import pages  # noqa: PLC0415 - imports every kind

    known = pages()
    if slug is not None and slug not in known:
        known |= _own()
    if slug is None:
        known |= _own()
        width = max(map(len, known))
        for name, page in known.items():
            click.echo(f"{name:<{width}}  {inspect.cleandoc(page).splitlines()[0]}")
        return
    if slug not in known:
        raise ConfigError(f'nothing is called "{slug}"', expected=suggestion(slug, known))
    click.echo(inspect.cleandoc(known[slug]))


def _own() -> dict[str, str]:
    """Return the pages of the checks of the project here, if there is one and it has some."""
    if not configured(Path.cwd()):
        return {}
    from pgassay.run.own_checks import own_checks  # noqa: PLC0415 - imports every check

    config = load_config(Path.cwd())
    folders = {config.checks.own, *(system.checks.own for system in config.systems.values())}
    return {
        check.slug: check.page.text
        for folder in sorted(f for f in folders if f is not None)
        for check in own_checks(folder)
    }
