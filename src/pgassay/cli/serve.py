"""`pgassay serve`: a migrated database to play with."""

from __future__ import annotations

import click

from pgassay.cli.options import chosen_system, configuration, server_options, system_option


@click.command("serve")
@system_option()
@server_options
@click.option("--route", metavar="NAME", help="metadata, alembic, sql or ddl")
def command(
    *, system: str | None, server: str | None, postgres: int | None, route: str | None
) -> None:
    """Keep a freshly migrated database until Ctrl-C. Its URL is printed on standard output.

    Example: psql "$(pgassay serve --system creativeflow | head -1)"
    """
    config = configuration()
    chosen = chosen_system(config, system)
    from pgassay.core.errors import ConfigError, suggestion  # noqa: PLC0415 - as above
    from pgassay.run.day import day  # noqa: PLC0415 - as above
    from pgassay.run.stand import Request, Stand  # noqa: PLC0415 - as above
    from pgassay.run.waiting import until_interrupted  # noqa: PLC0415 - after the cheap errors

    request = Request(
        config=config, system=chosen, server=server, postgres=postgres, today=day(None)
    )
    with Stand(request) as stand:
        if route is not None and route not in stand.routes:
            raise ConfigError(
                f'the system has no route "{route}"',
                where="--route",
                expected=suggestion(route, stand.routes),
            )
        # The password is of a server that ends with this command, and there is no other way in.
        click.echo(stand.server.url(stand.clone(route)))
        click.echo(f"PostgreSQL {stand.server.version}, {stand.server.why}", err=True)
        click.echo("Ctrl-C ends the server; nothing is left behind", err=True)
        until_interrupted()
