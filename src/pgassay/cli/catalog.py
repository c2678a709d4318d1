"""`pgassay catalog`: what a database is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from pgassay.cli.options import chosen_system, configuration, server_options, system_option
from pgassay.core.errors import ConfigError, suggestion
from pgassay.report.figures import count

if TYPE_CHECKING:
    from pgassay.core.catalog import Catalog, Table


@click.command("catalog")
@click.argument("table", required=False)
@system_option()
@server_options
@click.option("--route", metavar="NAME", help="whose database (the first that is migrated)")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def command(
    *,
    table: str | None,
    system: str | None,
    server: str | None,
    postgres: int | None,
    route: str | None,
    as_json: bool,
) -> None:
    """Show what a route built: everything, or one TABLE with its blast radius.

    Example: pgassay catalog users --system creativeflow
    """
    config = configuration()
    chosen = chosen_system(config, system)
    from pgassay.core.codec import encode  # noqa: PLC0415 - after the cheap errors
    from pgassay.run.day import day  # noqa: PLC0415 - as above
    from pgassay.run.stand import Request, Stand  # noqa: PLC0415 - as above

    request = Request(
        config=config, system=chosen, server=server, postgres=postgres, today=day(None)
    )
    with Stand(request) as stand:
        wanted = route or stand.proven
        if wanted not in stand.catalogs:
            raise ConfigError(
                f'the system has no route "{wanted}"',
                where="--route",
                expected=suggestion(wanted, stand.catalogs),
            )
        catalog = stand.catalogs[wanted]
    shown = _found(catalog, table) if table else None
    if as_json:
        data = encode(shown if shown is not None else catalog)
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    elif shown is not None:
        _print_table(shown)
        _print_blast_radius(catalog, shown)
    else:
        _print_summary(catalog)


def _found(catalog: Catalog, wanted: str) -> Table:
    for table in catalog.tables:
        if wanted in (table.name.name, str(table.name), f"{table.name.schema}.{table.name.name}"):
            return table
    raise ConfigError(
        f'there is no table "{wanted}"', expected=suggestion(wanted, map(_name, catalog.tables))
    )


def _name(table: Table) -> str:
    return str(table.name)


def _print_summary(catalog: Catalog) -> None:
    roots = list(catalog.roots())
    click.echo(f"PostgreSQL {catalog.major}")
    width = max((len(_name(table)) for table in roots), default=0)
    for table in roots:
        partitions = len(catalog.partitions_of(table.name))
        facts = [
            count(len(table.columns), "column"),
            count(len(table.constraints), "constraint"),
            count(len(table.indexes), "index", "indexes"),
            *([count(len(table.triggers), "trigger")] if table.triggers else []),
            *([count(partitions, "partition")] if partitions else []),
        ]
        click.echo(f"  {_name(table):<{width}}  {', '.join(facts)}")
    others = {
        "view": len(catalog.views),
        "sequence": len(catalog.sequences),
        "enum": len(catalog.enums),
        "domain": len(catalog.domains),
        "function": len(catalog.functions),
        "extension": len(catalog.extensions),
    }
    click.echo(", ".join(count(number, word) for word, number in others.items() if number))


def _print_table(table: Table) -> None:
    click.echo(f"{table.name} ({table.kind})")
    if table.comment:
        click.echo(f"  {table.comment}")
    width = max(len(column.name) for column in table.columns)
    for column in table.columns:
        parts = [column.type.sql]
        parts += ["not null"] if column.not_null else []
        parts += [f"default {column.default}"] if column.default else []
        parts += [f"generated {column.identity} as identity"] if column.identity else []
        parts += [f"generated always as ({column.generated})"] if column.generated else []
        click.echo(f"  {column.name:<{width}}  {' '.join(parts)}")
    for constraint in table.constraints:
        click.echo(f"  {constraint.name}: {constraint.definition}")
    for index in table.indexes:
        if index.constraint is None:
            click.echo(f"  {index.definition}")
    for trigger in table.triggers:
        click.echo(f"  {trigger.definition}")


def _print_blast_radius(catalog: Catalog, table: Table) -> None:
    from pgassay.cases.blast_radius import blast_radius  # noqa: PLC0415 - only for one table

    reaches = blast_radius(catalog, table).reaches
    if not reaches:
        click.echo("a delete of one row reaches no other relation")
        return
    click.echo("a delete of one row reaches")
    width = max(len(str(reach.table)) for reach in reaches)
    for reach in reaches:
        fate = f"{reach.fate} {', '.join(reach.columns)}" if reach.sets else str(reach.fate)
        path = " > ".join(str(edge) for edge in reach.path)
        click.echo(f"  {reach.table!s:<{width}}  {fate}  by {path}")
