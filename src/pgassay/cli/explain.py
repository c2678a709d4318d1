"""`pgassay explain`: the page of a kind of case."""

from __future__ import annotations

import inspect

import click

from pgassay.core.errors import ConfigError, suggestion


@click.command("explain")
@click.argument("slug", required=False)
def command(slug: str | None) -> None:
    """Print the page of SLUG: what it proves, why it matters, how to mend it.

    Without a slug, list them all.

    Example: pgassay explain foreign_key
    """
    from pgassay.run.pages import pages  # noqa: PLC0415 - imports every kind

    known = pages()
    if slug is None:
        width = max(map(len, known))
        for name, page in known.items():
            click.echo(f"{name:<{width}}  {inspect.cleandoc(page).splitlines()[0]}")
        return
    if slug not in known:
        raise ConfigError(f'nothing is called "{slug}"', expected=suggestion(slug, known))
    click.echo(inspect.cleandoc(known[slug]))
